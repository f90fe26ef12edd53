"""The rule and the layout of a workshop's certificates, and each certificate from its number to its end."""

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import Actor
from registration.audit import trail
from registration.certificates import layout as sheets
from registration.certificates.merits import rule_of, waiting_for_one
from registration.choices import MessageName, Verb
from registration.mail import outbox
from registration.models import Certificate, CertificateLayout, CertificateRule, CertificateRun, Participant
from registration.models.certificate import new_token
from registration.operations import jobs
from registration.seats.actions.states import record
from sessions.models import Workshop

#: So many are issued in one transaction: what a killed worker had not finished was never there.
PORTION = 50


class CertificatesNotReady(Exception):
    """The rule or the layout is not set, or nobody waits for a certificate."""


def set_rule(*, workshop: Workshop, days: int, percent: int, by: Actor, at: dt.datetime | None = None) -> None:
    at = at or timezone.now()
    with transaction.atomic():
        told = {"days": days, "percent": percent, "set_by": by.user, "set_at": at}
        CertificateRule.objects.update_or_create(workshop=workshop, defaults=told)
        trail.record_decision(by=by, what="certificate rule", workshop=workshop, at=at)


def set_layout(*, workshop: Workshop, values: dict[str, Any], by: Actor, at: dt.datetime | None = None) -> CertificateLayout:
    at = at or timezone.now()
    with transaction.atomic():
        layout, _new = CertificateLayout.objects.update_or_create(workshop=workshop, defaults=values)
        trail.record_decision(by=by, what="certificate layout", workshop=workshop, at=at)
    return layout


def order_issue(*, workshop: Workshop, by: Actor, at: dt.datetime | None = None) -> CertificateRun:
    """Everybody who fulfils the rule and never had one gets a certificate; a worker does it. Raises CertificatesNotReady."""
    at = at or timezone.now()
    with transaction.atomic():
        layout = CertificateLayout.objects.select_for_update().filter(workshop=workshop).first()
        rule = rule_of(workshop)
        if layout is None or rule is None:
            raise CertificatesNotReady
        if running := CertificateRun.objects.filter(workshop=workshop, state=CertificateRun.State.RUNNING).first():
            return running
        expected = len(waiting_for_one(workshop, rule))
        if not expected:
            raise CertificatesNotReady
        run = CertificateRun.objects.create(
            workshop=workshop, ordered_by=by.user, ordered_at=at, expected=expected, leased_until=at + jobs.LEASE
        )
        trail.record_decision(by=by, what="certificates issued", workshop=workshop, count=expected, at=at)
    return run


def issue(*, run_id: int, portion: int = PORTION, at: dt.datetime | None = None) -> int:
    """Issues what the order asks for, portion by portion. Returns how many this call issued.

    May be killed at any moment, and run by many workers at once: each portion is whole or not there, one after the other.
    """
    run = jobs.claim(CertificateRun.objects.unfinished(), run_id, at=at)
    if run is None:
        return 0
    done = 0
    while issued := _issue_portion(run_id, portion, at or timezone.now()):
        done += issued
        try:
            jobs.renew(run, issued=F("issued") + issued)
        except jobs.TakenOver:
            return done
    jobs.give_back(run, state=CertificateRun.State.DONE)
    return done


def _issue_portion(run_id: int, portion: int, at: dt.datetime) -> int:
    with transaction.atomic():
        run = CertificateRun.objects.select_related("workshop", "ordered_by").get(pk=run_id)
        layout = CertificateLayout.objects.select_for_update().select_related("workshop").get(workshop=run.workshop)
        rule = rule_of(run.workshop)
        keys = waiting_for_one(run.workshop, rule)[:portion] if rule else []
        if not keys:
            return 0
        people = Participant.objects.in_bulk(keys)
        days = list(run.workshop.days.filter(is_cancelled=False).values_list("date", flat=True))
        certificates = []
        for number, key in enumerate(keys, start=layout.last_number + 1):
            certificates.append(_certificate(layout, people[key], number, days, at, run))
        Certificate.objects.bulk_create(certificates)
        CertificateLayout.objects.filter(pk=layout.pk).update(last_number=layout.last_number + len(keys))
        outbox.post_many(MessageName.CERTIFICATE, [people[key] for key in keys], at=at)
    return len(keys)


def _certificate(
    layout: CertificateLayout, person: Participant, number: int, days: list[dt.date], at: dt.datetime, run: CertificateRun
) -> Certificate:
    token = new_token()
    given = layout.given_on or timezone.localdate(at)
    printed = sheets.snapshot(layout, name=person.full_name, number=number, token=token, language=person.language, days=days, given=given)
    rule = rule_of(run.workshop)
    return Certificate(
        workshop=run.workshop, participant=person, number=number, token=token, snapshot=printed, issued_at=at, issued_by=run.ordered_by,
        rule={"days": rule.days, "percent": rule.percent} if rule else {},
    )  # fmt: skip


def correct_name(*, certificate: Certificate, name: str, by: Actor, at: dt.datetime | None = None) -> Certificate | None:
    """The same number once more, with `name`, as a corrected edition. None where it is no longer the valid one."""
    at = at or timezone.now()
    with transaction.atomic():
        if not Certificate.objects.valid().filter(pk=certificate.pk).update(replaced_at=at):
            return None
        token = new_token()
        corrected = Certificate.objects.create(
            workshop=certificate.workshop, participant=certificate.participant, number=certificate.number, edition=certificate.edition + 1,
            token=token, snapshot=sheets.corrected(certificate.snapshot, name=name, token=token), rule=certificate.rule,
            issued_at=at, issued_by=by.user,
        )  # fmt: skip
        if certificate.participant:
            record(certificate.participant, Verb.CERTIFICATE_CORRECTED, by=by, at=at)
            outbox.post(MessageName.CERTIFICATE, certificate.participant, occasion=f"edition-{corrected.edition}", at=at)
    return corrected


def withdraw(*, certificate: Certificate, reason: str, by: Actor, at: dt.datetime | None = None) -> bool:
    at = at or timezone.now()
    with transaction.atomic():
        told = {"withdrawn_at": at, "withdrawn_by": by.user, "withdrawn_reason": reason}
        done = Certificate.objects.valid().filter(pk=certificate.pk).update(**told)
        if done and certificate.participant:
            record(certificate.participant, Verb.CERTIFICATE_WITHDRAWN, by=by, at=at)
    return bool(done)


def restore(*, certificate: Certificate, by: Actor, at: dt.datetime | None = None) -> bool:
    at = at or timezone.now()
    with transaction.atomic():
        withdrawn = Certificate.objects.filter(pk=certificate.pk, removed_at=None, replaced_at=None).exclude(withdrawn_at=None)
        done = withdrawn.update(withdrawn_at=None, withdrawn_by=None, withdrawn_reason="")
        if done and certificate.participant:
            record(certificate.participant, Verb.CERTIFICATE_RESTORED, by=by, at=at)
    return bool(done)


def remove_names(*, participants: list[int], at: dt.datetime) -> int:
    """At the wish of people, or because their time is over: what stays of their certificates is the number."""
    rows = list(Certificate.objects.filter(participant__in=participants, removed_at=None))
    for row in rows:
        row.snapshot = {"lang": row.snapshot.get("lang", "th"), "number": row.snapshot.get("number", "")}
        row.removed_at, row.participant, row.withdrawn_reason, row.rule = at, None, "", {}
    Certificate.objects.bulk_update(rows, ["snapshot", "removed_at", "participant", "withdrawn_reason", "rule"], batch_size=500)
    return len(rows)


def left_by_workers(at: dt.datetime) -> list[int]:
    return jobs.reap(CertificateRun.objects.unfinished(), at=at)
