import datetime as dt
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.audit import trail
from registration.mail import compose
from registration.models import Agency, Delivery, Event, Mailing, Participant, Province, Quota
from registration.people import history
from registration.seats.actions.capacities import set_capacity
from registration.seats.actions.moves import cancel, decline
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

PEOPLE = "/en/admin/registration/participant/"
QUOTAS = "/en/admin/registration/quota/"


def staff_with(*permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True, first_name="สมศรี")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def staff(client):
    """A browser in which somebody signed in who may do everything with people and quotas."""
    models = ["participant", "quota", "province", "agency"]
    client.force_login(
        staff_with(*(f"{verb}_{model}" for verb in ("view", "change", "add", "delete") for model in models), "export_participant")
    )
    return client


def names(response):
    return [person.first_name for person in response.context["cl"].result_list]


def listed(response):
    return [quota.name for quota in response.context["cl"].result_list]


def cells(response, row=0):
    """The words of a row of a list, without markup."""
    rows = re.findall(r"<tr>(.*?)</tr>", response.content.decode().split("<tbody>")[1], re.S)
    found = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", rows[row], re.S)
    return [re.sub(r"<[^>]+>", "", cell).strip() for cell in found[1:]]


def messages(response):
    return [str(message) for message in response.context["messages"]]


# Participants: the list


def test_a_row_says_who_from_where_and_since_when(staff):
    workshop = make_workshop()
    make_participant(workshop, first_name="สมมุติ", last_name="ทดสอบดี", days=list(workshop.days.all())[:1])
    assert cells(staff.get(PEOPLE)) == [
        "นายสมมุติ ทดสอบดี",
        "Nan",
        "สำนักงานพัฒนาชุมชนจังหวัด",
        "Confirmed",
        "4.1.1 Provincial office",
        "1",
        "15 Jan 2027 12:00",
    ]


def test_people_are_in_thai_order(staff):
    workshop = make_workshop()
    for name in ["เอก", "สม", "แก้ว", "กร"]:
        make_participant(workshop, first_name=name)
    assert names(staff.get(PEOPLE)) == ["กร", "แก้ว", "สม", "เอก"]


def test_a_name_is_found_as_it_is_said(staff):
    workshop = make_workshop()
    make_participant(workshop, first_name="สมชาย", last_name="ใจดี")
    make_participant(workshop, first_name="สมชาย", last_name="ทดสอบ")
    assert names(staff.get(PEOPLE, {"q": "สมชาย ใจดี"})) == ["สมชาย"]


def test_the_list_is_of_the_current_workshop_unless_another_is_asked_for(staff):
    earlier = make_workshop(slug="earlier", days=1)
    current = make_workshop(slug="current")
    make_participant(earlier, first_name="เก่า")
    earlier.days.update(date=dt.date(2026, 1, 1))
    make_participant(current, first_name="ใหม่")
    asked = [{}, {"workshop": "earlier"}, {"workshop": "current"}, {"workshop": "all"}, {"workshop": "nonsense"}]
    assert [names(staff.get(PEOPLE, query)) for query in asked] == [["ใหม่"], ["เก่า"], ["ใหม่"], ["เก่า", "ใหม่"], []]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"province": "55"}, ["น่าน", "น่านเลิก"]),
        ({"province": "central"}, ["กลาง"]),
        ({"state__exact": "cancelled"}, ["น่านเลิก"]),
        ({"group": "4.2"}, ["กลาง"]),
        ({"day": "2027-02-25"}, ["กลาง", "น่านเลิก"]),
        ({"province": "55", "day": "2027-02-18"}, ["น่าน"]),
        ({"track": "2"}, ["น่าน"]),
    ],
)
def test_a_filter_keeps_those_it_names(staff, query, found):
    workshop = make_workshop()
    first, second = workshop.days.all()
    make_participant(workshop, first_name="น่าน", days=[first], tracks=tracks_of(workshop)[1:])
    cancelled = make_participant(workshop, first_name="น่านเลิก", days=[second])
    cancel(participant=cancelled, by=PARTICIPANT, at=NOON)
    make_participant(workshop, "central", first_name="กลาง", days=[second], tracks=tracks_of(workshop)[:1])
    if "track" in query:
        query = {"track": tracks_of(workshop)[int(query["track"]) - 1].pk}
    assert names(staff.get(PEOPLE, query)) == found


LISTS = ["agenda_workshopday", "agenda_agendaitem", "registration_auditevent", "registration_coordinator", "registration_mailing"]


@pytest.mark.parametrize("name", LISTS)
def test_workshops_of_one_title_are_told_apart_in_every_filter(admin_client, name):
    rehearsal, held = make_workshop(slug="rehearsal"), make_workshop(slug="held")
    for workshop in (rehearsal, held):
        make_coordinator(workshop)
        trail.record_view(by=SYSTEM, what="desk", count=1, workshop=workshop)
        Mailing.objects.create(workshop=workshop, subject_th="เรื่อง", body_th="ข้อความ", created_at=NOON)
    changelist = admin_client.get(reverse(f"admin:{name}_changelist")).context["cl"]
    (spec,) = [spec for spec in changelist.filter_specs if "workshop" in spec.expected_parameters()[0]]
    assert spec.lookup_choices == [(str(held.pk), f"{held} · held · ๒๕๗๐"), (str(rehearsal.pk), f"{rehearsal} · rehearsal · ๒๕๗๐")]
    shown = admin_client.get(reverse(f"admin:{name}_changelist"), {spec.expected_parameters()[0]: held.pk}).context["cl"].queryset
    assert 0 < shown.count() < changelist.queryset.count()


@pytest.mark.parametrize("query", [{"day": "tomorrow"}, {"day": "2027-02-19"}, {"track": "x"}, {"group": "9"}, {"province": "00"}])
def test_a_filter_that_means_nothing_finds_nobody(staff, query):
    make_participant(make_workshop())
    assert names(staff.get(PEOPLE, query)) == []


def test_a_track_of_another_workshop_finds_nobody(staff):
    other = make_workshop()
    workshop = make_workshop()
    make_participant(other, tracks=tracks_of(other)[:1])
    query = {"workshop": workshop.slug, "track": tracks_of(other)[0].pk}
    assert names(staff.get(PEOPLE, query)) == []


def test_provinces_are_offered_in_thai_order_behind_the_central_agencies(staff):
    make_workshop()
    [filter_of_provinces] = [
        spec for spec in staff.get("/admin/registration/participant/").context["cl"].filter_specs if spec.title == "จังหวัด"
    ]
    offered = [name for _code, name in filter_of_provinces.lookup_choices]
    assert offered[:4] == ["หน่วยงานส่วนกลาง", "กระบี่", "กรุงเทพมหานคร", "กาญจนบุรี"]
    assert len(offered) == 78


def test_a_select_sends_the_other_filters_along_and_begins_at_the_first_page(staff):
    make_workshop()
    page = staff.get(PEOPLE, {"q": "สม", "state__exact": "confirmed", "province": "55", "p": "1"}).content.decode()
    form = page.split('id="filter-province"')[0].rsplit("<form", 1)[1]
    assert re.findall(r'name="(\w+)" value="([^"]*)"', form) == [("q", "สม"), ("state__exact", "confirmed")]


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_costs_the_same_queries_for_one_and_for_three(staff, people, django_assert_num_queries):
    workshop = make_workshop()
    for _i in range(people):
        make_participant(workshop, tracks=tracks_of(workshop)[:1])
    with django_assert_num_queries(24):
        response = staff.get(PEOPLE)
    assert len(names(response)) == people


# Participants: one of them


def person_page(participant):
    return f"{PEOPLE}{participant.pk}/change/"


def test_nothing_of_a_person_is_a_field_until_somebody_corrects_it(staff):
    participant = make_participant(make_workshop(), first_name="สมมุติ")
    page = staff.get(person_page(participant)).content.decode()
    content = page.split('id="content"')[1]
    assert re.findall(r"<(?:select|textarea)|<input type=\"(?!hidden)", content) == []
    assert staff.post(person_page(participant), {"first_name": "อื่น", "state": "cancelled"}).status_code == 404
    assert staff.post(f"{PEOPLE}{participant.pk}/delete/", {"post": "yes"}).status_code == 403
    participant.refresh_from_db()
    assert (participant.first_name, participant.state) == ("สมมุติ", "confirmed")


def test_what_identifies_a_form_is_not_shown(staff):
    participant = make_participant(make_workshop())
    page = staff.get(person_page(participant)).content.decode()
    assert (str(participant.submission) in page, participant.code in page) == (False, True)


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_person_is_shown_with_their_names_days_and_track(staff):
    workshop = make_workshop()
    participant = make_participant(workshop, first_name="สมมุติ", tracks=tracks_of(workshop)[:1], phone_extension="6414")
    page = staff.get(person_page(participant)).content.decode()
    assert plain(re.search(r'<div class="person-head">(.*?)</div>', page, re.S)[1]) == (
        f"นายสมมุติ ทดสอบดี Confirmed {participant.code} Nan · registered 15 Jan 2027 12:00"
    )
    facts = [plain(part) for part in re.findall(r"<dd>(.*?)</dd>", page, re.S) if "edit=" not in part]
    assert facts == [
        "นายสมมุติ ทดสอบดี",
        "นักวิเคราะห์นโยบายและแผน",
        "สำนักงานพัฒนาชุมชนจังหวัด (พช.)",
        "Nan",
        "4.1.1 Provincial office",
        participant.email,
        "081 234 5678 ext. 6414",
        "ไทย",
        "Thursday 18 February 2027 Thursday 25 February 2027 1. Track 1",
        "น่าน พช. นายสมมุติ",
        "น่าน พช. นายสมมุติ",
        "1, 15 Jan 2027 12:00",
    ]


def test_a_guardian_who_agreed_is_named(staff):
    participant = make_participant(make_workshop(), guardian_name="นางสมมุติ ผู้ปกครอง")
    assert "นางสมมุติ ผู้ปกครอง" in staff.get(person_page(participant)).content.decode()


def decision(page):
    return plain(page.split('aria-labelledby="decisions"')[1].split("</p>")[0].split("<p>")[1])


def test_who_waits_is_shown_with_their_place_in_line_and_who_was_declined_with_the_reason(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    _holder, _first, second = [make_participant(workshop) for _i in range(3)]
    page = staff.get(person_page(second)).content.decode()
    assert decision(page) == "On the waiting list since 15 Jan 2027 12:00 place on the waiting list 2"
    decline(participant=second, reason="ส่งผู้แทนท่านอื่น", by=SYSTEM, at=NOON)
    page = staff.get(person_page(second)).content.decode()
    assert decision(page) == "Not selected since 15 Jan 2027 12:00 reason ส่งผู้แทนท่านอื่น"


def test_a_history_is_told_in_words(staff):
    participant = make_participant(make_workshop())
    decline(participant=participant, reason="ส่งผู้แทนท่านอื่น", by=Actor("staff", User.objects.get()), at=NOON + dt.timedelta(minutes=5))
    page = staff.get(person_page(participant)).content.decode()
    table = page.split("<caption>History</caption>")[1].split("</table>")[0].split("<tbody>")[1]
    told = [
        [plain(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.S)][:3] for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)
    ]
    assert told == [
        ["15 Jan 2027 12:05", "สมศรี", "Not selected – ส่งผู้แทนท่านอื่น"],
        ["15 Jan 2027 12:00", "The participant", "Registered – Confirmed"],
    ]


def test_a_verb_and_an_actor_without_words_are_shown_as_they_are():
    participant = make_participant(make_workshop())
    event = Event.objects.create(participant=participant, at=NOON, verb="sang", actor_kind="bird")
    assert (history.in_words(event), history.actor_in_words(event)) == ("sang", "bird")


def test_every_mail_has_a_name_in_words():
    unnamed = [name for name in compose.MESSAGES if history.mail_in_words(Delivery(message=name)) == name]
    assert unnamed == []


@pytest.mark.parametrize("times", [1, 3])
def test_the_page_of_a_person_costs_the_same_queries_whatever_happened(staff, times, django_assert_num_queries):
    participant = make_participant(make_workshop(days=times))
    user = User.objects.get()
    for number in range(times):
        Event.objects.create(participant=participant, at=NOON, verb="changed", actor=user, actor_kind="staff")
        Delivery.objects.create(participant=participant, key=f"changed:{number}", message="changed", created_at=NOON, due_at=NOON)
    staff.get(person_page(participant))
    with django_assert_num_queries(19):
        assert staff.get(person_page(participant)).status_code == 200


# Participants: taking the list along


EXPORT = "/en/admin/registration/export/add/"


def test_the_ticked_people_go_to_the_page_of_exports(staff):
    workshop = make_workshop()
    people = [make_participant(workshop, first_name=name) for name in ("ก", "ข", "ค")]
    response = staff.post(PEOPLE, {"action": "export_attendees", "_selected_action": [people[0].pk, people[2].pk]})
    assert response["Location"] == f"{EXPORT}?people={people[0].pk}%2C{people[2].pk}&workshop={workshop.slug}"


def test_all_who_match_a_filter_go_there_across_pages(staff, monkeypatch):
    monkeypatch.setattr("registration.admin.ParticipantAdmin.list_per_page", 1)
    workshop = make_workshop()
    people = [make_participant(workshop, first_name=name) for name in ("ก", "ข", "ค")]
    sent = {"action": "export_attendees", "_selected_action": [people[0].pk], "select_across": "1"}
    response = staff.post(f"{PEOPLE}?province=55&state__exact=confirmed", sent)
    assert response["Location"] == f"{EXPORT}?province=55&state__exact=confirmed&workshop={workshop.slug}"


def test_people_of_two_workshops_are_no_one_list(staff):
    people = [make_participant(make_workshop()) for _i in range(2)]
    sent = {"action": "export_attendees", "_selected_action": [person.pk for person in people]}
    response = staff.post(f"{PEOPLE}?workshop=all", sent, follow=True)
    assert messages(response) == ["Choose people of one workshop: each workshop has its own days and tracks."]


def test_the_list_as_it_is_shown_is_one_link_away(staff):
    workshop = make_workshop()
    make_participant(workshop)
    page = staff.get(PEOPLE, {"workshop": workshop.slug, "province": "55"}).content.decode()
    assert page.count(f'href="{EXPORT}?workshop={workshop.slug}&amp;province=55"') == 1
    assert f'href="{EXPORT}' not in staff.get(PEOPLE, {"workshop": "all"}).content.decode().split('id="content"')[1]


def test_who_may_only_see_people_may_not_take_them_along(client):
    workshop = make_workshop()
    person = make_participant(workshop)
    client.force_login(staff_with("view_participant"))
    page = client.get(PEOPLE, {"workshop": workshop.slug}).content.decode()
    assert [word for word in ("/export/", "/zoom/", "/qr-codes/", "export_attendees") if word in page] == []
    answer = client.post(PEOPLE, {"action": "export_attendees", "_selected_action": [person.pk]}, follow=True)
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "/qr-codes/" not in client.get(person_page(person)).content.decode()
    assert LogEntry.objects.count() == 0


def test_staff_without_the_permission_are_refused(client):
    workshop = make_workshop()
    participant = make_participant(workshop)
    client.force_login(staff_with("view_province"))
    export = reverse("admin:registration_export_add")
    set_places = {"action": "set_places", "_selected_action": [seats_of(workshop).pk], "capacity": "9", "places": "1"}
    answers = [
        client.get(PEOPLE),
        client.get(person_page(participant)),
        client.get(export),
        client.post(PEOPLE, {"action": "export_attendees", "_selected_action": [participant.pk]}),
        client.get(QUOTAS),
        client.post(QUOTAS, set_places),
    ]
    assert [answer.status_code for answer in answers] == [403] * 6


def test_who_may_only_see_quotas_is_not_offered_to_change_them(client):
    quota = seats_of(make_workshop())
    client.force_login(staff_with("view_quota"))
    assert "set_places" not in client.get(QUOTAS).content.decode()
    assert client.post(f"{QUOTAS}{quota.pk}/change/", {"capacity": "9"}).status_code == 403
    client.post(QUOTAS, {"action": "set_places", "_selected_action": [quota.pk], "capacity": "9", "places": "1"})
    assert Quota.objects.get(pk=quota.pk).capacity == 25


def test_a_visitor_is_asked_to_sign_in(client):
    link = reverse("admin:registration_export_add")
    assert client.get(link)["Location"] == f"/admin/login/?next={link}"


# Quotas


def test_a_quota_says_what_is_taken_left_and_awaited(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=2)
    for _i in range(3):
        make_participant(workshop)
    make_participant(workshop, "50")
    response = staff.get(QUOTAS, {"kind__exact": "province"})
    rows = {row[0]: row[1:6] for row in (cells(response, number) for number in range(77))}
    assert rows["Nan"] == ["Province", "2", "2", "Full", "1"]
    assert rows["Chiang Mai"] == ["Province", "1", "25", "24", "0"]
    tracks = staff.get(QUOTAS, {"kind__exact": "track"})
    assert cells(tracks)[:6] == ["1. Track 1", "Track", "0", "no limit", "–", "0"]


def test_quotas_stand_in_thai_order_central_first_tracks_last(staff):
    make_workshop()
    order = listed(staff.get("/admin/registration/quota/"))
    assert order[:3] + order[-3:] == ["หน่วยงานส่วนกลาง", "กระบี่", "กรุงเทพมหานคร", "อุบลราชธานี", "1. หัวข้อที่ 1", "2. หัวข้อที่ 2"]
    assert len(order) == 80


@pytest.mark.parametrize("people", [1, 3])
def test_the_list_of_quotas_costs_the_same_queries_for_one_and_for_three(staff, people, django_assert_num_queries):
    workshop = make_workshop(tracks=people)
    for code in ["55", "50", "57"][:people]:
        seats_of(workshop, code, capacity=0)
        make_participant(workshop, code)
    with django_assert_num_queries(17):
        response = staff.get(QUOTAS)
    assert len(listed(response)) == 78 + people


def test_the_places_of_one_quota_are_changed(staff):
    quota = seats_of(make_workshop())
    response = staff.post(f"{QUOTAS}{quota.pk}/change/", {"capacity": "30"})
    assert response.status_code == 302
    assert Quota.objects.get(pk=quota.pk).capacity == 30
    assert LogEntry.objects.get().get_change_message() == "Changed Places."


def test_fewer_places_than_are_taken_are_refused_beside_the_field_with_the_number(staff):
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    quota = seats_of(workshop)
    response = staff.post(f"{QUOTAS}{quota.pk}/change/", {"capacity": "2"})
    assert response.context["adminform"].form.errors == {
        "capacity": ["Nan: 3 places are already taken, so there cannot be fewer."],
    }
    assert 'value="2"' in response.content.decode()
    assert Quota.objects.get(pk=quota.pk).capacity == 25
    assert LogEntry.objects.count() == 0


def test_seats_must_have_a_limit_and_tracks_need_none(staff):
    workshop = make_workshop()
    seats, track = seats_of(workshop), tracks_of(workshop)[0].quota
    set_capacity(quota=track, capacity=5, by=SYSTEM, at=NOON)
    answers = [staff.post(f"{QUOTAS}{quota.pk}/change/", {"capacity": ""}).status_code for quota in (seats, track)]
    assert answers == [200, 302]
    assert [Quota.objects.get(pk=quota.pk).capacity for quota in (seats, track)] == [25, None]


def test_what_is_taken_cannot_be_posted(staff):
    quota = seats_of(make_workshop())
    staff.post(f"{QUOTAS}{quota.pk}/change/", {"capacity": "30", "taken": "9", "kind": "central"})
    quota.refresh_from_db()
    assert (quota.capacity, quota.taken, quota.kind) == (30, 0, "province")


def test_raised_places_go_to_those_who_wait(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    _holder, waiting = make_participant(workshop), make_participant(workshop)
    staff.post(f"{QUOTAS}{seats_of(workshop).pk}/change/", {"capacity": "2"})
    waiting.refresh_from_db()
    assert waiting.state == "confirmed"


def test_many_quotas_are_set_on_a_page_that_first_says_which(staff):
    workshop = make_workshop()
    chosen = [seats_of(workshop, code).pk for code in ("55", "50")]
    page = staff.post(QUOTAS, {"action": "set_places", "_selected_action": chosen})
    assert sorted(quota.name for quota in page.context["chosen"]) == ["Chiang Mai", "Nan"]
    assert Quota.objects.filter(capacity=30).count() == 0
    response = staff.post(QUOTAS, {"action": "set_places", "_selected_action": chosen, "capacity": "30", "places": "Set"}, follow=True)
    assert messages(response) == ["2 quotas now have 30 places each."]
    assert sorted(Quota.objects.filter(capacity=30).values_list("pk", flat=True)) == sorted(chosen)
    assert LogEntry.objects.count() == 2


def test_of_many_quotas_those_that_do_not_fit_are_left_and_asked_for_again(staff):
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    chosen = [seats_of(workshop, code).pk for code in ("55", "50")]
    sent = {"action": "set_places", "_selected_action": chosen, "capacity": "2", "places": "Set"}
    response = staff.post(QUOTAS, sent)
    assert messages(response) == ["1 quota now has 2 places."]
    assert [(quota.name, quota.taken, quota.capacity) for quota in response.context["chosen"]] == [("Nan", 3, 25)]
    assert response.context["form"].errors == {
        "capacity": ["The quotas below already have more people than that. They were left unchanged."],
    }
    assert [seats_of(workshop, code).capacity for code in ("55", "50")] == [25, 2]


@pytest.mark.parametrize("typed", ["", "-1", "many"])
def test_what_is_no_number_is_asked_for_again(staff, typed):
    quota = seats_of(make_workshop())
    response = staff.post(QUOTAS, {"action": "set_places", "_selected_action": [quota.pk], "capacity": typed, "places": "Set"})
    assert list(response.context["form"].errors) == ["capacity"]
    assert Quota.objects.get(pk=quota.pk).capacity == 25


def test_quotas_are_neither_added_nor_deleted(staff):
    quota = seats_of(make_workshop())
    assert staff.get(f"{QUOTAS}add/").status_code == 403
    assert staff.post(f"{QUOTAS}{quota.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Quota.objects.filter(pk=quota.pk).exists()


# Provinces and agencies


def test_other_names_of_a_province_are_typed_with_commas_and_then_understood(staff):
    nan = Province.objects.get(code="55")
    url = f"/en/admin/registration/province/{nan.pk}/change/"
    assert staff.post(url, {"aliases": "เมืองน่าน,  Nan City ,เมืองน่าน", "is_pilot": "on", "code": "99"}).status_code == 302
    nan.refresh_from_db()
    assert (nan.aliases, nan.code) == ("|เมืองน่าน|nan city|", "55")
    assert [Province.objects.named(name).get() for name in ("เมืองน่าน", "NAN CITY")] == [nan, nan]
    assert 'value="เมืองน่าน, nan city"' in staff.get(url).content.decode()


@pytest.mark.parametrize("name", ["กทม.", "เชียงใหม่", "chiang mai", "50"])
def test_a_name_that_means_another_province_is_refused(staff, name):
    nan = Province.objects.get(code="55")
    response = staff.post(f"/en/admin/registration/province/{nan.pk}/change/", {"aliases": name})
    [error] = response.context["adminform"].form.errors["aliases"]
    meant = Province.objects.named(name).get()
    assert error == f"“{name}” already means {meant.name_en}."


def test_provinces_are_in_thai_order_and_none_is_added_or_deleted(staff):
    order = [province.name_th for province in staff.get("/en/admin/registration/province/").context["cl"].result_list]
    assert (order[:2], len(order)) == (["กระบี่", "กรุงเทพมหานคร"], 77)
    assert staff.get("/en/admin/registration/province/add/").status_code == 403
    assert staff.post(f"/en/admin/registration/province/{Province.objects.first().pk}/delete/", {"post": "yes"}).status_code == 403


def test_an_agency_is_added_and_found_by_its_abbreviation(staff):
    staff.post("/en/admin/registration/agency/add/", {"name": "หน่วยงานสมมุติ", "abbreviation": "นสม."})
    found = staff.get("/en/admin/registration/agency/", {"q": "นสม."}).context["cl"].result_list
    assert [agency.name for agency in found] == ["หน่วยงานสมมุติ"]
    assert Agency.objects.filter(name="หน่วยงานสมมุติ").count() == 1


# Every page


@pytest.mark.parametrize(
    "path",
    [
        "",
        "registration/participant/",
        "registration/quota/",
        "registration/province/",
        "registration/agency/",
        "auth/user/",
        "django_tasks_database/dbtaskresult/",
    ],
)
def test_no_page_of_the_admin_has_inline_style_or_script(admin_client, path):
    make_participant(make_workshop())
    page = admin_client.get(f"/admin/{path}").content.decode()
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=|\son\w+=", page) == []


def test_the_admin_is_named_after_the_office_in_both_languages(admin_client):
    heads = [
        re.search(r'id="site-name"><a[^>]*>(.*?)</a>', admin_client.get(path).content.decode())[1] for path in ("/admin/", "/en/admin/")
    ]
    assert heads == ["SDG Localisation – สศช.", "SDG Localisation – NESDC"]


def test_everybody_is_seen_once(staff):
    """Filters that join days and tracks list nobody twice."""
    workshop = make_workshop(days=3)
    make_participant(workshop, tracks=tracks_of(workshop)[:1])
    day, track = workshop.days.first().date, tracks_of(workshop)[0].pk
    assert len(names(staff.get(PEOPLE, {"day": day.isoformat(), "track": track}))) == Participant.objects.count() == 1


def test_the_foot_of_the_admin_says_the_version(staff, settings):
    assert f"Version {settings.VERSION}" in staff.get("/en/admin/").content.decode()
