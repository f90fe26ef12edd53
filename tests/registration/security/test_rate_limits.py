"""Robots are slowed down, and nobody else: the ceilings, what they count by, and what a page says to whom it refuses."""

import datetime as dt
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from registration.errors import TooOften
from registration.models import Participant, Province, Tally
from registration.operations import clock
from registration.security import rate_limits, robots
from registration.security.rate_limits import Counted, block_of
from sessions.formats import moment
from tests.factories import NOON, make_answers, make_coordinator, make_participant, make_workshop, seats_of, work_off
from tests.visitors import Browser

pytestmark = pytest.mark.django_db

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def _limits_are_on(limits):
    pass


@pytest.fixture
def workshop():
    return make_workshop()


def address(workshop) -> str:
    return f"/w/{workshop.slug}/register/"


def opened(answers: dict, *, ago: dt.timedelta = MINUTE) -> dict:
    """`answers` in a form that was opened so long ago."""
    return answers | {"opened": robots.stamp(answers["submission"], at=timezone.now() - ago)}


def send(client, workshop, *, ip="203.0.113.7", ago=MINUTE / 2, **changes):
    return client.post(address(workshop), opened(make_answers(workshop, **changes), ago=ago), REMOTE_ADDR=ip)


def values(response) -> dict[str, str]:
    """What stands in the text fields of the page."""
    tags = [dict(re.findall(r'([\w-]+)="([^"]*)"', tag)) for tag in re.findall(r"<input[^>]*>", response.content.decode())]
    return {tag["name"]: tag.get("value", "") for tag in tags if "name" in tag and tag.get("type") not in ("checkbox", "radio")}


def told(response) -> str:
    notice = re.search(r'<div class="notice notice-warning".*?</div>', response.content.decode(), re.DOTALL)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", notice[0])).strip() if notice else ""


class TestCounting:
    def test_as_many_as_allowed_and_not_one_more(self):
        asked = [Counted("test", "somebody", 3)]
        for _i in range(3):
            rate_limits.count(asked, at=NOON)
        with pytest.raises(TooOften) as refused:
            rate_limits.count(asked, at=NOON)
        assert refused.value.until == NOON + 10 * MINUTE

    def test_the_next_stretch_of_time_begins_anew(self):
        asked = [Counted("test", "somebody", 1)]
        rate_limits.count(asked, at=NOON)
        with pytest.raises(TooOften):
            rate_limits.count(asked, at=NOON + 9 * MINUTE)
        rate_limits.count(asked, at=NOON + 10 * MINUTE)

    def test_others_are_counted_by_themselves(self):
        for whose in ("one", "another"):
            rate_limits.count([Counted("test", whose, 1)], at=NOON)
        rate_limits.count([Counted("else", "one", 1)], at=NOON)

    def test_whoever_is_over_two_limits_hears_when_both_are_over(self):
        asked = [Counted("short", "x", 0), Counted("long", "x", 0, dt.timedelta(hours=1))]
        with pytest.raises(TooOften) as refused:
            rate_limits.count(asked, at=NOON)
        assert refused.value.until == NOON + 60 * MINUTE

    def test_it_is_one_query_however_much_is_counted(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            rate_limits.count([Counted("a", "x", 9), Counted("b", "x", 9), Counted("c", "x", 9)], at=NOON)

    def test_neither_addresses_nor_domains_are_stored(self, client, workshop):
        send(client, workshop, email="somebody@rare-domain.example", ip="203.0.113.7")
        stored = " ".join(f"{tally.kind} {tally.key} {tally.ends}" for tally in Tally.objects.all())
        kinds = ["domain-share", "place-share", *(f"registration-{of}" for of in ("block", "domain", "mailbox", "place"))]
        assert sorted(Tally.objects.values_list("kind", flat=True)) == kinds
        assert [word for word in ("203.0", "rare-domain", "somebody") if word in stored] == []

    def test_the_clock_deletes_what_is_over_and_keeps_what_is_not(self):
        rate_limits.count([Counted("test", "x", 9)], at=NOON)
        rate_limits.count([Counted("test", "x", 9)], at=NOON + 10 * MINUTE)
        clock.tick(NOON + 10 * MINUTE)
        assert Tally.objects.get().ends == int((NOON + 20 * MINUTE).timestamp())

    def test_switched_off_nothing_is_counted(self, settings):
        settings.ABUSE_LIMITS = False
        for _i in range(2):
            rate_limits.count([Counted("test", "x", 1)], at=NOON)
        assert not Tally.objects.exists()

    @pytest.mark.postgres
    def test_a_crash_may_lose_them_and_so_they_cost_no_flush(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'registration_tally'")
            assert cursor.fetchone() == ("u",)


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_exactly_as_many_pass_as_are_allowed():
    def one(_number: int) -> bool:
        try:
            rate_limits.count([Counted("a", "x", 20), Counted("b", "y", 100)], at=NOON)
            return True
        except TooOften:
            return False
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(one, range(50))) == 20
    assert dict(Tally.objects.values_list("kind", "count")) == {"a": 20, "b": 20}


class TestBlocks:
    @pytest.mark.parametrize(
        ("one", "other"),
        [("203.0.113.7", "203.0.113.250"), ("2001:db8:0:1200::1", "2001:db8:0:12ff:ffff::9"), ("::ffff:203.0.113.9", "203.0.113.1")],
    )
    def test_neighbours_share_one(self, one, other):
        assert block_of(one) == block_of(other) != ""

    @pytest.mark.parametrize(("one", "other"), [("203.0.113.7", "203.0.114.7"), ("2001:db8:0:1200::1", "2001:db8:0:1300::1")])
    def test_others_do_not(self, one, other):
        assert block_of(one) != block_of(other)

    def test_behind_our_proxy_what_the_visitor_claims_does_not_matter(self, settings):
        settings.PROXIES = 1
        seats = seats_of(make_workshop())

        def block(forwarded: str) -> Counted:
            request = RequestFactory().get("/", headers={"x-forwarded-for": forwarded})
            return rate_limits.of_registration(request, email="a@gmail.com", seats=seats)[-1]

        assert block("198.51.100.1, 203.0.113.7") == block("203.0.113.8") != block("198.51.100.1")


class TestRegistering:
    def test_an_office_of_a_province_registers_its_25_people_from_one_address(self, client, workshop):
        answers = [send(client, workshop, email=f"person{n}@nan.go.th").status_code for n in range(25)]
        assert answers == [302] * 25
        assert Participant.objects.count() == 25

    @pytest.mark.parametrize(
        ("ceiling", "same"),
        [("FROM_BLOCK", {"ip": "203.0.113.7"}), ("OF_DOMAIN", {"email": "%s@robots.example"}), ("OF_STATE_DOMAIN", {"email": "%s@x.go.th"}),
         ("FOR_PLACE", {"province": "55"})],
    )  # fmt: skip
    def test_each_ceiling_holds_and_those_who_differ_pass(self, client, workshop, monkeypatch, ceiling, same):
        monkeypatch.setattr(rate_limits, ceiling, 2)
        monkeypatch.setattr(rate_limits, "FOR_PLACE_A_SEAT", 0)

        def somebody(number: int, **same) -> int:
            differs = {"ip": f"198.51.{number}.1", "email": f"p@d{number}.example", "province": f"{30 + number}"}
            wanted = differs | {name: value.replace("%s", f"p{number}") for name, value in same.items()}
            return send(Client(), workshop, **wanted).status_code

        for code in range(30, 40):
            workshop.quotas.get_or_create(kind="province", province=Province.objects.get(code=code), defaults={"capacity": 25})
        assert [somebody(number, **same) for number in range(1, 4)] == [302, 302, 429]
        assert somebody(4) == 302

    def test_one_block_reaches_a_part_of_what_a_place_may_have(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "FOR_PLACE", 10)
        monkeypatch.setattr(rate_limits, "FOR_PLACE_A_SEAT", 0)
        answers = [send(Client(), workshop, email=f"p{n}@gmail.com", ago=2 * MINUTE).status_code for n in range(20)]
        assert answers == [302] * 3 + [429] * 17
        others = [send(Client(), workshop, email=f"o{n}@gmail.com", ip=f"198.51.{n}.1").status_code for n in range(7)]
        assert others == [302] * 7, "what was refused used nothing up"

    def test_past_what_strangers_have_in_common_whoever_takes_their_time_is_not_refused(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "FOR_PLACE", 0)
        monkeypatch.setattr(rate_limits, "FOR_PLACE_A_SEAT", 0)
        monkeypatch.setattr(rate_limits, "SHARE_OF_BLOCK", 1)
        request = RequestFactory().get("/", REMOTE_ADDR="")
        asked = rate_limits.of_registration(request, email="a@gmail.com", seats=seats_of(workshop))
        rate_limits.count(asked, opened=NOON - rate_limits.SLOW, at=NOON)
        for opened_at, seconds in ((NOON - dt.timedelta(seconds=20), 40), (None, 60)):
            with pytest.raises(TooOften) as refused:
                rate_limits.count(asked, opened=opened_at, at=NOON)
            assert refused.value.until == NOON + dt.timedelta(seconds=seconds)

    def test_what_is_sent_twice_uses_nothing_up(self, client, workshop):
        answers = opened(make_answers(workshop, email="once@example.org"))
        assert {client.post(address(workshop), answers).status_code for _i in range(9)} == {302}
        assert set(Tally.objects.values_list("count", flat=True)) == {1}

    def test_what_finds_no_seat_uses_nothing_up(self, client, workshop):
        seats_of(workshop, capacity=0)
        assert send(client, workshop, waitlist_ok="").status_code == 200
        assert not Tally.objects.filter(count__gt=0).exists()

    def test_a_known_address_uses_up_its_own_mailbox_alone(self, client, workshop):
        for _i in range(3):
            send(Client(), workshop, email="known@example.org")
        counted = dict(Tally.objects.values_list("kind", "count"))
        assert (counted["registration-place"], counted["place-share"], counted["registration-domain"]) == (1, 1, 1)
        assert counted["registration-mailbox"] == 3

    def test_one_mailbox_takes_no_province(self, client, workshop):
        answers = [send(Client(), workshop, email=f"name+{n}@gmail.com", ip=f"198.51.{n}.1").status_code for n in range(26)]
        assert answers == [302] * rate_limits.OF_MAILBOX + [429] * (26 - rate_limits.OF_MAILBOX)
        assert send(Client(), workshop, email="N.a.me@googlemail.com").status_code == 429
        assert send(Client(), workshop, email="another@gmail.com").status_code == 302

    def test_the_great_providers_are_no_domain_to_count(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "OF_DOMAIN", 1)
        assert [send(client, workshop, email=f"p{n}@gmail.com").status_code for n in range(3)] == [302] * 3

    def test_a_large_place_has_a_large_ceiling(self, workshop):
        request = RequestFactory().get("/")
        small, large = (
            rate_limits.of_registration(request, email="a@gmail.com", seats=seats_of(workshop, capacity=n))[1] for n in (25, 1000)
        )
        assert (small.most, large.most) == (500, 4000)

    def test_who_is_refused_hears_when_to_come_again_and_loses_nothing(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "FROM_BLOCK", 0)
        response = send(client, workshop, first_name="คนรอ", email="waits@example.org")
        assert (response.status_code, Participant.objects.count()) == (429, 0)
        assert 1 <= int(response["Retry-After"]) <= 600
        until = dt.datetime.fromtimestamp(Tally.objects.get(kind="registration-block").ends, dt.UTC)
        assert told(response).endswith(f"โปรดส่งอีกครั้งตั้งแต่{moment(until)}")
        assert {name: values(response)[name] for name in ("first_name", "email")} == {"first_name": "คนรอ", "email": "waits@example.org"}
        monkeypatch.setattr(rate_limits, "FROM_BLOCK", 9)
        again = make_answers(workshop) | {name: values(response)[name] for name in ("first_name", "email", "submission", "opened")}
        assert client.post(address(workshop), again).status_code == 302

    def test_a_form_with_faults_counts_for_nothing(self, client, workshop):
        send(client, workshop, email="wrong")
        assert not Tally.objects.exists()

    def test_a_registration_costs_one_query_more_for_it_and_the_form_none(self, client, workshop, settings, django_assert_num_queries):
        client.get(address(workshop))
        send(client, workshop)  # what is kept for some seconds is there from now on
        numbers = []
        for settings.ABUSE_LIMITS, name in ((False, "สมใจ"), (True, "สมหมาย")):  # namesakes would be told of one another
            with CaptureQueriesContext(connection) as asked:
                assert send(client, workshop, first_name=name).status_code == 302
            numbers.append(len(asked))
        assert numbers[1] == numbers[0] + 1
        with django_assert_num_queries(0):
            client.get(address(workshop))


class TestRobots:
    @pytest.fixture(autouse=True)
    def _clock_stands_still(self, limits, monkeypatch):
        """However slow the machine is, the form comes back in the moment in which it was opened."""
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)

    def test_a_form_that_is_filled_in_by_a_person_passes(self, client, workshop):
        page = values(client.get(address(workshop)))
        sent = make_answers(workshop) | {name: page[name] for name in ("submission", "website")}
        sent["opened"] = page["opened"]
        assert told(client.post(address(workshop), sent)).startswith("โปรดกด “ลงทะเบียน” อีกครั้ง"), "this client is quicker than a person"
        assert client.post(address(workshop), opened(sent, ago=robots.MIN_SECONDS)).status_code == 302

    def test_the_form_says_for_each_visitor_when_they_opened_it(self, client, workshop):
        first, second = values(client.get(address(workshop))), values(client.get(address(workshop)))
        assert first["opened"] != second["opened"]
        for page in (first, second):
            assert abs(robots.opened_at(page) - timezone.now()) < dt.timedelta(milliseconds=1)

    def test_a_form_that_lay_open_for_days_is_welcome(self, client, workshop):
        answers = opened(make_answers(workshop), ago=dt.timedelta(days=20))
        assert client.post(address(workshop), answers).status_code == 302

    @pytest.mark.parametrize("trick", ["too fast", "no stamp", "forged stamp", "another form's stamp", "the trap"])
    def test_a_robot_gets_the_form_again_as_it_filled_it_in(self, client, workshop, trick):
        answers = opened(make_answers(workshop, first_name="หุ่นยนต์"))
        answers |= {
            "too fast": {"opened": robots.stamp(answers["submission"], at=timezone.now())},
            "no stamp": {"opened": ""},
            "forged stamp": {"opened": "1.x"},
            "another form's stamp": {"opened": opened(make_answers(workshop))["opened"]},
            "the trap": {"website": "https://robot.example"},
        }[trick]
        response = client.post(address(workshop), answers)
        assert (response.status_code, Participant.objects.count()) == (200, 0)
        assert told(response).startswith("โปรดกด “ลงทะเบียน” อีกครั้ง")
        page = values(response)
        assert (page["first_name"], page["website"]) == ("หุ่นยนต์", "")
        # A person who was taken for one sends it again.
        monkey = answers | {name: page[name] for name in ("submission", "opened", "website")}
        later = timezone.now() + robots.MIN_SECONDS
        assert robots.is_likely(monkey, at=later) is False

    def test_correcting_a_fault_starts_no_new_waiting(self, client, workshop):
        answers = opened(make_answers(workshop, email="wrong"))
        page = values(client.post(address(workshop), answers))
        assert page["opened"] == answers["opened"]
        assert client.post(address(workshop), answers | {"email": "right@example.org"}).status_code == 302

    def test_people_neither_see_nor_reach_the_trap(self, client, workshop):
        page = client.get(address(workshop)).content.decode()
        around = re.search(r'<p class="nobody" aria-hidden="true">.*?</p>', page, re.DOTALL)[0]
        assert 'tabindex="-1" autocomplete="off"' in re.search(r"<input[^>]*>", around)[0]
        assert "required" not in around

    def test_switched_off_a_robot_passes(self, client, workshop, settings):
        settings.ABUSE_LIMITS = False
        assert client.post(address(workshop), make_answers(workshop, website="x")).status_code == 302


class TestLinks:
    def test_a_mailbox_gets_only_so_many_whether_it_is_known_or_not(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 2)
        make_participant(workshop, email="known@example.org")
        pages = []
        for email in ("known@example.org", "other@example.org"):
            answers = [client.post(f"/w/{workshop.slug}/my-link/", {"email": email}) for _i in range(3)]
            assert [answer.status_code for answer in answers] == [302, 302, 429]
            assert values(answers[2])["email"] == email
            pages.append(answers[2].content.decode().replace(email, ""))
        assert told(answers[2]).startswith("โปรดลองอีกครั้งในอีกสักครู่")
        assert _without_tokens(pages[0]) == _without_tokens(pages[1])

    def test_an_office_may_ask_for_many_people(self, client, workshop):
        assert [client.post(f"/w/{workshop.slug}/my-link/", {"email": f"p{n}@example.org"}).status_code for n in range(40)] == [302] * 40


class TestFreshLinks:
    def test_one_person_s_mailbox_is_not_filled_and_their_colleague_s_is_another(self, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 1)
        browser, one, other = Browser(), make_participant(workshop), make_participant(workshop)
        answers = []
        for person in (one, one, other):
            browser.open_page_of(person)
            answers.append(browser.post(f"/p/{person.code}/email/", {"send_link": "yes"}))
        assert [answer.status_code for answer in answers] == [302, 429, 302]
        assert told(answers[1]).startswith("โปรดลองอีกครั้งในอีกสักครู่")


class TestNewAddresses:
    def ask(self, participant, email):
        browser = Browser()
        browser.open_fresh_link(participant, "new_email")
        return browser.post(f"/p/{participant.code}/email/", {"email": email})

    def test_nobody_fills_the_mailboxes_of_strangers(self, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 2)
        person = make_participant(workshop)
        answers = [self.ask(person, f"stranger{n}@example.org") for n in range(3)]
        assert [answer.status_code for answer in answers] == [302, 302, 429]
        assert values(answers[-1])["email"] == "stranger2@example.org"
        assert person.deliveries.filter(message="confirm_email").count() == 2

    def test_one_mailbox_is_not_filled_by_many(self, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 2)
        people = [make_participant(workshop) for _i in range(3)]
        assert [self.ask(person, "stranger@example.org").status_code for person in people] == [302, 302, 429]


class TestSigningIn:
    def ask(self, client, email, ip="203.0.113.7"):
        return client.post("/desk/sign-in/", {"email": email}, REMOTE_ADDR=ip)

    def test_who_asks_too_often_waits_but_their_neighbour_and_their_other_office_do_not(self, client, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 1)
        assert [self.ask(client, "a@example.org").status_code for _i in range(2)] == [302, 429]
        assert self.ask(client, "b@example.org").status_code == 302
        assert self.ask(client, "a@example.org", ip="198.51.100.7").status_code == 302

    def test_the_refusal_is_the_same_for_a_coordinator_and_for_nobody(self, client, workshop, monkeypatch):
        monkeypatch.setattr(rate_limits, "LINKS_TO_MAILBOX", 0)
        make_coordinator(workshop, email="nan@example.org")
        known, unknown = (self.ask(client, email) for email in ("nan@example.org", "nobody@example.org"))
        assert (known.status_code, unknown.status_code) == (429, 429)
        pages = [
            _without_tokens(answer.content.decode()).replace(email, "")
            for answer, email in ((known, "nan@example.org"), (unknown, "nobody@example.org"))
        ]
        assert pages[0] == pages[1]
        assert work_off() == []


def _without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
