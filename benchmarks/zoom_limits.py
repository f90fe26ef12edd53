"""1,975 people in the webinars of four days and four tracks, by Zoom's API, on a simulated clock: no second passes while nobody works.

`python -m benchmarks.zoom_limits`. Each call takes a second and no second may have more than five; on a bad day calls are
refused, a batch is lost after row 17, one is answered too late, and no page of a list has an order.
"""

import os
import tempfile
from collections import Counter
from uuid import uuid4

PEOPLE, LIMIT = 1975, 600.0


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"VAR_DIR": folder, "DATABASE_URL": f"sqlite:///{folder}/zoom.sqlite3", "DJANGO_SETTINGS_MODULE": "tests.settings"}
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        for name, moods in DAYS.items():
            _day(name, moods)


DAYS: dict[str, dict[str, object]] = {
    "a good day": {},
    "pages without an order": {"forgets_order": True},
    "a bad day": {"forgets_order": True, "dies_after_rows": 17, "busy_calls": 6, "slow_calls": 1},
}


def _day(name: str, moods: dict[str, object]) -> None:
    from django.utils import timezone

    from registration.actor import SYSTEM
    from registration.models import Participant, TrackChoice, ZoomRegistrant, ZoomWebinar
    from registration.zoom.actions.webinars import ask_for_push, say_webinar
    from registration.zoom.meetings import meetings_of
    from tests.factories import make_participant, make_workshop, tracks_of
    from tests.registration.zoom import simulated

    simulated.LATENCY = 1.0
    ZoomWebinar.objects.all().delete()
    workshop = make_workshop(links_by="zoom", days=4, tracks=4)
    template, tracks, days = make_participant(workshop), tracks_of(workshop), list(workshop.days.all())
    made = []
    for number in range(1, PEOPLE):
        one = Participant.objects.get(pk=template.pk)
        one.pk, one.code, one.submission = None, uuid4().hex[:7].upper(), uuid4()
        one.email, one.first_name = f"p{workshop.pk}-{number}@example.org", f"สมมุติ{number}"
        made.append(one)
    Participant.objects.bulk_create(made)
    people, through = list(Participant.objects.filter(workshop=workshop)), Participant.days.through
    through.objects.filter(participant__in=[template]).delete()
    through.objects.bulk_create(through(participant=one, workshopday=day) for one in people for day in days)
    chosen = [(one, tracks[place % 4]) for place, one in enumerate(people)]
    TrackChoice.objects.bulk_create(TrackChoice(participant=one, track=track, item_id=track.item_id) for one, track in chosen)
    office = simulated.Office(timezone.now())
    for place, meeting in enumerate(meetings_of(workshop)):
        webinar = say_webinar(meeting=meeting, number=str(90_000_000_000 + place), by=SYSTEM)
        assert webinar
        office.zoom.hold(webinar.number)
        ask_for_push(webinar=webinar, by=SYSTEM, count=PEOPLE, at=office.time.now())
    office.zoom.moods.calls_a_second = 5
    for mood, said in moods.items():
        setattr(office.zoom.moods, mood, said)
    tasks = office.work_off(most=10_000)
    _told(name, office, people, chosen, days, tasks, ZoomRegistrant.objects.count())


def _told(name, office, people, chosen, days, tasks, kept) -> None:  # type: ignore[no-untyped-def]
    from registration.models import ZoomWebinar

    everybody = sorted(one.email for one in people)
    right = 0
    for webinar in ZoomWebinar.objects.select_related("day", "track"):
        should = everybody if webinar.day else sorted(one.email for one, track in chosen if track == webinar.track)
        right += office.zoom.webinars[webinar.number].addresses() == should
        assert not webinar.trouble, webinar.trouble
    calls = Counter(f"{method} {path.rpartition('/')[2]}" for method, path in office.zoom.calls)
    minutes = office.time.passed / 60
    verdict = "kept" if right == 4 + len(days) and office.time.passed < LIMIT else "BROKEN"
    print(f"{verdict:6} {name}: {minutes:.1f} minutes for {kept:,} registrations in {right} of 8 webinars, each person once; {tasks} tasks")
    print(f"       {', '.join(f'{count} {call}' for call, count in calls.most_common())}")


if __name__ == "__main__":
    main()
