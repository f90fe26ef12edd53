"""Every shape of a report that was seen, with the people and minutes that are in it."""

import datetime as dt

import pytest

from registration.attendance.cells_of_files import FileFault, rows_of
from registration.attendance.intervals import Interval
from registration.attendance.minutes import Presence, counted, programme
from registration.attendance.placing import Room, last_moment, placed, times_of
from registration.attendance.reports.cells import NotText, TooLong, cleaned, rows_of_text
from registration.attendance.reports.moments import DateOrder, moment, seconds
from registration.attendance.reports.reader import read_rows, read_text
from registration.attendance.reports.report import Missing, ReportKind, ReportRefused, Role
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import at

HOURS: Interval = (at("09:00"), at("12:00"))
ROOM = Room("day-1", files.TOPIC, *HOURS, frozenset(files.EXPECTED))
EVENING = Room("day-2", "อีกวันหนึ่ง", at("09:00") + dt.timedelta(days=14), at("12:00") + dt.timedelta(days=14))


def minutes_in(report, reading=None, key=lambda stay: stay.email or stay.name):
    """Minutes of each attendee, as the programme counts them."""
    reading = reading or placed(report, [ROOM, EVENING]).reading
    found: dict[str, tuple[list, list]] = {}
    last = last_moment(report, reading)
    for stay in report.stays:
        if stay.role == Role.ATTENDEE:
            intervals, sums = found.setdefault(key(stay), ([], []))
            times = times_of(stay, reading, last)
            if stay.is_sum or not times:
                sums.append(stay.seconds or 0)
            else:
                intervals.append(times)
    return {who: counted(Presence(tuple(i), tuple(s)), programme([HOURS])).counted for who, (i, s) in found.items()}


BY_NAME = {person.name: person.minutes for person in files.PEOPLE}
WITH_PHONE = files.EXPECTED | {files.BY_PHONE.name: 30}
#: A sum cannot know that two devices were there at once, nor what lay before and after the programme: it is cut at the programme.
SUMS = {"one@example.org": 115, "two@example.org": 180, "three@example.org": 180, "four@example.org": 30}

SHAPES = {
    "Z-1 webinar": (files.csv_file(files.webinar_rows()), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 seconds and halves": (files.csv_file(files.webinar_rows(files.us)), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 24 hours": (files.csv_file(files.webinar_rows(files.us_24)), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 trailing commas": (files.csv_file(files.webinar_rows(), trailing=3), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 no byte order mark": (files.csv_file(files.webinar_rows(), "utf-8"), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 Windows' Thai": (files.csv_file(files.webinar_rows(), "cp874"), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 NUL bytes": (files.with_nul(files.webinar_rows()), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 no section titles": (files.csv_file(files.webinar_rows(titles=False)), ReportKind.ZOOM_WEBINAR, files.EXPECTED),
    "Z-1 attendees alone, no titles": (
        files.csv_file(files.webinar_rows(titles=False, only_attendees=True)), ReportKind.ZOOM_WEBINAR, files.EXPECTED,
    ),
    "Z-1 without registration": (files.csv_file(files.webinar_rows(registration=False)), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 without registration and titles": (
        files.csv_file(files.webinar_rows(registration=False, titles=False)), ReportKind.ZOOM_WEBINAR, files.EXPECTED,
    ),
    "Z-1 no user name": (files.csv_file(files.webinar_rows(user_name=False)), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-1 phone and questions": (
        files.csv_file(files.webinar_rows(phone=True, questions=("ท่านสนใจเรื่องใด", "Other"))), ReportKind.ZOOM_WEBINAR, WITH_PHONE,
    ),
    "Z-1 rejoin without registration's cells": (
        files.csv_file(files.webinar_rows(rejoin_shorter=True)), ReportKind.ZOOM_WEBINAR, WITH_PHONE,
    ),
    "Z-1 short head": (files.csv_file(files.webinar_rows(short=True, generated=False)), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "Z-2 flat": (files.csv_file(files.flat_rows()), ReportKind.ZOOM_FLAT, files.EXPECTED),
    "Z-3 rows": (files.csv_file(files.meeting_rows()), ReportKind.ZOOM_MEETING, files.EXPECTED),
    "Z-3 empty column": (files.csv_file(files.meeting_rows(empty_column=True)), ReportKind.ZOOM_MEETING, files.EXPECTED),
    "Z-3 sums": (files.csv_file(files.meeting_rows(sums=True)), ReportKind.ZOOM_MEETING, SUMS),
    "Z-4 rows": (files.csv_file(files.older_meeting_rows()), ReportKind.ZOOM_MEETING, files.EXPECTED),
    "Z-4 day first": (files.csv_file(files.older_meeting_rows(files.day_first)), ReportKind.ZOOM_MEETING, files.EXPECTED),
    "Z-4 sums": (files.csv_file(files.older_meeting_rows(sums=True)), ReportKind.ZOOM_MEETING, SUMS),
    "Z-4 sums, misspelt": (files.csv_file(files.older_meeting_rows(sums=True, misspelt=True)), ReportKind.ZOOM_MEETING, SUMS),
    "Z-5 lines": (files.csv_file(files.line_rows()), ReportKind.ZOOM_LINES, files.EXPECTED),
    "T-1 Teams": (files.tsv_utf16(files.teams_rows()), ReportKind.TEAMS, files.EXPECTED),
    "T-1 saved again": (files.csv_file(files.teams_rows(), "utf-8", separator="\t"), ReportKind.TEAMS, files.EXPECTED),
    "T-1 leaves by the clock alone": (files.tsv_utf16(files.teams_rows(time_only=True)), ReportKind.TEAMS, files.EXPECTED),
    "T-1 participants alone": (files.tsv_utf16(files.teams_rows(activities=False)), ReportKind.TEAMS, SUMS),
    "T-2 by position": (files.tsv_utf16(files.teams_rows(files.teams_local, thai=True)), ReportKind.TEAMS, files.EXPECTED),
    "T-3 registration's address": (files.tsv_utf16(files.teams_rows(registration_email=True)), ReportKind.TEAMS, files.EXPECTED),
    "T-4 events": (files.tsv_utf16(files.teams_events()), ReportKind.TEAMS_EVENTS, BY_NAME),
    "T-4 list": (files.tsv_utf16(files.teams_list()), ReportKind.TEAMS, files.EXPECTED),
    "T-5 live event": (files.csv_file(files.teams_live()), ReportKind.TEAMS_LIVE, BY_NAME),
    "X semicolons": (files.csv_file(files.webinar_rows(), separator=";"), ReportKind.ZOOM_WEBINAR, WITH_PHONE),
    "X tabs": (files.csv_file(files.flat_rows(), separator="\t"), ReportKind.ZOOM_FLAT, files.EXPECTED),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_everybody_is_found_with_their_minutes(shape):
    data, kind, expected = SHAPES[shape]
    report = read_text(data)
    found = minutes_in(report)
    if shape == "T-2 by position":  # roles are words that nobody knows: the organiser stands among the others
        found.pop("host@example.org", None)
    assert (report.kind, found) == (kind, expected)


@pytest.mark.parametrize("shape", [name for name, (_data, kind, _minutes) in SHAPES.items() if kind == ReportKind.ZOOM_WEBINAR])
def test_hosts_and_panelists_stand_apart(shape):
    report = read_text(SHAPES[shape][0])
    apart = {stay.email: stay.role for stay in report.stays if stay.role != Role.ATTENDEE}
    expected = {"host@example.org": Role.HOST, "speaker@example.org": Role.PANELIST}
    assert apart == ({} if "alone" in shape else expected)


def test_a_no_show_is_counted_but_nobody_who_was_there():
    report = read_text(files.csv_file(files.webinar_rows()))
    assert (report.no_shows, "absent@example.org" in {stay.email for stay in report.stays}) == (1, False)


def test_a_row_without_times_is_told_and_counts_for_nobody():
    rows = files.flat_rows()
    rows += [["สมมุติ ไม่มีเวลา", "none@example.org", "", "", "", "Yes"], ["", "", "", "", "", ""]]
    report = read_text(files.csv_file(rows))
    assert (report.left_out, "none@example.org" in {stay.email for stay in report.stays}) == (1, False)
    assert read_text(files.csv_file(files.webinar_rows())).left_out == 0


def test_a_speaker_who_attended_first_stands_in_both():
    moved = files.Somebody("วิทยากร สมมุติ", "speaker@example.org", [("11:00", "11:20")], "ก", "ข")
    report = read_text(files.csv_file(files.webinar_rows(people=[moved])))
    assert [(stay.role, stay.email) for stay in report.stays if stay.email == "speaker@example.org"] == [
        (Role.PANELIST, "speaker@example.org"), (Role.ATTENDEE, "speaker@example.org"),
    ]  # fmt: skip


def test_the_name_that_was_handed_over_is_kept_beside_the_one_on_the_screen():
    person = files.Somebody("iPhone", "a@example.org", [("09:00", "10:00")], "น่าน พช.", "นายสมมุติ")
    (stay,) = [s for s in read_text(files.csv_file(files.webinar_rows(people=[person], other=False))).stays if s.role == Role.ATTENDEE]
    assert (stay.name, stay.registered_as) == ("iPhone", "น่าน พช. นายสมมุติ")


def test_what_is_not_used_is_named():
    report = read_text(files.csv_file(files.webinar_rows(phone=True, questions=("ท่านสนใจเรื่องใด",))))
    assert report.unused == ["Country/Region Name", "Phone", "Registration Time", "ท่านสนใจเรื่องใด", "Source Name"]


def test_the_meeting_is_told_by_its_topic_and_number():
    report = read_text(files.csv_file(files.webinar_rows()))
    assert (report.topic, report.number) == (files.TOPIC, "987 6543 2109")


@pytest.mark.parametrize(
    ("rows", "kind", "missing"),
    [
        (files.poll_rows(), ReportKind.ZOOM_POLL, Missing.POLL),
        (files.short_poll_rows(), ReportKind.ZOOM_POLL, Missing.POLL),
        (files.older_poll_rows(), ReportKind.ZOOM_POLL, Missing.POLL),
        (files.question_rows(), ReportKind.ZOOM_QUESTIONS, Missing.QUESTIONS),
        ([["ชื่อ", "จังหวัด"], ["นายสมมุติ", "น่าน"]], None, Missing.UNKNOWN),
        ([["hello"]], None, Missing.UNKNOWN),
        ([], None, Missing.UNKNOWN),
        (files.flat_rows()[:1], ReportKind.ZOOM_FLAT, Missing.NOBODY),
        (files.webinar_rows(people=[], only_attendees=True, other=False), ReportKind.ZOOM_WEBINAR, Missing.NOBODY),
    ],
)
def test_nobody_found_is_a_refusal_with_its_reason(rows, kind, missing):
    with pytest.raises(ReportRefused) as refused:
        read_text(files.csv_file(rows))
    assert (refused.value.kind, refused.value.missing) == (kind, missing)


@pytest.mark.parametrize("data", [b"PK\x03\x04rest", b"%PDF-1.7", b"\xff\xfe\x00\xd8"])
def test_what_is_no_text_is_not_read_as_one(data):
    with pytest.raises(NotText):
        rows_of_text(data)


def test_a_file_beyond_all_measure_is_refused():
    with pytest.raises(TooLong):
        rows_of_text(b"a,b\n" * 60_001)


EXCEL = {name: shape for name, shape in SHAPES.items() if name.startswith("Z") and "Windows" not in name}


@pytest.mark.parametrize("shape", EXCEL)
def test_every_shape_is_the_same_after_excel(shape):
    data, kind, expected = SHAPES[shape]
    report = read_rows(rows_of(files.excel(rows_of_text(data))))
    assert (report.kind, minutes_in(report)) == (kind, expected)


def test_a_workbook_of_six_thousand_rows_is_read_to_the_second():
    stays = [("09:00:30", "09:50:30"), ("10:00", "10:50"), ("11:00", "11:50")]
    people = [files.Somebody(f"คนที่ {n}", f"p{n}@example.org", stays, "ก", f"ข{n}") for n in range(2_000)]
    report = read_rows(rows_of(files.excel(files.webinar_rows(files.iso, people=people, other=False))))
    found = minutes_in(report)
    assert (len(found), set(found.values())) == (2_000, {150})
    assert {stay.joined for stay in report.stays if stay.role == Role.ATTENDEE} >= {"2027-02-18 09:00:30"}


def test_a_workbook_that_was_made_to_hurt_is_refused():
    with pytest.raises(FileFault):
        rows_of(b"PK\x03\x04 not a workbook")
    with pytest.raises(FileFault):
        rows_of(b"\xd0\xcf\x11\xe0" + b"0" * 2000)


def test_a_sheet_of_excel_is_read_with_its_dates_as_numbers():
    """A spreadsheet keeps 18 February 2027, 09:05 as the number 46436.378472."""
    serial = (at("09:05") - dt.datetime(1899, 12, 30)).total_seconds() / 86_400
    rows = [["Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)"]]
    rows.append(["นายสมมุติ", "one@example.org", f"{serial:.9f}", f"{serial + 1 / 24:.9f}", "60"])
    assert minutes_in(read_rows(cleaned(rows))) == {"one@example.org": 60}


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Mar 22, 2025 19:13:27", (2025, 3, 22, 19, 13, 27)),
        ("Mar 23, 2025 6:26 PM", (2025, 3, 23, 18, 26, 0)),
        ("09/10/2026 05:29:06 AM", (2026, 9, 10, 5, 29, 6)),
        ("09/10/2026 12:02 AM", (2026, 9, 10, 0, 2, 0)),
        ("09/10/2026 12:02:00 PM", (2026, 9, 10, 12, 2, 0)),
        ("15/08/2022 01:27", (2022, 8, 15, 1, 27, 0)),
        ("2025-06-15 21:20:00", (2025, 6, 15, 21, 20, 0)),
        ("2025-06-15T21:20:00Z", (2025, 6, 15, 21, 20, 0)),
        ("11/26/25, 4:16:54\u202fPM", (2025, 11, 26, 16, 16, 54)),
        ("18/02/2570 09:00", (2027, 2, 18, 9, 0, 0)),
        ("๑๘/๐๒/๒๕๗๐ ๐๙:๐๐", (2027, 2, 18, 9, 0, 0)),
    ],
)
def test_moments_are_read_as_they_are_written(written, meant):
    assert moment(written, DateOrder.MONTH) == dt.datetime(*meant)


@pytest.mark.parametrize(
    "written", ["--", "", "13/13/2026 09:00", "32/01/2026 09:00", "Foo 3, 2026 09:00:00", "09/10/2026 25:00", "12345678"]
)
def test_what_is_no_moment_is_none(written):
    assert moment(written, DateOrder.DAY) is None


def test_the_order_decides_where_both_could_be_meant():
    assert [moment("03/11/2027 09:00", order) for order in (DateOrder.MONTH, DateOrder.DAY)] == [
        dt.datetime(2027, 3, 11, 9), dt.datetime(2027, 11, 3, 9),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [("59", 3540), ("1h 1m 55s", 3715), ("55m", 3300), ("1 h 1 min 55 s", 3715), ("1:01:55", 3715), ("--", None), ("1 ชม. 5 นาที", 3900)],
)
def test_durations_are_read_as_they_are_written(written, meant):
    assert seconds(written) == meant
