from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registration.actor import SYSTEM
from registration.models import AuditEvent, Quota
from tests.factories import make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def test_counts_that_agree_are_said_to_agree():
    workshop = make_workshop()
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    printed = StringIO()
    call_command("check_quotas", stdout=printed)
    assert printed.getvalue() == "Every quota agrees with its participants.\n"


def test_each_count_that_differs_is_named_and_the_command_fails():
    workshop = make_workshop()
    make_participant(workshop, "55", tracks=tracks_of(workshop)[:1])
    seats, track = seats_of(workshop, "55"), tracks_of(workshop)[0].quota
    Quota.objects.filter(pk__in=[seats.pk, track.pk]).update(taken=3)
    printed = StringIO()
    with pytest.raises(CommandError, match=r"^2 of the quotas do not agree with their participants\.$"):
        call_command("check_quotas", stdout=printed)
    assert set(printed.getvalue().splitlines()) == {
        f"Quota {seats.pk} ({seats.name}): 3 taken, 1 counted",
        f"Quota {track.pk} ({track.name}): 3 taken, 1 counted",
    }


def test_a_counter_that_is_off_is_put_right_and_the_trail_says_so():
    workshop = make_workshop()
    make_participant(workshop, "55")
    seats = seats_of(workshop, "55")
    Quota.objects.filter(pk=seats.pk).update(taken=3)
    printed = StringIO()
    call_command("check_quotas", repair=True, stdout=printed)
    assert printed.getvalue().splitlines()[1:] == ["1 put right.", "Every quota agrees with its participants."]
    seats.refresh_from_db()
    assert seats.taken == 1
    assert list(AuditEvent.objects.filter(what="recounted").values_list("quota_id", "actor_kind")) == [(seats.pk, SYSTEM.kind)]


def test_more_people_than_places_is_for_a_human():
    workshop = make_workshop()
    for _i in range(2):
        make_participant(workshop, "55")
    seats = seats_of(workshop, "55")
    Quota.objects.filter(pk=seats.pk).update(taken=0)
    Quota.objects.filter(pk=seats.pk).update(capacity=1)
    with pytest.raises(CommandError, match="1 of the quotas"):
        call_command("check_quotas", repair=True, stdout=StringIO())
    assert not AuditEvent.objects.filter(what="recounted").exists()
