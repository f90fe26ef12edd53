"""A series that is over, plainly invented: people of all provinces, who came on which day, and what they answered."""

import random
from dataclasses import dataclass, field
from uuid import uuid4

from django.core.management import call_command
from django.db.models import F
from django.utils import timezone

from registration.actor import PARTICIPANT
from registration.choices import State
from registration.evaluation.actions import answers, drafts, runs
from registration.evaluation.questions import Answer, Kind, closed
from registration.models import Attendance, AttendanceReport, Evaluation, Participant, ReportRow, SeatPool, Sighting, TrackChoice
from registration.people.names import match_key
from sessions.models import Track, Workshop
from sessions.thai import sort_key
from tests.registration.evaluation.answering import CLOSES, EVENING, OPENS, STAFF, fresh

#: Nobody registered from the first, nobody came from the second.
NOBODY, ABSENT = "91", "96"
QUESTIONS = {"asked": 41, "answered": 37, "askers": 29}
#: Seats of one province that lie in the pool, and people of the first day whom nobody registered.
RELEASED, GUESTS = 3, 2
POLL = {"name": "โพลท้ายการประชุม", "people": 30, "questions": [
    {"text": "ท่านเข้าใจ SDGs มากขึ้นหรือไม่", "people": 30, "answers": [["มากขึ้น", 21], ["เท่าเดิม", 6], ["น้อยลง", 3]], "others": 0},
]}  # fmt: skip


@dataclass(slots=True)
class Series:
    workshop: Workshop
    people: list[Participant]
    #: Who answered, and what they ticked by the key of the question. The portal itself does not know that they belong together.
    answers: list[tuple[Participant, dict[int, int | list[int]]]] = field(default_factory=list)
    evaluation: Evaluation | None = None


def make_series(people: int, answered: int, *, seed: int = 16) -> Series:
    dice = random.Random(seed)
    call_command("load_workshop", demonstration=True, verbosity=0)
    workshop = Workshop.objects.get()
    series = Series(workshop, _register(workshop, people, dice))
    came = _attend(series, dice)
    _ask(series, [person for person in came if person.state == State.CONFIRMED][:answered], dice)
    day = workshop.days.first()
    for name, counts in (("qa.csv", QUESTIONS), ("poll.csv", {"polls": [POLL]})):
        _report(workshop, day, name, state="answers", answers=counts)
    _besides(workshop, day)
    return series


def _register(workshop, number, dice):
    seats = [quota for quota in workshop.quotas.seats().select_related("province") if quota.code != NOBODY]
    groups, now = list(workshop.groups.all()), timezone.now()
    states = [State.CONFIRMED] * 90 + [State.WAITLISTED] * 4 + [State.DECLINED] * 3 + [State.CANCELLED] * 3
    days, tracks = list(workshop.days.all()), list(Track.objects.filter(item__day__workshop=workshop))
    made = []
    for place in range(number):
        quota = seats[place % len(seats)]
        scope = "province" if quota.province_id else "central"
        made.append(
            Participant(
                workshop=workshop, quota=quota, group=dice.choice([group for group in groups if group.scope == scope]),
                code=f"R{place:06}", state=dice.choice(states), title="นาย", first_name=f"สมมุติ{place}", last_name="ทดสอบดี",
                sort_key=sort_key(f"สมมุติ{place} ทดสอบดี"), name_key=match_key(f"สมมุติ{place}", "ทดสอบดี"),
                position="นักวิเคราะห์นโยบายและแผนชำนาญการ", organisation=f"สำนักงานพัฒนาชุมชนจังหวัด{quota.name}", organisation_short="พช.",
                email=f"r{place}@example.org", phone=f"+668{place:08}", submission=uuid4(), consent_version="1",
                consented_at=now, registered_at=now, state_changed_at=now,
            )
        )  # fmt: skip
    found = Participant.objects.bulk_create(made)
    coming = Participant.days.through
    coming.objects.bulk_create(coming(participant=p, workshopday=day) for p in found for day in days if dice.random() < 0.9)
    TrackChoice.objects.bulk_create(
        TrackChoice(participant=p, item_id=track.item_id, track=track) for p in found for track in [dice.choice(tracks)]
    )
    return found


def _attend(series, dice):
    workshop, came, rows = series.workshop, [], []
    chosen = dict(TrackChoice.objects.values_list("participant", "track"))
    tracks = Track.objects.select_related("item").in_bulk()
    days = list(workshop.days.all())
    for person in series.people:
        if person.quota.code == ABSENT:
            continue
        on = [day for day in days if person.state == State.CONFIRMED and dice.random() < 0.75]
        rows += [Attendance(participant=person, day=day, minutes=dice.randint(20, 180), source="report") for day in on]
        track = tracks[chosen[person.pk]]
        if track.item.day_id in [day.pk for day in on]:
            rows.append(Attendance(participant=person, day=track.item.day, track=track, minutes=30, source="report"))
        came += [person] if on else []
    Attendance.objects.bulk_create(rows)
    for day in days:
        _report(workshop, day, f"{day.date}.csv", state="applied")
    return came


def _besides(workshop, day):
    """Seats that were released and given to nobody, and guests."""
    SeatPool.objects.create(workshop=workshop, free=RELEASED)
    workshop.quotas.seats().filter(province__code=NOBODY).update(capacity=F("capacity") - RELEASED)
    report = _report(workshop, day, "guests.csv", state="applied")
    for number in range(GUESTS):
        guest = Sighting.objects.create(day=day, key=f"name:guest{number}", name="ผู้สังเกตการณ์", verdict=Sighting.Verdict.GUEST)
        ReportRow.objects.create(report=report, sighting=guest)


def _report(workshop, day, name, **fields):
    return AttendanceReport.objects.create(workshop=workshop, name=name, digest=name, uploaded_at=timezone.now(), day=day, **fields)


def _ask(series, people, dice):
    evaluation = drafts.begin(workshop=series.workshop, day=None, by=STAFF, at=OPENS)
    runs.plan(evaluation=evaluation, opens_at=OPENS, closes_at=CLOSES, by=STAFF)
    evaluation = fresh(evaluation)
    for person in people:
        ticks = {}
        for question in closed(evaluation):
            if question.kind == Kind.SCALE:
                ticks[question.pk] = dice.choice([5, 5, 5, 4, 4, 3])
            elif question.kind == Kind.CHOICE:
                ticks[question.pk] = dice.randrange(len(question.options))
            else:
                ticks[question.pk] = [dice.choice([2, 3]), dice.choice([4, 5])]
        answer = Answer(ticks, {})
        answers.answer(evaluation=evaluation, participant=person, answer=answer, revision=evaluation.revision, by=PARTICIPANT, at=EVENING)
        series.answers.append((person, ticks))
    runs.count(evaluation=evaluation, by=STAFF, at=CLOSES)
    series.evaluation = fresh(evaluation)
