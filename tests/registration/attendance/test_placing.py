"""Of which meeting a report is, and how its times are read."""

import datetime as dt

import pytest

from registration.attendance.placing import Reading, Room, placed, span
from registration.attendance.reports.moments import DateOrder
from registration.attendance.reports.reader import read_text
from tests.registration.attendance import report_files as files
from tests.registration.attendance.report_files import at

NOBODY = frozenset()


def room(key="day-1", date=files.DAY, start="09:00", end="12:00", title="", addresses=NOBODY):
    hours = [dt.datetime.combine(date, dt.time.fromisoformat(clock)) for clock in (start, end)]
    return Room(key, title, *hours, addresses)


def report(write=files.named_month, rows=files.webinar_rows, **options):
    return read_text(files.csv_file(rows(write, **options)))


def moved(write, hours):
    return lambda when: write(when + dt.timedelta(hours=hours))


def test_the_day_on_which_people_came_is_proposed():
    other = room("day-2", files.DAY + dt.timedelta(days=14))
    placing = placed(report(), [other, room()])
    assert (placing.room.key, placing.is_sure, placing.reading) == ("day-1", True, Reading())


@pytest.mark.parametrize(
    ("write", "order"), [(files.us, DateOrder.MONTH), (lambda when: when.strftime("%d/%m/%Y %I:%M %p"), DateOrder.DAY)]
)
def test_the_order_is_the_one_that_fits_the_programme(monkeypatch, write, order):
    monkeypatch.setattr(files, "DAY", dt.date(2027, 3, 11))
    placing = placed(report(write, rows=files.older_meeting_rows), [room(date=dt.date(2027, 3, 11)), room("other", dt.date(2027, 4, 1))])
    assert (placing.room.key, placing.reading.order, placing.is_sure) == ("day-1", order, True)


def test_where_both_orders_fit_a_day_somebody_is_asked(monkeypatch):
    """3 November and 11 March are both days of this workshop."""
    monkeypatch.setattr(files, "DAY", dt.date(2027, 3, 11))
    rooms = [room(date=dt.date(2027, 3, 11)), room("day-2", dt.date(2027, 11, 3))]
    placing = placed(report(files.us, rows=files.older_meeting_rows), rooms)
    assert (placing.is_order_sure, placing.is_sure) == (False, False)


def test_where_nothing_fits_nothing_is_proposed():
    placing = placed(report(), [room(date=dt.date(2027, 7, 1))])
    assert (placing.room, placing.is_sure) == (None, False)


@pytest.mark.parametrize("hours", [-7, -15, 1])
def test_another_zone_is_proposed_and_asked(hours):
    placing = placed(report(moved(files.named_month, hours - 1 + 1)), [room(start="09:00", end="12:00")])
    expected = (True, True) if hours == 1 else (False, False)  # an hour late still lies within the time
    assert (placing.is_shift_sure, placing.is_sure) == expected
    if hours == -7:
        assert (placing.room.key, placing.reading.shift) == ("day-1", 7)


def test_a_live_event_is_known_to_be_in_utc():
    placing = placed(read_text(files.csv_file(files.teams_live())), [room()])
    assert (placing.reading.shift, placing.is_sure) == (7, True)


def test_who_tried_the_link_the_evening_before_does_not_matter():
    early = files.Somebody("ก", "early@example.org", [("09:00", "09:10")], "ก", "ข")
    file = read_text(files.csv_file(files.webinar_rows(people=[*files.PEOPLE, early])))
    rows = [stay for stay in file.stays]
    file.stays = [*rows[:-1], type(rows[-1])("ข", "", rows[-1].role, "Feb 17, 2027 20:00:00", "Feb 17, 2027 20:05:00", 300)]
    assert placed(file, [room()]).is_sure


class TestMeetingsOfOneDay:
    day = room(title="วันแรก", addresses=frozenset({"a@example.org"}))
    track = room("track-1", start="10:00", end="11:00", title=files.TOPIC, addresses=frozenset(files.EXPECTED))
    other = room("track-2", start="10:00", end="11:00", title="หัวข้ออื่น")

    def test_the_one_whose_people_and_topic_these_are_is_proposed(self):
        placing = placed(report(), [self.day, self.other, self.track])
        assert (placing.room.key, placing.is_sure, placing.reasons) == ("track-1", True, ["date", "topic", "people"])
        assert placing.known_share == 1.0

    def test_where_nothing_tells_them_apart_somebody_is_asked(self):
        placing = placed(report(), [room(), room("track-1")])
        assert (placing.is_room_sure, placing.is_sure) == (False, False)


def test_a_report_of_sums_is_placed_by_the_start_of_its_meeting():
    placing = placed(report(files.us, rows=files.meeting_rows, sums=True), [room(), room("day-2", files.DAY + dt.timedelta(days=1))])
    assert (placing.room.key, placing.is_sure) == ("day-1", True)


def test_the_first_join_and_the_last_leave_are_told():
    assert span(report(), Reading()) == (at("08:41:30"), at("12:19"))
