"""Polls, and questions and answers: how many answered what. Names are not read: nobody asked for them, and anonymous polls have none."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from registration.attendance.reports.cells import Rows
from registration.attendance.reports.headings import ReportColumn, columns_of

#: So many different answers of a question are told; free text has one for each person.
MAX_ANSWERS = 12
#: Of longer texts nobody counts how often they were written.
MAX_TEXT = 120


@dataclass(slots=True)
class Question:
    text: str
    answers: Counter[str] = field(default_factory=Counter)
    people: int = 0

    def take(self, cell: str) -> None:
        chosen = list(dict.fromkeys(part.strip() for part in cell.split(";") if part.strip()))
        if chosen:
            self.people += 1
            self.answers.update(chosen)

    def as_json(self) -> dict[str, Any]:
        told = [(text, n) for text, n in self.answers.most_common(MAX_ANSWERS) if len(text) <= MAX_TEXT]
        others = sum(self.answers.values()) - sum(n for _text, n in told)
        return {"text": self.text, "people": self.people, "answers": [list(pair) for pair in told], "others": others}


@dataclass(slots=True)
class Poll:
    name: str
    people: int = 0
    questions: list[Question] = field(default_factory=list)

    def question(self, text: str) -> Question:
        found = next((question for question in self.questions if question.text == text), None)
        if found is None:
            found = Question(text)
            self.questions.append(found)
        return found

    def as_json(self) -> dict[str, Any]:
        return {"name": self.name, "people": self.people, "questions": [question.as_json() for question in self.questions]}


def polls(rows: Rows) -> list[Poll]:
    found: list[Poll] = []
    heading: list[str] = []
    title, after = "", 0
    for row in rows:
        filled = [cell for cell in row if cell]
        columns = columns_of(row)
        if ReportColumn.SUBMITTED in columns:
            heading, after = row, columns[ReportColumn.SUBMITTED] + 1
            found.append(Poll(title))
        elif not filled:
            heading = []
        elif heading and row[0].rstrip(".").isdigit():
            found[-1].people += 1
            for question, answer in _pairs(heading[after:], row[after:]):
                found[-1].question(question).take(answer)
        elif len(filled) == 1:
            heading, title = [], filled[0]
    return [poll for poll in found if poll.people]


def _pairs(heading: list[str], cells: list[str]) -> list[tuple[str, str]]:
    """A question and what one person answered: under the question, or in 2022 beside it, the question in every row."""
    is_older = len([cell for cell in heading if cell]) < 2 or any(cell.casefold() in ("answer", "คำตอบ") for cell in heading[1::2])
    if is_older and len([cell for cell in cells if cell]) > 1:
        return [(question, answer) for question, answer in zip(cells[::2], cells[1::2], strict=False) if question]
    return [(question, answer) for question, answer in zip(heading, cells, strict=False) if question]


def asked(rows: Rows) -> dict[str, int] | None:
    """How many questions were asked, how many of them answered, and by how many people; None where there is no such table."""
    columns: dict[ReportColumn, int] = {}
    questions = answered = 0
    askers = set()
    for row in rows:
        if not columns:
            found = columns_of(row)
            columns = found if ReportColumn.ASKER in found and ReportColumn.QUESTION in found else {}
        elif _cell(row, columns[ReportColumn.QUESTION]):
            questions += 1
            askers.add((_cell(row, columns.get(ReportColumn.EMAIL, -1)) or _cell(row, columns[ReportColumn.ASKER])).casefold())
            answered += bool(_cell(row, columns.get(ReportColumn.ANSWER, -1)))
    return {"asked": questions, "answered": answered, "askers": len(askers - {""})} if columns else None


def _cell(row: list[str], index: int) -> str:
    return row[index] if 0 <= index < len(row) else ""


def counts_of(rows: Rows) -> dict[str, Any]:
    """Polls as {"polls": […]}, questions and answers as {"asked", "answered", "askers"}; empty where the file has neither."""
    if found := polls(rows):
        return {"polls": [poll.as_json() for poll in found]}
    told = asked(rows)
    return dict(told) if told and told["asked"] else {}
