import datetime as dt
import re
from uuid import uuid4

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core import mail
from django.utils import timezone

from registration.actor import PARTICIPANT, SYSTEM, Actor
from registration.choices import State
from registration.errors import MailingSent, NobodyToWriteTo
from registration.links.signed import personal_token
from registration.mail import compose, outbox
from registration.mail.actions import mailings
from registration.mail.actions.mailings import queue_deliveries, send_failed_again, send_mailing, send_test, stop_mailing
from registration.models import Delivery, Mailing, Participant
from registration.operations import clock
from registration.seats.actions.moves import cancel, decline
from tests.factories import NOON, make_participant, make_workshop, tracks_of

pytestmark = pytest.mark.django_db

S = Delivery.State


def make_mailing(workshop, **fields) -> Mailing:
    texts = {"subject_th": "เรื่องห้องประชุม", "body_th": "ขอแจ้งให้ท่านทราบ", "created_at": NOON}
    chosen = {name: fields.pop(name) for name in ("provinces", "groups") if name in fields}
    mailing = Mailing.objects.create(workshop=workshop, **texts | fields)
    for name, rows in chosen.items():
        getattr(mailing, name).set(rows)
    return mailing


def make_crowd(workshop, count):
    """`count` confirmed people of Nan, copied from one who registered."""
    model = make_participant(workshop)
    day_ids = list(model.days.values_list("pk", flat=True))
    people = []
    for number in range(count - 1):
        person = Participant.objects.get(pk=model.pk)
        person.pk, person.code, person.email = None, f"C{number:06}", f"crowd{number}@example.org"
        person.submission = uuid4()
        people.append(person)
    Participant.objects.bulk_create(people)
    link = Participant.days.through
    link.objects.bulk_create(link(participant_id=p.pk, workshopday_id=d) for p in people for d in day_ids)


def states(mailing):
    return sorted(Delivery.objects.filter(mailing=mailing).values_list("state", flat=True))


def to_whom(mailing):
    return sorted(Delivery.objects.filter(mailing=mailing).values_list("email", flat=True))


def first_names(mailing):
    return sorted(mailing.audience().values_list("first_name", flat=True))


# Whom it goes to


@pytest.fixture
def people():
    """Two workshops; in the first, people of each kind by the name that says what they are."""
    workshop, other = make_workshop(), make_workshop()
    first, second = workshop.days.all()
    one, two = tracks_of(workshop)
    make_participant(workshop, "55", first_name="น่านหนึ่ง", days=[first], tracks=[one])
    make_participant(workshop, "55", first_name="น่านสอง", days=[second])
    make_participant(workshop, "50", first_name="เชียงใหม่", tracks=[two])
    make_participant(workshop, "80", first_name="นครศรี", days=[second])
    make_participant(workshop, "central", first_name="กลาง", days=[second])
    cancel(participant=make_participant(workshop, "55", first_name="ยกเลิก"), by=PARTICIPANT, at=NOON)
    decline(participant=make_participant(workshop, "55", first_name="ไม่รับ"), reason="-", by=SYSTEM, at=NOON)
    make_participant(other, "55", first_name="คนละโครงการ")
    waiting = make_participant(workshop, "55", first_name="รอ", days=[first])
    Participant.objects.filter(pk=waiting.pk).update(state=State.WAITLISTED, ticket=1)
    return workshop


def test_without_conditions_it_goes_to_all_who_are_confirmed(people):
    assert first_names(make_mailing(people)) == sorted(["น่านหนึ่ง", "น่านสอง", "เชียงใหม่", "นครศรี", "กลาง"])


def test_without_a_state_it_goes_to_nobody_whose_registration_ended(people):
    assert first_names(make_mailing(people, state="")) == sorted(["น่านหนึ่ง", "น่านสอง", "เชียงใหม่", "นครศรี", "กลาง", "รอ"])


def test_each_condition_narrows_the_audience(people):
    first, second = people.days.all()
    one, two = tracks_of(people)
    province = people.quotas.get(province__code="80").province
    chiang_mai = people.quotas.get(province__code="50").province
    central = people.groups.get(scope="central")
    expected = [
        ({"day": first}, ["น่านหนึ่ง", "เชียงใหม่"]),
        ({"day": second}, ["น่านสอง", "เชียงใหม่", "นครศรี", "กลาง"]),
        ({"track": one}, ["น่านหนึ่ง"]),
        ({"track": two}, ["เชียงใหม่"]),
        ({"state": State.WAITLISTED}, ["รอ"]),
        ({"region": "north"}, ["น่านหนึ่ง", "น่านสอง", "เชียงใหม่"]),
        ({"provinces": [province]}, ["นครศรี"]),
        ({"provinces": [province, chiang_mai]}, ["นครศรี", "เชียงใหม่"]),
        ({"groups": [central]}, ["กลาง"]),
        ({"groups": people.groups.all()}, ["น่านหนึ่ง", "น่านสอง", "เชียงใหม่", "นครศรี", "กลาง"]),
        ({"region": "north", "day": second, "state": ""}, ["น่านสอง", "เชียงใหม่"]),
        ({"region": "north", "provinces": [province]}, []),
    ]
    found = [first_names(make_mailing(people, **conditions)) for conditions, _names in expected]
    assert found == [sorted(names) for _conditions, names in expected]


# Sending


def test_sending_writes_no_mail_itself_and_the_worker_writes_all(django_assert_num_queries):
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    mailing = make_mailing(workshop)
    with django_assert_num_queries(7):
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    assert (mailing.sent_at, mailing.people, states(mailing)) == (NOON, 3, [])
    assert mailings.left_by_workers(NOON) == [mailing.pk]
    assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == 3
    assert to_whom(mailing) == sorted(workshop.participants.values_list("email", flat=True))
    mailing.refresh_from_db()
    assert (mailing.queued_at, mailing.people) == (NOON, 3)


def test_a_second_press_adds_nothing():
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON)
    with pytest.raises(MailingSent):
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == 0
    assert states(mailing) == [S.QUEUED]


def test_a_message_for_nobody_is_not_sent():
    mailing = make_mailing(make_workshop())
    with pytest.raises(NobodyToWriteTo):
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    mailing.refresh_from_db()
    assert mailing.sent_at is None


def test_a_worker_goes_on_where_a_dead_one_stopped(monkeypatch):
    monkeypatch.setattr(mailings, "PORTION", 2)
    workshop = make_workshop()
    for _i in range(5):
        make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    post_many, calls = outbox.post_many, []

    def die_at_the_second(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise KeyboardInterrupt
        post_many(*args, **kwargs)

    monkeypatch.setattr(outbox, "post_many", die_at_the_second)
    with pytest.raises(KeyboardInterrupt):
        queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON)
    assert len(states(mailing)) == 2
    assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == 3
    assert to_whom(mailing) == sorted(workshop.participants.values_list("email", flat=True))


def test_a_portion_costs_the_same_queries_however_many_people(django_assert_num_queries):
    workshop = make_workshop()
    make_participant(workshop)
    for expected in (1, 3):
        mailing = make_mailing(workshop)
        send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
        with django_assert_num_queries(12):
            assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == expected
        for _i in range(2):
            make_participant(workshop)


def test_only_one_worker_at_a_time_writes_a_message():
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    assert mailings.left_by_workers(NOON) == [mailing.pk]
    assert mailings.left_by_workers(NOON + dt.timedelta(seconds=119)) == []
    assert mailings.left_by_workers(NOON + dt.timedelta(seconds=120)) == [mailing.pk]


def test_1975_mails_stand_in_the_queue_after_one_press():
    workshop = make_workshop()
    make_crowd(workshop, 1975)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM)
    assert clock.start_mailings(timezone.now()) == 1
    assert queue_deliveries(mailing_id=mailing.pk, seconds=60) == 1975
    assert Delivery.objects.filter(mailing=mailing, state=S.QUEUED).count() == 1975
    assert clock.start_mailings(timezone.now() + dt.timedelta(hours=1)) == 0


@pytest.mark.parametrize("people", [3, 1975])
def test_the_press_asks_the_same_few_questions_for_three_as_for_1975_and_a_second_one_adds_nothing(
    client, people, django_assert_num_queries
):
    workshop = make_workshop()
    make_crowd(workshop, people)
    mailing = make_mailing(workshop)
    client.force_login(User.objects.create_superuser("staff"))
    ContentType.objects.get_for_model(Mailing)  # asked for once in a process
    with django_assert_num_queries(11):
        pressed = client.post(f"{PAGES}{mailing.pk}/send/")
    assert (pressed.status_code, Delivery.objects.filter(mailing=mailing).count()) == (302, 0)  # a worker writes them

    clock.start_mailings(timezone.now())
    queue_deliveries(mailing_id=mailing.pk, seconds=60)
    client.post(f"{PAGES}{mailing.pk}/send/")
    assert clock.start_mailings(timezone.now() + dt.timedelta(hours=1)) == 0
    shown = client.get(f"{PAGES}{mailing.pk}/progress/").context
    assert (Delivery.objects.filter(mailing=mailing).count(), shown["total"]) == (people, people)


def test_the_rest_can_be_stopped():
    workshop = make_workshop()
    for _i in range(4):
        make_participant(workshop)
    mailing = make_mailing(workshop)
    other = Delivery.objects.filter(mailing=None).count()
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON)
    rows = list(Delivery.objects.filter(mailing=mailing))
    for row, fields in zip(rows, [{"state": S.SENT}, {"state": S.SENDING, "attempted_at": NOON}, {"state": S.SENDING}, {}], strict=True):
        Delivery.objects.filter(pk=row.pk).update(**fields)
    assert stop_mailing(mailing=mailing, by=SYSTEM, at=NOON) == 2
    assert states(mailing) == sorted([S.SENDING, S.SENT, S.STOPPED, S.STOPPED])
    assert Delivery.objects.filter(mailing=None, state=S.QUEUED).count() == other
    assert stop_mailing(mailing=mailing, by=SYSTEM, at=NOON) == 0


def test_a_stopped_message_is_not_written_further():
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    stop_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    assert mailings.left_by_workers(NOON) == []
    assert queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON) == 0
    assert states(mailing) == []


def test_only_what_failed_is_sent_again():
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    queue_deliveries(mailing_id=mailing.pk, seconds=60, at=NOON)
    for row, state in zip(Delivery.objects.filter(mailing=mailing), [S.FAILED, S.UNKNOWN, S.SENT], strict=True):
        Delivery.objects.filter(pk=row.pk).update(state=state)
    assert send_failed_again(mailing=mailing, by=SYSTEM, at=NOON) == 1
    assert states(mailing) == sorted([S.QUEUED, S.UNKNOWN, S.SENT])


def test_who_cancelled_while_the_mail_waited_is_not_written_to():
    workshop = make_workshop()
    stays, goes = make_participant(workshop), make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    queue_deliveries(mailing_id=mailing.pk, seconds=60)
    cancel(participant=goes, by=PARTICIPANT, at=NOON)
    needed = {d.email: compose.is_needed(d, NOON) for d in Delivery.objects.filter(mailing=mailing)}
    assert needed == {stays.email: True, goes.email: False}


def test_it_is_written_down_who_sent_and_who_stopped():
    user = User.objects.create_user("staff", "staff@example.org")
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    send_mailing(mailing=mailing, by=Actor("staff", user), at=NOON)
    stop_mailing(mailing=mailing, by=Actor("staff", user), at=NOON)
    assert [entry.change_message for entry in LogEntry.objects.filter(user=user).order_by("pk")] == ["ส่งถึง 1 คน", "หยุดส่งที่เหลือ 0 ฉบับ"]


# How it reads


def composed(participant, **texts):
    mailing = make_mailing(participant.workshop, **texts)
    delivery = Delivery(message="announcement", participant=participant, mailing=mailing, email=participant.email)
    return compose.compose(delivery, at=NOON)


def body_of(message):
    """What stands between the greeting and the block about the person, in text and HTML."""
    html = str(message.alternatives[0][0])
    return message.body.split("\n\n")[1:-1], html


def test_what_is_left_open_is_filled_in_for_each_reader():
    workshop = make_workshop()
    person = make_participant(workshop, title="นาย", first_name="สมมุติ", last_name="ทดสอบดี", organisation_short="พช.")
    written = composed(person, subject_th="แจ้ง {name}", body_th="{zoom_name} / {code} / {province} / {workshop}")
    assert written.subject == "แจ้ง นายสมมุติ ทดสอบดี"
    assert written.body.split("\n\n")[1] == f"น่าน พช. นายสมมุติ / {person.code} / จังหวัดน่าน / การประชุมตัวอย่าง"


def test_each_reads_their_own_language_and_thai_where_there_is_no_english():
    workshop = make_workshop()
    english = make_participant(workshop, language="en")
    both = {"subject_th": "เรื่อง", "body_th": "ข้อความ", "subject_en": "Subject", "body_en": "Text"}
    assert composed(english, **both).subject == "Subject"
    assert composed(english).subject == "เรื่องห้องประชุม"
    assert composed(make_participant(workshop), **both).subject == "เรื่อง"


def test_a_name_never_becomes_markup_a_link_or_a_placeholder():
    workshop = make_workshop()
    person = make_participant(workshop)
    person.first_name, person.last_name = "<b>evil.example", "{link}"  # refused at every door; what is there already is data
    person.save(update_fields=["first_name", "last_name"])
    written = composed(person, body_th="เรียน {name}")
    html = written.alternatives[0][0]
    assert "<b>" not in html
    assert "&lt;b&gt;evil.\u200bexample {link}" in html
    assert written.body.split("\n\n")[1] == "เรียน นาย<b>evil.\u200bexample {link}"


def test_addresses_of_the_staff_are_links_and_lines_stay_lines():
    workshop = make_workshop()
    written = composed(make_participant(workshop), body_th="ดูที่ https://www.example.org/a?b=1&c=2.\nบรรทัดสอง\n\nย่อหน้าสอง <i>")
    html = written.alternatives[0][0]
    assert 'href="https://www.example.org/a?b=1&amp;c=2"' in html
    assert "c=2</a>.<br>บรรทัดสอง</p>" in re.sub(r"</?span[^>]*>", "", html)
    assert "ย่อหน้าสอง &lt;i&gt;</p>" in html


def test_a_test_goes_to_whoever_asked_and_its_links_open_nothing():
    user = User.objects.create_user("staff", "staff@example.org")
    workshop = make_workshop()
    reader = make_participant(workshop)
    mailing = make_mailing(workshop, body_th="ลิงก์ของท่าน {link}", subject_en="Subject", body_en="Yours {link}")
    send_test(mailing=mailing, reader=reader, user=user, at=NOON)
    tests = list(Delivery.objects.filter(mailing=mailing).order_by("pk"))
    assert [test.email for test in tests] == ["staff@example.org"] * 2
    written = [compose.compose(test) for test in tests]
    assert [one.subject for one in written] == ["[ทดสอบ] เรื่องห้องประชุม", "[Test] Subject"]
    assert [one.to for one in written] == [["staff@example.org"]] * 2
    assert [personal_token(reader) in one.body + one.alternatives[0][0] for one in written] == [False, False]
    assert states(mailing) == [S.QUEUED, S.QUEUED]
    send_mailing(mailing=mailing, by=SYSTEM, at=NOON)
    queue_deliveries(mailing_id=mailing.pk, seconds=60)
    assert Delivery.objects.filter(mailing=mailing, message="announcement").count() == 1


# The pages

PAGES = "/en/admin/registration/mailing/"


def staff_with(*permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def staff(client):
    client.force_login(staff_with("view_mailing", "add_mailing", "change_mailing", "delete_mailing", "send_mailing"))
    return client


ANSWERS = {"subject_th": "เรื่อง", "body_th": "ข้อความ {name}", "subject_en": "", "body_en": "", "state": "confirmed"}


def test_a_written_message_is_looked_at_before_it_is_sent(staff):
    workshop = make_workshop()
    for code in ("55", "55", "50", "central"):
        make_participant(workshop, code)
    response = staff.post(f"{PAGES}add/", ANSWERS)
    mailing = Mailing.objects.get()
    assert response.headers["Location"] == f"{PAGES}{mailing.pk}/review/"
    page = staff.get(response.headers["Location"])
    assert page.context["people"] == 4
    assert [(place["name"], place["n"]) for place in page.context["places"]] == [("Central agencies", 1), ("Chiang Mai", 1), ("Nan", 2)]
    people = list(workshop.participants.order_by("pk"))
    assert [shown["reader"] for shown in page.context["mails"]] == [people[0], people[2], people[3]]
    assert (mailing.created_by.username, mailing.workshop, Delivery.objects.filter(mailing=mailing).count()) == ("staff", workshop, 0)


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        (
            {"body_th": "เรียน {nmae}"},
            "body_th",
            "“{nmae}” cannot be filled in. You may use: {name} {zoom_name} {code} {province} {workshop} {link}.",
        ),
        (
            {"body_th": "{name.__class__}"},
            "body_th",
            "“{name.__class__}” cannot be filled in. You may use: {name} {zoom_name} {code} {province} {workshop} {link}.",
        ),
        ({"body_th": "เรียน {name"}, "body_th", "There is a “{” without its other half."),
        ({"subject_th": "ที่ {link}"}, "subject_th", "“{link}” belongs in the text, not in the subject."),
        ({"body_th": "https://example.org/?c={code}"}, "body_th", "Put a space between an address and a placeholder."),
        ({"subject_en": "Only this"}, "body_en", "Write both subject and text in English, or neither."),
        ({"body_en": "Only this"}, "subject_en", "Write both subject and text in English, or neither."),
    ],
)
def test_what_cannot_be_sent_is_refused_in_words(staff, answers, field, words):
    make_workshop()
    response = staff.post(f"{PAGES}add/", ANSWERS | answers)
    assert response.context["adminform"].form.errors == {field: [words]}
    assert Mailing.objects.count() == 0


def test_without_a_workshop_there_is_nothing_to_write_about(staff):
    page = staff.get(f"{PAGES}add/", follow=True)
    assert [str(message) for message in page.context["messages"]] == ["There is no workshop to write about yet."]


def test_another_workshops_days_tracks_and_groups_are_no_choices(staff):
    other = make_workshop()
    workshop = make_workshop()
    answers = {"day": other.days.first().pk, "track": tracks_of(other)[0].pk, "groups": other.groups.first().pk}
    response = staff.post(f"{PAGES}add/?workshop={workshop.slug}", ANSWERS | answers)
    assert set(response.context["adminform"].form.errors) == {"day", "track", "groups"}


def test_pressing_send_twice_sends_once(staff):
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    for words in ([], ["This message has already been sent; nothing was sent twice."]):
        page = staff.post(f"{PAGES}{mailing.pk}/send/", follow=True)
        assert page.redirect_chain == [(f"{PAGES}{mailing.pk}/progress/", 302)]
        assert [str(message) for message in page.context["messages"]] == words
        queue_deliveries(mailing_id=mailing.pk, seconds=60)
    assert states(mailing) == [S.QUEUED]


def test_the_press_answers_with_the_same_queries_however_many_people(staff, django_assert_num_queries):
    workshop = make_workshop()
    make_participant(workshop)
    for _round in range(2):
        mailing = make_mailing(workshop)
        with django_assert_num_queries(13):
            staff.post(f"{PAGES}{mailing.pk}/send/")
        for _i in range(2):
            make_participant(workshop)


def test_the_progress_adds_up_and_moves_until_all_is_done(staff, django_assert_num_queries):
    workshop = make_workshop()
    for _i in range(3):
        make_participant(workshop)
    mailing = make_mailing(workshop)
    staff.post(f"{PAGES}{mailing.pk}/send/")

    def progress():
        with django_assert_num_queries(11):
            context = staff.get(f"{PAGES}{mailing.pk}/progress/").context
        return context["unwritten"], context["waiting"], context["done"], context["total"], context["is_moving"]

    assert progress() == (3, 3, 0, 3, True)
    queue_deliveries(mailing_id=mailing.pk, seconds=60)
    assert progress() == (0, 3, 0, 3, True)
    first = Delivery.objects.filter(mailing=mailing).first()
    Delivery.objects.filter(pk=first.pk).update(state=S.FAILED)
    assert progress() == (0, 2, 1, 3, True)
    Delivery.objects.filter(mailing=mailing).exclude(pk=first.pk).update(state=S.SENT)
    assert progress() == (0, 0, 3, 3, False)
    assert "hx-trigger" not in staff.get(f"{PAGES}{mailing.pk}/progress/").content.decode()


def test_htmx_gets_the_moving_part_alone(staff):
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    staff.post(f"{PAGES}{mailing.pk}/send/")
    part = staff.get(f"{PAGES}{mailing.pk}/progress/", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section class="mailing-progress"')


def test_a_sent_message_is_not_changed_or_deleted(staff):
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    staff.post(f"{PAGES}{mailing.pk}/send/")
    assert (
        staff.post(f"{PAGES}{mailing.pk}/change/", ANSWERS | {"subject_th": "อื่น"}).headers["Location"] == f"{PAGES}{mailing.pk}/progress/"
    )
    assert staff.post(f"{PAGES}{mailing.pk}/delete/", {"post": "yes"}).status_code == 403
    mailing.refresh_from_db()
    assert mailing.subject_th == "เรื่องห้องประชุม"


def test_a_test_mail_goes_to_the_one_who_asks(staff):
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    page = staff.post(f"{PAGES}{mailing.pk}/test/", follow=True)
    assert [str(message) for message in page.context["messages"]] == ["The test is on its way to staff@example.org."]
    outbox.send_due("worker", seconds=10)
    assert [one.subject for one in mail.outbox if one.to == ["staff@example.org"]] == ["[ทดสอบ] เรื่องห้องประชุม"]


POSTS = ["test", "send", "stop", "again"]


def test_who_may_only_read_sends_nothing(client):
    client.force_login(staff_with("view_mailing", "add_mailing", "change_mailing"))
    workshop = make_workshop()
    make_participant(workshop)
    mailing = make_mailing(workshop)
    assert client.get(f"{PAGES}{mailing.pk}/review/").status_code == 200
    assert [client.post(f"{PAGES}{mailing.pk}/{name}/").status_code for name in POSTS] == [403] * 4
    mailing.refresh_from_db()
    assert (mailing.sent_at, Delivery.objects.filter(mailing=mailing).count()) == (None, 0)


def test_without_the_permission_no_page_opens(client):
    client.force_login(staff_with("view_participant", "send_mailing"))
    workshop = make_workshop()
    reader = make_participant(workshop)
    mailing = make_mailing(workshop)
    pages = ["", "add/", f"{mailing.pk}/change/", f"{mailing.pk}/review/", f"{mailing.pk}/review/{reader.pk}/", f"{mailing.pk}/progress/"]
    assert [client.get(PAGES + page).status_code for page in pages] == [403] * 6
    assert [client.post(f"{PAGES}{mailing.pk}/{name}/").status_code for name in POSTS] == [403] * 4


def test_nothing_is_sent_by_looking(staff):
    mailing = make_mailing(make_workshop())
    assert [staff.get(f"{PAGES}{mailing.pk}/{name}/").status_code for name in POSTS] == [405] * 4


def test_only_readers_are_shown(staff):
    workshop, other = make_workshop(), make_workshop()
    stranger = make_participant(other)
    mailing = make_mailing(workshop)
    assert staff.get(f"{PAGES}{mailing.pk}/review/{stranger.pk}/").status_code == 404
