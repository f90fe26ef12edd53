"""What stands in the logs after a full run: nothing that tells of a person."""

import io
import logging
from smtplib import SMTPRecipientsRefused

import pytest
from django.contrib.auth.models import User
from django.core.mail.backends.locmem import EmailBackend

from registration.links import signed
from registration.links.signed import personal_token
from registration.mail import outbox
from registration.models import Export, Participant
from registration.operations import clock, tasks
from sdgworkshop.logs import Json, OneLineFormatter
from tests.factories import make_answers, make_coordinator, make_workshop

NAME, LAST, EMAIL, PHONE = "ลับสุดยอด", "Nobodyelse", "secret.person@example.org", "081 999 8877"


class Refusing(EmailBackend):
    """A mail server that quotes the address that it refuses, as they do."""

    def send_messages(self, email_messages):
        raise SMTPRecipientsRefused({to: (451, f"try later <{to}>".encode()) for message in email_messages for to in message.to})


@pytest.fixture(params=[OneLineFormatter("%(asctime)s %(levelname)s %(name)s %(message)s"), Json()], ids=["line", "json"])
def log(request):
    """Everything that is logged by default, and a line a request besides, as it is written."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(request.param)
    loggers = [logging.getLogger(name) for name in ("", "django", "registration", "portal.requests")]
    before = [(logger, logger.level) for logger in loggers]
    logging.getLogger().addHandler(handler)
    for logger in loggers:
        logger.setLevel(logging.INFO)
    yield written
    logging.getLogger().removeHandler(handler)
    for logger, level in before:
        logger.setLevel(level)


@pytest.mark.django_db
def test_after_a_full_run_no_log_tells_of_anybody(client, log, settings, tmp_path):
    settings.ERASURES_DIR = tmp_path
    workshop = make_workshop(slug="w")
    answers = make_answers(workshop, first_name=NAME, last_name=LAST, email=EMAIL, phone=PHONE)
    client.post("/w/w/register/", answers | {"email": f"{EMAIL}x y"})
    client.post("/w/w/register/", answers)
    person = Participant.objects.get()
    token = personal_token(person)
    client.post("/w/w/register/", answers | {"submission": "another"})
    client.open_page_of(person)
    client.get(f"/p/{token}x/")
    client.get(f"/w/w/register/?province={NAME}&email={EMAIL}")
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    outbox.send_due("worker", seconds=5)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    client.force_login(make_coordinator(workshop).user)
    client.get(f"/desk/w/55/?q={NAME}")
    client.get(f"/desk/w/55/people/{person.code}/")
    client.get(f"/desk/w/56/?q={EMAIL}")
    client.post("/desk/w/55/decide/", {"verb": "decline", "people": [f"{person.code}:confirmed"], "words": f"{NAME} {EMAIL}"})
    client.force_login(User.objects.create_superuser("boss"))
    client.get(f"/admin/registration/participant/?q={EMAIL}")
    client.get(f"/admin/registration/participant/?nonsense={LAST}")
    client.post("/admin/registration/export/add/?workshop=w", {"form": "list", "list-kind": "csv"})
    export = Export.objects.create(
        workshop=workshop, kind=Export.Kind.CSV, filters={"q": NAME}, created_at=person.registered_at, leased_until=person.registered_at
    )
    tasks.make_export.call(export.pk)
    client.open_fresh_link(person, "my_data")
    client.get(f"/p/{person.code}/data/?file")
    clock.tick()
    logging.getLogger("registration").warning("what somebody careless writes: %s %s %s", EMAIL, PHONE, signed.personal_url(person))
    text = log.getvalue()
    assert text.count("\n") > 10, "nothing was logged, so nothing could be found"
    assert [word for word in (NAME, EMAIL, PHONE, PHONE.replace(" ", ""), token, token.rsplit(".")[-1]) if word in text] == []
    assert LAST not in text
