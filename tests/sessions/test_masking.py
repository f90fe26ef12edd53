import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from sessions.masking import masked
from sessions.models import Track
from tests.factories import make_workshop

pytestmark = pytest.mark.django_db

SECRET = "https://zoom.example.org/j/secret-number-1234"


def pages_for(client, *permissions):
    """Whether each page on which a meeting link stands shows it whole, and whether its end."""
    workshop = make_workshop()
    workshop.days.update(join_url=SECRET)
    Track.objects.filter(item__day__workshop=workshop).update(join_url=SECRET)
    user = User.objects.create_user("staff", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    day = workshop.days.first()
    block = day.items.get(kind="parallel")
    shown = {}
    for name, row, part in (("workshop", workshop, "?part=dates"), ("workshopday", day, ""), ("agendaitem", block, "")):
        page = client.get(reverse(f"admin:agenda_{name}_change", args=[row.pk]) + part).content.decode()
        shown[name] = ("secret-number" in page, "zoom.example.org/…1234" in page)
    return shown


ALL = ("workshop", "workshopday", "agendaitem", "track")


def test_who_only_reads_sees_how_a_meeting_link_ends(client):
    shown = pages_for(client, *(f"view_{model}" for model in ALL))
    assert shown == dict.fromkeys(shown, (False, True))


def test_who_sets_meeting_links_sees_them_whole(client):
    shown = pages_for(client, *(f"{verb}_{model}" for verb in ("view", "change") for model in ALL))
    assert shown == dict.fromkeys(shown, (True, False))


@pytest.mark.parametrize(("url", "words"), [(SECRET, "zoom.example.org/…1234"), ("", "")])
def test_a_link_is_told_by_its_host_and_its_end(url, words):
    assert masked(url) == words
