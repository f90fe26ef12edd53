"""A coordinator writes to all or some of their own people, through the outbox, once."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from registration.actor import PARTICIPANT
from registration.mail import compose
from registration.mail.actions.mailings import left_by_workers, queue_deliveries
from registration.models import AuditEvent, Delivery, Mailing
from registration.office.mailings.words import audience_in_words
from registration.seats.actions.moves import cancel
from tests.factories import NOON, make_coordinator, make_participant, make_workshop, seats_of

pytestmark = pytest.mark.django_db

TEXT = {"subject_th": "นัดหมายของจังหวัด", "body_th": "เรียนเชิญ {name} พร้อมกันที่ห้องประชุม"}


@pytest.fixture
def workshop():
    return make_workshop()


@pytest.fixture
def coordinator(client, workshop):
    coordinator = make_coordinator(workshop)
    client.force_login(coordinator.user)
    return coordinator


@pytest.fixture
def write(client, workshop, coordinator):
    """Writes to `people`, and answers with the response."""

    def written(people, query="", **changes):
        address = reverse("desk_write", args=[workshop.slug, "55"]) + query
        return client.post(address, TEXT | {"to": [person.code for person in people]} | changes)

    return written


def send(client, mailing, name="send"):
    return client.post(reverse("desk_mailing", args=[mailing.workshop.slug, "55", mailing.pk]), {name: ""})


def queue():
    for pk in left_by_workers(NOON.replace(year=2999)):
        queue_deliveries(mailing_id=pk, seconds=5)


def announced():
    return list(Delivery.objects.filter(message="announcement").order_by("participant").values_list("participant", flat=True))


def test_it_is_looked_at_and_then_sent_to_those_who_were_chosen(client, write, workshop, coordinator):
    people = [make_participant(workshop, first_name=name) for name in ("กานดา", "ขวัญใจ", "คนดี")]
    make_participant(workshop, "56")
    response = write(people[:2])
    mailing = Mailing.objects.get()
    page = client.get(response.url)
    assert [mail["reader"] for mail in page.context["mails"]] == people[:2]
    assert "เรียนเชิญ นายกานดา ทดสอบดี พร้อมกันที่ห้องประชุม" in page.context["mails"][0]["text"]
    assert announced() == []
    send(client, mailing)
    queue()
    assert announced() == [person.pk for person in people[:2]]
    assert AuditEvent.objects.filter(what="mailing", actor=coordinator.user, quota=seats_of(workshop)).get().count == 2


def test_twice_pressed_adds_nothing(client, write, workshop, coordinator):
    person = make_participant(workshop)
    write([person])
    for _i in range(2):
        assert send(client, Mailing.objects.get()).status_code == 302
    queue()
    assert (announced(), AuditEvent.objects.filter(what="mailing").count()) == ([person.pk], 1)


def test_the_mail_says_which_province_writes_and_how_they_are_called(client, write, workshop, coordinator):
    coordinator.phone = "+66812345678"
    coordinator.save()
    write([make_participant(workshop)])
    send(client, Mailing.objects.get())
    queue()
    mail = compose.compose(Delivery.objects.get(message="announcement"))
    words = "ผู้ประสานงานจังหวัดน่าน นางสาวสมหญิง สมมุติ โทร. 081 234 5678"
    read = " ".join(re.sub(r"<[^>]*>", "", str(mail.alternatives[0][0])).split())
    assert words in mail.body and words in read


def test_the_office_reads_whose_message_it_is(write, workshop, coordinator):
    write([make_participant(workshop)])
    with translation.override("th"):
        assert audience_in_words(Mailing.objects.get())[-1] == "ผู้ที่หน้าประสานงานจังหวัดน่านเลือก"


def test_the_filters_of_the_list_say_to_whom(client, workshop, coordinator):
    seats_of(workshop, capacity=1)
    first, second, third = (make_participant(workshop) for _i in range(3))
    cancel(participant=third, by=PARTICIPANT)
    page = client.get(reverse("desk_write", args=[workshop.slug, "55"]) + "?state=waitlisted")
    assert page.context["readers"] == [second]
    everybody = client.get(reverse("desk_write", args=[workshop.slug, "55"]))
    assert ({person.pk for person in everybody.context["readers"]}, everybody.context["left_out"]) == ({first.pk, second.pk}, 1)


def test_those_ticked_in_the_list_come_along(client, workshop, coordinator):
    people = [make_participant(workshop) for _i in range(3)]
    keys = [f"{person.code}:confirmed" for person in people[:2]]
    answer = client.post(reverse("desk_decide", args=[workshop.slug, "55"]), {"verb": "write", "people": keys})
    assert {person.pk for person in client.get(answer.url).context["readers"]} == {person.pk for person in people[:2]}
    by_script = client.post(
        reverse("desk_decide", args=[workshop.slug, "55"]), {"verb": "write", "people": keys}, headers={"HX-Request": "true"}
    )
    assert by_script.headers["HX-Redirect"] == answer.url


def test_who_cancelled_meanwhile_is_not_written_to(client, write, workshop, coordinator):
    people = [make_participant(workshop) for _i in range(2)]
    write(people)
    cancel(participant=people[0], by=PARTICIPANT)
    send(client, Mailing.objects.get())
    queue()
    assert announced() == [people[1].pk]


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"subject_th": ""}, "subject_th"),
        ({"body_th": "{nobody}"}, "body_th"),
        ({"subject_en": "Only this"}, "body_en"),
        ({"to": []}, "to"),
    ],
)
def test_what_cannot_be_sent_is_said_at_its_place(write, workshop, changes, fault):
    response = write([make_participant(workshop)], **changes)
    assert (list(response.context["form"].errors), Mailing.objects.count()) == ([fault], 0)


def test_another_provinces_people_are_never_reached(client, write, workshop, coordinator):
    other = make_participant(workshop, "56", first_name="ลับเฉพาะ")
    own = make_participant(workshop)
    page = write([other], query=f"?people={other.code}&people={own.code}")
    assert (page.status_code, list(page.context["form"].errors)) == (200, ["to"])
    assert "ลับเฉพาะ" not in page.content.decode()
    write([own])
    mailing = Mailing.objects.get()
    Mailing.objects.update(chosen=[own.pk, other.pk])
    mailing.refresh_from_db()
    assert list(mailing.audience()) == [own]
    client.force_login(make_coordinator(workshop, "56").user)
    for code in ("55", "56"):
        assert client.get(reverse("desk_mailing", args=[workshop.slug, code, mailing.pk])).status_code == 404


def test_a_message_is_thrown_away_until_it_is_sent(client, write, workshop, coordinator):
    write([make_participant(workshop)])
    mailing = Mailing.objects.get()
    assert send(client, mailing, "discard").url == reverse("desk", args=[workshop.slug, "55"])
    assert Mailing.objects.count() == 0
    write([make_participant(workshop)])
    mailing = Mailing.objects.get()
    send(client, mailing)
    send(client, mailing, "discard")
    assert Mailing.objects.get().sent_at is not None


def test_only_so_many_leave_a_desk_in_a_day(client, write, workshop, coordinator, limits):
    person = make_participant(workshop)
    for _i in range(11):
        write([person])
    answers = [send(client, mailing).status_code for mailing in Mailing.objects.order_by("pk")]
    assert answers == [302] * 10 + [429]


def test_twenty_five_and_five_hundred_cost_the_same(client, workshop, coordinator, django_assert_max_num_queries):
    seats_of(workshop, capacity=40)
    for _i in range(3):
        make_participant(workshop)
    path = reverse("desk_write", args=[workshop.slug, "55"])
    with django_assert_max_num_queries(20) as few:
        client.get(path)
    for _i in range(20):
        make_participant(workshop)
    with django_assert_max_num_queries(len(few.captured_queries)):
        client.get(path)
