"""Into the desk: by a mailed link that works once, by a password, and not by guessing."""

import datetime as dt
import re

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from registration.coordinators.actions import invite, send_password_link
from registration.mail import compose
from registration.models import Delivery
from registration.security import rate_limits, sign_in
from tests.factories import make_coordinator, make_workshop, work_off

pytestmark = pytest.mark.django_db

PASSWORD = "plainly-invented-2565"


@pytest.fixture
def coordinator():
    coordinator = make_coordinator(make_workshop(), email="nan@example.org")
    coordinator.user.set_password(PASSWORD)
    coordinator.user.save()
    return coordinator


def path_of(url):
    return url.removeprefix("http://localhost:8000")


def link_to(user):
    return path_of(sign_in.link_url(User.objects.get(pk=user.pk)))


def who(client):
    return client.session.get("_auth_user_id")


def later(monkeypatch, **passed):
    """The clock of the signatures, moved on."""
    import time

    now = time.time() + dt.timedelta(**passed).total_seconds()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now)


def test_the_link_asks_before_it_signs_in(client, coordinator):
    link = link_to(coordinator.user)
    asked = client.get(link)
    assert (asked.status_code, who(client)) == (200, None)
    signed_in = client.post(link)
    assert (signed_in.headers["Location"], who(client)) == ("/desk/", str(coordinator.user.pk))


def test_the_link_works_once(client, coordinator):
    link = link_to(coordinator.user)
    client.post(link)
    client.logout()
    assert [client.get(link).status_code, client.post(link).status_code] == [410, 410]
    assert who(client) is None


def test_of_two_who_use_a_link_at_once_one_gets_in(coordinator, monkeypatch):
    """Both were asked, and both found the link unused; the database lets one through."""
    token = link_to(coordinator.user).split("/")[-2]
    unused = sign_in.user_of_token(token)
    monkeypatch.setattr(sign_in, "user_of_token", lambda token: unused)
    assert [sign_in.use_link(token), sign_in.use_link(token)] == [coordinator.user, None]


def test_signing_in_by_password_ends_links_that_are_out(client, coordinator):
    link = link_to(coordinator.user)
    client.force_login(coordinator.user)
    assert client.post(link).status_code == 410


def test_a_new_password_ends_links_that_are_out(client, coordinator):
    link = link_to(coordinator.user)
    coordinator.user.set_password("another-invented-one")
    coordinator.user.save()
    assert client.post(link).status_code == 410


@pytest.mark.parametrize(("minutes", "status"), [(29, 200), (31, 410)])
def test_the_link_works_for_half_an_hour(client, coordinator, monkeypatch, minutes, status):
    link = link_to(coordinator.user)
    later(monkeypatch, minutes=minutes)
    assert client.get(link).status_code == status


@pytest.mark.parametrize("token", ["x", "x.y.z", "ImEi.1.abc"])
def test_a_forged_link_is_as_dead_as_an_old_one(client, token):
    assert client.post(f"/desk/sign-in/{token}/").status_code == 410


def test_a_link_of_another_purpose_opens_nothing(client, coordinator):
    from django.core.signing import TimestampSigner

    token = TimestampSigner(salt="registration.new-email", sep=".").sign_object([coordinator.user.pk, "x"])
    assert client.post(f"/desk/sign-in/{token}/").status_code == 410


@pytest.mark.parametrize("end", ["switched off", "user closed", "made staff"])
def test_who_may_not_come_by_link_any_more_does_not(client, coordinator, end):
    link = link_to(coordinator.user)
    if end == "switched off":
        coordinator.is_active = False
        coordinator.save()
    else:
        User.objects.filter(pk=coordinator.user.pk).update(**{"user closed": {"is_active": False}, "made staff": {"is_staff": True}}[end])
    assert client.post(link).status_code == 410


def ask(client, email):
    return client.post("/desk/sign-in/", {"email": email})


def test_the_answer_is_the_same_whether_the_address_is_known_or_not(client, coordinator):
    answers = [ask(client, email) for email in ("nan@example.org", "nobody@example.org")]
    assert [(answer.status_code, answer.headers["Location"]) for answer in answers] == [(302, "/desk/sign-in/sent/")] * 2
    assert work_off() == ["send_sign_in_link"] * 2
    assert list(Delivery.objects.values_list("message", "email")) == [("coordinator_sign_in", "nan@example.org")]


def test_an_address_is_known_in_capitals_too(client, coordinator):
    ask(client, "NAN@Example.org")
    work_off()
    assert Delivery.objects.count() == 1


def test_staff_get_no_link_by_mail(client):
    """Otherwise a mailbox would open the admin."""
    staff = User.objects.create_superuser("boss", "boss@example.org")
    make_coordinator(make_workshop(), email=staff.email)
    ask(client, "boss@example.org")
    assert work_off() == ["send_sign_in_link"]
    assert not Delivery.objects.exists()


def test_no_address_is_asked_for_again_in_words(client):
    assert ask(client, "").context["link_form"].errors["email"] == ["โปรดกรอกอีเมล"]


def test_the_link_is_written_into_the_mail_and_nowhere_else(client, coordinator):
    ask(client, "nan@example.org")
    work_off()
    delivery = Delivery.objects.get()
    mail = compose.compose(delivery)
    [link] = re.findall(r"http://localhost:8000(/desk/sign-in/\S+)", mail.body)
    assert delivery.details == {"language": "th"}
    client.post(link)
    assert who(client) == str(coordinator.user.pk)


def test_a_mail_that_is_only_looked_at_has_links_that_open_nothing(client, coordinator):
    invite(coordinator=coordinator)
    mail = compose.compose(Delivery.objects.get(), for_show=True)
    [link] = re.findall(r"http://localhost:8000(/desk/password/\S+)", mail.body)
    assert client.get(link).context["validlink"] is False


def test_a_sign_in_mail_that_is_only_looked_at_signs_nobody_in(client, coordinator):
    ask(client, "nan@example.org")
    work_off()
    [link] = re.findall(r"http://localhost:8000(/desk/sign-in/\S+)", compose.compose(Delivery.objects.get(), for_show=True).body)
    assert client.post(link).status_code == 410


@pytest.mark.parametrize(
    ("language", "subject"), [("th", "ลิงก์เข้าสู่หน้าประสานงาน – การประชุมตัวอย่าง"), ("en", "Your sign-in link to the desk – Sample workshop")]
)
def test_the_mail_is_in_the_language_of_the_page_that_asked(client, coordinator, language, subject):
    client.post({"th": "/desk/sign-in/", "en": "/en/desk/sign-in/"}[language], {"email": "nan@example.org"})
    work_off()
    assert compose.compose(Delivery.objects.get()).subject == subject


def test_every_mail_to_coordinators_can_be_written(coordinator):
    invite(coordinator=coordinator)
    send_password_link(user=coordinator.user, language="en")
    for delivery in Delivery.objects.all():
        written = compose.compose(delivery)
        written.send()
    assert sorted(letter.subject for letter in mail.outbox) == [
        "Set a new password for the desk – Sample workshop",
        "เชิญเข้าใช้หน้าประสานงานจังหวัดน่าน – การประชุมตัวอย่าง",
    ]


# The password


def with_password(client, name="nan@example.org", password=PASSWORD, onward="", **headers):
    return client.post(f"/desk/sign-in/?next={onward}", {"username": name, "password": password}, headers=headers)


@pytest.mark.parametrize("name", ["nan@example.org", "NAN@example.org ", "Nan@Example.org"])
def test_the_password_is_the_other_way(client, coordinator, name):
    assert with_password(client, name).headers["Location"] == "/desk/"
    assert who(client) == str(coordinator.user.pk)


def test_a_wrong_password_says_what_else_can_be_done(client, coordinator):
    answer = with_password(client, password="wrong")
    assert answer.context["password_form"].non_field_errors() == ["อีเมลหรือรหัสผ่านไม่ถูกต้อง โปรดลองอีกครั้ง หรือขอลิงก์เข้าสู่ระบบทางอีเมล"]
    assert who(client) is None


def test_one_who_was_asked_to_sign_in_gets_where_they_wanted(client, coordinator):
    desk = f"/desk/{coordinator.quota.workshop.slug}/55/"
    assert client.get(desk).headers["Location"] == f"/desk/sign-in/?next={desk}"
    assert with_password(client, onward=desk).headers["Location"] == desk


@pytest.mark.parametrize("elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
def test_nobody_is_led_away_from_the_portal(client, coordinator, elsewhere):
    assert with_password(client, onward=elsewhere).headers["Location"] == "/desk/"


def test_signing_out_takes_a_post(client, coordinator):
    client.force_login(coordinator.user)
    assert (client.get("/desk/sign-out/").status_code, who(client)) == (405, str(coordinator.user.pk))
    client.post("/desk/sign-out/")
    assert who(client) is None


def test_an_invited_coordinator_sets_a_password_and_is_in(client, coordinator):
    first = client.get(path_of(sign_in.password_url(coordinator.user)))
    form = client.get(first.headers["Location"])
    assert (form.context["validlink"], who(client)) == (True, None)
    new = {"new_password1": "a-wholly-new-one", "new_password2": "a-wholly-new-one"}
    assert client.post(first.headers["Location"], new).headers["Location"] == "/desk/"
    assert who(client) == str(coordinator.user.pk)
    assert User.objects.get(pk=coordinator.user.pk).check_password("a-wholly-new-one")
    again = client.get(path_of(sign_in.password_url(coordinator.user)))
    assert again.context["validlink"] is False


def test_no_mailed_link_sets_the_password_of_staff(client):
    staff = User.objects.create_superuser("boss", "boss@example.org")
    assert client.get(path_of(sign_in.password_url(staff))).context["validlink"] is False


def test_who_is_in_may_ask_for_a_new_password(client, coordinator):
    client.force_login(coordinator.user)
    client.post("/desk/password/")
    assert list(Delivery.objects.values_list("message", "email")) == [("coordinator_password", "nan@example.org")]


# Guessing


@pytest.fixture
def guarded(settings):
    settings.AXES_ENABLED = True
    settings.PROXIES = 1


def guess(client, name, address, password="wrong"):
    return with_password(client, name, password, x_forwarded_for=address)


def test_wrong_passwords_lock_the_account_for_that_address_only(client, guarded, coordinator, settings):
    neighbour = make_coordinator(coordinator.quota.workshop, "56", email="phayao@example.org")
    neighbour.user.set_password(PASSWORD)
    neighbour.user.save()
    answers = [guess(client, "nan@example.org", "203.0.113.5").status_code for _i in range(settings.AXES_FAILURE_LIMIT)]
    assert answers == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    locked = guess(client, "NAN@example.org", "203.0.113.5", PASSWORD)
    assert (locked.status_code, locked.headers["Retry-After"], who(client)) == (429, "900", None)
    # A colleague in the same office, and the coordinator themselves from elsewhere, are not kept out.
    assert guess(client, "phayao@example.org", "203.0.113.5", PASSWORD).status_code == 302
    client.logout()
    assert guess(client, "nan@example.org", "198.51.100.7", PASSWORD).status_code == 302


def test_the_lock_opens_by_itself(client, guarded, coordinator, settings, monkeypatch):
    for _i in range(settings.AXES_FAILURE_LIMIT):
        guess(client, "nan@example.org", "203.0.113.5")
    from axes.models import AccessAttempt

    AccessAttempt.objects.update(attempt_time=timezone.now() - settings.AXES_COOLOFF_TIME - dt.timedelta(seconds=1))
    assert guess(client, "nan@example.org", "203.0.113.5", PASSWORD).status_code == 302


def test_a_locked_account_still_comes_in_by_mailed_link(client, guarded, coordinator, settings):
    for _i in range(settings.AXES_FAILURE_LIMIT):
        guess(client, "nan@example.org", "203.0.113.5")
    client.post(link_to(coordinator.user))
    assert who(client) == str(coordinator.user.pk)


def test_guessing_at_the_admin_is_locked_the_same_way(client, guarded, settings):
    User.objects.create_superuser("boss", "boss@example.org", PASSWORD)
    codes = [
        client.post("/admin/login/", {"username": "boss", "password": password}, headers={"x-forwarded-for": "203.0.113.5"}).status_code
        for password in ["wrong"] * settings.AXES_FAILURE_LIMIT + [PASSWORD]
    ]
    assert codes == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429, 429]


def test_one_line_with_all_its_addresses_of_ipv6_guesses_no_oftener(client, guarded, coordinator, settings):
    answers = [guess(client, "nan@example.org", f"2001:db8:0:1200::{n:x}").status_code for n in range(settings.AXES_FAILURE_LIMIT)]
    assert answers == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert guess(client, "nan@example.org", "2001:db8:0:1200:ffff::1", PASSWORD).status_code == 429
    assert guess(client, "nan@example.org", "2001:db8:0:1300::1", PASSWORD).status_code == 302


def test_all_networks_together_guess_slowly_and_lock_the_owner_out_of_none_of_theirs(client, guarded, coordinator, monkeypatch):
    monkeypatch.setattr(rate_limits, "GUESSES_AT_ACCOUNT", 10)
    assert guess(client, "nan@example.org", "192.0.2.7", PASSWORD).status_code == 302
    client.logout()
    answers = [guess(client, "nan@example.org", f"198.51.{n}.7").status_code for n in range(12)]
    assert answers == [200] * 10 + [429] * 2
    assert guess(client, "nan@example.org", "203.0.113.9", PASSWORD).status_code == 429
    assert guess(client, "nan@example.org", "192.0.2.99", PASSWORD).status_code == 302  # their office's


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 0, "192.0.2.1"),
        ("203.0.113.5", 0, "192.0.2.1"),  # nobody of ours wrote it
        ("203.0.113.5", 1, "203.0.113.5"),
        ("6.6.6.6, 203.0.113.5", 1, "203.0.113.5"),  # what a visitor claims stands in front
        ("203.0.113.5, 10.0.0.1", 2, "203.0.113.5"),
        ("nonsense", 1, "192.0.2.1"),
        ("2001:db8::1", 1, "2001:db8::1"),
    ],
)
def test_the_address_is_what_our_own_proxy_saw(rf, settings, forwarded, proxies, address):
    settings.PROXIES = proxies
    request = rf.get("/", headers={"x-forwarded-for": forwarded}, REMOTE_ADDR="192.0.2.1")
    assert sign_in.address_of(request) == address


@pytest.mark.parametrize("onward", ["desk", "สมชาย", "x:y", "?a=b", "desk/x", "//evil.example/", "https://evil.example/"])
def test_what_is_no_path_of_ours_leads_to_the_desks(client, coordinator, onward):
    client.force_login(coordinator.user)
    assert client.get("/desk/sign-in/", {"next": onward})["Location"] == "/desk/"
