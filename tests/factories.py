"""Plainly invented rows for tests. Whatever a test does not name gets a sensible value."""

import datetime as dt
import itertools
from uuid import uuid4

from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from registration.actor import PARTICIPANT, SYSTEM
from registration.coordinators.actions import Appointee, appoint
from registration.invitations.actions.invitations import Invited, invite
from registration.models import Coordinator, Invitation, Participant, Quota
from registration.people.actions.registrations import register
from registration.people.applications import Application, Choices, Entry, Notice, Person
from registration.seats.actions.capacities import provide_quotas
from sessions.models import AgendaItem, StakeholderGroup, Track, Workshop, WorkshopDay

_numbers = itertools.count(1)

NOON = timezone.make_aware(dt.datetime(2027, 1, 15, 12, 0))


def make_workshop(*, days: int = 2, tracks: int = 2, **fields) -> Workshop:
    """A published workshop with its quotas. Its first day (18 February 2027) has one block of `tracks` tracks."""
    number = next(_numbers)
    fields = {"slug": f"workshop-{number}", "title_th": "การประชุมตัวอย่าง", "title_en": "Sample workshop", "decision_minutes": 0} | fields
    workshop = Workshop.objects.create(**fields)
    for day_number in range(days):
        day = WorkshopDay.objects.create(workshop=workshop, date=dt.date(2027, 2, 18) + dt.timedelta(days=7 * day_number))
        AgendaItem.objects.create(day=day, starts_at=dt.time(9), ends_at=dt.time(10), kind="opening", title_th="พิธีเปิด", title_en="Opening")
        if day_number == 0 and tracks:
            block = AgendaItem.objects.create(
                day=day, starts_at=dt.time(10), ends_at=dt.time(11), kind="parallel", title_th="หัวข้อคู่ขนาน", title_en="Parallel tracks"
            )
            for track in range(1, tracks + 1):
                Track.objects.create(item=block, number=track, title_th=f"หัวข้อที่ {track}", title_en=f"Track {track}")
    StakeholderGroup.objects.create(workshop=workshop, code="4.1.1", name_th="สำนักงานจังหวัด", name_en="Provincial office")
    StakeholderGroup.objects.create(workshop=workshop, code="4.2", name_th="ส่วนกลาง", name_en="Central agencies", scope="central")
    provide_quotas(workshop)
    return workshop


def seats_of(workshop: Workshop, code: str = "55", *, capacity: int | None = None) -> Quota:
    """The quota of province `code` (default: Nan) or of "central"; with `capacity` places where given."""
    seats = workshop.quotas.seats()
    quota = seats.get(kind="central") if code == "central" else seats.get(province__code=code)
    if capacity is not None:
        quota.capacity = capacity
        quota.save(update_fields=["capacity"])
    return quota


def tracks_of(workshop: Workshop) -> list[Track]:
    return list(Track.objects.filter(item__day__workshop=workshop).select_related("quota", "item").order_by("number"))


def make_person(**fields) -> Person:
    """An invented official; every call another e-mail address."""
    number = next(_numbers)
    return Person(
        **{
            "title": "นาย",
            "first_name": f"สมมุติ{number}",
            "last_name": "ทดสอบดี",
            "position": "นักวิเคราะห์นโยบายและแผน",
            "organisation": "สำนักงานพัฒนาชุมชนจังหวัด",
            "organisation_short": "พช.",
            "email": f"person{number}@example.org",
            "phone": "+66812345678",
        }
        | fields
    )


def apply_for(
    *, workshop, quota, group, person, days, tracks=(), waitlist_ok=False, submission=None, language="th", notice_version="1",
    guardian_name="", of_age=False, read_out=False, link=None, invitation=None, by_contact=False, by=PARTICIPANT, at=None,
) -> Participant:  # fmt: skip
    """Registers with an application of which everything is named."""
    application = Application(
        workshop=workshop,
        person=person,
        choices=Choices(quota=quota, group=group, days=tuple(days), tracks=tuple(tracks), waitlist_ok=waitlist_ok),
        entry=Entry(submission=submission or uuid4(), language=language, link=link, invitation=invitation, by_contact=by_contact),
        notice=Notice(version=notice_version, read_out=read_out, guardian=guardian_name, of_age=of_age),
    )
    return register(application=application, by=by, at=at)


def make_participant(workshop: Workshop, code: str = "55", *, tracks=(), at=NOON, waitlist_ok=True, **fields) -> Participant:
    """Registers an invented person for all days of `workshop`, the way the form does; `by_contact` as the office does."""
    by_contact = fields.pop("by_contact", False)
    options = {name: fields.pop(name) for name in ("language", "submission", "days", "guardian_name", "of_age") if name in fields}
    quota = seats_of(workshop, code)
    return apply_for(
        workshop=workshop,
        quota=quota,
        group=workshop.groups.filter(scope="central" if code == "central" else "province").first(),
        person=make_person(**fields),
        days=options.get("days", workshop.days.all()),
        tracks=tracks,
        waitlist_ok=waitlist_ok,
        submission=options.get("submission") or uuid4(),
        language=options.get("language", "th"),
        notice_version="1",
        guardian_name=options.get("guardian_name", ""),
        of_age=options.get("of_age", False),
        by_contact=by_contact,
        by=SYSTEM if by_contact else PARTICIPANT,
        at=at,
    )


def make_coordinator(workshop: Workshop, code: str = "55", *, email: str = "", **fields) -> Coordinator:
    """An invented coordinator of province `code` (default: Nan), whose user is new unless `email` is known."""
    email = email or f"coordinator{next(_numbers)}@example.org"
    appointee = Appointee(fields.pop("name", "นางสาวสมหญิง สมมุติ"), email)
    coordinator, _new = appoint(quota=seats_of(workshop, code), appointee=appointee, by=SYSTEM, at=NOON)
    for name, value in fields.items():
        setattr(coordinator, name, value)
    coordinator.save()
    return coordinator


def make_invitation(workshop: Workshop, code: str = "55", *, at=NOON, group=None, language="th", **fields) -> Invitation:
    """Invites an invented person; only their address is known unless `fields` say more."""
    invited = Invited(**{"email": f"invited{next(_numbers)}@example.org"} | fields)
    return invite(quota=seats_of(workshop, code), invited=invited, group=group, language=language, by=SYSTEM, at=at)


def register_invited(invitation: Invitation, *, email: str = "", tracks=(), at=NOON, **fields) -> Participant:
    """Registers who was invited, by the link that they were mailed."""
    workshop = invitation.workshop
    return apply_for(
        workshop=workshop,
        quota=invitation.quota,
        group=workshop.groups.filter(scope="province").first(),
        person=make_person(email=email or invitation.email, **fields),
        days=workshop.days.all(),
        tracks=tracks,
        waitlist_ok=False,
        submission=uuid4(),
        language="th",
        notice_version="1",
        by=PARTICIPANT,
        invitation=invitation,
        at=at,
    )


def make_answers(workshop: Workshop, **changes) -> dict[str, object]:
    """What somebody from Nan types into the registration form of `workshop`; a change to None leaves a field out."""
    number = next(_numbers)
    answers: dict[str, object] = {
        "submission": str(uuid4()),
        "province": "55",
        "group": "4.1.1",
        "title": "นาย",
        "first_name": "สมมุติ",
        "last_name": "ทดสอบดี",
        "position": "นักวิเคราะห์นโยบายและแผน",
        "organisation": "สำนักงานพัฒนาชุมชนจังหวัดน่าน",
        "organisation_short": "พช.",
        "email": f"answers{number}@example.org",
        "phone": "081 234 5678",
        "days": [str(day.pk) for day in workshop.days.all()],
    }
    answers |= {f"track_{track.item_id}": str(track.pk) for track in tracks_of(workshop) if track.number == 1}
    return {name: value for name, value in (answers | changes).items() if value is not None}


def work_off() -> list[str]:
    """Does what is queued for the worker, once, and returns the names of the tasks."""
    done = []
    for queued in DBTaskResult.objects.ready():
        done.append(queued.task_name)
        queued.task.call(*queued.args_kwargs["args"], **queued.args_kwargs["kwargs"])
        queued.set_successful(None)
    return done
