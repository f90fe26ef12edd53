"""Signed personal links."""

import time

import pytest
from django.core.signing import Signer, TimestampSigner
from django.test import override_settings
from django.utils import translation

from registration.links import signed
from registration.models import Participant, Quota
from tests.factories import make_invitation, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db


def test_a_link_opens_the_page_of_its_participant_only():
    workshop = make_workshop()
    mine, yours = make_participant(workshop), make_participant(workshop)
    assert signed.participant_of_token(signed.personal_token(mine)) == mine
    assert signed.participant_of_token(signed.personal_token(yours)) == yours


@pytest.mark.parametrize(
    "spoil",
    [
        lambda t: t[:-1],
        lambda t: t + "x",
        lambda t: ("C" if t[0] == "A" else "A") + t[1:],
        lambda t: "",
        lambda t: "...",
        lambda t: t.lower(),
    ],
)
def test_a_changed_link_opens_nothing(spoil):
    token = signed.personal_token(make_participant(make_workshop()))
    assert signed.participant_of_token(spoil(token)) is None


def test_one_person_s_signature_does_not_fit_another_s_code():
    workshop = make_workshop()
    mine, yours = make_participant(workshop), make_participant(workshop)
    signature = signed.personal_token(mine).rpartition(".")[2]
    assert signed.participant_of_token(f"{yours.code}.1.{signature}") is None


def test_a_renewed_link_kills_the_old_one():
    person = make_participant(make_workshop())
    old = signed.personal_token(person)
    Participant.objects.filter(pk=person.pk).update(link_version=2)
    person.refresh_from_db()
    assert signed.participant_of_token(old) is None
    assert signed.participant_of_token(signed.personal_token(person)) == person


def test_a_link_of_another_purpose_or_another_secret_opens_nothing():
    person = make_participant(make_workshop())
    assert signed.participant_of_token(signed.calendar_token(person)) is None
    with override_settings(SECRET_KEY="another"):
        foreign = signed.personal_token(person)
    assert signed.participant_of_token(foreign) is None


def test_a_token_needs_no_quoting_in_a_path_and_tells_nothing_of_the_person():
    person = make_participant(make_workshop(), email="secret@example.org")
    token = signed.personal_token(person)
    assert token.replace(".", "").replace("-", "").replace("_", "").isalnum()
    assert token.startswith(f"{person.code}.1.")


def test_the_address_is_the_portal_s_own_in_the_language_of_the_participant(settings):
    settings.SITE_URL = "https://sdg.example.org"
    workshop = make_workshop()
    thai, english = make_participant(workshop), make_participant(workshop, language="en")
    assert signed.personal_url(thai) == f"https://sdg.example.org/p/{signed.personal_token(thai)}/"
    assert signed.personal_url(english) == f"https://sdg.example.org/en/p/{signed.personal_token(english)}/"


def test_whose_link_it_is_takes_three_queries(django_assert_num_queries):
    token = signed.personal_token(make_participant(make_workshop()))
    with django_assert_num_queries(3):
        person = signed.participant_of_token(token)
        assert (len(person.days.all()), [choice.track.item.day for choice in person.choices.all()]) == (2, [])


def test_each_token_opens_what_it_was_made_for_and_nothing_else():
    person = make_participant(make_workshop())
    purposes = [signed.PERSONAL, signed.PAGE, signed.CALENDAR]
    tokens = [signed.personal_token(person), signed.page_token(person), signed.calendar_token(person)]
    assert [[signed.participant_of_token(token, purpose) == person for purpose in purposes] for token in tokens] == [
        [True, False, False],
        [False, True, False],
        [False, False, True],
    ]


@pytest.mark.parametrize("content", ["", "ABCDEFG", "ABCDEFG.1.1"])
def test_what_is_signed_and_yet_no_link_opens_nothing(content):
    assert signed.participant_of_token(Signer(salt=signed.PERSONAL, sep=".").sign(content)) is None
    assert signed.quota_of_token(Signer(salt=signed.GENERAL, sep=".").sign(content)) is None


class TestAddresses:
    @pytest.fixture(autouse=True)
    def _site(self, settings):
        settings.SITE_URL = "https://sdg.example.org"

    @pytest.fixture
    def workshop(self):
        return make_workshop(slug="sample")

    @pytest.mark.parametrize(("language", "prefix"), [("th", ""), ("en", "/en")])
    @pytest.mark.parametrize("reads", ["th", "en"])
    def test_they_are_in_the_language_of_the_person_whoever_asks(self, workshop, language, prefix, reads):
        person = make_participant(workshop, language=language)
        invitation = make_invitation(workshop, language=language)
        with translation.override(reads):
            addresses = [
                signed.personal_url(person),
                signed.page_url(person),
                signed.workshop_url(person),
                signed.invitation_url(invitation),
            ]
        assert addresses == [
            f"https://sdg.example.org{prefix}/p/{signed.personal_token(person)}/",
            f"https://sdg.example.org{prefix}/p/{signed.page_token(person)}/",
            f"https://sdg.example.org{prefix}/w/sample/",
            f"https://sdg.example.org{prefix}/i/{signed.personal_invitation_token(invitation)}/",
        ]

    def test_a_province_s_letter_is_thai_and_so_is_its_link(self, workshop):
        quota = seats_of(workshop)
        with translation.override("en"):
            assert signed.general_url(quota) == f"https://sdg.example.org/w/sample/register/?invite={signed.invitation_token(quota)}"

    def test_a_desk_has_the_province_in_its_address(self, workshop):
        assert [signed.desk_url(seats_of(workshop, code)) for code in ("55", "central")] == [
            "https://sdg.example.org/desk/sample/55/",
            "https://sdg.example.org/desk/sample/central/",
        ]

    @pytest.mark.parametrize(("site", "expected"), [("https://sdg.example.org", "webcals"), ("http://localhost:8000", "webcal")])
    def test_a_calendar_program_opens_what_begins_with_webcal(self, workshop, settings, site, expected):
        settings.SITE_URL = site
        person = make_participant(workshop)
        rest = site.partition(":")[2]
        assert signed.calendar_feed_url(person).startswith(f"{expected}:{rest}/")
        assert signed.calendar_feed_url(person).count(signed.calendar_token(person)) == 1

    def test_the_page_has_the_code_and_no_token(self, workshop):
        person = make_participant(workshop)
        assert signed.personal_path(person) == f"/p/{person.code}/"
        assert signed.personal_link(person) == f"/p/{signed.personal_token(person)}/"


class TestNewEmail:
    @pytest.fixture
    def person(self):
        return make_participant(make_workshop(), email="old@example.org")

    def test_it_names_the_participant_and_the_address(self, person):
        make_participant(person.workshop)
        token = signed.new_email_token(person, "new@example.org")
        assert signed.new_email_of_token(token) == (person, "new@example.org")

    def test_it_does_not_name_who_has_the_same_address_in_another_workshop(self):
        other, person = (make_participant(make_workshop(), email="old@example.org") for _workshop in range(2))
        assert signed.new_email_of_token(signed.new_email_token(person, "new@example.org")) == (person, "new@example.org")
        assert signed.new_email_of_token(signed.new_email_token(other, "new@example.org")) == (other, "new@example.org")

    def test_it_may_be_opened_again_after_the_change(self, person):
        token = signed.new_email_token(person, "new@example.org")
        Participant.objects.filter(pk=person.pk).update(email="new@example.org", link_version=2)
        assert signed.new_email_of_token(token) == (person, "new@example.org")

    def test_after_the_change_it_dies_with_the_next_link(self, person):
        token = signed.new_email_token(person, "new@example.org")
        Participant.objects.filter(pk=person.pk).update(email="new@example.org", link_version=3)
        assert signed.new_email_of_token(token) is None

    def test_it_is_dead_once_another_address_was_taken(self, person):
        token = signed.new_email_token(person, "new@example.org")
        Participant.objects.filter(pk=person.pk).update(email="another@example.org")
        assert signed.new_email_of_token(token) is None

    def test_it_dies_with_the_link(self, person):
        token = signed.new_email_token(person, "new@example.org")
        Participant.objects.filter(pk=person.pk).update(link_version=2)
        assert signed.new_email_of_token(token) is None

    @pytest.mark.parametrize(("hours", "alive"), [(47, True), (49, False)])
    def test_it_lives_two_days(self, person, monkeypatch, hours, alive):
        token = signed.new_email_token(person, "new@example.org")
        later = time.time() + hours * 3600
        monkeypatch.setattr("django.core.signing.time.time", lambda: later)
        assert (signed.new_email_of_token(token) is not None) is alive

    @pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "A" + t[1:], lambda t: "", lambda t: "..."])
    def test_a_changed_one_changes_nothing(self, person, spoil):
        assert signed.new_email_of_token(spoil(signed.new_email_token(person, "new@example.org"))) is None

    def test_one_of_another_shape_changes_nothing(self):
        assert signed.new_email_of_token(TimestampSigner(salt=signed.NEW_EMAIL, sep=".").sign_object(["ABCDEFG", 1])) is None

    def test_a_personal_link_is_none(self, person):
        assert signed.new_email_of_token(signed.personal_token(person)) is None


class TestInvitations:
    @pytest.fixture
    def workshop(self):
        return make_workshop()

    def test_a_general_link_is_that_of_its_province_with_the_workshop(self, workshop, django_assert_num_queries):
        token = signed.invitation_token(seats_of(workshop, "55"))
        with django_assert_num_queries(1):
            quota = signed.quota_of_token(token)
            assert (quota.workshop, quota.province.code) == (workshop, "55")

    def test_a_renewed_general_link_kills_the_old_one_of_that_province_alone(self, workshop):
        old, other = (signed.invitation_token(seats_of(workshop, code)) for code in ("55", "54"))
        Quota.objects.filter(pk=seats_of(workshop, "55").pk).update(link_version=2)
        assert signed.quota_of_token(old) is None
        assert signed.quota_of_token(other) == seats_of(workshop, "54")

    def test_a_track_has_no_general_link(self, workshop):
        assert signed.quota_of_token(signed.invitation_token(tracks_of(workshop)[0].quota)) is None

    def test_a_personal_invitation_is_found_with_what_its_page_shows(self, workshop, django_assert_num_queries):
        invitation, other = make_invitation(workshop), make_invitation(workshop)
        token = signed.personal_invitation_token(invitation)
        with django_assert_num_queries(1):
            found = signed.invitation_of_token(token)
            assert (found, found.workshop, found.quota.province.code) == (invitation, workshop, "55")
        assert signed.invitation_of_token(signed.personal_invitation_token(other)) == other

    @pytest.mark.parametrize("spoil", [lambda t: t[:-1], lambda t: "9" + t, lambda t: ""])
    def test_a_changed_one_invites_nobody(self, workshop, spoil):
        assert signed.invitation_of_token(spoil(signed.personal_invitation_token(make_invitation(workshop)))) is None
        assert signed.quota_of_token(spoil(signed.invitation_token(seats_of(workshop)))) is None
