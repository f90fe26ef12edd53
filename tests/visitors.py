"""Visitors for tests."""

from http.cookies import Morsel

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from registration.links import fresh
from registration.links.signed import personal_link
from registration.models import Participant


class Browser(Client):
    """Django's client, except that it sends a cookie to the paths that it was given for, as browsers do, and to no other."""

    def __init__(self, **options):
        super().__init__(**options)
        self.scoped: dict[tuple[str, str], Morsel] = {}

    def _base_environ(self, **request):
        environ = super()._base_environ(**request)
        sent = [morsel for morsel in self.cookies.values() if morsel["path"] in ("", "/")]
        sent += [morsel for (_name, path), morsel in self.scoped.items() if environ["PATH_INFO"].startswith(path)]
        return environ | {"HTTP_COOKIE": "; ".join(f"{morsel.key}={morsel.coded_value}" for morsel in sent)}

    def request(self, **request):
        response = super().request(**request)
        for morsel in response.cookies.values():
            if morsel["path"] not in ("", "/"):
                self.scoped[morsel.key, morsel["path"]] = morsel
        return response

    def open_page_of(self, participant: Participant, rest: str = "", language: str = "") -> HttpResponse:
        """Follows the link in their mail to their page, or to what belongs to it (`rest`)."""
        return self.get(f"{language}{personal_link(participant)}{rest}", follow=True)

    def open_fresh_link(self, participant: Participant, purpose: str) -> HttpResponse:
        """Follows a link that was mailed to them just now, to what it is for."""
        return self.get(reverse("fresh_link", args=[purpose, fresh.token(participant, purpose)]), follow=True)
