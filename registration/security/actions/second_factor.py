"""Setting up the second factor, replacing it, and taking it away from who lost their phone. Its owner is told of each."""

import datetime as dt

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.choices import MessageName
from registration.mail import outbox
from registration.security import second_factor
from registration.security.actions.sign_ins import end_sign_ins

#: However often the link is asked for, one mail goes out in this time.
LINK_INTERVAL = dt.timedelta(minutes=10)


def ask_for_link(*, user: User, language: str, at: dt.datetime | None = None) -> None:
    """Mails `user` a link, which opens once, to set up their first app."""
    at = at or timezone.now()
    asked = TOTPDevice.objects.filter(user=user, confirmed=False, name=second_factor.ASKED)
    with transaction.atomic():
        asked.filter(created_at__lte=at - LINK_INTERVAL).delete()
        if not asked.exists():
            device = TOTPDevice.objects.create(user=user, confirmed=False, name=second_factor.ASKED, key=second_factor.new_key())
            details = {"language": language}
            outbox.post_to_user(MessageName.SECOND_FACTOR_LINK, user, occasion=device.pk, at=at, details=details)


def use_link(*, user: User, token: str) -> bool:
    asked = second_factor.asked_by_token(user, token)
    return asked is not None and TOTPDevice.objects.filter(pk=asked.pk, confirmed=False).delete()[0] == 1


def give_word(*, user: User, by: User | None = None) -> None:
    """Lets `user`, of whom an administrator knows who they are, set up their first app without a mail. `by` is None on the server."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user, confirmed=False, name=second_factor.WORD).delete()
        TOTPDevice.objects.create(user=user, confirmed=False, name=second_factor.WORD, key=second_factor.new_key())
        if by:
            _log(user, by, "second factor may be set up")


def set_up(*, user: User, key: str, code: str, keep: str = "", language: str = "th", at: dt.datetime | None = None) -> list[str] | None:
    """Makes the app that has `key` the second factor of `user`, in place of any other. None where `code` is not what it shows.

    Every sign-in of theirs ends but the one with the session `keep`, and they are told. Returns their recovery codes, which are shown once.
    """
    step = second_factor.step_of(key, code)
    if step is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        device = TOTPDevice.objects.create(user=user, key=key, name="app", last_t=step)
        end_sign_ins([user.pk], keep=keep)
        _tell(user, f"app-{device.pk}", "set_up", language, at)
        return _make_codes(user)


def new_recovery_codes(*, user: User, language: str = "th", at: dt.datetime | None = None) -> list[str]:
    with transaction.atomic():
        codes = _make_codes(user)
        device = StaticDevice.objects.get(user=user)
        _tell(user, f"codes-{device.pk}", "codes", language, at)
    return codes


def _make_codes(user: User) -> list[str]:
    StaticDevice.objects.filter(user=user).delete()
    device = StaticDevice.objects.create(user=user, name="recovery")
    codes = [StaticToken.random_token() for _i in range(second_factor.RECOVERY_CODES)]
    StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def reset(*, user: User, by: User, at: dt.datetime | None = None) -> None:
    """Takes the second factor from `user`, signs them out everywhere, tells them, and writes into the admin's history who did it."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        end_sign_ins([user.pk])
        entry = _log(user, by, "second factor")
        _tell(user, f"reset-{entry.pk}", "reset", "th", at)


def _tell(user: User, occasion: str, what: str, language: str, at: dt.datetime | None) -> None:
    if user.email:
        details = {"language": language, "what": what}
        outbox.post_to_user(MessageName.SECOND_FACTOR_CHANGED, user, occasion=occasion, at=at or timezone.now(), details=details)


def _log(user: User, by: User, field: str) -> LogEntry:
    entry = LogEntry.objects.log_actions(by.pk, [user], CHANGE, [{"changed": {"fields": [field]}}], single_object=True)
    assert isinstance(entry, LogEntry)
    return entry
