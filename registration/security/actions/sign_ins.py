"""Ending that people are signed in, wherever they are."""

from collections.abc import Collection

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.utils import timezone


def end_sign_ins(users: Collection[int], *, keep: str = "") -> int:
    """Signs the users with these keys out of every browser but the one with the session `keep`. Returns how many sign-ins ended.

    Called where staff take something away; what somebody may see is asked at every request beside it. Only those who sign in have
    sessions: a few hundred rows at most.
    """
    wanted = {str(pk) for pk in users}
    sessions = Session.objects.filter(expire_date__gt=timezone.now())
    theirs = [session.pk for session in sessions if session.pk != keep and session.get_decoded().get(SESSION_KEY) in wanted]
    return Session.objects.filter(pk__in=theirs).delete()[0]
