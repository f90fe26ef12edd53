from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from registration.models import Quota
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
