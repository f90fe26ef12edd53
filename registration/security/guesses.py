"""Guessing passwords: what django-axes counts by account and network, and what all networks together may try at one account."""

from ipaddress import ip_network
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from django.contrib.auth.models import User
from django.http import HttpRequest

from registration.security import rate_limits
from registration.security.sign_in import account_tried, address_of


def network_of(request: HttpRequest) -> str | None:
    """What django-axes takes for the address (AXES_CLIENT_IP_CALLABLE): of IPv6 the block's first, for one line has the whole block."""
    address = address_of(request)
    block = rate_limits.block_of(address)
    return str(ip_network(block).network_address) if ":" in block else address


class GuessHandler(AxesDatabaseHandler):
    """Named in the settings (AXES_HANDLER)."""

    def is_locked(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> bool:
        if super().is_locked(request, credentials):
            return True
        account = account_tried(request, credentials)
        return bool(account) and not rate_limits.may_guess(account, address_of(request))

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
        super().user_login_failed(sender, credentials, request, **kwargs)
        if request is not None and (account := account_tried(request, credentials)):
            rate_limits.guess_wrong(account, address_of(request))

    def user_logged_in(self, sender: Any, request: HttpRequest, user: User, **kwargs: Any) -> None:
        super().user_logged_in(sender, request, user, **kwargs)
        rate_limits.remember_network(user.get_username().lower(), address_of(request))
