import datetime as dt
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.utils import timezone

from registration.models import Delivery, Event, Participant
from tests.factories import make_answers, make_participant, make_workshop, seats_of, tracks_of

pytestmark = pytest.mark.django_db

ADD = "/en/admin/registration/participant/add/"


def sign_in(client, *permissions):
    user = User.objects.create_user("staff", "staff@example.org", "plainly-invented", is_staff=True, first_name="สมศรี")
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    client.force_login(user)
    return client


@pytest.fixture
def staff(client):
    return sign_in(client, "view_participant", "add_participant")


def answers(workshop, **changes):
    return make_answers(workshop, **{"language": "th", "consent": "on", **changes})


def told(response):
    return [str(message) for message in response.context["messages"]]


def faults(response):
    return {name: [re.sub("<[^>]+>", "", str(words)) for words in found] for name, found in response.context["form"].errors.items()}


def test_it_leads_to_the_person_and_tells_which_mail_is_on_its_way(staff):
    workshop = make_workshop()
    response = staff.post(ADD, answers(workshop, email="phoned@example.org"), follow=True)
    person = Participant.objects.get()
    assert response.redirect_chain == [(f"/en/admin/registration/participant/{person.pk}/change/", 302)]
    sent = "นายสมมุติ ทดสอบดี is registered: Confirmed. On its way to phoned@example.org: Confirmation of the seat."
    assert told(response) == [sent]


def test_history_says_who_registered_the_person_and_that_the_notice_was_read_out(staff):
    response = staff.post(ADD, answers(make_workshop()), follow=True)
    event = Event.objects.get()
    assert (event.verb, event.actor.username, event.actor_kind) == ("registered", "staff", "staff")
    page = response.content.decode()
    assert page.count("Registered – Confirmed – the privacy notice was read out") == 1


def test_the_person_is_written_to_in_the_language_that_was_chosen(staff):
    staff.post(ADD, answers(make_workshop(), language="en"))
    assert Participant.objects.get().language == "en"


def test_without_the_notice_read_out_or_an_address_nobody_is_registered(staff):
    response = staff.post(ADD, answers(make_workshop(), consent=None, email=""))
    assert faults(response) == {
        "consent": ["Read the privacy notice out, then tick this box."],
        "email": ["Enter the e-mail address for the meeting link."],
    }
    assert Participant.objects.count() == 0


def test_what_was_typed_is_still_there_beside_what_is_wrong(staff):
    page = staff.post(ADD, answers(make_workshop(), phone="12")).content.decode()
    assert 'value="สำนักงานพัฒนาชุมชนจังหวัดน่าน"' in page
    assert page.count('<ul class="errorlist"') == 1


def test_a_full_province_is_told_and_the_waiting_list_is_a_choice(staff):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    make_participant(workshop)
    response = staff.post(ADD, answers(workshop))
    assert faults(response) == {"waitlist_ok": ["All seats of Nan province are taken. Tick this box if the person wants to wait for one."]}
    staff.post(ADD, answers(workshop, waitlist_ok="on"))
    assert Participant.objects.latest("pk").state == "waitlisted"


def test_a_seat_that_was_taken_meanwhile_is_told_too(staff, monkeypatch):
    workshop = make_workshop()
    seats_of(workshop, capacity=1)
    make_participant(workshop)
    monkeypatch.setattr("registration.models.Quota.is_full", False)  # as it was when the form was read
    response = staff.post(ADD, answers(workshop))
    assert list(faults(response)) == ["waitlist_ok"]
    assert Participant.objects.count() == 1


def test_a_full_topic_is_told(staff):
    workshop = make_workshop()
    track = tracks_of(workshop)[0]
    track.quota.capacity = 0
    track.quota.save()
    response = staff.post(ADD, answers(workshop))
    assert faults(response) == {f"track_{track.item_id}": ["The topic that you chose is full now. Choose another one, or choose later."]}


def test_an_address_that_is_registered_already_leads_to_that_person_and_sends_nothing(staff):
    workshop = make_workshop()
    known = make_participant(workshop, "50", email="known@example.org")
    Delivery.objects.all().delete()
    response = staff.post(ADD, answers(workshop, email="known@example.org"))
    assert faults(response) == {"email": [f"This address is registered already: {known.full_name}, Chiang Mai, Confirmed."]}
    assert f'<a href="/en/admin/registration/participant/{known.pk}/change/">' in response.content.decode()
    assert Delivery.objects.count() == 0


def test_who_may_not_see_people_is_not_told_who_has_the_address(client):
    sign_in(client, "add_participant")
    workshop = make_workshop()
    known = make_participant(workshop, email="known@example.org", first_name="ลับเฉพาะ")
    response = client.post(ADD, answers(workshop, email="known@example.org"))
    assert faults(response) == {"email": ["Somebody is already registered with this address."]}
    assert known.first_name not in response.content.decode()


@pytest.mark.parametrize(
    ("window", "said"),
    [
        ({"registration_closes_at": timezone.now() - dt.timedelta(days=1)}, "The office may still register people."),
        ({"registration_opens_at": timezone.now() + dt.timedelta(days=1)}, "The office may register people before."),
    ],
)
def test_the_office_registers_before_and_after_the_time_of_the_public_and_is_told_so(staff, window, said):
    workshop = make_workshop(**window)
    assert said in staff.get(ADD).content.decode()
    staff.post(ADD, answers(workshop))
    assert Participant.objects.get().state == "confirmed"


def test_whom_the_office_registers_needs_no_approval_and_no_link_of_the_province(staff):
    workshop = make_workshop(decision="province_first", entry="province_link")
    assert "the province is not asked first" in staff.get(ADD).content.decode()
    staff.post(ADD, answers(workshop))
    assert Participant.objects.get().state == "confirmed"


def test_sent_twice_registers_once(staff):
    sent = answers(make_workshop())
    assert staff.post(ADD, sent).headers["Location"] == staff.post(ADD, sent).headers["Location"]
    assert (Participant.objects.count(), Delivery.objects.count()) == (1, 1)


def test_somebody_of_the_same_name_is_pointed_to(staff):
    workshop = make_workshop()
    make_participant(workshop, "50", first_name="สมมุติ", last_name="ทดสอบดี")
    response = staff.post(ADD, answers(workshop), follow=True)
    assert told(response)[1:] == ["Somebody with the same name or phone is registered too. Compare them below."]


def test_the_list_lends_its_workshop_and_province(staff):
    workshop, _other = make_workshop(title_en="This one"), make_workshop(title_en="The other one")
    response = staff.get(ADD, {"_changelist_filters": f"workshop={workshop.slug}&province=50"})
    assert (response.context["workshop"], response.context["form"]["province"].value()) == (workshop, "50")
    assert 'href="?workshop=' in response.content.decode()


def test_every_question_of_the_public_form_is_on_the_page(staff):
    make_workshop()
    form = staff.get(ADD).context["form"]
    shown = [field.name for _title, fields in form.sections() for field in fields]
    assert sorted(shown) == sorted(form.fields)


def test_where_there_is_no_workshop_nobody_is_asked_anything(staff):
    assert told(staff.get(ADD, follow=True)) == ["There is no workshop in which somebody could be registered."]


def test_the_list_offers_the_page_to_who_may_add_people_and_to_nobody_else(client):
    sign_in(client, "view_participant", "change_participant")
    make_workshop()
    assert (client.get(ADD).status_code, client.post(ADD).status_code) == (403, 403)
    assert "/participant/add/" not in client.get("/en/admin/registration/participant/").content.decode()
    User.objects.get().user_permissions.add(Permission.objects.get(codename="add_participant"))
    assert "/participant/add/" in client.get("/en/admin/registration/participant/").content.decode()
