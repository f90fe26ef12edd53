"""The page that checks a certificate: known, unknown and withdrawn tokens, and nothing to learn by trying."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from registration.actor import Actor, ActorKind
from registration.certificates import actions
from registration.models import Certificate
from registration.security import rate_limits
from tests.registration.certificates.test_actions import issued, workshop_with

pytestmark = pytest.mark.django_db
STAFF = Actor(ActorKind.STAFF)


@pytest.fixture(autouse=True)
def _limits_are_on(limits):
    pass


@pytest.fixture
def certificates():
    return issued(workshop_with(2)[0])


def visit(token, ip="203.0.113.7", language="th"):
    return Client(headers={"accept-language": language}).get(f"/v/{token}/", REMOTE_ADDR=ip)


def text(answer):
    """Without what differs in every answer: the form's token and the clock."""
    return re.sub(r"csrf[^>]*|/v/[^/]*/", "", answer.content.decode())


def near(token):
    """As good as known: the last letter else, one missing, one more, the letters' case turned."""
    return [token[:-1] + ("A" if token[-1] != "A" else "B"), token[:-1], token + "A", token.swapcase()]


class TestAnswers:
    def test_a_known_one_tells_what_stands_on_the_sheet_and_nothing_else(self, certificates):
        own = certificates[0]
        page = text(visit(own.token))
        for told in (own.snapshot["number"], own.snapshot["name"], own.snapshot["when"]):
            assert told in re.sub(r'</?span class="nb">|</span>', "", page)
        person = own.participant
        for other in (
            person.email,
            person.phone,
            person.code,
            person.organisation,
            certificates[1].snapshot["name"],
            certificates[1].token,
        ):
            assert not other or other not in page

    def test_a_withdrawn_one_says_so_but_not_why(self, certificates):
        actions.withdraw(certificate=certificates[0], reason="ออกผิดคน", by=STAFF)
        answer = visit(certificates[0].token)
        assert (answer.status_code, answer.context["found"].standing) == (200, "withdrawn")
        assert "ออกผิดคน" not in text(answer)

    def test_it_is_listed_and_kept_nowhere(self, certificates):
        for answer in (visit(certificates[0].token), visit("x" * 22)):
            headers = {name: answer[name] for name in ("X-Robots-Tag", "Cache-Control", "Referrer-Policy")}
            assert headers == {"X-Robots-Tag": "noindex, nofollow", "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}

    def test_a_form_cannot_be_sent_to_it(self, certificates):
        assert Client().post(f"/v/{certificates[0].token}/").status_code == 405


class TestNothingToLearnByTrying:
    def test_all_unknown_ones_get_the_same_answer_however_near_they_are(self, certificates):
        answers = [visit(token) for token in ("x" * 22, *near(certificates[0].token), certificates[0].token[:3])]
        assert {answer.status_code for answer in answers} == {404}
        assert len({text(answer) for answer in answers}) == 1

    def test_known_and_unknown_ones_cost_the_database_the_same(self, certificates):
        actions.withdraw(certificate=certificates[1], reason="x", by=STAFF)

        def asked(token):
            with CaptureQueriesContext(connection) as queries:
                visit(token)
            return [re.sub(r"'[^']*'|\\d+", "?", query["sql"]) for query in queries]

        visit("warm")
        known, withdrawn = asked(certificates[0].token), asked(certificates[1].token)
        assert known == withdrawn
        assert all(len(asked(token)) == len(known) for token in ("x" * 22, *near(certificates[0].token)))

    def test_a_token_has_128_bits_and_no_order(self, certificates):
        assert all(len(each.token) == 22 for each in certificates)
        assert len({actions.new_token()[:4] for _n in range(200)}) > 190
        assert Certificate._meta.get_field("token").unique

    def test_after_some_hundred_tries_a_block_gets_no_answer_whether_there_is_one_or_not(self, certificates, monkeypatch):
        monkeypatch.setattr(rate_limits, "VERIFICATIONS_FROM_BLOCK", 5)
        for number in range(5):
            assert visit(f"try{number}", ip=f"203.0.113.{number}").status_code == 404
        known, unknown = visit(certificates[0].token), visit("x" * 22)
        assert (known.status_code, unknown.status_code) == (429, 429)
        assert text(known) == text(unknown) and certificates[0].snapshot["name"] not in text(known)
        assert int(known["Retry-After"]) > 0 and known["Cache-Control"] == "no-store"
        assert visit(certificates[0].token, ip="198.51.100.1").status_code == 200, "others are not punished"

    def test_a_hall_that_scans_its_sheets_is_not_stopped(self):
        assert rate_limits.VERIFICATIONS_FROM_BLOCK >= 200
