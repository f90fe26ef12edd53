import datetime as dt
import os
import re
from collections import Counter

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from registration.actor import PARTICIPANT
from registration.models import Delivery, Participant, Province, Quota, TrackChoice
from registration.office import bar_chart
from registration.office.dashboard import Dashboard, DayCount, sorted_places
from registration.seats.actions.moves import cancel
from sessions.models import StakeholderGroup
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

INDEX = "/en/admin/"
PEOPLE = "/en/admin/registration/participant/"
MAILS = "/en/admin/registration/delivery/"


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant", "view_delivery", "view_coordinator", "add_coordinator", "view_quota")


def place_of(dashboard, code):
    return next(place for place in dashboard.places if place.quota.code == code)


def links(response, number):
    """Where every link on the page leads whose words are `number`."""
    return [href.replace("&amp;", "&") for href in re.findall(rf'<a href="([^"]*)">{number}</a>', response.content.decode())]


def table(response, heading):
    """The rows of the table under the heading with the id `heading`, as words."""
    part = response.content.decode().split(f'id="{heading}"')[1].split("</table>")[0].split("<tbody>")[1]
    rows = re.findall(r"<tr>(.*?)</tr>", part, re.S)
    return [[re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)] for row in rows]


# What is counted


def test_places_are_counted_with_everybody_who_holds_one_waits_for_one_or_is_invited():
    workshop = make_workshop(decision="province_first")
    seats_of(workshop, capacity=3)
    make_invitation(workshop)
    for _i in range(4):
        make_participant(workshop)
    cancel(participant=make_participant(workshop, "50"), by=PARTICIPANT, at=NOON)
    dashboard = Dashboard(workshop)
    nan, chiang_mai = place_of(dashboard, "55"), place_of(dashboard, "50")
    assert (nan.capacity, nan.held, nan.pending, nan.invited, nan.waiting, nan.free) == (3, 2, 2, 1, 2, 0)
    assert (chiang_mai.held, chiang_mai.free, chiang_mai.last) == (0, 25, NOON)
    totals = dashboard.totals
    assert (totals.capacity, totals.held, totals.pending, totals.invited, totals.waiting) == (76 * 25 + 50 + 3, 2, 2, 1, 2)
    assert totals.held + totals.invited + totals.free == totals.capacity


def test_nobody_of_another_workshop_is_counted():
    other, workshop = make_workshop(), make_workshop()
    make_participant(other, tracks=tracks_of(other)[:1])
    make_invitation(other)
    make_coordinator(other)
    dashboard = Dashboard(workshop)
    assert (dashboard.totals.held, dashboard.totals.invited, dashboard.everybody, len(dashboard.without_coordinator)) == (0, 0, 0, 78)
    assert [row.total for row in dashboard.groups] == [0, 0]
    assert [row.taken for row in dashboard.tracks] == [0, 0]


def test_groups_are_counted_by_region_and_their_holes_are_named():
    workshop = make_workshop()
    for code in ("55", "50", "90"):
        make_participant(workshop, code)
    make_participant(workshop, "central")
    offices, central = Dashboard(workshop).groups
    assert {str(region): number for region, number in offices.by_region if number} == {"north": 2, "south": 1}
    assert (offices.total, [str(region) for region in offices.holes]) == (3, ["northeast", "central", "bangkok", "east", "west"])
    assert (central.total, central.holes) == (1, [])


def test_a_track_tells_its_places_and_who_wishes_for_it():
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    first = tracks_of(workshop)[0]
    Quota.objects.filter(track=first).update(capacity=1)
    for _i in range(2):
        make_participant(workshop, tracks=[first])
    dashboard = Dashboard(workshop)
    assert [(row.taken, row.capacity, row.left, row.wished) for row in dashboard.tracks] == [(1, 1, 0, 1), (0, None, None, 0)]
    assert [row.track for row in dashboard.tracks_nearly_full] == [first]


def test_days_on_which_nobody_came_stand_between_the_others_and_a_night_belongs_to_its_date_in_bangkok():
    workshop = make_workshop()
    late = dt.datetime(2027, 1, 17, 17, 30, tzinfo=dt.UTC)  # half past midnight on the 18th
    for at in (NOON, NOON, late):
        make_participant(workshop, at=at)
    counted = [(day.date.day, day.number) for day in Dashboard(workshop).days]
    assert counted == [(15, 2), (16, 0), (17, 0), (18, 1)]


def test_a_coordinator_who_was_switched_off_is_none():
    workshop = make_workshop()
    make_coordinator(workshop, "55", last_seen_at=NOON)
    make_coordinator(workshop, "50", is_active=False)
    dashboard = Dashboard(workshop)
    assert (place_of(dashboard, "55").last_seen, len(dashboard.without_coordinator)) == (NOON, 77)
    assert place_of(dashboard, "50") in dashboard.without_coordinator


# Sorting


@pytest.mark.parametrize(
    ("order", "first"),
    [
        ("", ["central", "81"]),
        ("-held", ["55", "50"]),
        ("-waiting", ["50", "central"]),
        ("-province", ["37"]),
        ("last", ["50", "55"]),
        ("-last", ["55", "50"]),
        ("nonsense", ["central", "81"]),
    ],
)
def test_places_are_sorted_by_what_is_asked_for_and_those_without_a_moment_come_last(order, first):
    workshop = make_workshop()
    seats_of(workshop, "50", capacity=1)
    for at in (NOON, NOON):
        make_participant(workshop, "50", at=at)
    for _i in range(2):
        make_participant(workshop, "55", at=NOON + dt.timedelta(hours=1))
    ordered = [place.quota.code for place in sorted_places(Dashboard(workshop).places, order)]
    assert ordered[: len(first)] == (first if order != "-province" else [Province.objects.order_by("-sort_key").first().code])


def test_a_heading_sorts_the_table_and_a_second_press_turns_it(staff):
    workshop = make_workshop()
    make_participant(workshop, "96")
    assert table(staff.get(INDEX, {"sort": "-held"}), "places")[0][0] == "Narathiwat"
    page = staff.get(INDEX, {"sort": "-held"}).content.decode()
    assert re.findall(r'aria-sort="(\w+)" class="col-(\w+)"', page) == [("descending", "held")]
    assert f"?workshop={workshop.slug}&amp;sort=held#places" in page


# The page


def test_every_number_opens_those_whom_it_counts(staff):
    workshop = make_workshop()
    first = tracks_of(workshop)[0]
    for _i in range(7):
        make_participant(workshop, tracks=[first])
    make_participant(workshop, "90", at=NOON + dt.timedelta(days=1))
    found = Counter()
    for address in set(links(staff.get(INDEX), "7")):
        found[len(staff.get(address).context["cl"].result_list)] += 1
    assert found == {7: 4}  # the province, its region, the track, the day
    everybody = set(links(staff.get(INDEX), "8"))
    assert [len(staff.get(address).context["cl"].result_list) for address in everybody] == [8, 8]


@pytest.mark.parametrize("people", [3, 60])
def test_the_page_costs_the_same_queries_for_three_and_for_sixty(staff, people, django_assert_num_queries):
    workshop = make_workshop()
    codes = list(Province.objects.values_list("code", flat=True))
    for number in range(people):
        make_participant(workshop, codes[number], tracks=tracks_of(workshop)[:1])
        make_coordinator(workshop, codes[number])
    with django_assert_num_queries(31):
        response = staff.get(INDEX)
    assert links(response, people) != []


def test_who_may_not_see_people_sees_no_number_of_them(client):
    workshop = make_workshop(title_en="Seldom read")
    make_participant(workshop)
    page = sign_in(client, "view_quota").get(INDEX)
    menu, shown = page.content.decode().split("<body")[1].split('id="content-start"')
    assert (page.status_code, "Seldom read" in shown, 'class="dashboard' in menu + shown) == (200, False, False)
    # The menu names the workshop, and has no way to people and no number of them.
    words = re.sub(r"<[^>]*>", "", menu.split('class="work-menu-body"')[1].split("</nav>")[0].split(">", 1)[1])
    assert "Seldom read" in words and "/registration/participant/" not in menu + shown
    assert re.findall(r"[0-9๐-๙]", words.replace(workshop.slug, "")) == []


def test_another_workshop_is_shown_on_request(staff):
    make_workshop(slug="earlier", title_en="Earlier one", days=0)
    make_workshop(slug="current", title_en="Current one")
    titles = [
        re.search(r'<h2 id="dashboard">(.*?)</h2>', staff.get(INDEX, query).content.decode())[1]
        for query in ({}, {"workshop": "earlier"}, {"workshop": "nonsense"})
    ]
    assert titles == ["Current one", "Earlier one", "Current one"]


def test_without_a_workshop_the_page_says_so(staff):
    page = staff.get(INDEX).content.decode()
    assert "There is no workshop yet." in page


def test_what_needs_a_hand_is_told_with_the_way_to_it(staff):
    workshop = make_workshop()
    make_coordinator(workshop)
    track = tracks_of(workshop)[0]
    Quota.objects.filter(track=track).update(capacity=5, taken=4)
    person = make_participant(workshop)
    Delivery.objects.update(state="failed")
    Delivery.objects.create(key="x", message="link", participant=person, email=person.email, state="unknown", created_at=NOON, due_at=NOON)
    page = staff.get(INDEX).content.decode()
    hand = page.split('class="dashboard-hand"')[1].split("<details>")[0]
    told = [(href, " ".join(words.split())) for href, words in re.findall(r'<a\s+href="([^"]*)">(.*?)</a>', hand, re.S)]
    assert told == [
        (f"{MAILS}?state__exact=failed", "1 e-mail failed"),
        (f"{MAILS}?state__exact=unknown", "1 e-mail with unknown delivery status"),
        (f"/en/admin/registration/quota/{track.quota.pk}/change/", "Track 1. Track 1: 1 place left"),
    ]
    names = page.split('class="dashboard-names"')[1].split("</ul>")[0]
    assert (names.count("<li>"), f"?quota={seats_of(workshop).pk}" in names) == (77, False)


def test_a_day_without_worries_is_told_too(staff):
    workshop = make_workshop()
    for code in ["central", *Province.objects.values_list("code", flat=True)]:
        make_coordinator(workshop, code, email="everywhere@example.org")
    assert "Nothing: every province has a coordinator" in staff.get(INDEX).content.decode()


def test_the_chart_has_a_bar_for_every_day_and_the_table_says_the_same(staff):
    workshop = make_workshop()
    for days in (0, 0, 2):
        make_participant(workshop, at=NOON + dt.timedelta(days=days))
    page = staff.get(INDEX)
    chart = page.content.decode().split('class="dashboard-chart"')[1].split("</svg>")[0]
    heights = [float(height) for height in re.findall(r' height="([\d.]+)"/>', chart)]
    assert heights == [140, 0, 70]
    assert table(page, "dashboard-days") == [["17 Jan 2027", "1"], ["16 Jan 2027", "0"], ["15 Jan 2027", "2"]]


@pytest.mark.parametrize(("days", "width"), [(1, 48), (4, 48), (60, 8.4)])
def test_a_bar_stands_in_the_middle_of_its_day_and_is_never_a_wall(days, width):
    drawn = bar_chart.bars([DayCount(dt.date(2027, 1, 1) + dt.timedelta(days=n), 1) for n in range(days)])
    assert {bar.width for bar in drawn} == {width}
    assert [bar.x + bar.width / 2 for bar in drawn] == pytest.approx([(n + 0.5) * 720 / days for n in range(days)], abs=0.1)


def test_one_day_is_named_once(staff):
    make_participant(make_workshop(), at=NOON)
    axis = staff.get(INDEX).content.decode().split('class="dashboard-axis"')[1].split("</p>")[0]
    assert axis.count("15 Jan 2027") == 1


def test_the_holes_of_a_group_are_words(staff):
    workshop = make_workshop()
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.9", name_th="ภาคส่วนอื่น", name_en="Others")
    make_participant(workshop)
    page = staff.get(INDEX).content.decode()
    holes = page.split("Which groups are missing where")[1].split("</ul>")[0]
    assert [" ".join(words.split()) for words in re.findall(r"<li>(.*?)</li>", holes, re.S)] == [
        "4.1.1 Provincial office – Northeast, Central, Bangkok and vicinity, East, West, South",
        "4.1.9 Others – nobody at all",
        "4.2 Central agencies – nobody at all",
    ]


def test_people_are_filtered_by_region(staff):
    workshop = make_workshop()
    make_participant(workshop, "55", first_name="เหนือ")
    make_participant(workshop, "90", first_name="ใต้")
    make_participant(workshop, "central", first_name="กลาง")
    found = [[p.first_name for p in staff.get(PEOPLE, {"region": region}).context["cl"].result_list] for region in ("south", "moon")]
    assert found == [["ใต้"], []]
    assert (Participant.objects.count(), TrackChoice.objects.count()) == (3, 0)


def test_the_board_tells_how_old_the_newest_backup_is(staff, settings, tmp_path, monkeypatch):
    make_workshop()
    now = timezone.now().replace(microsecond=0)
    monkeypatch.setattr(timezone, "now", lambda: now)
    settings.VAR_DIR = tmp_path
    assert "newest backup" not in staff.get(INDEX).content.decode()
    (tmp_path / "backups").mkdir()
    file = tmp_path / "backups" / "portal-20261130.zip"
    file.touch()
    made = timezone.now() - dt.timedelta(hours=5, minutes=2)
    os.utime(file, (made.timestamp(), made.timestamp()))
    assert "The newest backup was made 5\xa0hours, 2\xa0minutes ago" in staff.get(INDEX).content.decode()
