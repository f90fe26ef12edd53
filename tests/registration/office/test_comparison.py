import re

import pytest
from django.contrib.auth.models import Permission, User

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.errors import IllegalMove, SeatWouldBeLost
from registration.models import Delivery, Participant
from registration.office.participants.comparison import MAX_COMPARED
from registration.people.actions.duplicates import merge
from registration.people.history import in_words
from registration.privacy.actions.anonymisation import anonymise
from registration.seats import quotas
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

PEOPLE = "/en/admin/registration/participant/"
COMPARE = f"{PEOPLE}compare/"
STAFF = Actor("staff")


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant", "change_participant")


@pytest.fixture
def workshop():
    return make_workshop()


def same_name(workshop, *codes, **fields):
    return [make_participant(workshop, code, first_name="สมชาย", phone=f"+6681000000{n}", **fields) for n, code in enumerate(codes)]


def address(people):
    return f"{COMPARE}?{'&'.join(f'people={person.pk}' for person in people)}"


def states(*people):
    found = dict(Participant.objects.values_list("pk", "state"))
    return [found[person.pk] for person in people]


def told(response):
    return [str(message) for message in response.context["messages"]]


def table(page):
    """What stands beside each other, line by line; ≠ where it differs."""
    rows = re.findall(r"<tr[^>]*>\s*<th scope=\"row\"[^>]*>(.*?)</th>(.*?)</tr>", page.split("<tbody>")[1], re.S)
    clean = [
        (" ".join(re.sub(r"<span class.*?</span>|<[^>]+>", "", name).split()), re.findall(r"<td>(.*?)</td>", cells)) for name, cells in rows
    ]
    return dict(clean[:11])


def test_who_is_compared_is_among_them_however_many_have_their_phone(staff, workshop):
    people = [make_participant(workshop, phone="+6681000000") for _i in range(MAX_COMPARED + 1)]
    shown = staff.get(f"{COMPARE}?of={people[-1].pk}").context["people"]
    assert [person.pk for person in shown] == [person.pk for person in [*people[: MAX_COMPARED - 1], people[-1]]]


def test_whom_nobody_knows_any_more_is_compared_with_nobody(staff, workshop):
    first, second = same_name(workshop, "55", "50")
    anonymise(workshop=workshop, by=SYSTEM)
    assert [staff.get(where).status_code for where in (f"{COMPARE}?of={first.pk}", address([first, second]))] == [302, 302]


class TestMerging:
    def test_one_ends_is_told_once_and_its_seat_goes_to_the_next_in_line(self, workshop):
        seats_of(workshop, "50", capacity=1)
        kept, twin = same_name(workshop, "55", "50")
        waiting = make_participant(workshop, "50")
        Delivery.objects.all().delete()
        moved_up = merge(participant=twin, into=kept, reason="ลงทะเบียนซ้ำ", by=STAFF, at=NOON)
        assert (states(kept, twin, waiting), moved_up) == (["confirmed", "cancelled", "confirmed"], [waiting])
        mails = list(Delivery.objects.order_by("pk").values_list("message", "email", "details__reason"))
        assert mails == [("cancelled", twin.email, "ลงทะเบียนซ้ำ"), ("moved_up", waiting.email, None)]
        assert quotas.mismatches() == []

    def test_both_histories_name_the_other(self, workshop):
        kept, twin = same_name(workshop, "55", "50")
        merge(participant=twin, into=kept, reason=f"See {kept.code}", by=STAFF, at=NOON)
        last = [in_words(person.events.latest("pk")) for person in (kept, twin)]
        assert last == [f"ตัดรายการซ้ำออก คงรายการนี้ไว้ – {twin.code}", f"ยกเลิกการลงทะเบียน – See {kept.code}"]

    def test_no_seat_is_lost_by_keeping_the_one_that_waits(self, workshop):
        seats_of(workshop, "50", capacity=1)
        seated = make_participant(workshop, "50")
        waiting = make_participant(workshop, "50")
        with pytest.raises(SeatWouldBeLost):
            merge(participant=seated, into=waiting, reason="", by=STAFF, at=NOON)
        assert states(seated, waiting) == ["confirmed", "waitlisted"]

    def test_neither_may_have_ended(self, workshop):
        kept, twin = same_name(workshop, "55", "50")
        cancel(participant=twin, by=PARTICIPANT, at=NOON)
        for one, other in ((twin, kept), (kept, twin)):
            with pytest.raises(IllegalMove):
                merge(participant=one, into=other, reason="", by=STAFF, at=NOON)
        assert states(kept, twin) == ["confirmed", "cancelled"]

    def test_only_two_registrations_in_one_workshop_are_merged(self, workshop):
        (kept,), (elsewhere,) = same_name(workshop, "55"), same_name(make_workshop(), "55")
        for other in (kept, elsewhere):
            with pytest.raises(ValueError, match="not two registrations"):
                merge(participant=other, into=kept, reason="", by=STAFF, at=NOON)


class TestPage:
    def test_registrations_stand_side_by_side_and_what_differs_is_marked(self, staff, workshop):
        first, second = same_name(workshop, "55", "50")
        rows = table(staff.get(address([first, second])).content.decode())
        assert (rows["Name"], rows["Province ≠"]) == ([first.full_name] * 2, ["Nan", "Chiang Mai"])
        assert rows["E-mail ≠"] == [first.email, second.email]
        assert [name for name in rows if name.endswith("≠")] == ["Province ≠", "E-mail ≠", "Phone ≠"]

    def test_the_others_end_and_the_one_that_stands_is_shown(self, staff, workshop):
        first, second = same_name(workshop, "55", "50")
        Delivery.objects.all().delete()
        response = staff.post(address([first, second]), {"stands": second.pk, "same": [first.pk, second.pk]}, follow=True)
        assert states(first, second) == ["cancelled", "confirmed"]
        assert response.redirect_chain[0][0] == f"{PEOPLE}{second.pk}/change/"
        assert told(response) == [f"{first.code} was cancelled; {first.email} is told that {second.code} remains."]
        reason = f"ท่านลงทะเบียนซ้ำ ระบบคงการลงทะเบียนรหัส {second.code} ของท่านไว้"
        assert Delivery.objects.get().details == {"state": "cancelled", "reason": reason}

    def test_pressed_twice_it_is_done_once(self, staff, workshop):
        first, second = same_name(workshop, "55", "50")
        sent = {"stands": second.pk, "same": [first.pk]}
        staff.post(address([first, second]), sent)
        mails = Delivery.objects.count()
        response = staff.post(address([first, second]), sent, follow=True)
        assert "something else happened first" in told(response)[-1]
        assert Delivery.objects.count() == mails

    def test_who_is_not_ticked_stays(self, staff, workshop):
        people = same_name(workshop, "55", "50", "56")
        staff.post(address(people), {"stands": people[0].pk, "same": [people[1].pk]})
        assert states(*people) == ["confirmed", "cancelled", "confirmed"]

    @pytest.mark.parametrize("sent", [{}, {"stands": "0"}, {"same": ["1"]}])
    def test_without_a_choice_nothing_happens(self, staff, workshop, sent):
        people = same_name(workshop, "55", "50")
        response = staff.post(address(people), sent)
        assert told(response) == ["Choose the registration to keep, and select at least one other of the same person."]
        assert states(*people) == ["confirmed", "confirmed"]

    def test_the_one_with_a_seat_is_suggested_and_must_stand(self, staff, workshop):
        seats_of(workshop, "50", capacity=1)
        make_participant(workshop, "50")
        waiting, seated = same_name(workshop, "50", "55")
        assert staff.get(address([waiting, seated])).context["suggested"] == seated
        response = staff.post(address([waiting, seated]), {"stands": waiting.pk, "same": [seated.pk]})
        assert told(response) == [f"{seated.code} holds a seat and {waiting.code} does not. Keep the registration that holds the seat."]
        assert states(waiting, seated) == ["waitlisted", "confirmed"]

    def test_who_may_only_read_compares_and_merges_nothing(self, client, workshop):
        sign_in(client, "view_participant")
        people = same_name(workshop, "55", "50")
        page = client.get(address(people)).content.decode()
        assert (people[1].email in page, 'name="stands"' in page) == (True, False)
        assert client.post(address(people), {"stands": people[0].pk, "same": [people[1].pk]}).status_code == 403
        assert states(*people) == ["confirmed", "confirmed"]

    def test_who_may_not_see_people_sees_nothing(self, client, workshop):
        sign_in(client, "view_quota")
        assert client.get(address(same_name(workshop, "55", "50"))).status_code == 403

    def test_there_must_be_somebody_to_compare_with(self, staff, workshop):
        (person,) = same_name(workshop, "55")
        for query in (f"of={person.pk}", "of=0", "of=x", "people=x", ""):
            response = staff.get(f"{COMPARE}?{query}", follow=True)
            assert told(response) == ["There is nobody to compare."]

    def test_registrations_are_compared_in_the_same_number_of_queries(self, staff, workshop, django_assert_num_queries):
        people = same_name(workshop, "55", "50", "56", "57")
        staff.get(address(people))
        for number in (2, 4):
            with django_assert_num_queries(15):
                staff.get(address(people[:number]))


class TestWaysThere:
    def test_from_the_list_those_who_are_ticked_are_compared(self, staff, workshop):
        people = same_name(workshop, "55", "50")
        chosen = {"action": "compare_them", "_selected_action": [person.pk for person in people], "index": "0"}
        response = staff.post(PEOPLE, chosen, follow=True)
        assert sorted(response.context["people"], key=lambda p: p.pk) == people

    def test_one_alone_is_not_compared(self, staff, workshop):
        (person,) = same_name(workshop, "55")
        response = staff.post(PEOPLE, {"action": "compare_them", "_selected_action": [person.pk], "index": "0"}, follow=True)
        assert told(response) == ["Choose two registrations or a few more to compare."]

    def test_from_the_list_of_those_who_may_be_twice_each_leads_there(self, staff, workshop):
        people = same_name(workshop, "55", "50")
        page = staff.get(PEOPLE, {"twice": "name"}).content.decode()
        assert [f'href="{COMPARE}?of={person.pk}"' in page for person in people] == [True, True]
        assert staff.get(f"{COMPARE}?of={people[1].pk}").context["people"] == people

    def test_the_page_of_a_person_tells_of_the_others(self, staff, workshop):
        person, _twin = same_name(workshop, "55", "50")
        alone = make_participant(workshop, phone="+66899999999")
        pages = [staff.get(f"{PEOPLE}{shown.pk}/change/").content.decode() for shown in (person, alone)]
        assert ['aria-labelledby="duplicates"' in page for page in pages] == [True, False]
