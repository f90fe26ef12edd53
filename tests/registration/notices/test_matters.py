"""What waits at a desk, in sentences."""

import datetime as dt

import pytest

from registration.actor import PARTICIPANT, SYSTEM
from registration.choices import DecisionName, State
from registration.decisions.actions import decide, decide_due
from registration.invitations.actions.substitutes import name_substitute
from registration.models import DelayedDecision, NominationFile, Nominee, Participant
from registration.notices.actions import note_overtaken
from registration.notices.matters import MatterKind, matters_of
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_coordinator, make_invitation, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

DAY = dt.timedelta(days=1)


def kinds(quota, at=NOON):
    return [matter.kind for matter in matters_of(quota, at=at)]


def words(quota, at=NOON):
    return [matter.words for matter in matters_of(quota, at=at)]


def test_nothing_waits_where_everybody_has_a_seat():
    workshop = make_workshop()
    make_participant(workshop)
    assert kinds(seats_of(workshop)) == []


def test_pending_people_are_named_with_how_long_they_wait():
    workshop = make_workshop(decision="province_first")
    for days in (0, 3):
        make_participant(workshop, at=NOON - days * DAY)
    make_participant(workshop, "56", at=NOON)
    assert words(seats_of(workshop)) == ["มีผู้รอการพิจารณาของท่าน ๒ คน รอนานที่สุด ๓ วัน"]


def test_a_group_of_which_somebody_waits_and_nobody_has_a_seat_is_named():
    workshop = make_workshop()
    other = workshop.groups.create(code="4.1.2", name_th="ภาคประชาสังคม", name_en="Civil society", scope="province")
    seats_of(workshop, capacity=1)
    make_participant(workshop)
    waiting = [make_participant(workshop) for _i in range(2)]
    assert kinds(seats_of(workshop)) == []
    Participant.objects.filter(pk=waiting[1].pk).update(group=other)
    (matter,) = matters_of(seats_of(workshop), at=NOON)
    who = f"{waiting[1].full_name} (สำรองลำดับที่ ๒)"
    said = f"กลุ่มภาคประชาสังคมมีผู้รอ ๑ คน แต่ยังไม่มีผู้ใดในกลุ่มนี้ได้ที่นั่ง: {who}"
    assert (matter.kind, matter.target, matter.words) == (MatterKind.GROUP, other, said)


def test_open_invitations_and_substitutes_wait_until_they_are_answered():
    workshop = make_workshop()
    person = make_participant(workshop)
    make_invitation(workshop)
    make_invitation(workshop, "56")
    name_substitute(participant=person, email="substitute@example.org", by=PARTICIPANT, at=NOON)
    assert kinds(seats_of(workshop)) == [MatterKind.INVITATIONS, MatterKind.SUBSTITUTES]
    assert kinds(seats_of(workshop), NOON + 8 * DAY) == []


def test_a_list_waits_until_all_its_rows_are_done():
    workshop = make_workshop()
    file = NominationFile.objects.create(quota=seats_of(workshop), name="รายชื่อ.xlsx", created_at=NOON)
    row = Nominee.objects.create(file=file, place=1, line=2, values={}, state=Nominee.State.DOUBTFUL)
    assert words(seats_of(workshop)) == ["บัญชีรายชื่อ “รายชื่อ.xlsx” ยังไม่ได้ดำเนินการ"]
    NominationFile.objects.update(mode="invite")
    assert words(seats_of(workshop)) == ["บัญชีรายชื่อ “รายชื่อ.xlsx” ยังดำเนินการไม่ครบ"]
    Nominee.objects.filter(pk=row.pk).update(state=Nominee.State.INVITED)
    assert kinds(seats_of(workshop)) == []


def test_a_decision_that_was_overtaken_is_told_with_what_came_before_until_it_is_noted():
    workshop = make_workshop(decision_minutes=5)
    person = make_participant(workshop)
    decide(command=DecisionName.DECLINE, participant=person, reason="ทดสอบ", by=SYSTEM, at=NOON)
    cancel(participant=person, by=PARTICIPANT, at=NOON + dt.timedelta(minutes=1))
    assert decide_due(at=NOON + dt.timedelta(minutes=6)) == 0
    (said,) = words(seats_of(workshop))
    assert ["“ไม่คัดเลือก”" in said, person.full_name in said, "ยกเลิกการลงทะเบียน" in said] == [True, True, True], said
    assert [note_overtaken(decisions=DelayedDecision.objects.all()) for _i in range(2)] == [1, 0]
    assert kinds(seats_of(workshop)) == []


def test_the_desk_says_it_and_one_press_notes_it(client):
    workshop = make_workshop(decision_minutes=5)
    person = make_participant(workshop)
    client.force_login(make_coordinator(workshop).user)
    decision = decide(command=DecisionName.DECLINE, participant=person, reason="ทดสอบ", by=SYSTEM, at=NOON)
    cancel(participant=person, by=PARTICIPANT, at=NOON)
    decide_due(at=NOON + DAY)
    desk = f"/desk/{workshop.slug}/55/"
    assert "ไม่มีผล" in client.get(desk).content.decode()
    client.post(f"{desk}decisions/", {"decision": decision.pk, "noted": ""})
    assert "ไม่มีผล" not in client.get(desk).content.decode()


def test_when_the_workshop_is_over_nothing_waits():
    workshop = make_workshop(decision="province_first")
    make_participant(workshop)
    assert kinds(seats_of(workshop), NOON + 60 * DAY) == []


@pytest.mark.parametrize("rows", [1, 3])
def test_it_costs_the_same_however_much_waits(rows, django_assert_num_queries):
    workshop = make_workshop(decision="province_first")
    for _i in range(rows):
        make_participant(workshop)
        make_invitation(workshop)
        NominationFile.objects.create(quota=seats_of(workshop), name="รายชื่อ.xlsx", created_at=NOON)
    quota = seats_of(workshop)
    assert quota.workshop.standing(NOON) and quota.province
    with django_assert_num_queries(QUERIES):
        assert len(matters_of(quota, at=NOON)) == 2 + rows
    assert Participant.objects.filter(state=State.PENDING).count() == rows


QUERIES = 9
