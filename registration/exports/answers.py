"""What was answered to an evaluation, as a workbook: figures, ticks in random order, and the open answers that may leave."""

import secrets
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from django.utils import translation
from django.utils.translation import gettext as _

from registration.evaluation.levels import Stat
from registration.evaluation.questions import Kind, Tick, closed
from registration.evaluation.results import Results, results_of
from registration.exports.columns import Cell, Column
from registration.exports.workbook import Book, SheetWriter
from registration.models import Evaluation, EvaluationQuestion, EvaluationUrn, Export, OpenAnswer


def number_of_answers(export: Export) -> int:
    found = results_of(_evaluation(export))
    return found.n if found else 0


def write_answers(file: BinaryIO, export: Export) -> int:
    """Writes xlsx in the language of the export. Returns how many answers; none of them is written where they are fewer than five."""
    evaluation = _evaluation(export)
    with translation.override(export.options["language"]):
        results = results_of(evaluation)
        book = Book(evaluation.title)
        _figures(_sheet(book, _("Results"), [_("Section"), _("Question"), "n", _("Mean"), _("S.D."), _("Level")]), results)
        _ticks(book, evaluation, results)
        _words(_sheet(book, _("Open answers"), [_("Question"), _("Answer")]), evaluation)
        book.save(file)
    return results.n if results else 0


def _evaluation(export: Export) -> Evaluation:
    return Evaluation.objects.with_questions().get(pk=export.options["evaluation"])


def _sheet(book: Book, title: str, headings: Sequence[str]) -> SheetWriter:
    return book.sheet(title, [Column(text, text, max(12, min(50, len(text))), lambda line: None) for text in headings])


def _figures(sheet: SheetWriter, results: Results | None) -> None:
    if results is None:
        return
    for section in results.sections:
        if section.stat:
            sheet.append([str(section.section), "", *_of(section.stat)])
        for each in section.distributions:
            if each.stat:
                sheet.append([str(section.section), str(each.question), *_of(each.stat)])
        for pair in section.pairs:
            for words, stat in ((_("before the workshop"), pair.before), (_("after the workshop"), pair.after)):
                sheet.append([str(section.section), f"{pair.question} ({words})", *_of(stat)])
    if results.whole:
        sheet.append([_("All statements"), "", *_of(results.whole)])


def _of(stat: Stat) -> list[Cell]:
    return [stat.n, None if stat.mean is None else float(stat.mean), "–" if stat.sd is None else float(stat.sd), stat.word]


def _ticks(book: Book, evaluation: Evaluation, results: Results | None) -> None:
    questions = closed(evaluation)
    sheet = _sheet(book, _("Answers"), list(_headings(questions)))
    slips = EvaluationUrn.objects.values_list("slips", flat=True).get(pk=evaluation.pk) if results else []
    secrets.SystemRandom().shuffle(slips)
    for slip in slips:
        sheet.append([cell for question, tick in zip(questions, slip, strict=True) for cell in _cells(question, tick)])


def _headings(questions: Sequence[EvaluationQuestion]) -> Iterator[str]:
    for question in questions:
        if question.kind == Kind.PAIR:
            yield from (f"{question} ({words})" for words in (_("before the workshop"), _("after the workshop")))
        else:
            yield str(question)


def _cells(question: EvaluationQuestion, tick: Tick) -> list[Cell]:
    if isinstance(tick, list):
        return [*tick]
    return [question.options[tick] if question.kind == Kind.CHOICE else tick]


def _words(sheet: SheetWriter, evaluation: Evaluation) -> None:
    passed = OpenAnswer.objects.filter(question__section__evaluation=evaluation, verdict=OpenAnswer.Verdict.PASSED)
    rows = list(passed.select_related("question"))
    secrets.SystemRandom().shuffle(rows)
    for row in sorted(rows, key=lambda row: row.question_id):
        sheet.append([str(row.question), row.text])
