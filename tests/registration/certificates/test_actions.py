"""Issuing: numbers without gaps or doubles, each person once, whatever dies in the middle."""

import datetime as dt
import json
import os
import signal
import time
from collections import Counter

import pytest
from django.db import connection
from django.utils import timezone

from registration.actor import Actor, ActorKind
from registration.certificates import actions
from registration.certificates.verification import CertificateStanding, verified
from registration.choices import WebhookEvent
from registration.models import Attendance, Certificate, CertificateLayout, CertificateRun, Delivery, WebhookDelivery
from registration.operations import jobs
from tests.factories import make_participant, make_workshop
from tests.registration.seats.test_concurrency import at_once
from tests.registration.webhooks.making import make_endpoint

STAFF = Actor(ActorKind.STAFF)


def workshop_with(people, *, minutes=60, **fields):
    """Its days have sixty minutes (the first 120); everybody was there on both."""
    workshop = make_workshop(tracks=0, **fields)
    actions.set_rule(workshop=workshop, days=2, percent=80, by=STAFF)
    layout = {
        "given_on": dt.date(2027, 3, 20),
        "title_th": "ได้เข้าร่วม",
        "signer_th": "นายสมมุติ",
        "post_th": "เลขาธิการ",
        "title_en": "x",
        "signer_en": "y",
    }
    actions.set_layout(workshop=workshop, values=layout, by=STAFF)
    return workshop, [attend(make_participant(workshop), minutes) for _n in range(people)]


def attend(person, minutes):
    Attendance.objects.bulk_create(
        Attendance(participant=person, day=day, minutes=minutes, source="report") for day in person.workshop.days.all()
    )
    return person


def issued(workshop):
    run = actions.order_issue(workshop=workshop, by=STAFF)
    actions.issue(run_id=run.pk, portion=2)
    return list(Certificate.objects.filter(workshop=workshop).order_by("number"))


@pytest.mark.django_db
class TestIssuing:
    @pytest.mark.parametrize("is_sealed", [False, True])
    def test_other_systems_are_told_of_each_once_it_is_let_out(self, monkeypatch, is_sealed):
        workshop, people = workshop_with(2)
        make_endpoint(events=[WebhookEvent.CERTIFICATE_ISSUED])
        if is_sealed:
            monkeypatch.setattr(actions.sealing, "is_sealing", lambda: True)
        issued(workshop)
        told = [json.loads(each)["data"] for each in WebhookDelivery.objects.order_by("pk").values_list("body", flat=True)]
        assert [(each["participant"], each["number"]) for each in told] == (
            [] if is_sealed else [(person.code, number) for number, person in enumerate(people, start=1)]
        )
        if is_sealed:
            actions._let_out([*Certificate.objects.to_seal()], [], timezone.now())
            assert WebhookDelivery.objects.count() == 2

    def test_everybody_who_fulfils_the_rule_gets_a_number_in_turn_and_a_mail(self):
        workshop, people = workshop_with(3)
        attend(make_participant(workshop), 40)
        certificates = issued(workshop)
        assert [each.number for each in certificates] == [1, 2, 3]
        assert {each.participant for each in certificates} == set(people)
        assert Delivery.objects.filter(message="certificate").count() == 3
        run = CertificateRun.objects.get()
        assert (run.state, run.expected, run.issued) == ("done", 3, 3)

    def test_provinces_follow_in_thai_order(self):
        workshop, people = workshop_with(0)
        for code in ("50", "55", "central"):
            attend(make_participant(workshop, code), 60)
        assert [each.participant.quota.code for each in issued(workshop)] == ["central", "50", "55"]

    def test_a_second_order_goes_on_where_the_first_ended(self):
        workshop, people = workshop_with(2)
        issued(workshop)
        attend(make_participant(workshop), 60)
        assert [each.number for each in issued(workshop)] == [1, 2, 3]

    def test_where_nobody_waits_there_is_nothing_to_issue(self):
        workshop, people = workshop_with(1)
        issued(workshop)
        with pytest.raises(actions.CertificatesNotReady):
            actions.order_issue(workshop=workshop, by=STAFF)

    def test_without_a_rule_or_a_layout_nothing_is_issued(self):
        workshop, people = workshop_with(1)
        CertificateLayout.objects.all().delete()
        with pytest.raises(actions.CertificatesNotReady):
            actions.order_issue(workshop=workshop, by=STAFF)

    def test_what_a_killed_worker_had_not_finished_was_never_there(self, monkeypatch):
        workshop, people = workshop_with(5)
        run = actions.order_issue(workshop=workshop, by=STAFF)
        post_many = actions.outbox.post_many

        def dies(*args, **options):
            if Certificate.objects.count() >= 4:
                raise KeyboardInterrupt
            post_many(*args, **options)

        monkeypatch.setattr(actions.outbox, "post_many", dies)
        with pytest.raises(KeyboardInterrupt):
            actions.issue(run_id=run.pk, portion=2)
        assert [each.number for each in Certificate.objects.all()] == [1, 2]
        monkeypatch.undo()
        assert actions.issue(run_id=run.pk) == 0, "somebody is at it, as far as one knows"
        later = timezone.now() + jobs.LEASE
        assert actions.left_by_workers(later) == [run.pk]
        actions.issue(run_id=run.pk, at=later)
        assert [each.number for each in Certificate.objects.all()] == [1, 2, 3, 4, 5]
        assert Counter(Certificate.objects.values_list("participant", flat=True)) == Counter(person.pk for person in people)

    def test_a_new_layout_leaves_certificates_that_are_out_alone(self):
        workshop, people = workshop_with(1)
        (before,) = issued(workshop)
        actions.set_layout(workshop=workshop, values={"signer_th": "นางใหม่"}, by=STAFF)
        assert Certificate.objects.get(pk=before.pk).snapshot["signer"] == "นายสมมุติ"


@pytest.mark.django_db
class TestAfterwards:
    @pytest.fixture
    def certificate(self):
        workshop, people = workshop_with(1)
        return issued(workshop)[0]

    def test_a_corrected_name_is_a_new_edition_under_the_same_number(self, certificate):
        corrected = actions.correct_name(certificate=certificate, name="นายใหม่ ทดสอบดี", by=STAFF)
        assert (corrected.number, corrected.edition, corrected.snapshot["name"]) == (1, 2, "นายใหม่ ทดสอบดี")
        assert [verified(each.token).standing for each in (certificate, corrected)] == [
            CertificateStanding.REPLACED,
            CertificateStanding.VALID,
        ]
        assert actions.correct_name(certificate=certificate, name="x", by=STAFF) is None, "it is no longer the valid one"

    def test_who_had_theirs_withdrawn_gets_none_by_itself_but_it_can_be_given_back(self, certificate):
        assert actions.withdraw(certificate=certificate, reason="ออกผิดคน", by=STAFF)
        assert not actions.withdraw(certificate=certificate, reason="อีกครั้ง", by=STAFF)
        assert verified(certificate.token).standing == CertificateStanding.WITHDRAWN
        with pytest.raises(actions.CertificatesNotReady):
            actions.order_issue(workshop=certificate.workshop, by=STAFF)
        assert actions.restore(certificate=certificate, by=STAFF)
        assert verified(certificate.token).standing == CertificateStanding.VALID

    def test_what_was_removed_at_the_persons_wish_keeps_its_number_alone(self, certificate):
        actions.remove_names(participants=[certificate.participant_id], at=timezone.now())
        found = verified(certificate.token)
        assert (found.standing, found.number, found.name, found.when) == (CertificateStanding.REMOVED, "สศช. ๐๐๐๑/๒๕๗๐", "", "")
        certificate.refresh_from_db()
        assert (certificate.participant, sorted(certificate.snapshot)) == (None, ["lang", "number"])

    def test_an_unknown_token_is_nothing(self, certificate):
        assert verified("x" * 22) is None
        assert verified("") is None


@pytest.mark.django_db(transaction=True)
def test_fifty_at_once_give_numbers_without_gaps_or_doubles():
    workshop, people = workshop_with(20)
    run = actions.order_issue(workshop=workshop, by=STAFF)

    def as_if_alone():
        issued = 0
        while actions._issue_portion(run.pk, 1, timezone.now()):
            issued += 1
        return issued

    outcomes = at_once(*[as_if_alone] * 50)
    assert sum(outcomes) == 20, "the lock alone suffices, should two workers believe that the order is theirs"
    assert [each.number for each in Certificate.objects.all()] == list(range(1, 21))
    assert Certificate.objects.values("participant").distinct().count() == 20
    assert CertificateLayout.objects.get().last_number == 20


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_issues():
    workshop, people = workshop_with(5)
    run = actions.order_issue(workshop=workshop, by=STAFF)
    assert sorted(at_once(*[lambda: actions.issue(run_id=run.pk, portion=2)] * 6)) == [0, 0, 0, 0, 0, 5]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seen", [1, 7, 13])
def test_a_worker_that_is_really_killed_leaves_each_certificate_once(seen):
    """By SIGKILL, wherever it is just then; another worker goes on."""
    workshop, people = workshop_with(20)
    run = actions.order_issue(workshop=workshop, by=STAFF)
    connection.close()  # what a child inherits it would share
    child = os.fork()
    if not child:
        _issue_slowly(run.pk)
    deadline = time.monotonic() + 120
    while Certificate.objects.count() < seen and time.monotonic() < deadline:
        connection.close()
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    left = list(Certificate.objects.order_by("number").values_list("number", flat=True))
    assert seen <= len(left) < 20 and left == list(range(1, len(left) + 1)), "whole portions, and not all of them"
    assert Delivery.objects.filter(message="certificate").count() == len(left)
    actions.issue(run_id=run.pk, at=timezone.now() + jobs.LEASE * 2)
    assert [each.number for each in Certificate.objects.order_by("number")] == list(range(1, 21))
    assert Certificate.objects.values("participant").distinct().count() == 20
    assert Delivery.objects.filter(message="certificate").count() == 20


def _issue_slowly(run_id):
    """In the child: a certificate a transaction, each with time to die in."""
    try:
        create = Certificate.objects.bulk_create
        Certificate.objects.bulk_create = lambda rows: (create(rows), time.sleep(0.02))
        actions.issue(run_id=run_id, portion=1)
    finally:
        os._exit(0)
