"""Polls, questions and answers: counts a question, never a name."""

import json

import pytest

from registration.attendance.actions import reports
from registration.attendance.reports.answers import MAX_ANSWERS, counts_of
from registration.models import Attendance, ReportRow, Sighting
from tests.registration.attendance import report_files as files
from tests.registration.attendance.test_report_actions import STAFF, day, given_file, workshop

__all__ = ["day", "workshop"]

NEWER = {
    "polls": [
        {
            "name": "ความพึงพอใจ", "people": 2,
            "questions": [{"text": "ท่านพึงพอใจเพียงใด", "people": 2, "answers": [["มาก", 1], ["มากที่สุด", 1]], "others": 0}],
        }
    ]
}  # fmt: skip
OLDER = {
    "polls": [
        {
            "name": "Poll Details", "people": 2,
            "questions": [{"text": "ท่านมาจากภาคใด", "people": 2, "answers": [["เหนือ", 1], ["ใต้", 1]], "others": 0}],
        }
    ]
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "counts"),
    [
        (files.poll_rows(), NEWER),
        (files.older_poll_rows(), OLDER),
        (files.short_poll_rows(), {}),
        (files.question_rows(), {"asked": 1, "answered": 1, "askers": 1}),
        (files.question_rows()[:-1], {}),
        (files.webinar_rows(), {}),
        ([], {}),
    ],
)
def test_answers_are_counted_a_question(rows, counts):
    padded = [[*map(str, row), ""] for row in rows]
    assert counts_of(padded) == counts


def test_every_poll_of_a_file_stands_by_itself_and_of_several_choices_each_counts():
    heading = ["#", "User Name", "Email Address", "Submitted Date and Time", "ภาค", "หัวข้อ"]
    rows = [
        ["ครั้งแรก"], heading, ["1", "ก", "a@example.org", "x", "เหนือ", "น้ำ;ดิน"], ["2", "ข", "b@example.org", "x", "เหนือ", ""], [""],
        ["ครั้งที่สอง"], heading, ["1", "anonymous", "anonymous", "x", "ใต้", "น้ำ"],
    ]  # fmt: skip
    first, second = counts_of(rows)["polls"]
    assert [(q["text"], q["people"], q["answers"]) for q in first["questions"]] == [
        ("ภาค", 2, [["เหนือ", 2]]), ("หัวข้อ", 1, [["น้ำ", 1], ["ดิน", 1]]),
    ]  # fmt: skip
    assert (second["name"], second["people"]) == ("ครั้งที่สอง", 1)


def test_of_free_text_the_most_are_told_together():
    heading = ["#", "User Name", "Email Address", "Submitted Date and Time", "ความเห็น"]
    rows = [heading, *([str(n), "ก", "a@example.org", "x", f"ความเห็นที่ {n}"] for n in range(40)), ["41", "ก", "a", "x", "ยาว" * 200]]
    (question,) = counts_of(rows)["polls"][0]["questions"]
    assert len(question["answers"]) == MAX_ANSWERS
    assert question["others"] + MAX_ANSWERS == question["people"] == 41


@pytest.mark.parametrize("rows", [files.poll_rows(), files.question_rows()])
def test_nobody_is_counted_by_them_and_no_name_is_kept(workshop, day, rows):
    report = given_file(workshop, rows)
    assert (report.state, report.refusal, report.people) == ("answers", "", 0)
    kept = json.dumps(report.answers, ensure_ascii=False)
    assert "example.org" not in kept and "นายสมมุติ" not in kept
    with pytest.raises(reports.ReportNotReady):
        reports.apply(report=report, by=STAFF)
    assert not Attendance.objects.exists() and not Sighting.objects.exists() and not ReportRow.objects.exists()
    reports.take_back(report=report, by=STAFF)
    reports.work(report_id=report.pk)
    report.refresh_from_db()
    assert report.state == "taken_back"
