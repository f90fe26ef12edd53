"""Where Zoom mails each their own link, the portal gives none: not on a page, not in a mail, not in a calendar."""

import datetime as dt

import pytest
from django.utils import timezone

from registration.links import signed
from registration.links.meetings import visible_links
from registration.mail.compose import compose
from registration.models import Delivery, Participant
from registration.participant.next_steps import next_steps
from registration.people.calendars import personal_calendar
from tests.factories import make_participant, make_workshop

pytestmark = pytest.mark.django_db

LINK = "https://zoom.example.org/j/98765"


@pytest.fixture
def person():
    """Somebody whose two days have links that are open by now: the workshop gave them before it changed its way."""
    workshop = make_workshop(links_by="zoom")
    person = make_participant(workshop)
    workshop.days.update(join_url=LINK, join_opens_at=timezone.now() - dt.timedelta(days=9))
    workshop.days.filter(pk=workshop.days.first().pk).update(date=timezone.localdate() + dt.timedelta(days=1))
    return Participant.objects.with_choices().get(pk=person.pk)


def test_nobody_sees_the_link_of_a_day(person):
    assert visible_links(person) == []
    assert LINK.encode() not in personal_calendar(person)


def test_the_page_says_from_whom_the_link_comes(person, client):
    client.get(signed.personal_url(person), follow=True)
    steps = " ".join(step.what for step in next_steps(person))
    assert steps == f"Zoom จะส่งลิงก์เฉพาะของท่านสำหรับแต่ละวันไปที่ {person.email} โปรดดูในโฟลเดอร์อีเมลขยะด้วย และอย่าส่งลิงก์ต่อให้ผู้อื่น"


@pytest.mark.parametrize("message", ["confirmed", "reminder"])
@pytest.mark.parametrize("language", ["th", "en"])
def test_the_mails_say_from_whom_the_link_comes(person, message, language):
    person.language = language
    person.save(update_fields=["language"])
    delivery = Delivery(message=message, participant=person, email=person.email, details={"day": person.days.first().pk})
    mail = compose(delivery, at=timezone.now())
    for text in (mail.body, str(mail.alternatives[0][0])):
        assert "Zoom" in text and LINK not in text
        assert {"th": "ลิงก์เฉพาะของท่าน", "en": "your own link" if message == "reminder" else "link of your own"}[language] in " ".join(
            text.split()
        )
