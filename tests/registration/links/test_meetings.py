import datetime as dt

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.utils import timezone

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.choices import State
from registration.errors import MeetingLinkClosed, NoMeetingLink
from registration.links.meetings import own_links, visible_links
from registration.mail.actions.meeting_links import send_meeting_link
from registration.models import Delivery, Participant
from registration.seats.actions.moves import cancel
from tests.factories import make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

#: The first day of the sample workshop begins on 18 February 2027 at nine.
OPENS = timezone.make_aware(dt.datetime(2027, 2, 17, 9, 0))


def link_to(thing, name="day"):
    thing.join_url = f"https://zoom.example.org/{name}"
    thing.save()
    return thing


def seen(participant, at=OPENS):
    return [link.url.rsplit("/")[-1] for link in visible_links(Participant.objects.with_choices().get(pk=participant.pk), at)]


def told():
    return sorted(Delivery.objects.filter(message="meeting_link").values_list("participant_id", flat=True))


@pytest.fixture
def workshop():
    """A workshop whose first day has a link, and each of its two tracks one of its own."""
    workshop = make_workshop()
    link_to(workshop.days.first())
    for track in tracks_of(workshop):
        link_to(track, f"track-{track.number}")
    return workshop


# Who sees which link


def test_links_open_one_day_before_the_day_begins(workshop):
    participant = make_participant(workshop)
    assert seen(participant, OPENS - dt.timedelta(seconds=1)) == []
    assert seen(participant, OPENS) == ["day"]


def test_staff_may_open_them_at_another_time(workshop):
    participant = make_participant(workshop)
    workshop.days.filter(join_url__gt="").update(join_opens_at=OPENS + dt.timedelta(hours=3))
    assert seen(participant, OPENS + dt.timedelta(hours=2)) == []
    assert seen(participant, OPENS + dt.timedelta(hours=3)) == ["day"]


def test_of_the_tracks_only_the_chosen_one_is_seen(workshop):
    _first, second = tracks_of(workshop)
    assert seen(make_participant(workshop, tracks=[second])) == ["day", "track-2"]


def test_a_track_is_nobodys_who_does_not_come_on_its_day(workshop):
    _first_day, second_day = workshop.days.all()
    link_to(second_day, "second-day")
    participant = make_participant(workshop, days=[second_day], tracks=tracks_of(workshop)[:1])
    assert seen(participant, OPENS + dt.timedelta(days=7)) == ["second-day"]


@pytest.mark.parametrize("state", sorted(set(State) - {State.CONFIRMED}))
def test_only_confirmed_people_see_links(workshop, state):
    participant = make_participant(workshop)
    Participant.objects.update(state=state)
    assert seen(participant) == []


def test_a_cancelled_day_has_no_links(workshop):
    participant = make_participant(workshop)
    workshop.days.update(is_cancelled=True)
    assert seen(participant) == []


def test_a_link_that_staff_change_shows_at_once(workshop):
    participant = make_participant(workshop)
    link_to(workshop.days.first(), "changed")
    assert seen(participant) == ["changed"]


def test_a_page_can_say_when_a_link_will_be_there(workshop):
    participant = make_participant(workshop)
    (link,) = own_links(Participant.objects.with_choices().get(pk=participant.pk))
    assert (link.opens_at, link.track) == (OPENS, None)


# Sending them


def test_everybody_who_is_confirmed_for_the_day_is_told_once(workshop):
    first_day, second_day = workshop.days.all()
    come = [make_participant(workshop), make_participant(workshop, "central")]
    make_participant(workshop, days=[second_day])
    cancel(participant=make_participant(workshop), by=PARTICIPANT, at=OPENS)
    seats_of(workshop, capacity=2)
    make_participant(workshop)  # waits
    assert send_meeting_link(day=first_day, by=SYSTEM, at=OPENS) == 2
    assert told() == sorted(participant.pk for participant in come)


def test_the_second_press_sends_nothing(workshop):
    make_participant(workshop)
    day = workshop.days.first()
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 1
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS + dt.timedelta(hours=1)) == 0
    assert len(told()) == 1


def test_whoever_is_confirmed_since_is_told_by_the_next_press(workshop):
    make_participant(workshop)
    day = workshop.days.first()
    send_meeting_link(day=day, by=SYSTEM, at=OPENS)
    later = make_participant(workshop)
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 1
    assert told()[-1] == later.pk


def test_a_changed_link_is_told_again_to_those_whom_it_concerns(workshop):
    first, second = tracks_of(workshop)
    in_first = make_participant(workshop, tracks=[first])
    make_participant(workshop, tracks=[second])
    day = workshop.days.first()
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 2
    link_to(first, "moved")
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 1
    assert told().count(in_first.pk) == 2
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 0


def test_a_link_that_was_changed_back_is_told_again(workshop):
    make_participant(workshop)
    day = workshop.days.first()
    for name in ("one", "other", "one"):
        assert send_meeting_link(day=link_to(day, name), by=SYSTEM, at=OPENS) == 1


def test_whose_mail_was_no_longer_needed_is_told_when_it_is_needed_again(workshop):
    make_participant(workshop)
    day = workshop.days.first()
    send_meeting_link(day=day, by=SYSTEM, at=OPENS)
    Delivery.objects.filter(message="meeting_link").update(state="obsolete")
    assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == 1


def test_each_day_is_sent_for_itself(workshop):
    first_day, second_day = workshop.days.all()
    link_to(second_day)
    make_participant(workshop)
    at = OPENS + dt.timedelta(days=7)
    assert send_meeting_link(day=first_day, by=SYSTEM, at=at) == 1
    assert send_meeting_link(day=second_day, by=SYSTEM, at=at) == 1


def test_where_only_a_track_has_a_link_those_who_chose_it_are_told():
    workshop = make_workshop()
    first, second = tracks_of(workshop)
    link_to(first, "track-1")
    chose = make_participant(workshop, tracks=[first])
    make_participant(workshop, tracks=[second])
    assert send_meeting_link(day=workshop.days.first(), by=SYSTEM, at=OPENS) == 1
    assert told() == [chose.pk]


def test_a_day_without_any_link_is_refused():
    workshop = make_workshop()
    make_participant(workshop)
    with pytest.raises(NoMeetingLink):
        send_meeting_link(day=workshop.days.first(), by=SYSTEM, at=OPENS)


def test_before_participants_may_see_the_links_none_are_sent(workshop):
    make_participant(workshop)
    with pytest.raises(MeetingLinkClosed):
        send_meeting_link(day=workshop.days.first(), by=SYSTEM, at=OPENS - dt.timedelta(seconds=1))
    assert told() == []


def test_who_sent_them_is_written_down(workshop):
    make_participant(workshop)
    user = User.objects.create_user("staff")
    send_meeting_link(day=workshop.days.first(), by=Actor("staff", user), at=OPENS)
    entry = LogEntry.objects.get()
    assert (entry.user, entry.object_id) == (user, str(workshop.days.first().pk))


def test_a_press_takes_the_same_queries_for_one_person_as_for_three(workshop, django_assert_num_queries):
    for people in (1, 3):
        for _number in range(people):
            make_participant(workshop, tracks=tracks_of(workshop)[:1])
        day = workshop.days.first()
        with django_assert_num_queries(9):
            assert send_meeting_link(day=day, by=SYSTEM, at=OPENS) == people
