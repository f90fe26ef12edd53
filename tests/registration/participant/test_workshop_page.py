import datetime as dt
import json
import re

import pytest
from django.core.management import call_command
from django.utils import timezone

from registration.models import Province, Quota
from sessions.models import Contact, Workshop
from tests.factories import make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

TILE = re.compile(
    r'<a href="/w/(?P<slug>[\w-]+)/register/\?province=(?P<code>\d\d)" class="tile level-(?P<level>\d) c(?P<column>\d+) r(?P<row>\d+)">'
    r"<span>(?P<name>.*?)</span>\s*<b>(?P<number>.*?)</b></a>"
)
ROW = re.compile(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td><td>(.*?)</td><td>(.*?)</td></tr>')
LISTED = re.compile(r'<option value="(\d\d|central)">(.*?) – (.*?)</option>')


def page_of(client, workshop, language=""):
    """The page as it is read: what keeps words in one line is left out."""
    response = client.get(f"{language}/w/{workshop.slug}/")
    assert response.status_code == 200
    return as_read(response)


def as_read(response):
    page = re.sub(r'<span class="nb">([^<]*)</span>', r"\1", response.content.decode())
    return re.sub(r"(?<=>)\s+|\s+(?=<)", "", re.sub(r"\s+", " ", page))


def heading(page):
    return re.search(r'<h1 id="title">(.*?)</h1>', page)[1]


def test_every_province_is_on_the_map_once(client):
    tiles = [tile["code"] for tile in TILE.finditer(page_of(client, make_workshop()))]
    assert sorted(tiles) == sorted(Province.objects.values_list("code", flat=True))


def test_the_numbers_are_true(client):
    workshop = make_workshop()
    seats_of(workshop, "55", capacity=2)
    make_participant(workshop, "55")
    make_participant(workshop, "55")
    for _person in range(5):
        make_participant(workshop, "50")
    seats_of(workshop, "58", capacity=4)
    for _person in range(3):
        make_participant(workshop, "58")
    make_participant(workshop, "central")

    page = page_of(client, workshop)
    tiles = {tile["code"]: (tile["name"], tile["number"], tile["level"]) for tile in TILE.finditer(page)}
    rows = {name: (region, seats, left) for name, region, seats, left in ROW.findall(page)}
    listed = {code: (name, left) for code, name, left in LISTED.findall(page)}

    assert [tiles["55"], tiles["50"], tiles["58"]] == [("น่าน", "เต็ม", "3"), ("เชียงใหม่", "20", "0"), ("แม่ฮ่อง<br>สอน", "1", "1")]
    assert [rows["น่าน"], rows["เชียงใหม่"], rows["หน่วยงานส่วนกลาง"]] == [
        ("ภาคเหนือ", "2", "เต็มแล้ว"), ("ภาคเหนือ", "25", "20"), ("–", "50", "49"),
    ]  # fmt: skip
    assert [listed["55"], listed["50"], listed["central"]] == [
        ("น่าน", "เต็มแล้ว"), ("เชียงใหม่", "เหลือ ๒๐ ที่นั่ง"), ("หน่วยงานส่วนกลาง", "เหลือ ๔๙ ที่นั่ง"),
    ]  # fmt: skip
    assert (len(tiles), len(rows), len(listed)) == (77, 78, 78)
    assert re.findall(r"เหลือ [๐-๙,]+ จาก [๐-๙,]+ ที่นั่ง", page) == ["เหลือ ๑,๙๒๐ จาก ๑,๙๓๑ ที่นั่ง"]
    assert re.findall(r"เต็มแล้ว [๐-๙]+ จังหวัด", page) == ["เต็มแล้ว ๑ จังหวัด"]


def test_the_table_is_in_thai_order(client):
    names = [row[0] for row in ROW.findall(page_of(client, make_workshop()))]
    assert names[:6] == ["หน่วยงานส่วนกลาง", "กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี", "กาฬสินธุ์", "กำแพงเพชร"]
    assert names[-2:] == ["อุทัยธานี", "อุบลราชธานี"]


def test_the_list_names_every_seat_once(client):
    codes = [code for code, _name, _left in LISTED.findall(page_of(client, make_workshop()))]
    assert sorted(codes) == sorted(["central", *Province.objects.values_list("code", flat=True)])


def test_where_there_is_no_limit_no_number_is_told(client):
    workshop = make_workshop()
    Quota.objects.filter(workshop=workshop, province__code="50").update(capacity=None)
    page = page_of(client, workshop)

    assert [tile["number"] for tile in TILE.finditer(page) if tile["code"] == "50"] == ["ว่าง"]
    assert [row for row in ROW.findall(page) if row[0] == "เชียงใหม่"] == [("เชียงใหม่", "ภาคเหนือ", "–", "–")]
    assert re.findall(r"เหลือ [๐-๙,]+ จาก", page) == []


SOME_MORNING = timezone.make_aware(dt.datetime(2027, 2, 2, 8, 30))


@pytest.mark.parametrize(
    ("window", "minutes_later", "words"),
    [
        ({}, 0, []),
        ({"registration_opens_at": SOME_MORNING}, 0, []),
        (
            {"registration_opens_at": SOME_MORNING},
            -1,
            ["ยังไม่เปิดรับลงทะเบียน เปิดรับลงทะเบียนวันอังคารที่ ๒ กุมภาพันธ์ ๒๕๗๐ เวลา ๐๘.๓๐ น."],
        ),
        ({"registration_closes_at": SOME_MORNING}, -1, []),
        (
            {"registration_closes_at": SOME_MORNING},
            0,
            ["ปิดรับลงทะเบียนแล้ว เมื่อวันอังคารที่ ๒ กุมภาพันธ์ ๒๕๗๐ เวลา ๐๘.๓๐ น. หากจังหวัดประสงค์จะส่งผู้แทนเพิ่ม โปรดติดต่อ สศช."],
        ),
    ],
    ids=["no window", "just open", "early", "still open", "just closed"],
)
def test_registration_is_offered_only_while_it_is_open(client, monkeypatch, window, minutes_later, words):
    now = SOME_MORNING + dt.timedelta(minutes=minutes_later)
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    page = page_of(client, make_workshop(**window))

    assert states(page) == words
    offered = [bool(TILE.search(page)), bool(LISTED.search(page)), "/register/" in page]
    assert offered == [not words] * 3


def states(page):
    """What the head of the page says of where the workshop is."""
    return [" ".join(re.sub("<[^>]+>", " ", text).split()) for text in re.findall(r'<p class="hero-state">(.*?)</p>', page, re.DOTALL)]


#: The days of the factories' workshop are 18 and 25 February 2027.
def on(month, day, hour=9):
    return timezone.make_aware(dt.datetime(2027, month, day, hour))


@pytest.mark.parametrize(
    ("at", "window", "full", "state", "heading_words", "primary", "days"),
    [
        (on(2, 1), {"registration_opens_at": on(2, 2)}, False, "ยังไม่เปิดรับลงทะเบียน", "การประชุมตัวอย่าง", "/agenda/", ["next", "later"]),
        (on(2, 1), {}, False, None, "การประชุมตัวอย่าง", "/register/", ["next", "later"]),
        (on(2, 1), {}, True, "ที่นั่งเต็มทุกจังหวัดแล้ว", "การประชุมตัวอย่าง", "/register/", ["next", "later"]),
        (on(2, 3), {"registration_closes_at": on(2, 2)}, False, "ปิดรับลงทะเบียนแล้ว", "การประชุมตัวอย่าง", "/my-link/", ["next", "later"]),
        (on(2, 18), {}, False, None, "ครั้งที่ ๑<br>วันพฤหัสบดีที่ ๑๘ กุมภาพันธ์", "/my-link/", ["today", "next"]),
        (on(2, 20), {}, False, None, "การประชุมตัวอย่าง", "/register/", ["past", "next"]),
        (on(3, 1), {}, False, "การประชุมเสร็จสิ้นแล้ว", "การประชุมตัวอย่าง", "/my-link/", ["past", "past"]),
    ],
    ids=["not yet open", "open", "full", "closed", "on today", "between the days", "over"],
)
def test_the_page_says_where_the_workshop_is(client, monkeypatch, at, window, full, state, heading_words, primary, days):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    workshop = make_workshop(**window)
    if full:
        workshop.quotas.seats().update(capacity=0)
    page = page_of(client, workshop)

    assert [words.startswith(state) for words in states(page)] == ([True] if state else [])
    assert heading(page) == heading_words
    assert [href.rpartition(workshop.slug)[2] for href in re.findall(r'btn-primary[^"]*" href="([^"]+)"', page)] == [primary]
    assert re.findall(r'<li class="day day-(\w+)">', page) == days


def test_who_comes_with_the_link_of_the_province_is_offered_no_other_way(client):
    page = page_of(client, make_workshop(entry="province_link"))
    assert states(page) == ["การประชุมนี้รับลงทะเบียนผ่านลิงก์ที่จังหวัดของท่านส่งให้"]
    assert "/register/" not in page


def test_the_front_page_is_the_newest_workshop(client):
    make_workshop(slug="last-year", title_th="ปีก่อน", days=1)
    make_workshop(slug="this-year", title_th="ปีนี้", days=3)
    make_workshop(slug="draft", title_th="ฉบับร่าง", days=4, is_published=False)

    page = as_read(client.get("/"))

    assert heading(page) == "ปีนี้"
    assert re.search(r'<link rel="canonical" href="(.*?)">', page)[1].endswith("/w/this-year/")


def test_without_a_workshop_the_front_page_says_what_to_expect(client):
    make_workshop(is_published=False)
    response = client.get("/")
    assert (response.status_code, heading(as_read(response))) == (200, "ขณะนี้ยังไม่มีการประชุมที่เปิดให้ลงทะเบียน")


def test_what_is_not_published_is_not_found(client):
    make_workshop(slug="draft", is_published=False)
    assert [client.get(path).status_code for path in ("/w/draft/", "/en/w/draft/", "/w/nothing/")] == [404, 404, 404]


def test_both_languages_name_each_other(client, settings):
    make_workshop(slug="a")
    thai, english = as_read(client.get("/w/a/")), as_read(client.get("/en/w/a/"))

    assert [re.search(r'<html lang="(..)">', page)[1] for page in (thai, english)] == ["th", "en"]
    assert [heading(page) for page in (thai, english)] == ["การประชุมตัวอย่าง", "Sample workshop"]
    alternates = [("th", "/w/a/"), ("en", "/en/w/a/"), ("x-default", "/w/a/")]
    for page, own in ((thai, "/w/a/"), (english, "/en/w/a/")):
        found = re.findall(r'<link rel="alternate" hreflang="([\w-]+)" href="(.*?)">', page)
        assert found == [(language, settings.SITE_URL + path) for language, path in alternates]
        assert re.search(r'<link rel="canonical" href="(.*?)">', page)[1] == settings.SITE_URL + own
    assert re.search(r'class="masthead-link" href="(.*?)"', thai)[1] == "/en/w/a/"
    assert re.search(r'class="masthead-link" href="(.*?)"', client.get("/en/").content.decode())[1] == "/"


def test_no_address_is_taken_from_the_request(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    workshop = make_workshop()
    assert "evil.example" not in client.get(f"/w/{workshop.slug}/", headers={"host": "evil.example"}).content.decode()


def test_search_engines_read_the_days_of_the_workshop(client, settings):
    workshop = make_workshop(slug="a", days=2, lead_th="มาร่วมกัน", responsible_th="กองตัวอย่าง")
    workshop.days.filter(date="2027-02-25").update(is_cancelled=True)
    event = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', page_of(client, workshop))[1])

    parts = event.pop("subEvent")
    assert [(part["startDate"], part["endDate"], part["eventStatus"]) for part in parts] == [
        ("2027-02-18T09:00:00+07:00", "2027-02-18T11:00:00+07:00", "https://schema.org/EventScheduled"),
        ("2027-02-25T09:00:00+07:00", "2027-02-25T10:00:00+07:00", "https://schema.org/EventCancelled"),
    ]
    assert {part["name"] for part in parts} == {"การประชุมตัวอย่าง"}
    assert event == {
        "@context": "https://schema.org",
        "@type": "Event",
        "name": "การประชุมตัวอย่าง",
        "description": "มาร่วมกัน",
        "url": f"{settings.SITE_URL}/w/a/",
        "image": f"{settings.SITE_URL}/static/img/preview.png",
        "startDate": "2027-02-18T09:00:00+07:00",
        "endDate": "2027-02-25T10:00:00+07:00",
        "eventStatus": "https://schema.org/EventScheduled",
        "eventAttendanceMode": "https://schema.org/OnlineEventAttendanceMode",
        "location": {"@type": "VirtualLocation", "name": "Zoom Webinar", "url": f"{settings.SITE_URL}/w/a/"},
        "organizer": {"@type": "GovernmentOrganization", "name": "กองตัวอย่าง", "url": f"{settings.SITE_URL}/w/a/"},
        "inLanguage": "th",
        "isAccessibleForFree": True,
    }


def test_a_shared_link_has_a_preview(client, settings):
    page = page_of(client, make_workshop(slug="a", lead_th="มาร่วมกัน"))
    properties = dict(re.findall(r'<meta property="og:([\w:]+)" content="(.*?)">', page))
    assert properties == {
        "type": "website",
        "site_name": "ระบบลงทะเบียนการประชุม สศช.",
        "title": "การประชุมตัวอย่าง",
        "description": "มาร่วมกัน",
        "url": f"{settings.SITE_URL}/w/a/",
        "image": f"{settings.SITE_URL}/static/img/preview.png",
        "image:width": "1200",
        "image:height": "630",
        "locale": "th_TH",
    }
    assert re.search(r'<meta name="description" content="(.*?)">', page)[1] == "มาร่วมกัน"


def test_texts_are_never_markup(client):
    evil = "</script><script>alert(1)</script>"
    fields = ["title", "lead", "background", "objectives", "audience", "naming_rule", "responsible"]
    workshop = make_workshop(**{f"{field}_th": evil for field in fields}, platform='"><img src=x>')
    workshop.groups.update(name_th=evil)
    workshop.days.update(title_th=evil)
    Contact.objects.create(workshop=workshop, name_th=evil, phone="02 '\"><script>")

    page = page_of(client, workshop)

    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/ld+json">']
    assert json.loads(re.search(r"<script.*?>(.*?)</script>", page)[1])["name"] == evil
    assert "<img" not in page


def test_the_page_of_the_brief_says_what_it_prints(client):
    call_command("load_workshop", verbosity=0)
    workshop = Workshop.objects.get()
    page = page_of(client, workshop)

    tile = r'<div class="date-tile"><span>(.*?)</span><b>(.*?)</b><span>(.*?)</span></div>'
    hours = r'<span class="quiet">(.*?)</span>'
    assert [day.groups() for day in re.finditer(rf"{tile}.*?{hours}", page, re.DOTALL)] == [
        ("ศุกร์", "๑๘", "ก.พ. ๖๕", "๐๙.๐๐ – ๑๒.๐๐ น."),
        ("พฤหัสบดี", "๓", "มี.ค. ๖๕", "๐๙.๓๐ – ๑๒.๑๐ น."),
        ("ศุกร์", "๑๑", "มี.ค. ๖๕", "๐๙.๓๐ – ๑๒.๑๐ น."),
        ("พุธ", "๑๖", "มี.ค. ๖๕", "๐๙.๓๐ – ๑๒.๑๐ น."),
    ]
    groups = re.findall(r"<li><span>([๐-๙.]+)</span><span>(.*?)</span></li>", page)
    assert [code for code, _name in groups] == ["๔.๑.๑", "๔.๑.๒", "๔.๑.๓", "๔.๑.๔", "๔.๑.๕", "๔.๑.๖", "๔.๑.๗", "๔.๑.๘", "๔.๑.๙", "๔.๒"]
    assert [name for _code, name in groups] == list(workshop.groups.values_list("name_th", flat=True))
    assert "การประชุมเสร็จสิ้นแล้ว" in page
    assert "/register/" not in page
    mails = re.findall(r'<a href="mailto:(.*?)">', page)
    assert mails == ["puntasith@nesdc.go.th", "kanteera.p@nesdc.go.th", "tossaporn@nesdc.go.th"]
    assert re.findall(r'<a href="tel:(.*?)">(.*?)</a>', page) == [
        ("022804085;ext=6414", "02 280 4085 ต่อ 6414"),
        ("022804085;ext=6421", "02 280 4085 ต่อ 6421"),
        ("0848903517", "084 890 3517"),
    ]
    for paragraph in workshop.background_th.split("\n\n"):
        assert paragraph.replace("'", "&#x27;") in page


@pytest.mark.parametrize(("workshops", "path", "queries"), [(1, "/", 10), (3, "/", 10), (1, "/w/{}/", 8), (3, "/en/w/{}/", 8)])
def test_the_page_asks_the_database_as_often_whatever_it_shows(client, django_assert_num_queries, workshops, path, queries):
    slugs = [make_workshop(days=workshops, tracks=workshops).slug for _number in range(workshops)]
    with django_assert_num_queries(queries):
        client.get(path.format(slugs[0]))


def test_the_front_page_names_what_is_on_or_next_the_others_and_what_is_over(client):
    near, far, over = (make_workshop(days=1, tracks=0) for _number in range(3))
    for workshop, days in [(near, 3), (far, 30), (over, -3)]:
        workshop.days.update(date=timezone.localdate() + dt.timedelta(days=days))
    shown = client.get("/").context
    assert (shown["workshop"], shown["others"], shown["past"]) == (near, [far], [over])
    Workshop.objects.filter(pk__in=[near.pk, far.pk]).update(is_published=False)
    assert client.get("/en/").context["past"] == [over]
