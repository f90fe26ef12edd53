import datetime as dt

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import translation

from registration.models import Quota
from sessions import changes, releases
from sessions.ical import programme_calendar
from sessions.models import AgendaItem, Release, Track, Workshop, WorkshopDay
from tests.factories import NOON, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


@pytest.fixture
def workshop() -> Workshop:
    """Two days, of which only the first has tracks; calendars know them as they are."""
    workshop = make_workshop()
    changes.after_change(workshop, at=NOON)
    return workshop


@pytest.fixture
def draft(workshop) -> Workshop:
    return releases.open_draft(workshop)


def english(workshop) -> list[tuple[str, str]]:
    return [(change.date.isoformat(), change.en) for change in releases.differences(workshop)]


def of(draft, model, **fields):
    """The one row of the draft that has `fields`."""
    paths = {WorkshopDay: "workshop", AgendaItem: "day__workshop", Track: "item__day__workshop"}
    return model.objects.get(**{paths[model]: draft}, **fields)


def edit(row, **fields):
    type(row).objects.filter(pk=row.pk).update(**fields)


def programme(workshop):
    """What the workshop's own rows say, with their keys."""
    found = []
    for day in workshop.days.all():
        found.append((day.pk, day.date, day.title_th, day.is_cancelled))
        for item in day.items.all():
            found.append((item.pk, item.starts_at, item.ends_at, item.kind, item.title_th, item.speaker_th, item.speaker_confirmed))
            found += [(track.pk, track.number, track.title_th, track.speaker_th) for track in item.tracks.all()]
    return found


# The draft


def test_a_draft_says_what_the_agenda_says(workshop, draft):
    assert releases.differences(workshop) == []
    assert [row[1:] for row in programme(draft)] == [row[1:] for row in programme(workshop)]


def test_a_second_opening_finds_the_same_draft(workshop, draft):
    assert releases.open_draft(workshop) == draft


def test_a_draft_is_no_workshop(workshop, draft):
    assert list(Workshop.objects.all()) == [workshop]
    assert draft.quotas.count() == 0
    changes.after_change(draft)
    assert (draft.quotas.count(), Quota.objects.filter(workshop=workshop).count()) == (0, 80)


def test_nothing_of_a_draft_is_seen_before_its_release(workshop, draft, client):
    before = programme(workshop)
    edit(of(draft, AgendaItem, title_th="พิธีเปิด", day__date=dt.date(2027, 2, 18)), title_th="พิธีเปิดใหม่")
    assert programme(workshop) == before
    page = client.get(f"/w/{workshop.slug}/agenda/").content.decode()
    assert ("พิธีเปิดใหม่" in page, "แก้ไขครั้งที่" in page) == (False, False)
    assert client.get(f"/w/{draft.slug}/agenda/").status_code == 404


def test_a_discarded_draft_is_gone(workshop, draft):
    releases.discard_draft(workshop)
    assert (releases.draft_of(workshop), WorkshopDay.objects.count()) == (None, 2)
    with pytest.raises(releases.NoDraft):
        releases.differences(workshop)


# What it changes, in words


@pytest.mark.parametrize(
    ("model", "which", "fields", "words"),
    [
        (AgendaItem, {"kind": "parallel"}, {"starts_at": dt.time(10, 15)}, "“Parallel tracks” moves from 10:00–11:00 to 10:15–11:00."),
        (AgendaItem, {"kind": "parallel"}, {"title_th": "อื่น", "title_en": "Other"}, "“Parallel tracks” is now called “Other”."),
        (
            AgendaItem,
            {"kind": "parallel"},
            {"title_th": "อื่น"},
            "The wording of “Parallel tracks” in the other language is corrected.",
        ),
        (
            AgendaItem,
            {"kind": "parallel"},
            {"title_th": "อื่น", "title_en": "On “SDGs”"},
            "“Parallel tracks” is now called “On ‘SDGs’”.",
        ),
        (AgendaItem, {"kind": "parallel"}, {"speaker_en": "Dr A"}, "“Parallel tracks”: the speaker is Dr A."),
        (
            AgendaItem,
            {"kind": "parallel"},
            {"speaker_en": "Dr A", "speaker_confirmed": False},
            "“Parallel tracks”: the speaker is Dr A. Not yet confirmed.",
        ),
        (Track, {"number": 2}, {"title_th": "ใหม่", "title_en": "New"}, "“Track 2” is now called “New”."),
        (Track, {"number": 2}, {"number": 3}, "“Track 2” is now topic 3."),
        (WorkshopDay, {"date": dt.date(2027, 2, 18)}, {"is_cancelled": True}, "This day is cancelled."),
        (WorkshopDay, {"date": dt.date(2027, 2, 18)}, {"title_th": "ก", "title_en": "A"}, "“the day’s title” is now called “A”."),
    ],
)
def test_a_change_is_told_in_words(workshop, draft, model, which, fields, words):
    edit(of(draft, model, **which), **fields)
    assert english(workshop) == [("2027-02-18", words)]


def test_a_speaker_who_confirms_is_named(workshop):
    block = AgendaItem.objects.get(kind="parallel")
    edit(block, speaker_th="ดร.ก", speaker_en="Dr A", speaker_confirmed=False)
    draft = releases.open_draft(workshop)
    edit(of(draft, AgendaItem, kind="parallel"), speaker_confirmed=True)
    assert english(workshop) == [("2027-02-18", "“Parallel tracks”: Dr A has confirmed.")]
    edit(of(draft, AgendaItem, kind="parallel"), speaker_th="ดร.ข", speaker_en="Dr B")
    assert english(workshop) == [("2027-02-18", "“Parallel tracks”: Dr B speaks instead of Dr A. The speaker has confirmed.")]


def test_what_is_moved_added_and_taken_out_is_told(workshop, draft):
    second = of(draft, WorkshopDay, date=dt.date(2027, 2, 25))
    edit(second, date=dt.date(2027, 2, 26))
    second.items.all().delete()
    AgendaItem.objects.create(day=second, starts_at=dt.time(13), ends_at=dt.time(14), title_th="บรรยาย", title_en="Lecture")
    of(draft, Track, number=2).delete()
    WorkshopDay.objects.create(workshop=draft, date=dt.date(2027, 3, 4))
    assert english(workshop) == [
        ("2027-02-18", "Topic 2 “Track 2” is cancelled."),
        ("2027-02-26", "Moves from Thursday 25 February 2027 to Friday 26 February 2027."),
        ("2027-02-26", "New: 13:00–14:00 “Lecture”."),
        ("2027-02-26", "09:00–10:00 “Opening” is cancelled."),
        ("2027-03-04", "This day is new in the agenda."),
    ]


def test_it_is_told_in_thai_too(workshop, draft):
    edit(of(draft, AgendaItem, kind="parallel"), starts_at=dt.time(10, 15))
    with translation.override("en"):
        assert [change.th for change in releases.differences(workshop)] == ["“หัวข้อคู่ขนาน” เลื่อนจาก ๑๐.๐๐ – ๑๑.๐๐ น. เป็น ๑๐.๑๕ – ๑๑.๐๐ น."]


# The release


def test_a_release_changes_rows_and_keeps_them(workshop, draft):
    """Who chose a day or a track keeps it: the row stays the same."""
    before = programme(workshop)
    edit(of(draft, AgendaItem, kind="parallel"), starts_at=dt.time(10, 15))
    edit(of(draft, Track, number=1), title_th="อื่น")
    release = releases.release(workshop, at=LATER)
    after = programme(workshop)
    assert [row[0] for row in after] == [row[0] for row in before]
    assert [row for row in after if row not in before] == [
        (before[2][0], dt.time(10, 15), dt.time(11), "parallel", "หัวข้อคู่ขนาน", "", True),
        (before[3][0], 1, "อื่น", ""),
    ]
    assert (release.number, release.released_at, len(release.changes), releases.draft_of(workshop)) == (1, LATER, 2, None)


def test_calendars_move_once_for_all_the_changes_of_a_day(workshop, draft):
    edit(of(draft, AgendaItem, kind="parallel"), starts_at=dt.time(10, 15), title_th="อื่น")
    edit(of(draft, Track, number=1), title_th="อื่น")
    releases.release(workshop, at=LATER)
    assert list(workshop.days.values_list("sequence", "revised_at")) == [(1, LATER), (0, NOON)]
    assert b"SEQUENCE:1" in programme_calendar(Workshop.objects.get(pk=workshop.pk), language="th", url="https://example.org/")


def test_meeting_links_are_no_part_of_a_draft(workshop):
    workshop.days.update(join_url="https://example.org/day")
    Track.objects.update(join_url="https://example.org/track")
    draft = releases.open_draft(workshop)
    assert set(draft.days.values_list("join_url", flat=True)) == {""}
    edit(of(draft, AgendaItem, kind="parallel"), starts_at=dt.time(10, 15))
    releases.release(workshop, at=LATER)
    assert set(workshop.days.values_list("join_url", flat=True)) == {"https://example.org/day"}
    assert set(Track.objects.values_list("join_url", flat=True)) == {"https://example.org/track"}


def test_days_and_tracks_may_change_places(workshop, draft):
    first, second = workshop.days.all()
    one, two = tracks_of(workshop)
    far = dt.date(2099, 1, 1)
    for row, date in [(first, far), (second, first.date), (first, second.date)]:
        edit(of(draft, WorkshopDay, origin=row), date=date)
    for row, number in [(one, 9), (two, 1), (one, 2)]:
        edit(of(draft, Track, origin=row), number=number)
    releases.release(workshop, at=LATER)
    assert list(workshop.days.values_list("pk", "date")) == [(second.pk, first.date), (first.pk, second.date)]
    assert [(track.pk, track.number) for track in tracks_of(workshop)] == [(two.pk, 1), (one.pk, 2)]


def test_a_new_track_gets_its_quota_with_the_release(workshop, draft):
    Track.objects.create(item=of(draft, AgendaItem, kind="parallel"), number=3, title_th="สาม", capacity=40)
    releases.release(workshop, at=LATER)
    assert list(workshop.quotas.of_tracks().values_list("track__number", "capacity").order_by("track__number")) == [
        (1, None),
        (2, None),
        (3, 40),
    ]


def test_what_people_chose_cannot_be_left_out(workshop, draft):
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    edit(of(draft, AgendaItem, kind="parallel"), title_th="อื่น")
    of(draft, Track, number=1).delete()
    before = programme(workshop)
    with pytest.raises(changes.InUse):
        releases.release(workshop, at=LATER)
    assert (programme(workshop), Release.objects.count(), releases.draft_of(workshop)) == (before, 0, draft)


def test_a_draft_without_changes_is_not_released(workshop, draft):
    with pytest.raises(releases.NothingChanged):
        releases.release(workshop)


def test_without_a_draft_nothing_is_released(workshop):
    with pytest.raises(releases.NoDraft):
        releases.release(workshop)


def test_revisions_are_counted_and_shown_on_the_agenda(workshop, client):
    for title in ("หนึ่ง", "สอง"):
        draft = releases.open_draft(workshop)
        edit(of(draft, AgendaItem, kind="parallel"), title_th=title)
        releases.release(workshop, at=LATER)
    assert [release.number for release in workshop.releases.all()] == [2, 1]
    page = client.get(f"/w/{workshop.slug}/agenda/").content.decode()
    assert page.index("แก้ไขครั้งที่ ๒") < page.index("“หนึ่ง” เปลี่ยนชื่อเป็น “สอง”") < page.index("แก้ไขครั้งที่ ๑")


# The pages of the admin


@pytest.fixture
def staff(client):
    user = User.objects.create_user("staff", "staff@example.org", is_staff=True)
    codenames = ["view_workshop", "change_workshop", "add_release"]
    codenames += [f"{verb}_{model}" for model in ("workshopday", "agendaitem", "track") for verb in ("view", "add", "change", "delete")]
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    client.force_login(user)
    return client


def page_of(workshop, name=""):
    return f"/en/admin/agenda/workshop/{workshop.pk}/draft/{name}"


def messages(response):
    return [str(message) for message in response.context["messages"]]


def test_staff_draft_see_and_release(staff, workshop):
    assert staff.get(page_of(workshop)).context["draft"] is None
    page = staff.post(page_of(workshop, "open/"), follow=True)
    draft = page.context["draft"]
    edit(of(draft, AgendaItem, kind="parallel"), starts_at=dt.time(10, 15))
    page = staff.get(page_of(workshop))
    assert page.context["changes"] == [(dt.date(2027, 2, 18), ["“Parallel tracks” moves from 10:00–11:00 to 10:15–11:00."])]
    page = staff.post(page_of(workshop, "release/"), follow=True)
    assert messages(page) == ["Revision 1 of the agenda is released. Those who come on the changed days get one e-mail."]
    assert Release.objects.get().released_by.username == "staff"
    assert messages(staff.post(page_of(workshop, "release/"), follow=True)) == [
        "There is no draft any more. Somebody has released or discarded it."
    ]


def test_a_release_that_leaves_out_what_people_chose_is_refused_in_words(staff, workshop, draft):
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    of(draft, Track, number=1).delete()
    found = messages(staff.post(page_of(workshop, "release/"), follow=True))
    assert found == ["Something that the draft leaves out cannot be removed. It is in use (track choices: 1)."]


def test_while_a_draft_is_open_the_agenda_itself_stays_as_it_is(staff, workshop):
    day, block = workshop.days.first(), AgendaItem.objects.get(kind="parallel")
    pages = [f"/en/admin/agenda/workshopday/{day.pk}/change/", f"/en/admin/agenda/agendaitem/{block.pk}/change/"]

    def editable():
        """The names of the fields that the forms of the two pages offer."""
        found = set()
        for url in pages:
            context = staff.get(url).context
            found |= {name for name in context["adminform"].form.fields}
            for formset in context["inline_admin_formsets"]:
                found |= {name for form in formset.formset.forms for name in form.fields if formset.has_change_permission}
        return found - {"id", "day", "item", "DELETE"}

    everything = {"date", "title_th", "title_en", "is_cancelled", "join_url", "join_opens_at", "starts_at", "ends_at", "kind"}
    everything |= {"room_th", "room_en"}
    everything |= {"speaker_th", "speaker_en", "speaker_confirmed", "number", "capacity"}
    assert editable() == everything
    releases.open_draft(workshop)
    assert editable() == {"join_url", "join_opens_at", "capacity"}


def test_days_of_a_draft_are_in_no_list_and_lead_back_to_it(staff, workshop, draft):
    assert staff.get("/en/admin/agenda/workshopday/").context["cl"].result_count == 2
    day = draft.days.first()
    page = staff.get(f"/en/admin/agenda/workshopday/{day.pk}/change/").content.decode()
    assert f'href="{page_of(workshop)}"' in page
    assert "join_url" not in page


def test_staff_discard_a_draft(staff, workshop, draft):
    assert messages(staff.post(page_of(workshop, "discard/"), follow=True)) == ["The draft is discarded. The agenda stays as it is."]
    assert releases.draft_of(workshop) is None


def test_each_page_asks_for_its_permission(client, workshop, draft):
    user = User.objects.create_user("reader", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename="view_workshop"))
    client.force_login(user)
    assert client.get(page_of(workshop)).status_code == 403
    assert [client.post(page_of(workshop, name)).status_code for name in ("open/", "discard/", "release/")] == [403] * 3
    assert [client.get(page_of(workshop, name)).status_code for name in ("open/", "discard/", "release/")] == [403] * 3
    assert releases.draft_of(workshop) == draft


@pytest.mark.parametrize("days", [1, 3])
def test_the_page_of_a_draft_asks_the_database_as_often_for_three_days_as_for_one(staff, days, django_assert_num_queries):
    workshop = make_workshop(days=days)
    releases.open_draft(workshop)
    with django_assert_num_queries(27):
        staff.get(page_of(workshop))
