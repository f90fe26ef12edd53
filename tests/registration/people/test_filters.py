"""What a list is filtered to: the same people in the list, in a file, and in words."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from registration.actor import PARTICIPANT, Actor
from registration.links.actions.personal_links import note_opened
from registration.models import Attendance
from registration.office.filters import SelectFilter
from registration.people.filters import CONDITIONS, UnknownCondition, filtered, filters_in_address, in_words
from registration.seats.actions.moves import cancel
from registration.seats.actions.states import record
from tests.factories import NOON, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def workshop():
    """People who differ in everything by which a list is filtered."""
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    seats_of(workshop, "56", capacity=1)
    make_participant(workshop, first_name="สมชาย", last_name="ใจดี", tracks=[first], phone="+66811111111")
    make_participant(workshop, "50", first_name="สมชาย", last_name="ใจดี", tracks=[second], phone="+66822222222")
    make_participant(workshop, "56", phone="+66811111111", days=[workshop.days.last()])
    make_participant(workshop, "56", phone="+66833333333")
    make_participant(workshop, "90", phone="+66844444444")
    make_participant(workshop, "central", phone="+66855555555")
    came = make_participant(workshop, "central", phone="+66866666666")
    Attendance.objects.create(participant=came, day=workshop.days.first(), minutes=60, source=Attendance.Source.HAND)
    cancel(participant=make_participant(workshop, "90", first_name="สมชาย", last_name="ใจดี"), by=PARTICIPANT)
    make_participant(make_workshop(is_published=False))
    return workshop


@pytest.fixture
def changelist(client):
    """What the admin's list makes of the parameters that it is given."""
    client.force_login(User.objects.create_superuser("boss"))
    return lambda query: client.get(reverse("admin:registration_participant_changelist"), query).context["cl"]


def chosen(workshop, query):
    return set(filtered(workshop, filters_in_address(query)).values_list("pk", flat=True))


def test_each_choice_of_each_filter_means_the_same_people_in_a_file(workshop, changelist):
    filters = [spec for spec in changelist({"workshop": workshop.slug}).filter_specs if isinstance(spec, SelectFilter)]
    choices = [{spec.parameter_name: value} for spec in filters for value, _name in spec.lookup_choices]
    choices += [{"state__exact": "cancelled"}, {"state__in": "waitlisted,confirmed"}, {"q": "สมชาย ใจดี"}]
    choices += [{"registered_at__date": "2027-01-15"}]
    assert {name for choice in choices for name in choice} == (CONDITIONS.keys() | {"q"}) - {"people"}
    sizes = set()
    for choice in choices:
        shown = set(changelist({"workshop": workshop.slug, **choice}).queryset.values_list("pk", flat=True))
        assert chosen(workshop, choice) == shown, choice
        sizes.add(len(shown))
    assert sizes > {0, 1, 2, 3}


def test_who_never_opened_their_link_is_found_among_those_on_a_seat(workshop):
    opened, *others = workshop.participants.filter(state="confirmed")
    note_opened(participant=opened)
    approved = others.pop()
    record(approved, "approved", by=Actor("staff"), at=NOON)
    assert chosen(workshop, {"link": "unopened"}) == {person.pk for person in others}


def test_conditions_hold_together_and_sorting_and_pages_leave_nobody_out(workshop):
    query = {"workshop": workshop.slug, "state__exact": "confirmed", "province": "56", "o": "1.-2", "p": "3", "all": "", "q": ""}
    assert filters_in_address(query) == {"state__exact": "confirmed", "province": "56"}
    assert len(chosen(workshop, query)) == 1


def test_ticked_people_of_another_workshop_are_not_among_them(workshop):
    ours, theirs = workshop.participants.first(), make_participant(make_workshop())
    assert chosen(workshop, {"people": f"{ours.pk},{theirs.pk},nonsense"}) == {ours.pk}


@pytest.mark.parametrize(
    "query",
    [
        {"day": "nonsense"},
        {"registered_at__date": "nonsense"},
        {"track": "x"},
        {"province": "99"},
        {"twice": "x"},
        {"people": "x"},
        {"group": "x"},
        {"link": "x"},
    ],
)
def test_nonsense_finds_nobody(workshop, query):
    assert chosen(workshop, query) == set()


def test_what_is_not_known_is_refused_rather_than_passed_over():
    with pytest.raises(UnknownCondition, match="registered_at__gte"):
        filters_in_address({"province": "55", "registered_at__gte": "2027-01-01"})


def test_it_is_said_in_words(workshop):
    track = tracks_of(workshop)[0]
    filters = {"province": "55", "state__in": "confirmed,pending", "track": str(track.pk), "day": "2027-02-18", "q": "สมชาย"}
    assert in_words(workshop, filters) == ["น่าน", "ยืนยันแล้ว, รอจังหวัดพิจารณา", str(track), "๑๘ ก.พ. ๒๕๗๐", "“สมชาย”"]
    assert in_words(workshop, {"province": "central", "region": "south", "group": "4.2"}) == ["หน่วยงานส่วนกลาง", "ภาคใต้", "4.2 ส่วนกลาง"]


@pytest.mark.parametrize("name", CONDITIONS)
def test_nonsense_has_words_too(workshop, name):
    assert [type(word) for word in in_words(workshop, {name: "nonsense"})] == [str]
