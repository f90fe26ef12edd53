"""Who was there, worked out from the rows again, by other ways than the report's own."""

from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Avg, Count

from registration.choices import LIVE
from registration.models import Attendance, Participant, SeatPool, Sighting, TrackChoice
from registration.models.province import Region
from tests.registration.report.pieces import NOTHING

SECTORS = {
    "หน่วยงานภาครัฐในพื้นที่": ["4.1.1", "4.1.2", "4.1.3"], "องค์กรปกครองส่วนท้องถิ่น": ["4.1.4"], "ภาคเอกชน": ["4.1.5"],
    "ภาคประชาสังคม": ["4.1.6"], "ภาคการศึกษา": ["4.1.7"], "เด็กและเยาวชน": ["4.1.8"], "หน่วยงานส่วนกลาง": ["4.2"], "ภาคส่วนอื่น ๆ": ["4.1.9"],
}  # fmt: skip


def percent(part, of):
    return (Decimal(part) * 100 / Decimal(of)).quantize(Decimal("0.01"), ROUND_HALF_UP) if of else NOTHING


def seats_in_thai_order(workshop):
    seats = list(workshop.quotas.seats().select_related("province"))
    return sorted(seats, key=lambda quota: (quota.province is None, quota.province.sort_key if quota.province else ""))


def whole(workshop):
    """Seats, registered, came, and both shares of those who came."""
    seats = sum(quota.capacity for quota in seats_in_thai_order(workshop))
    registered, came, of_registered, *_days = _counts(workshop, None, days=[])
    return seats, registered, came, percent(came, seats), of_registered


def free_in_pool(workshop):
    return sum(pool.free for pool in SeatPool.objects.filter(workshop=workshop))


def _counts(workshop, of, *, days, **where):
    people = Participant.objects.filter(workshop=workshop, **where)
    there = Attendance.objects.filter(participant__in=people, track=None, minutes__gt=0)
    came = there.values("participant").distinct().count()
    registered = people.filter(state__in=LIVE).count()
    return [registered, came, percent(came, registered if of is None else of), *(there.filter(day=day).count() for day in days)]


def by_seats(workshop, named):
    """A row for each of `named` (a name and its quotas), and the total."""
    days, rows = list(workshop.days.all()), []
    for name, quotas in [*named, ("รวม", seats_in_thai_order(workshop))]:
        capacity = sum(quota.capacity for quota in quotas)
        rows.append([name, capacity, *_counts(workshop, capacity, days=days, quota__in=quotas)])
    return rows


def by_region(workshop):
    seats = seats_in_thai_order(workshop)
    regions = [(str(region.label), [q for q in seats if q.province and q.province.region == region]) for region in Region]
    return by_seats(workshop, [*regions, ("หน่วยงานส่วนกลาง", [q for q in seats if not q.province])])


def by_province(workshop):
    return by_seats(workshop, [(quota.name, [quota]) for quota in seats_in_thai_order(workshop)])


def by_group(workshop):
    days = list(workshop.days.all())
    groups = [[thai(group), *_counts(workshop, None, days=days, group=group)] for group in workshop.groups.all()]
    return [*groups, ["รวม", *_counts(workshop, None, days=days)]]


def by_sector(workshop):
    days = list(workshop.days.all())
    sectors = [[name, *_counts(workshop, None, days=days, group__code__in=codes)] for name, codes in SECTORS.items()]
    return [*sectors, ["รวม", *_counts(workshop, None, days=days)]]


def of_day(day):
    there = Attendance.objects.filter(day=day, track=None, minutes__gt=0)
    confirmed = Participant.objects.filter(days=day, state="confirmed")
    came = there.filter(participant__in=confirmed).count()
    guests = Sighting.objects.filter(day=day, verdict="guest").count()
    minutes = round(there.aggregate(each=Avg("minutes"))["each"] or 0)
    return [confirmed.count(), came, percent(came, confirmed.count()), there.count() - came, guests, minutes]


def tracks_of(workshop):
    return [track for day in workshop.days.all() for item in day.items.all() for track in item.tracks.all()]


def of_track(track):
    chose = TrackChoice.objects.filter(track=track, participant__state="confirmed").values("participant")
    there = Attendance.objects.filter(track=track, minutes__gt=0)
    came = there.filter(participant__in=chose).count()
    return [chose.count(), came, percent(came, chose.count()), there.count() - came]


def provinces_without(workshop, **where):
    people = Participant.objects.filter(workshop=workshop, **where)
    there = set(people.values_list("quota", flat=True))
    return [quota.name for quota in seats_in_thai_order(workshop) if quota.province and quota.pk not in there]


def coverage(workshop):
    """Provinces that each group came from, and the groups missing in each province."""
    provinces = [quota for quota in seats_in_thai_order(workshop) if quota.province]
    groups = [group for group in workshop.groups.all() if group.scope == "province"]
    came = Participant.objects.filter(attendances__minutes__gt=0, attendances__track=None, quota__in=provinces)
    there = set(came.values_list("quota", "group").annotate(n=Count("pk")).values_list("quota", "group"))
    have = [(thai(group), sum((quota.pk, group.pk) in there for quota in provinces)) for group in groups]
    by_group = [[name, n, len(provinces) - n, percent(n, len(provinces))] for name, n in have]
    missing = [[quota.name, [thai(g).split()[0] for g in groups if (quota.pk, g.pk) not in there]] for quota in provinces]
    return by_group, [[name, len(lacking), ", ".join(lacking) or "–"] for name, lacking in missing]


def thai(group):
    return f"{group.code.translate(str.maketrans('0123456789', '๐๑๒๓๔๕๖๗๘๙'))} {group.name}"
