"""The tables of a report, worked out from the rows again, by other ways than the report's own: table by table, as text and numbers."""

from decimal import ROUND_HALF_UP, Decimal
from statistics import mean, stdev

from django.db.models import Avg, Count

from registration.choices import LIVE
from registration.evaluation.questions import Kind
from registration.models import Attendance, Participant, TrackChoice
from registration.models.province import Region

NOTHING = "ไม่มีข้อมูล"
SECTORS = {
    "หน่วยงานภาครัฐในพื้นที่": ["4.1.1", "4.1.2", "4.1.3"], "องค์กรปกครองส่วนท้องถิ่น": ["4.1.4"], "ภาคเอกชน": ["4.1.5"],
    "ภาคประชาสังคม": ["4.1.6"], "ภาคการศึกษา": ["4.1.7"], "เด็กและเยาวชน": ["4.1.8"], "หน่วยงานส่วนกลาง": ["4.2"], "ภาคส่วนอื่น ๆ": ["4.1.9"],
}  # fmt: skip


def tables(series) -> dict[str, list[list]]:
    """By a part of the caption that only this table has."""
    return {**_turnout(series.workshop), **_coverage(series.workshop), **(_opinions(series) if series.answers else {})}


def percent(part, of):
    return (Decimal(part) * 100 / Decimal(of)).quantize(Decimal("0.01"), ROUND_HALF_UP) if of else NOTHING


def _counts(workshop, of, *, days, **where):
    people = Participant.objects.filter(workshop=workshop, **where)
    there = Attendance.objects.filter(participant__in=people, track=None, minutes__gt=0)
    came = there.values("participant").distinct().count()
    registered = people.filter(state__in=LIVE).count()
    return [registered, came, percent(came, registered if of is None else of), *(there.filter(day=day).count() for day in days)]


def _turnout(workshop):
    days, seats = list(workshop.days.all()), list(workshop.quotas.seats().select_related("province"))
    seats.sort(key=lambda quota: (quota.province is None, quota.province.sort_key if quota.province else ""))
    whole = sum(quota.capacity for quota in seats)

    def seated(name, quotas):
        capacity = sum(quota.capacity for quota in quotas)
        return [name, capacity, *_counts(workshop, capacity, days=days, quota__in=quotas)]

    total = seated("รวม", seats)
    regions = [(region.label, [q for q in seats if q.province and q.province.region == region]) for region in Region]
    regions.append(("หน่วยงานส่วนกลาง", [q for q in seats if not q.province]))
    of_all = ["รวม", *_counts(workshop, None, days=days)]
    groups = [[_thai(group), *_counts(workshop, None, days=days, group=group)] for group in workshop.groups.all()]
    sectors = [[name, *_counts(workshop, None, days=days, group__code__in=codes)] for name, codes in SECTORS.items()]
    assert total[1] == whole
    return {
        "จำแนกตามวันประชุม": [_day(day) for day in days],
        "จำแนกตามภาค (": [*(seated(name, quotas) for name, quotas in regions if quotas), total],
        "จำแนกตามจังหวัด (": [*(seated(quota.name, [quota]) for quota in seats), total],
        "จำแนกตามกลุ่มเป้าหมาย (": [*groups, of_all],
        "จำแนกตามภาคส่วน (": [*sectors, of_all],
        "จำแนกตามหัวข้อบรรยาย": [_track(track) for track in _tracks(workshop)],
    }


def _day(day):
    there = Attendance.objects.filter(day=day, track=None, minutes__gt=0)
    confirmed = Participant.objects.filter(days=day, state="confirmed")
    came = there.filter(participant__in=confirmed).count()
    minutes = round(there.aggregate(each=Avg("minutes"))["each"] or 0)
    return [confirmed.count(), came, percent(came, confirmed.count()), there.count() - came, 0, minutes]


def _tracks(workshop):
    return [track for day in workshop.days.all() for item in day.items.all() for track in item.tracks.all()]


def _track(track):
    chose = TrackChoice.objects.filter(track=track, participant__state="confirmed").values("participant")
    there = Attendance.objects.filter(track=track, minutes__gt=0)
    came = there.filter(participant__in=chose).count()
    return [chose.count(), came, percent(came, chose.count()), there.count() - came]


def _coverage(workshop):
    provinces = [quota for quota in workshop.quotas.seats().select_related("province").in_thai_order() if quota.province]
    groups = [group for group in workshop.groups.all() if group.scope == "province"]
    came = Participant.objects.filter(attendances__minutes__gt=0, attendances__track=None, quota__in=provinces)
    there = set(came.values_list("quota", "group").annotate(n=Count("pk")).values_list("quota", "group"))
    have = [[_thai(group), sum((quota.pk, group.pk) in there for quota in provinces)] for group in groups]
    return {
        "จำนวนจังหวัดที่มีผู้แทน": [[name, n, len(provinces) - n, percent(n, len(provinces))] for name, n in have],
        "กลุ่มเป้าหมายที่ขาดของแต่ละจังหวัด": [[quota.name, sum((quota.pk, group.pk) not in there for group in groups)] for quota in provinces],
    }


def _thai(group):
    return f"{group.code.translate(str.maketrans('0123456789', '๐๑๒๓๔๕๖๗๘๙'))} {group.name}"


def _opinions(series):
    rated, of_section = [], {}
    for section in series.evaluation.sections.all():
        own = [question for question in section.questions.all() if question.kind == Kind.SCALE]
        of_section |= {section.title: own} if own else {}
        rated += own
    sections = [[title, *_told([mean(slip[q.pk] for q in own) for slip in series.answers])] for title, own in of_section.items()]
    whole = _told([mean(slip[question.pk] for question in rated) for slip in series.answers])
    return {
        "ระดับ จำแนกรายด้าน": [*sections, ["ภาพรวมทุกข้อ", *whole]],
        "จำนวนผู้ตอบในแต่ละระดับ": [[sum(slip[q.pk] == level for slip in series.answers) for level in (5, 4, 3, 2, 1)] for q in rated],
    }


def _told(means):
    two = Decimal("0.01")
    average = Decimal(str(round(mean(means), 9))).quantize(two, ROUND_HALF_UP)
    word = next(word for cut, word in (("4.51", "มากที่สุด"), ("3.51", "มาก"), ("2.51", "ปานกลาง")) if average >= Decimal(cut))
    return [len(means), average, Decimal(str(round(stdev(means), 9))).quantize(two, ROUND_HALF_UP), word]
