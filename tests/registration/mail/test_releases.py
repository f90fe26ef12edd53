import datetime as dt

import pytest

from registration.actor import PARTICIPANT
from registration.mail import compose
from registration.mail.actions.releases import tell_of_releases
from registration.models import Delivery
from registration.seats.actions.moves import cancel
from sessions import releases
from sessions.models import AgendaItem, Workshop
from tests.factories import NOON, make_participant, make_workshop

pytestmark = pytest.mark.django_db

LATER = NOON + dt.timedelta(hours=1)


def release(workshop, date=dt.date(2027, 2, 18), **fields):
    """Releases a draft in which the opening of a day has other `fields`."""
    draft = releases.open_draft(workshop)
    AgendaItem.objects.filter(day__workshop=draft, day__date=date, kind="opening").update(**fields)
    return releases.release(workshop, at=LATER)


def told():
    return sorted(Delivery.objects.filter(message="agenda_changed").values_list("participant__first_name", flat=True))


@pytest.fixture
def workshop() -> Workshop:
    """Two days; one person comes on the first, one on both, one on the second only."""
    workshop = make_workshop()
    first, second = workshop.days.all()
    make_participant(workshop, first_name="แรก", days=[first])
    make_participant(workshop, first_name="ทั้งสอง")
    make_participant(workshop, first_name="หลัง", days=[second])
    return workshop


def test_those_who_come_on_the_changed_day_are_told_once(workshop):
    make_participant(make_workshop(), first_name="ที่อื่น")
    cancel(participant=make_participant(workshop, first_name="ยกเลิก"), by=PARTICIPANT, at=NOON)
    release(workshop, starts_at=dt.time(8, 30), title_th="พิธีเปิดใหม่")
    assert tell_of_releases(at=LATER) == 2
    assert told() == sorted(["แรก", "ทั้งสอง"])
    assert tell_of_releases(at=LATER) == 0
    assert told() == sorted(["แรก", "ทั้งสอง"])


def test_drafting_tells_nobody(workshop):
    releases.open_draft(workshop)
    assert tell_of_releases(at=LATER) == 0


def test_each_revision_is_told_of(workshop):
    for title in ("หนึ่ง", "สอง"):
        release(workshop, title_th=title)
        tell_of_releases(at=LATER)
    assert told() == sorted(["แรก", "ทั้งสอง"] * 2)


def test_of_an_unpublished_workshop_nobody_is_told(workshop):
    release(workshop, title_th="อื่น")
    Workshop.objects.update(is_published=False)
    assert tell_of_releases(at=LATER) == 0
    assert told() == []


def test_telling_costs_the_same_queries_however_many_people(workshop, django_assert_num_queries):
    for title in ("หนึ่ง", "สอง"):
        release(workshop, title_th=title)
        with django_assert_num_queries(6):
            tell_of_releases(at=LATER)
        for _i in range(3):
            make_participant(workshop)


def test_the_mail_says_what_changes_on_the_readers_days(workshop):
    draft = releases.open_draft(workshop)
    AgendaItem.objects.filter(day__workshop=draft, kind="opening").update(starts_at=dt.time(8, 30))
    releases.release(workshop, at=LATER)
    tell_of_releases(at=LATER)
    delivery = Delivery.objects.get(message="agenda_changed", participant__first_name="แรก")
    mail = compose.compose(delivery, at=LATER)
    assert mail.subject == "แจ้งแก้ไขกำหนดการ ครั้งที่ ๑ – การประชุมตัวอย่าง"
    assert mail.body.split("\n\n")[1:3] == [
        "มีการแก้ไขกำหนดการ (ครั้งที่ ๑) ในวันที่ท่านเข้าร่วม ดังนี้",
        "วันพฤหัสบดีที่ ๑๘ กุมภาพันธ์ ๒๕๗๐\n- “พิธีเปิด” เลื่อนจาก ๐๙.๐๐ – ๑๐.๐๐ น. เป็น ๐๘.๓๐ – ๑๐.๐๐ น.",
    ]
    assert [part.get_filename() for part in mail.attachments] == [f"{workshop.slug}.ics"]
    assert compose.is_needed(delivery, LATER)


def test_who_no_longer_comes_is_not_told(workshop):
    release(workshop, title_th="อื่น")
    tell_of_releases(at=LATER)
    delivery = Delivery.objects.get(message="agenda_changed", participant__first_name="แรก")
    cancel(participant=delivery.participant, by=PARTICIPANT, at=LATER)
    assert not compose.is_needed(delivery, LATER)
