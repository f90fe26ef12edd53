"""Setting up the second factor, and taking it away from who lost their phone."""

from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import User
from django.db import transaction
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from registration.security import second_factor
from registration.security.actions.sign_ins import end_sign_ins


def set_up(*, user: User, key: str, code: str) -> list[str] | None:
    """Makes the app that has `key` the second factor of `user`, in place of any other. None where `code` is not what it shows.

    Returns their recovery codes, which are shown to them once.
    """
    step = second_factor.step_of(key, code)
    if step is None:
        return None
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        TOTPDevice.objects.create(user=user, key=key, name="app", last_t=step)
        return new_recovery_codes(user=user)


def new_recovery_codes(*, user: User) -> list[str]:
    with transaction.atomic():
        StaticDevice.objects.filter(user=user).delete()
        device = StaticDevice.objects.create(user=user, name="recovery")
        codes = [StaticToken.random_token() for _i in range(second_factor.RECOVERY_CODES)]
        StaticToken.objects.bulk_create(StaticToken(device=device, token=code) for code in codes)
    return codes


def reset(*, user: User, by: User) -> None:
    """Takes the second factor from `user`, signs them out everywhere, and writes into the admin's history who did it."""
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        StaticDevice.objects.filter(user=user).delete()
        end_sign_ins([user.pk])
        LogEntry.objects.log_actions(by.pk, [user], CHANGE, [{"changed": {"fields": ["second factor"]}}], single_object=True)
