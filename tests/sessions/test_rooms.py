"""A day may have a room: where the agenda, calendars, search engines and revisions name it."""

from urllib.parse import urlencode

import pytest

from sessions import changes, ical, linked_data, releases
from sessions.models import Release, Workshop, WorkshopDay
from tests.factories import make_workshop

pytestmark = pytest.mark.django_db

ROOM = "ห้องประชุม ๕๑๑ อาคาร ๕"


def _with_room(**fields: str) -> WorkshopDay:
    day = make_workshop().days.select_related("workshop").first()
    for name, value in {"room_th": ROOM, "room_en": "Room 511, Building 5", **fields}.items():
        setattr(day, name, value)
    day.save()
    return day


def test_day_without_a_room_is_where_the_platform_is():
    day = make_workshop().days.select_related("workshop").first()
    assert (ical.where(day), day.has_meeting) == (day.workshop.platform, True)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"join_url": ""}, ROOM),
        ({"join_url": "https://zoom.example.org/j/1"}, f"{ROOM} และทางออนไลน์ผ่าน Zoom Webinar"),
    ],
)
def test_calendars_name_the_room(fields, where):
    day = _with_room(**fields)
    calendar = ical.programme_calendar(day.workshop, language="th", url="https://example.org/").replace(b"\r\n ", b"").decode()
    assert f"LOCATION:{where}\r\n" in calendar
    day = WorkshopDay.objects.with_hours().select_related("workshop").get(pk=day.pk)
    assert urlencode({"location": where}) in ical.google_url(day, 1, "th", url="https://example.org/")


def test_calendars_follow_a_new_room_and_only_that():
    day = _with_room(room_th="", room_en="")
    changes.after_change(day.workshop)
    day.refresh_from_db()
    before = (day.sequence, day.fingerprint)
    changes.after_change(day.workshop)
    day.refresh_from_db()
    assert (day.sequence, day.fingerprint) == before
    WorkshopDay.objects.filter(pk=day.pk).update(room_th=ROOM)
    changes.after_change(day.workshop)
    day.refresh_from_db()
    assert day.sequence == before[0] + 1


def test_agenda_and_workshop_page_name_the_room(client):
    day = _with_room()
    for address in ("agenda/", ""):
        page = client.get(f"/w/{day.workshop.slug}/{address}").content.decode()
        assert ROOM in page.replace('<span class="nb">', "").replace("</span>", "")
    assert "Room 511, Building 5" in client.get(f"/en/w/{day.workshop.slug}/agenda/").content.decode()


def test_revision_says_which_room_and_that_there_is_none_any_more():
    day = _with_room(room_th="", room_en="")
    draft = releases.open_draft(day.workshop)
    draft.days.filter(origin=day).update(room_th=ROOM)
    releases.release(day.workshop)
    draft = releases.open_draft(Workshop.objects.get(pk=day.workshop_id))
    draft.days.filter(origin=day).update(room_th="")
    releases.release(day.workshop)
    said = [release.changes[0]["th"] for release in Release.objects.order_by("number")]
    assert said == [f"ประชุม ณ {ROOM}", "ไม่มีสถานที่ประชุมแล้ว วันนี้ประชุมทางออนไลน์เท่านั้น"]


def test_search_engines_read_room_and_meeting():
    day = _with_room(join_url="https://zoom.example.org/j/1")
    days = WorkshopDay.objects.select_related("workshop").prefetch_related("items").filter(pk=day.pk)
    part = linked_data.event(day.workshop, days, address="https://example.org/", image="")["subEvent"][0]
    assert part["eventAttendanceMode"] == "https://schema.org/MixedEventAttendanceMode"
    assert [place["@type"] for place in part["location"]] == ["Place", "VirtualLocation"]
