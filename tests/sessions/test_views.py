import re

import pytest
from django.core.management import call_command

from sessions import formats
from sessions.models import AgendaItem, Contact, Track, Workshop, WorkshopDay
from tests.factories import make_workshop

pytestmark = pytest.mark.django_db

LINE = re.compile(
    r'<p class="agenda-time">(?P<time>.*?)</p>.*?<h3>(?P<title>.*?)</h3>(?P<rest>.*?)(?=<p class="agenda-time">|</section>)', re.DOTALL
)
SPEAKER = re.compile(r'<p class="speaker">โดย (.*?)</p>', re.DOTALL)
TRACK = re.compile(r'<h4><span class="quiet">(.*?)</span> (.*?)</h4>')


def agenda_of(client, workshop, language=""):
    return client.get(f"{language}/w/{workshop.slug}/agenda/").content.decode()


def test_every_printed_line_of_the_brief_is_on_the_agenda(client):
    call_command("load_workshop", verbosity=0)
    page = agenda_of(client, Workshop.objects.get())

    shown = [(line["time"], line["title"]) for line in LINE.finditer(page)]
    assert shown == [
        (formats.format_time_range(item.starts_at, item.ends_at, "th"), item.title_th)
        for item in AgendaItem.objects.order_by("day__date", "starts_at")
    ]
    assert len(shown) == 17
    assert shown[0] == ("๐๙.๐๐ – ๐๙.๓๐ น.", "การกล่าวเปิดการประชุมฯ และบรรยายสรุปภาพรวมการดำเนินงานเพื่อขับเคลื่อน SDGs ไทยในระดับพื้นที่")
    assert re.findall(r"<h2 id=\"date-.*?>(.*?)</h2>", page) == [
        "วันศุกร์ที่ ๑๘ กุมภาพันธ์ ๒๕๖๕",
        "วันพฤหัสบดีที่ ๓ มีนาคม ๒๕๖๕",
        "วันศุกร์ที่ ๑๑ มีนาคม ๒๕๖๕",
        "วันพุธที่ ๑๖ มีนาคม ๒๕๖๕",
    ]
    assert TRACK.findall(page) == [
        ("๑.", "การรับมือกับภัยพิบัติด้วยแนวทางการพัฒนาที่ยั่งยืน"),
        ("๒.", "การลดความยากจนกับการพัฒนาที่ยั่งยืน"),
        ("๓.", "การพัฒนาเมืองสู่เมืองคาร์บอนต่ำ"),
        ("๔.", "การศึกษากับการพัฒนาที่ยั่งยืน"),
    ]
    speakers = [re.sub(r"\s*<.*", "", speaker) for speaker in SPEAKER.findall(page)]
    items = AgendaItem.objects.exclude(speaker_th="").values_list("speaker_th", flat=True)
    tracks = Track.objects.exclude(speaker_th="").values_list("speaker_th", flat=True)
    assert sorted(speakers) == sorted([*items, *tracks])
    assert "กำหนดการอาจมีการเปลี่ยนแปลงตามความเหมาะสม" in page


def test_a_speaker_who_is_not_sure_is_marked_in_words(client):
    workshop = make_workshop(days=1, tracks=2)
    Track.objects.filter(number=1).update(speaker_th="นางสาวสมมุติ ทดสอบ", speaker_confirmed=False)
    Track.objects.filter(number=2).update(speaker_th="นายตัวอย่าง ดีงาม")
    AgendaItem.objects.filter(kind="opening").update(speaker_confirmed=False)

    page = agenda_of(client, workshop)

    assert re.findall(r'โดย (\S+ \S+)\s+<span class="unconfirmed">(.*?)</span>', page) == [("นางสาวสมมุติ ทดสอบ", "(รอยืนยันวิทยากร)")]
    assert page.count("โดย นายตัวอย่าง ดีงาม</p>") == 1
    assert re.findall(r'<p class="speaker unconfirmed">(.*?)</p>', page) == ["จะแจ้งชื่อวิทยากรภายหลัง"]


def test_a_cancelled_day_says_so(client):
    workshop = make_workshop(days=2)
    day = workshop.days.last()
    WorkshopDay.objects.filter(pk=day.pk).update(is_cancelled=True)

    sections = re.findall(r'<section class="agenda-day" id="(.*?)".*?</section>', agenda_of(client, workshop), re.DOTALL)
    cancelled = re.findall(
        r'<section class="agenda-day" id="(day-[\d-]+)"(?:(?!</section>).)*งดการประชุมวันนี้', agenda_of(client, workshop), re.DOTALL
    )

    assert sections == ["day-2027-02-18", "day-2027-02-25"]
    assert cancelled == ["day-2027-02-25"]


@pytest.mark.parametrize(
    ("path", "language", "other"), [("/w/{}/agenda/", "th", "/en/w/{}/agenda/"), ("/en/w/{}/agenda/", "en", "/w/{}/agenda/")]
)
def test_the_agenda_speaks_the_language_of_its_address(client, settings, path, language, other):
    workshop = make_workshop()
    page = client.get(path.format(workshop.slug)).content.decode()

    assert re.search(r'<html lang="(..)">', page)[1] == language
    assert re.findall(r'<link rel="(\w+)"(?: hreflang="([\w-]+)")? href="(http[^"]+)">', page) == [
        ("canonical", "", settings.SITE_URL + path.format(workshop.slug)),
        ("alternate", "th", f"{settings.SITE_URL}/w/{workshop.slug}/agenda/"),
        ("alternate", "en", f"{settings.SITE_URL}/en/w/{workshop.slug}/agenda/"),
        ("alternate", "x-default", f"{settings.SITE_URL}/w/{workshop.slug}/agenda/"),
    ]
    assert re.search(r'<a class="masthead-link" href="([^"]+)"', page)[1] == other.format(workshop.slug)


def test_what_is_not_published_is_not_found(client):
    workshop = make_workshop(is_published=False)
    assert [client.get(f"/w/{workshop.slug}/{name}").status_code for name in ("agenda/", "agenda.ics")] == [404, 404]


def test_text_of_the_programme_is_never_markup(client):
    workshop = make_workshop(title_th="<script>alert(1)</script>", note_th="<b>เปลี่ยน</b>")
    AgendaItem.objects.filter(kind="opening").update(title_th="</h3><img src=x>", speaker_th='"><i>ก</i>')
    Contact.objects.create(workshop=workshop, name_th="<u>ก</u>", phone='"><b>', email="a@example.org")

    page = agenda_of(client, workshop)

    assert [tag for tag in ("<script>alert", "<img", "<i>", "<u>", "<b>") if tag in page] == []
    assert page.count("&lt;/h3&gt;&lt;img src=x&gt;") == 2


def test_the_calendar_file_is_one(client):
    workshop = make_workshop(slug="tong-ruam")
    response = client.get("/w/tong-ruam/agenda.ics")

    assert response.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert response.headers["Content-Disposition"] == 'attachment; filename="tong-ruam.ics"'
    assert response.content.count(b"BEGIN:VEVENT") == workshop.days.count() == 2


def test_the_calendar_file_speaks_the_language_of_its_address(client):
    make_workshop(slug="tong-ruam")
    assert b"Sample workshop" in client.get("/en/w/tong-ruam/agenda.ics").content
    assert b"Sample workshop" not in client.get("/w/tong-ruam/agenda.ics").content


@pytest.mark.parametrize("days", [1, 3])
def test_the_agenda_asks_the_database_seven_times(client, django_assert_num_queries, days):
    workshop = make_workshop(days=days)
    with django_assert_num_queries(7):
        agenda_of(client, workshop)
