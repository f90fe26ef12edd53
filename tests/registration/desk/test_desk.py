"""A province's desk: what it shows, whom it finds, what it does and what it refuses."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import State
from registration.coordinators.actions import Appointee, hand_over
from registration.decisions.actions import decide_due
from registration.desk import urls
from registration.links.actions.personal_links import note_opened
from registration.models import Coordinator, DelayedDecision, Delivery, Event, NominationFile, Participant
from registration.nominations.actions import keep
from registration.seats import quotas
from registration.seats.actions.moves import approve, cancel, decline
from registration.selection.actions.drafts import save_draft
from sessions.models import StakeholderGroup
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

HTMX = {"HX-Request": "true", "HX-Target": "people"}


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def coordinator(workshop):
    return make_coordinator(workshop)


@pytest.fixture
def desk(client, workshop, coordinator):
    """Nan's desk, as its coordinator has it: `desk.get()`, `desk.decide(…)`."""
    client.force_login(coordinator.user)
    return Desk(client, workshop)


class Desk:
    def __init__(self, client, workshop, code="55"):
        self.client, self.url = client, f"/desk/{workshop.slug}/{code}/"

    def get(self, query="", **headers):
        return self.client.get(f"{self.url}{query}", headers=headers)

    def names(self, query=""):
        return [row.person.first_name for row in self.get(query).context["people"].rows]

    def decide(self, verb, *people, headers=None, **fields):
        """Decides about people as they were when they were read, and follows to the page that says what came of it."""
        keys = [f"{person.code}:{person.state}" for person in people]
        data = {"verb": verb, "people": keys, **fields}
        return self.client.post(f"{self.url}decide/", data, headers=headers or {}, follow=not headers)


def crowd(workshop, seats, people, code="55"):
    seats_of(workshop, code, capacity=seats)
    return [make_participant(workshop, code) for _i in range(people)]


def state_of(person):
    return Participant.objects.values_list("state", flat=True).get(pk=person.pk)


# What it shows


def test_the_numbers_are_of_this_province_alone(desk, workshop):
    people = crowd(workshop, 3, 5)
    decline(participant=people[4], reason="", by=SYSTEM)
    crowd(workshop, 3, 5, "56")
    seats = desk.get().context["statistics"].seats
    assert {state: number for state, number in seats.states.items() if number} == {"confirmed": 3, "waitlisted": 1, "declined": 1}
    assert (seats.held, seats.undecided, seats.everybody) == (3, 0, 5)


def test_a_seat_that_is_not_sure_is_held_all_the_same(client):
    workshop = make_workshop(decision="province_first")
    approve(participant=crowd(workshop, 3, 3)[0], by=SYSTEM)
    client.force_login(make_coordinator(workshop).user)
    seats = Desk(client, workshop).get().context["statistics"].seats
    assert (seats.held, seats.confirmed, seats.undecided) == (3, 1, 2)


def test_the_groups_that_nobody_comes_from_are_named(desk, workshop):
    people = crowd(workshop, 1, 3)
    for code in ("4.1.2", "4.1.3"):
        StakeholderGroup.objects.create(workshop=workshop, code=code, name_th=f"กลุ่ม {code}")
    Participant.objects.filter(pk__in=[people[1].pk, people[2].pk]).update(group=workshop.groups.get(code="4.1.2"))
    statistics = desk.get().context["statistics"]
    assert [(share.group.code, share.seated, share.waiting) for share in statistics.groups] == [
        ("4.1.1", 1, 0),
        ("4.1.2", 0, 2),
        ("4.1.3", 0, 0),
    ]
    assert [group.code for group in statistics.missing] == ["4.1.2", "4.1.3"]


def test_days_and_tracks_count_those_on_seats(desk, workshop):
    seats_of(workshop, capacity=2)
    first, second = tracks_of(workshop)
    days = list(workshop.days.all())
    make_participant(workshop, tracks=[first], days=days[:1])
    make_participant(workshop, tracks=[first])
    make_participant(workshop, tracks=[second])  # in line
    make_participant(workshop, "56", tracks=[second])
    context = desk.get().context
    assert [number for _day, number in context["days"]] == [2, 1]
    assert [number for _track, number in context["tracks"]] == [2, 0]


def test_the_last_changes_are_of_these_people_the_latest_first(desk, workshop):
    first, second = make_participant(workshop), make_participant(workshop)
    make_participant(workshop, "56")
    cancel(participant=first, by=PARTICIPANT)
    changes = desk.get().context["changes"]
    assert [(event.participant, event.verb) for event in changes] == [(first, "cancelled"), (second, "registered")]


def test_what_is_to_be_done_stands_at_the_top(client):
    workshop = make_workshop(decision="province_first")
    client.force_login(make_coordinator(workshop).user)
    desk = Desk(client, workshop)
    crowd(workshop, 2, 2)
    keep(quota=seats_of(workshop), name="รายชื่อ.xlsx", sheets=[], layouts=[], by=SYSTEM)
    assert todo(desk) == ["มีผู้รอการพิจารณาของท่าน ๒ คน พิจารณา", "บัญชีรายชื่อ “รายชื่อ.xlsx” ยังไม่ได้ดำเนินการ ตรวจรายชื่อ"]
    NominationFile.objects.update(mode="invite")
    desk.decide("approve", *Participant.objects.all())
    assert todo(desk) == ["ขณะนี้ไม่มีเรื่องที่ต้องดำเนินการ"]
    desk.decide("decline", Participant.objects.first(), reason="twice")
    assert todo(desk) == ["ยังมีที่นั่งว่าง เชิญผู้เข้าร่วม"]


def todo(desk):
    page = desk.get().content.decode()
    block = page.partition('id="todo"')[2].partition("</section>")[0]
    return [" ".join(re.sub(r"<[^>]+>", " ", item).split()) for item in block.split("<li>")[1:]]


def test_where_no_province_decides_none_is_named(client):
    workshop = make_workshop(decision="province_first")
    client.force_login(make_coordinator(workshop, "central").user)
    desk = Desk(client, workshop, "central")
    person = make_participant(workshop, "central")
    with translation.override("th"):
        organisers_decide = translation.gettext("Waiting for NESDC’s decision")
    assert state_badges(desk.get(f"people/{person.code}/")) == [organisers_decide]
    assert state_badges(desk.get())[-1] == organisers_decide


def state_badges(response):
    return re.findall(r'<span class="state state-\w+">([^<]+)<', response.content.decode())


def test_opening_the_desk_is_remembered_of_the_coordinator(desk, coordinator, workshop, client):
    desk.get()
    assert Coordinator.objects.get(pk=coordinator.pk).last_seen_at is not None
    client.force_login(User.objects.create_superuser("boss"))
    other = make_coordinator(workshop)
    desk.get()
    assert Coordinator.objects.get(pk=other.pk).last_seen_at is None


def test_pages_of_people_are_kept_nowhere(desk, workshop):
    person = make_participant(workshop)
    for path in ("", f"people/{person.code}/", "coordinators/"):
        assert "no-store" in desk.get(path).headers["Cache-Control"]


# Finding people


def test_people_stand_in_thai_order(desk, workshop):
    for name in ("เอก", "ไก่", "แก้ว", "ขวัญ", "กานดา"):
        make_participant(workshop, first_name=name)
    assert desk.names() == ["กานดา", "แก้ว", "ไก่", "ขวัญ", "เอก"]


def test_the_waiting_list_stands_in_its_own_order(desk, workshop):
    seats_of(workshop, capacity=1)
    for name in ("ก", "ค", "ข"):
        make_participant(workshop, first_name=name)
    response = desk.get("?state=waitlisted")
    assert [(row.person.first_name, row.place) for row in response.context["people"].rows] == [("ค", 1), ("ข", 2)]


@pytest.mark.parametrize("asked", ["กานดา", "ทดสอบใจ", "สำนักงานสถิติ", "kanda@example", "089-999 9999", "CODE"])
def test_people_are_found_by_what_is_known_of_them(desk, workshop, asked):
    wanted = {"last_name": "ทดสอบใจ", "organisation": "สำนักงานสถิติจังหวัด", "email": "kanda@example.org", "phone": "+66899999999"}
    person = make_participant(workshop, first_name="กานดา", **wanted)
    make_participant(workshop)
    make_participant(workshop, "56", first_name="กานดา", **wanted | {"email": "kanda@example.org.th"})
    assert desk.names(f"?q={person.code if asked == 'CODE' else asked}") == ["กานดา"]


def test_state_and_group_filter_the_list(desk, workshop):
    seats_of(workshop, capacity=2)
    for name in ("ก", "ข", "ค", "ง"):
        make_participant(workshop, first_name=name)
    other = StakeholderGroup.objects.create(workshop=workshop, code="4.1.2", name_th="กลุ่มอื่น")
    Participant.objects.filter(first_name__in=["ข", "ง"]).update(group=other)
    assert desk.names("?state=confirmed&group=4.1.2") == ["ข"]
    assert desk.names("?group=4.1.2") == ["ข", "ง"]
    assert desk.names("?state=confirmed&state=waitlisted&group=4.1.2") == ["ข", "ง"]
    assert desk.names("?state=waitlisted&state=nonsense&group=4.1.1&group=4.1.2&group=9.9") == ["ค", "ง"]


def test_the_list_is_sorted_by_what_was_asked_for(desk, workshop):
    seats_of(workshop, capacity=2)
    other = StakeholderGroup.objects.create(workshop=workshop, code="4.1.10", name_th="กลุ่มอื่น")
    people = [make_participant(workshop, first_name=name, organisation=place) for name, place in (("ก", "เอก"), ("ข", "ไก่"), ("ค", "แก้ว"))]
    Participant.objects.filter(pk=people[0].pk).update(group=other, registered_at=NOON + dt.timedelta(hours=1))
    assert desk.names("?sort=name") == ["ก", "ข", "ค"]
    assert desk.names("?sort=organisation") == ["ค", "ข", "ก"]
    assert desk.names("?sort=group") == ["ข", "ค", "ก"]
    assert desk.names("?sort=date") == ["ก", "ข", "ค"]
    decline(participant=people[0], reason="", by=SYSTEM)  # the third moves up
    assert desk.names("?sort=state") == ["ข", "ค", "ก"]
    assert desk.names("?sort=nonsense") == ["ก", "ข", "ค"]


def test_the_columns_are_chosen(desk, workshop):
    person = make_participant(workshop, organisation="สำนักงานสถิติจังหวัด")
    usual, chosen = desk.get().content.decode(), desk.get("?columns=days&columns=code").content.decode()
    words = ("of-organisation", "mailto:", "tel:", f">{person.code}<")
    assert [word in usual for word in words] == [True, True, True, False]
    assert [word in chosen for word in words] == [False, False, False, True]
    assert "columns=days&amp;columns=code" in chosen  # in the headings, so that sorting keeps them


def test_everybody_on_a_page_is_ticked_at_once(desk, workshop):
    for _i in range(3):
        make_participant(workshop)
    assert desk.get().content.decode().count(" checked>") == desk.get("?pick=all").content.decode().count(" checked>") - 3


@pytest.mark.parametrize("nonsense", ["?state=nonsense", "?group=9.9", "?page=x", "?page=99", "?q=" + "ก" * 200])
def test_what_is_not_understood_is_left_out_of_account(desk, workshop, nonsense):
    make_participant(workshop, first_name="กานดา")
    assert desk.names(nonsense) == ["กานดา"]


def test_the_list_has_fifty_on_a_page(desk, workshop):
    for number in range(52):
        make_participant(workshop, first_name=f"คน{number:02}")
    seats_of(workshop)
    assert (len(desk.names()), desk.names("?page=2")) == (50, ["คน50", "คน51"])


def test_a_search_by_script_gets_the_list_alone(desk, workshop):
    make_participant(workshop, first_name="กานดา")
    make_participant(workshop, "56", first_name="กานดาอื่น")
    response = desk.get("?q=กานดา", **HTMX)
    assert response.templates[0].name == "registration/desk/_list.html"
    assert [row.person.first_name for row in response.context["people"].rows] == ["กานดา"]


def test_going_back_in_the_browser_gets_the_whole_page(desk):
    response = desk.get(**HTMX, **{"HX-History-Restore-Request": "true"})
    assert response.templates[0].name == "registration/desk/desk.html"


# The same cost


def queries_of(request):
    with CaptureQueriesContext(connection) as asked:
        assert request().status_code == 200
    return len(asked)


def test_one_and_five_hundred_people_cost_the_same(desk, workshop, coordinator):
    seats_of(workshop, capacity=400)
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    desk.get()  # and the coordinator was seen
    one = queries_of(desk.get)
    for _i in range(9):
        make_participant(workshop, tracks=tracks_of(workshop)[1:])
    many = list(Participant.objects.filter(workshop=workshop))
    for number in range(490):
        copy = many[number % 10]
        copy.pk, copy.code, copy.email = None, f"X{number:06}", f"copy{number}@example.org"
        copy.submission = f"00000000-0000-4000-8000-{number:012}"
        if number >= 300:
            copy.state, copy.ticket = State.WAITLISTED, number
        copy.save(force_insert=True)
        Event.objects.create(participant=copy, verb="registered", at=copy.registered_at, actor_kind="participant")
    assert (one, queries_of(desk.get)) == (29, 29)
    assert queries_of(lambda: desk.get(**HTMX)) == 14


def test_one_person_costs_the_same_however_much_happened(desk, workshop):
    person = make_participant(workshop, tracks=tracks_of(workshop)[:1])
    desk.get(f"people/{person.code}/")  # and the foot of the page is remembered
    before = queries_of(lambda: desk.get(f"people/{person.code}/"))
    for _i in range(3):
        decline(participant=person, reason="", by=SYSTEM)
        desk.decide("put_back", Participant.objects.get(pk=person.pk))
    desk.get()
    assert (before, queries_of(lambda: desk.get(f"people/{person.code}/"))) == (18, 18)


# Deciding


def test_declining_tells_the_person_why_and_moves_the_next_up(desk, workshop, coordinator):
    seated, waiting = crowd(workshop, 1, 2)
    response = desk.decide("decline", seated, reason="twice", words="มีสองรายการ")
    assert (state_of(seated), state_of(waiting)) == ("declined", "confirmed")
    seated.refresh_from_db()
    assert seated.decision_reason == "ท่านลงทะเบียนซ้ำ – มีสองรายการ"
    event = seated.events.latest("pk")
    assert (event.actor, event.actor_kind) == (coordinator.user, "coordinator")
    assert response.context["result"].done == [
        f"ไม่คัดเลือก และแจ้งทางอีเมลแล้ว: {seated.full_name}",
        f"เลื่อนขึ้นจากรายชื่อสำรองแล้ว: {waiting.full_name}",
    ]


def test_the_reason_is_in_the_persons_own_language(desk, workshop):
    person = make_participant(workshop, language="en")
    desk.decide("decline", person, reason="twice")
    person.refresh_from_db()
    assert person.decision_reason == "You are registered twice"


def test_nobody_is_declined_without_a_reason(desk, workshop):
    person = make_participant(workshop)
    response = desk.decide("decline", person, words="  ")
    assert state_of(person) == "confirmed"
    assert response.context["result"].problems == ["โปรดเลือกหรือระบุเหตุผล เพราะระบบจะแจ้งเหตุผลให้เจ้าตัวทราบ"]


def test_what_came_of_it_is_said_once(desk, workshop):
    desk.decide("decline", make_participant(workshop), reason="twice")
    assert desk.get().context["result"] is None


def test_many_are_approved_at_once_and_each_is_told(client):
    workshop = make_workshop(decision="province_first")
    people = crowd(workshop, 3, 3)
    client.force_login(make_coordinator(workshop).user)
    Desk(client, workshop).decide("approve", *people)
    assert [state_of(person) for person in people] == ["confirmed"] * 3
    assert Delivery.objects.filter(message="confirmed").count() == 3


def test_who_cannot_be_approved_is_named_with_what_happened(client):
    workshop = make_workshop(decision="province_first")
    gone, here = crowd(workshop, 2, 2)
    cancel(participant=Participant.objects.get(pk=gone.pk), by=PARTICIPANT)
    client.force_login(make_coordinator(workshop).user)
    result = Desk(client, workshop).decide("approve", gone, here).context["result"]
    assert result.done == [f"อนุมัติแล้ว: {here.full_name}"]
    [problem] = result.problems
    assert problem.startswith(f"{gone.full_name}: ยังไม่ได้ดำเนินการ เพราะมีการเปลี่ยนแปลงก่อนหน้า – ยกเลิกการลงทะเบียน (ผู้เข้าร่วม ")


def test_of_two_coordinators_the_second_is_told_what_the_first_did(client):
    """Both have the same page before them: one approves, the other declines."""
    workshop = make_workshop(decision="province_first")
    (person,) = crowd(workshop, 1, 1)
    first, second = make_coordinator(workshop, name="นางสาวคนแรก"), make_coordinator(workshop, name="นายคนหลัง")
    client.force_login(first.user)
    Desk(client, workshop).decide("approve", person)
    client.force_login(second.user)
    result = Desk(client, workshop).decide("decline", person, reason="twice").context["result"]
    assert state_of(person) == "confirmed"
    [problem] = result.problems
    assert result.done == []
    assert problem.startswith(f"{person.full_name}: ยังไม่ได้ดำเนินการ เพราะมีการเปลี่ยนแปลงก่อนหน้า – อนุมัติ (นางสาวคนแรก ")


def test_a_free_seat_is_given_to_whom_the_province_picks(desk, workshop):
    people = crowd(workshop, 1, 3)
    seats_of(workshop, capacity=2)
    desk.decide("move_up", people[2])
    assert [state_of(person) for person in people] == ["confirmed", "waitlisted", "confirmed"]


def test_more_are_picked_than_there_are_seats(desk, workshop):
    people = crowd(workshop, 1, 3)
    seats_of(workshop, capacity=2)
    result = desk.decide("move_up", people[2], people[1]).context["result"]
    assert [state_of(person) for person in people] == ["confirmed", "confirmed", "waitlisted"]
    assert result.problems == [f"{people[2].full_name}: ไม่มีที่นั่งว่าง"]


def test_who_is_declined_in_line_does_not_get_the_seat_freed_beside_them(desk, workshop):
    seated, first, second = crowd(workshop, 1, 3)
    desk.decide("decline", seated, first, reason="twice")
    assert [state_of(person) for person in (seated, first, second)] == ["declined", "declined", "confirmed"]
    assert not Delivery.objects.filter(participant=first, message="moved_up").exists()


def test_a_mistake_is_undone_with_what_the_page_offers(desk, workshop):
    seated, waiting = crowd(workshop, 1, 2)
    page = desk.decide("decline", seated, reason="twice")
    assert "นำกลับเข้ารายชื่อสำรอง" in page.content.decode()
    undo = page.context["result"].undo
    response = desk.client.post(f"{desk.url}decide/", undo, follow=True)
    assert (state_of(seated), state_of(waiting)) == ("waitlisted", "confirmed")
    assert response.context["result"].done == [f"นำกลับเข้ารายชื่อสำรองแล้ว เพราะไม่มีที่นั่งว่าง: {seated.full_name}"]
    assert quotas.mismatches() == []


def test_what_took_effect_before_it_was_taken_back_is_offered_a_place_in_the_reserve(client):
    workshop = make_workshop(decision_minutes=5)
    client.force_login(make_coordinator(workshop).user)
    desk = Desk(client, workshop)
    slip, meant, waiting = crowd(workshop, 2, 3)
    for person in (slip, meant):
        desk.decide("decline", person, reason="twice")
    decisions = DelayedDecision.objects.order_by("pk")
    back = {"decision": [decisions[0].pk], "back": ""}
    assert client.post(f"{desk.url}decisions/", back, follow=True).context["result"].problems == []
    assert (state_of(slip), state_of(waiting)) == ("confirmed", "waitlisted")
    decide_due(at=timezone.now() + dt.timedelta(minutes=6))
    page = client.post(f"{desk.url}decisions/", back | {"decision": [decisions[1].pk]}, follow=True)
    assert (state_of(meant), state_of(waiting)) == ("declined", "confirmed")
    assert "มีผลแล้วเมื่อ" in page.context["result"].problems[0]
    assert "นำกลับเข้ารายชื่อสำรอง" in page.content.decode()
    client.post(f"{desk.url}decide/", page.context["result"].undo)
    assert (state_of(meant), quotas.mismatches()) == ("waitlisted", [])


def test_an_approval_is_undone_with_what_the_page_offers(client):
    workshop = make_workshop(decision="province_first")
    client.force_login(make_coordinator(workshop).user)
    desk = Desk(client, workshop)
    person = make_participant(workshop)
    undo = desk.decide("approve", person).context["result"].undo
    result = client.post(f"{desk.url}decide/", undo, follow=True).context["result"]
    assert result.done == ["ยกเลิกการอนุมัติ และแจ้งทางอีเมลแล้ว: " + person.full_name]
    assert (state_of(person), result.undo) == ("pending", {})


def test_the_order_is_changed_and_changed_back(desk, workshop):
    _seated, first, second = crowd(workshop, 1, 3)
    result = desk.decide("move_to", second, place=1, words="ผู้บริหาร").context["result"]
    assert result.done == [f"{second.full_name} อยู่ลำดับที่ ๑ ของรายชื่อสำรองแล้ว"]
    assert list(Participant.objects.waiting()) == [second, first]
    desk.client.post(f"{desk.url}decide/", result.undo)
    assert list(Participant.objects.waiting()) == [first, second]


@pytest.mark.parametrize("fields", [{}, {"place": 1}, {"words": "เพราะ"}, {"place": 0, "words": "เพราะ"}, {"place": "x", "words": "เพราะ"}])
def test_the_order_needs_a_place_and_a_reason(desk, workshop, fields):
    _seated, first, second = crowd(workshop, 1, 3)
    result = desk.decide("move_to", second, **fields).context["result"]
    assert (result.done, list(Participant.objects.waiting())) == ([], [first, second])


def test_a_decision_by_script_brings_the_numbers_along(desk, workshop):
    seated, _waiting = crowd(workshop, 1, 2)
    response = desk.decide("decline", seated, reason="twice", headers=HTMX)
    swapped = [part.split('"')[0] for part in response.content.decode().split('id="')[1:] if "hx-swap-oob" in part.split(">")[0]]
    assert swapped == ["numbers", "todo", "groups", "aside"]
    assert response.context["statistics"].seats.states[State.DECLINED] == 1


def test_a_decision_on_a_persons_page_leads_back_there(desk, workshop):
    person = make_participant(workshop)
    response = desk.decide("decline", person, reason="twice", page_of=person.code)
    assert response.redirect_chain == [(f"{desk.url}people/{person.code}/#result", 302)]
    assert len(response.context["result"].done) == 1


def test_on_a_persons_page_the_reasons_are_offered_too(desk, workshop):
    page = desk.get(f"people/{make_participant(workshop).code}/").content.decode()
    assert re.findall(r'<option value="(\w*)">', page) == ["represented", "others_first", "outside", "twice", ""]


def test_the_list_is_as_it_was_after_a_decision(desk, workshop):
    person = make_participant(workshop)
    data = {"verb": "decline", "people": f"{person.code}:confirmed", "reason": "twice"}
    response = desk.client.post(f"{desk.url}decide/?q=กานดา&state=confirmed", data)
    assert response.headers["Location"] == f"{desk.url}?q=%E0%B8%81%E0%B8%B2%E0%B8%99%E0%B8%94%E0%B8%B2&state=confirmed#result"


@pytest.mark.parametrize(
    "data",
    [{}, {"verb": "approve"}, {"verb": "nonsense", "people": "X:confirmed"}, {"verb": "approve", "people": "nonsense"}],
    ids=["nothing", "nobody", "no such verb", "no such person"],
)
def test_what_is_no_decision_does_nothing(desk, workshop, data):
    make_participant(workshop)
    result = desk.client.post(f"{desk.url}decide/", data, follow=True).context["result"]
    assert (result.done, len(result.problems) > 0) == ([], True)
    assert Event.objects.count() == 1


def test_one_stranger_among_the_chosen_spoils_all(desk, workshop):
    own, other = make_participant(workshop), make_participant(workshop, "56")
    assert desk.decide("decline", own, other, reason="twice").status_code == 404
    assert (state_of(own), state_of(other)) == ("confirmed", "confirmed")


def test_another_provinces_person_is_not_there(desk, workshop):
    other = make_participant(workshop, "56")
    assert desk.get(f"people/{other.code}/").status_code == 404


def test_staff_who_only_read_see_no_decisions_and_make_none(client, workshop):
    reader = User.objects.create_user("reader", is_staff=True)
    reader.user_permissions.set(Permission.objects.filter(codename="view_participant"))
    client.force_login(reader)
    person = make_participant(workshop)
    desk = Desk(client, workshop)
    assert desk.get().context["may_decide"] is False
    assert desk.decide("decline", person, reason="twice").status_code == 403
    assert state_of(person) == "confirmed"


def test_staff_decide_at_the_central_desk(client, workshop):
    person = make_participant(workshop, "central")
    boss = User.objects.create_superuser("boss")
    client.force_login(boss)
    Desk(client, workshop, "central").decide("decline", person, reason="outside")
    event = person.events.latest("pk")
    assert (state_of(person), event.actor_kind, event.actor) == ("declined", "staff", boss)


# The way there


def test_who_has_one_desk_is_led_to_it(desk, client):
    assert client.get("/desk/").headers["Location"] == desk.url


def test_who_has_several_chooses(client, workshop):
    for code in ("55", "57", "56"):
        user = make_coordinator(workshop, code, email="two@example.org").user
    client.force_login(user)
    assert [quota.name for quota in client.get("/desk/").context["desks"]] == ["เชียงราย", "น่าน", "พะเยา"]


def test_who_has_none_is_told_so(client):
    client.force_login(User.objects.create_user("somebody"))
    response = client.get("/desk/")
    assert (response.status_code, response.context["desks"]) == (200, [])


def test_staff_choose_among_all_of_the_current_workshop(client, workshop):
    client.force_login(User.objects.create_superuser("boss"))
    assert len(client.get("/desk/").context["desks"]) == 78


def test_who_handed_over_finds_nothing_more_in_the_session_that_they_have(desk, workshop, coordinator, client):
    """Every address of the desk asks anew who may open it; being signed in elsewhere, they are not thrown out of there."""
    person = make_participant(workshop)
    pk = NominationFile.objects.create(quota=coordinator.quota, name="รายชื่อ.xlsx", created_at=NOON).pk
    values = {
        "slug": workshop.slug,
        "code": "55",
        "person": person.code,
        "pk": pk,
        "place": 1,
        "date": "2027-02-18",
        "outcome": "reserve",
        "kind": "pdf",
    }
    names = {pattern.name: re.findall(r"<\w+:(\w+)>", str(pattern.pattern)) for pattern in urls.urlpatterns}
    paths = [reverse(name, kwargs={key: values[key] for key in keys}) for name, keys in names.items() if keys[:2] == ["slug", "code"]]

    hand_over(coordinator=coordinator, to=Appointee("นายผู้รับช่วง สมมุติ", "next@example.org"), by=SYSTEM)
    answers = {path: {client.get(path).status_code, client.post(path).status_code} for path in paths}
    assert len(paths) > 33
    assert {path: codes for path, codes in answers.items() if not codes <= {404, 405}} == {}
    assert client.get("/desk/").context["desks"] == []


@pytest.mark.parametrize(
    ("field", "value"),
    [("email", "nan@example.org"), ("email", "NAN@example.org"), ("email", "x"), ("name", ""), ("name", "=1+1"), ("phone", "12")],
)
def test_what_is_no_successor_is_refused_at_the_field(client, workshop, field, value):
    coordinator = make_coordinator(workshop, email="nan@example.org")
    client.force_login(coordinator.user)
    data = {"name": "นายผู้รับช่วง สมมุติ", "email": "next@example.org", "email_again": "next@example.org", "phone": ""} | {field: value}
    data["email_again"] = data["email"]
    response = client.post(f"/desk/{workshop.slug}/55/coordinators/", data)
    assert next(iter(response.context["form"].errors)) == field
    assert list(Coordinator.objects.active()) == [coordinator]


def test_a_closed_account_takes_nothing_over(desk, coordinator, client):
    User.objects.create_user("closed@example.org", "closed@example.org", is_active=False)
    given = {"name": "นายปิด แล้ว", "email": "closed@example.org", "email_again": "closed@example.org", "successor": "1"}
    response = client.post(f"{desk.url}coordinators/", given)
    assert list(response.context["form"].errors) == ["email"]
    assert Coordinator.objects.get(pk=coordinator.pk).is_active


def test_staff_cannot_hand_over_what_is_not_theirs(client, workshop, coordinator):
    client.force_login(User.objects.create_superuser("boss"))
    data = {"name": "นายผู้รับช่วง สมมุติ", "email": "next@example.org"}
    assert client.post(f"/desk/{workshop.slug}/55/coordinators/", data).status_code == 404


def test_a_post_without_its_token_is_refused(desk, workshop, coordinator):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator.user)
    person = make_participant(workshop)
    data = {"verb": "decline", "people": f"{person.code}:confirmed", "reason": "twice"}
    assert strict.post(f"{desk.url}decide/", data).status_code == 403
    assert state_of(person) == "confirmed"


def test_a_seat_whose_link_nobody_opened_is_shown_and_found(desk, workshop):
    unread, read = make_participant(workshop, first_name="ไม่เปิด"), make_participant(workshop, first_name="เปิดแล้ว")
    note_opened(participant=read)
    assert {row.person.first_name: row.is_unopened for row in desk.get().context["people"].rows} == {"ไม่เปิด": True, "เปิดแล้ว": False}
    assert desk.get().content.decode().count('of-link">ยังไม่ได้เปิดลิงก์ในอีเมลยืนยัน</span>') == 1
    assert desk.names("?state=unopened") == ["ไม่เปิด"]
    assert "ยังไม่ได้เปิดลิงก์ในอีเมล" in desk.get(f"people/{unread.code}/").content.decode()
    assert "ยังไม่ได้เปิดลิงก์ในอีเมล" not in desk.get(f"people/{read.code}/").content.decode()


class TestOneMailbox:
    @pytest.fixture
    def people(self, workshop):
        emails = ["name+1@example.org", "Name+2@example.org", "other@example.org", "clerk@example.org", "clerk@example.org"]
        return [
            make_participant(workshop, email=email.lower(), first_name=f"สมมุติ{number}", by_contact=email.startswith("clerk"))
            for number, email in enumerate(emails)
        ]

    def test_several_from_one_are_shown_and_found(self, desk, people):
        page = desk.get()
        assert [row.from_mailbox for row in page.context["people"].rows] == [2, 2, 0, 0, 0]
        assert page.content.decode().count('of-link">๒ รายการใช้อีเมลเดียวกัน</span>') == 2
        assert "มีการลงทะเบียน ๒ รายการที่ใช้อีเมลร่วมกับรายการอื่น" in page.content.decode()
        assert desk.names("?state=mailbox") == ["สมมุติ0", "สมมุติ1"]
        assert "ใช้อีเมลร่วมกับผู้อื่น" in desk.get("?state=mailbox").content.decode().partition('id="chosen-states"')[2][:200]
        assert [other.first_name for other in desk.get(f"people/{people[0].code}/").context["from_mailbox"]] == ["สมมุติ1"]
        assert desk.get(f"people/{people[2].code}/").context["from_mailbox"] == []

    def test_nobody_of_another_place_and_nobody_who_has_gone_is_told_of(self, desk, workshop, people):
        decline(participant=people[1], reason="", by=SYSTEM)
        make_participant(workshop, "50", email="name+3@example.org")
        page = desk.get()
        assert (page.context["people"].sharing_mailboxes, desk.names("?state=mailbox")) == (0, [])
        assert "ใช้อีเมลร่วม" not in page.content.decode().partition('id="todo"')[2].partition("</section>")[0]

    def test_who_selects_sees_it_in_the_list_and_before_announcing(self, client):
        workshop = make_workshop(decision="selection")
        client.force_login(make_coordinator(workshop).user)
        first, second, _other = [make_participant(workshop, email=email) for email in ("a+1@gmail.com", "a.@gmail.com", "b@gmail.com")]
        page = client.get(reverse("desk_selection", args=[workshop.slug, "55"]))
        rows = [row for group in page.context["lists"] for row in group.rows]
        assert {row.person.pk: row.from_mailbox for row in rows if row.from_mailbox} == {first.pk: 2, second.pk: 2}
        assert page.content.decode().count("๒ รายการใช้อีเมลเดียวกัน") == 2
        save_draft(quota=seats_of(workshop), version=0, picked={first.pk}, wanted={first.pk: ""}, by=SYSTEM)
        page = client.get(reverse("desk_selection_review", args=[workshop.slug, "55"]))
        assert "ใช้อีเมลร่วมกับผู้ลงทะเบียนอื่นของพื้นที่นี้" in page.content.decode()
