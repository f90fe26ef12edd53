"""A third language is a catalogue and a row of conventions; what nobody wrote in it is shown in one that is there."""

import pytest
from django.utils import translation

from sessions.formats import CONVENTIONS
from sessions.models import Release
from tests.factories import NOON, make_participant, make_workshop
from tests.visitors import Browser


@pytest.mark.django_db
def test_no_page_ends_in_an_error(client, settings, monkeypatch):
    settings.LANGUAGES = [*settings.LANGUAGES, ("fr", "Français")]
    monkeypatch.setitem(CONVENTIONS, "fr", CONVENTIONS["en"])
    workshop = make_workshop()
    change = {"day": workshop.days.first().pk, "date": "2027-02-18", "th": "เปลี่ยนเวลา", "en": "New time"}
    Release.objects.create(workshop=workshop, number=1, released_at=NOON, changes=[change])
    for path in ("", "agenda/", "register/"):
        page = client.get(f"/fr/w/{workshop.slug}/{path}")
        assert (page.status_code, 'lang="fr"' in page.content.decode()) == (200, True), path
    browser, person = Browser(), make_participant(workshop)
    with translation.override("th"):
        browser.open_page_of(person)
    assert browser.get(f"/fr/p/{person.code}/").status_code == 200
