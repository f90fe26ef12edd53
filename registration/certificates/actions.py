"""The rule and the layout of a workshop's certificates, and each certificate from its number to its end."""

import datetime as dt
import logging
import time
from dataclasses import asdict
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from registration.actor import SYSTEM, Actor
from registration.audit import trail
from registration.certificates import layout as sheets
from registration.certificates import sealing
from registration.certificates.kept import counted_merits
from registration.certificates.merits import rule_of, waiting_for_one
from registration.choices import MessageName, Verb
from registration.mail import outbox
from registration.models import (
    Certificate,
    CertificateCandidates,
    CertificateLayout,
    CertificateRule,
    CertificateRun,
    CertificateSeal,
    KeptFigures,
    Participant,
)
from registration.models.certificate import new_token
from registration.operations import jobs, kept_figures
from registration.seats.actions.states import record
from registration.webhooks.notes import note_certificates
from sessions.models import Workshop

logger = logging.getLogger(__name__)

#: So many are issued in one transaction: what a killed worker had not finished was never there.
PORTION = 50
#: So many are sealed before the worker says that it lives.
SEALED_AT_ONCE = 20


class CertificatesNotReady(Exception):
    """The rule or the layout is not set, or nobody waits for a certificate."""


def set_rule(
    *, workshop: Workshop, days: int, percent: int, needs_evaluation: bool = False, by: Actor, at: dt.datetime | None = None
) -> None:
    at = at or timezone.now()
    with transaction.atomic():
        told = {"days": days, "percent": percent, "needs_evaluation": needs_evaluation, "set_by": by.user, "set_at": at}
        CertificateRule.objects.update_or_create(workshop=workshop, defaults=told)
        kept_figures.ask(workshop.pk)
        trail.record_decision(by=by, what="certificate rule", workshop=workshop, at=at)


def set_layout(*, workshop: Workshop, values: dict[str, Any], by: Actor, at: dt.datetime | None = None) -> CertificateLayout:
    at = at or timezone.now()
    with transaction.atomic():
        layout, _new = CertificateLayout.objects.update_or_create(workshop=workshop, defaults=values)
        trail.record_decision(by=by, what="certificate layout", workshop=workshop, at=at)
    return layout


def order_issue(*, workshop: Workshop, by: Actor, expected: int | None = None, at: dt.datetime | None = None) -> CertificateRun:
    """Everybody who fulfils the rule and never had one gets a certificate; a worker does it. Raises CertificatesNotReady.

    `expected` is how many these are by what is kept, which may be a moment old; without it they are counted here.
    """
    at = at or timezone.now()
    with transaction.atomic():
        layout = CertificateLayout.objects.select_for_update().filter(workshop=workshop).first()
        rule = rule_of(workshop)
        if layout is None or rule is None:
            raise CertificatesNotReady
        issuing = CertificateRun.objects.unfinished().filter(workshop=workshop, kind=CertificateRun.Kind.ISSUE)
        if running := issuing.first():
            return running
        if expected is None and not (expected := len(waiting_for_one(workshop, rule))):
            raise CertificatesNotReady
        run = CertificateRun.objects.create(
            workshop=workshop, ordered_by=by.user, ordered_at=at, expected=expected, leased_until=at + jobs.LEASE
        )
        trail.record_decision(by=by, what="certificates issued", workshop=workshop, count=expected, at=at)
    return run


def keep_figures(*, workshop: Workshop) -> bool:
    """Counts who fulfils which rule, for the office's pages. False where another worker was quicker."""
    pages: list[list[int]] = []

    def count() -> dict[str, Any]:
        counted = counted_merits(workshop)
        pages.extend(counted.pages)
        return counted.figures

    if not kept_figures.keep(workshop, KeptFigures.Subject.CERTIFICATES, count):
        return False
    there = CertificateCandidates.objects.filter(workshop=workshop)
    known = dict(there.values_list("page", "people"))
    for number, people in enumerate(pages, start=1):
        if known.get(number) != people:
            CertificateCandidates.objects.update_or_create(workshop=workshop, page=number, defaults={"people": people})
    there.filter(page__gt=len(pages)).delete()
    return True


def order_sealing(*, workshop: Workshop, by: Actor, at: dt.datetime | None = None) -> CertificateRun | None:
    """What waits for the office's seal gets it; a worker does it. None where nothing waits, or somebody is at it."""
    at = at or timezone.now()
    with transaction.atomic():
        Workshop.objects.select_for_update().get(pk=workshop.pk)  # two who order at once
        waiting = Certificate.objects.to_seal().filter(workshop=workshop).count()
        if not waiting or CertificateRun.objects.unfinished().filter(workshop=workshop).exists():
            return None
        return CertificateRun.objects.create(
            workshop=workshop, kind=CertificateRun.Kind.SEAL, ordered_by=by.user, ordered_at=at, leased_until=at + jobs.LEASE
        )


class _TimeIsShort(Exception):
    """The rest is for the next task."""


def issue(*, run_id: int, portion: int = PORTION, seconds: float | None = None, at: dt.datetime | None = None) -> int:
    """Issues and seals what the order asks for, portion by portion. Returns how many this call issued.

    After so many `seconds` of sealing it ends, and the clock goes on with the rest.

    May be killed at any moment, and run by many workers at once: each portion is whole or not there, one after the other.
    """
    run = jobs.claim(CertificateRun.objects.unfinished().select_related("workshop"), run_id, at=at)
    if run is None:
        return 0
    done = 0
    try:
        while run.kind == CertificateRun.Kind.ISSUE and (issued := _issue_portion(run_id, portion, at or timezone.now())):
            done += issued
            jobs.renew(run, issued=F("issued") + issued)
        _seal(run, at or timezone.now(), time.monotonic() + seconds if seconds else None)
        jobs.give_back(run, state=CertificateRun.State.DONE, fault="")
        kept_figures.ask(run.workshop_id)
    except sealing.SealKeyFault as fault:
        # The order stays: the clock asks again, and the office's page says why it waits.
        logger.error("certificates cannot be sealed: %s", fault)
        jobs.renew(run, fault=str(fault))
        jobs.hand_on(run)
    except _TimeIsShort:
        jobs.give_back(run)
    except jobs.TakenOver:
        pass
    return done


def _seal(run: CertificateRun, at: dt.datetime, until: float | None) -> None:
    """Seals what waits for it, and lets it out with its mail. Where the office has taken its key away, it goes out without.

    Raises sealing.SealKeyFault, jobs.TakenOver, and _TimeIsShort where the clock of the process says more than `until`.
    """
    waiting = list(Certificate.objects.to_seal().filter(workshop=run.workshop).order_by("number").values_list("pk", flat=True))
    key = sealing.key() if waiting and sealing.is_sealing() else None
    for start in range(0, len(waiting), SEALED_AT_ONCE):
        certificates = list(Certificate.objects.filter(pk__in=waiting[start : start + SEALED_AT_ONCE]).select_related("participant"))
        # Each takes a tenth of a second: outside of the transaction.
        seals = [sealing.seal_of(certificate, key) for certificate in certificates if certificate.snapshot.get("name")] if key else []
        with transaction.atomic():
            _let_out(certificates, seals, at)
        jobs.renew(run)
        if until and time.monotonic() > until and start + SEALED_AT_ONCE < len(waiting):
            raise _TimeIsShort


def _let_out(certificates: list[Certificate], seals: list[CertificateSeal], at: dt.datetime) -> None:
    """Those that still wait, each with its seal: what another worker let out meanwhile keeps the seal it has."""
    by_certificate = {seal.certificate_id: seal for seal in seals}
    for certificate in certificates:
        if not Certificate.objects.to_seal().filter(pk=certificate.pk).update(awaits_seal=False):
            continue
        if seal := by_certificate.get(certificate.pk):
            seal.sealed_at = at
            seal.save(force_insert=True)
        if certificate.participant and not (certificate.withdrawn_at or certificate.replaced_at):
            outbox.post(MessageName.CERTIFICATE, certificate.participant, occasion=_occasion(certificate), at=at)
            note_certificates([certificate], at=at)


def _occasion(certificate: Certificate) -> str:
    return f"edition-{certificate.edition}" if certificate.edition > 1 else ""


def seal_anew(*, certificate: Certificate) -> bool:
    """Its sheet has other bytes than were sealed: it waits for another seal. False where it does already, or has none."""
    with transaction.atomic():
        if not CertificateSeal.objects.filter(certificate=certificate).delete()[0]:
            return False
        return bool(Certificate.objects.filter(pk=certificate.pk, removed_at=None).update(awaits_seal=True))


def sheet_sealed_now(*, certificate: Certificate) -> bytes:
    """The PDF, sealed anew on the spot where its sheet has other bytes than were sealed; for a worker.

    Raises sealing.NotSealed where it waits for its first seal, and sealing.SealKeyFault.
    """
    try:
        return sealing.sheet_of(certificate)
    except sealing.NotSealed:
        if certificate.awaits_seal:
            raise
    if sealing.is_sealing():
        seal = sealing.seal_of(certificate, sealing.key())
        told = {"sheet_digest": seal.sheet_digest, "packed": seal.packed, "sealed_at": timezone.now()}
        CertificateSeal.objects.update_or_create(certificate=certificate, defaults=told)
    else:  # the office has taken its key away
        CertificateSeal.objects.filter(certificate=certificate).delete()
    return sealing.sheet_of(certificate)


def _issue_portion(run_id: int, portion: int, at: dt.datetime) -> int:
    with transaction.atomic():
        run = CertificateRun.objects.select_related("workshop", "ordered_by").get(pk=run_id)
        layout = CertificateLayout.objects.select_for_update().select_related("workshop").get(workshop=run.workshop)
        rule = rule_of(run.workshop)
        waiting = waiting_for_one(run.workshop, rule) if rule else []
        CertificateRun.objects.filter(pk=run_id).update(expected=F("issued") + len(waiting))
        if not (keys := waiting[:portion]):
            return 0
        people = Participant.objects.in_bulk(keys)
        days = list(run.workshop.days.filter(is_cancelled=False).values_list("date", flat=True))
        certificates = []
        for number, key in enumerate(keys, start=layout.last_number + 1):
            certificates.append(_certificate(layout, people[key], number, days, at, run))
        Certificate.objects.bulk_create(certificates)
        CertificateLayout.objects.filter(pk=layout.pk).update(last_number=layout.last_number + len(keys))
        if not sealing.is_sealing():
            outbox.post_many(MessageName.CERTIFICATE, [people[key] for key in keys], at=at)
            note_certificates(certificates, at=at)
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
        rule=asdict(rule) if rule else {}, awaits_seal=sealing.is_sealing(),
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
            issued_at=at, issued_by=by.user, awaits_seal=sealing.is_sealing(),
        )  # fmt: skip
        if certificate.participant:
            record(certificate.participant, Verb.CERTIFICATE_CORRECTED, by=by, at=at)
            if not corrected.awaits_seal:
                outbox.post(MessageName.CERTIFICATE, certificate.participant, occasion=_occasion(corrected), at=at)
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


def remove_names(*, participants: list[int], at: dt.datetime, is_time_over: bool = False) -> int:
    """At the wish of people, or because their time is over: what stays of their certificates is the number."""
    rows = list(Certificate.objects.filter(participant__in=participants, removed_at=None))
    for row in rows:
        row.snapshot = {"lang": row.snapshot.get("lang", "th"), "number": row.snapshot.get("number", "")}
        row.snapshot |= {"is_time_over": True} if is_time_over else {}
        row.removed_at, row.participant, row.withdrawn_reason, row.rule = at, None, "", {}
        row.awaits_seal = False
    CertificateSeal.objects.filter(certificate__in=rows).delete()
    fields = ["snapshot", "removed_at", "participant", "withdrawn_reason", "rule", "awaits_seal"]
    Certificate.objects.bulk_update(rows, fields, batch_size=500)
    return len(rows)


def left_by_workers(at: dt.datetime) -> list[int]:
    """Orders at which nobody works; what waits for a seal and nobody was ordered to give is ordered first."""
    for workshop in Workshop.objects.filter(certificates__in=Certificate.objects.to_seal()).distinct():
        if run := order_sealing(workshop=workshop, by=SYSTEM, at=at):
            CertificateRun.objects.filter(pk=run.pk).update(leased_until=at)
    return jobs.reap(CertificateRun.objects.unfinished(), at=at)
