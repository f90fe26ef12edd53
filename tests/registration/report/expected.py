"""The whole report of a series, worked out from its rows: every line and table that has a number, in the order of the paper."""

from decimal import Decimal

from django.utils.translation import override

from registration.choices import LIVE
from registration.evaluation.suppression import SMALLEST
from registration.models import Participant
from tests.registration.report import figures_of_rows as rows
from tests.registration.report.opinions_of_rows import Opinions
from tests.registration.report.pieces import Expected, numbers_in
from tests.registration.report.series import POLL, QUESTIONS

_MONTHS = ["มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน", "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม"]
_SHORT = ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
_COUNTED = ["ลงทะเบียน", "เข้าร่วม", "ร้อยละ"]
_STATS = ["n", "ค่าเฉลี่ย", "S.D.", "ระดับ"]


def expected(series, made_at):
    """`made_at` is what the report says of its time."""
    with override("th"):
        paper, workshop = Expected(), series.workshop
        _cover(paper, workshop, made_at)
        _background(paper, workshop)
        _turnout(paper, series)
        _coverage(paper, workshop)
        _evaluation(paper, series)
        _questions(paper, workshop)
        for number, title in enumerate(("ปัญหาและอุปสรรค", "ข้อเสนอแนะ", "แนวทางดำเนินการระยะต่อไป"), start=1):
            if number == 1:
                paper.line("ปัญหา อุปสรรค และข้อเสนอแนะ", 8)
            paper.line(title, f"8.{number}")
        _annex(paper, workshop)
        return paper.pieces


def cover_lines(workshop):
    return [workshop.title, " · ".join(short(day.date) for day in workshop.days.all()), workshop.responsible]


def short(date):
    return f"{date.day} {_SHORT[date.month - 1]} {date.year + 543}"


def full(date):
    return f"{date.day} {_MONTHS[date.month - 1]} {date.year + 543}"


def _cover(paper, workshop, made_at):
    for line in cover_lines(workshop):
        paper.text(line)
    paper.line("ข้อมูล ณ", made_at.day, f"{made_at.year + 543}", f"{made_at:%H.%M}")


def _background(paper, workshop):
    paper.line("ความเป็นมา", 1)
    paper.text(workshop.background)
    paper.line("วัตถุประสงค์", 2)
    objectives = [line.strip() for line in workshop.objectives.splitlines() if line.strip()]
    for number, objective in enumerate(objectives, start=1):
        paper.line(objective[:20], number, *numbers_in(objective))
    paper.line("กำหนดการ", 3)
    for number, day in enumerate(workshop.days.all(), start=1):
        paper.line("ครั้งที่", f"3.{number}", number, day.date.day, f"{day.date.year + 543}", *numbers_in(day.title))
        lines = []
        for item in day.items.all():
            lines.append([f"{item.starts_at:%H.%M} – {item.ends_at:%H.%M} น.", item.title, item.speaker or "–"])
            lines += [["", f"({track.number}) {track.title}", track.speaker or "–"] for track in item.tracks.all()]
        paper.grid(["เวลา", "รายการ", "วิทยากร"], lines, sheet="กำหนดการ", of=short(day.date))


def _turnout(paper, series):
    workshop = series.workshop
    seats, registered, came, share, of_registered = rows.whole(workshop)
    days = [short(day.date) for day in workshop.days.all()]
    paper.line("เป้าหมายและผลการเข้าร่วมประชุม", 4)
    paper.line("ภาพรวม", "4.1")
    paper.line("เป้าหมาย", seats, registered, 1, came, share, of_registered)
    if free := rows.free_in_pool(workshop):
        paper.line("ที่นั่ง", free)
    mean = Opinions(series).whole()[1]
    indicators = [
        ["ผู้เข้าร่วมประชุมอย่างน้อย ๑ วัน (ร้อยละของเป้าหมาย)", Decimal("80.00"), share, _reached(share >= 80)],
        [f"ความพึงพอใจ: {series.evaluation.title}", Decimal("3.51"), mean, _reached(mean >= Decimal("3.51"))],
    ]
    paper.table("ตัวชี้วัด เป้าหมาย และผลการดำเนินงาน", ["ตัวชี้วัด", "เป้าหมาย", "ผล", "บรรลุ/ไม่บรรลุ"], indicators)
    _by_day(paper, workshop, days)
    _counted(paper, "ภาค", "4.3", ["ภาค", "ที่นั่ง"], days, rows.by_region(workshop), place=2)
    _counted(paper, "จังหวัด", "4.4", ["จังหวัด", "ที่นั่ง"], days, rows.by_province(workshop))
    _counted(paper, "กลุ่มเป้าหมาย", "4.5", ["กลุ่มเป้าหมาย"], days, rows.by_group(workshop))
    _counted(paper, "ภาคส่วน", "4.6", ["ภาคส่วน"], days, rows.by_sector(workshop), place=1)
    paper.line("จำแนกตามหัวข้อบรรยาย", "4.7")
    tracks = [[short(track.item.day.date), f"({track.number}) {track.title}", *rows.of_track(track)] for track in rows.tracks_of(workshop)]
    paper.table("จำแนกตามหัวข้อบรรยาย", ["วัน", "หัวข้อคู่ขนาน", "เลือกไว้", "เข้าร่วม", "ร้อยละ", "นอกรายชื่อของวัน"], tracks)


def _reached(is_reached):
    return "บรรลุ" if is_reached else "ไม่บรรลุ"


def _by_day(paper, workshop, days):
    paper.line("จำแนกตามวันประชุม", "4.2")
    found = [rows.of_day(day) for day in workshop.days.all()]
    heads = ["วัน", "ได้ที่นั่งในวันนั้น", "เข้าร่วม", "ร้อยละ", "นอกรายชื่อของวัน", "ไม่ได้ลงทะเบียน", "นาทีต่อคน"]
    lines = [[full(day.date), *counts] for day, counts in zip(workshop.days.all(), found, strict=True)]
    paper.table("จำแนกตามวันประชุม", heads, lines)
    series = [("ได้ที่นั่ง", [counts[0] for counts in found]), ("เข้าร่วม", [counts[1] for counts in found])]
    paper.bars("จำแนกตามวันประชุม", days, series)


def _counted(paper, by, section, heads, days, lines, *, place=None):
    """With a chart where `place` says which cell has those who registered."""
    paper.line(f"จำแนกตาม{by}", section)
    paper.table(f"จำแนกตาม{by} (ร้อยละ", [*heads, *_COUNTED, *days], lines)
    if place is not None:
        of = lines[:-1]
        series = [("ลงทะเบียน", [line[place] for line in of]), ("เข้าร่วม", [line[place + 1] for line in of])]
        paper.bars(f"จำแนกตาม{by}", [line[0] for line in of], series)


def _coverage(paper, workshop):
    paper.line("ความครอบคลุมของการประชุม", 5)
    paper.line("จังหวัดที่ไม่มีผู้เข้าร่วม", "5.1")
    unregistered = rows.provinces_without(workshop, state__in=LIVE)
    absent = rows.provinces_without(workshop, attendances__minutes__gt=0, attendances__track=None)
    for words, names in (("จังหวัดที่ไม่มีผู้ลงทะเบียน", unregistered), ("จังหวัดที่ไม่มีผู้เข้าร่วมประชุม", absent)):
        paper.line(f"{words} {'' if names else 'ไม่มี'}", *([len(names)] if names else []))
    paper.line("กลุ่มเป้าหมายที่ขาด", "5.2")
    by_group, missing = rows.coverage(workshop)
    paper.table("จำนวนจังหวัดที่มีผู้แทน", ["กลุ่มเป้าหมาย", "จังหวัดที่มี", "จังหวัดที่ขาด", "ร้อยละที่มี"], by_group)
    paper.table("กลุ่มเป้าหมายที่ขาดของแต่ละจังหวัด", ["จังหวัด", "จำนวนกลุ่มที่ขาด", "กลุ่มที่ขาด"], missing)


def _evaluation(paper, series):
    opinions = Opinions(series)
    n, mean, deviation, word = opinions.whole()
    asked = Participant.objects.filter(workshop=series.workshop, state="confirmed", attendances__minutes__gt=0, attendances__track=None)
    came = asked.values("pk").distinct().count()
    paper.line("ผลการประเมินการประชุม", 6)
    paper.line(series.evaluation.title, "6.1")
    paper.line(f"อยู่ในระดับ{word} (", mean, deviation, n)
    paper.line("มีผู้ตอบแบบประเมิน", n, came, rows.percent(n, came))
    by_section = opinions.by_section()
    paper.table("จำแนกรายด้าน", ["หัวข้อการประเมิน", *_STATS], by_section)
    paper.bars("จำแนกรายด้าน", [line[0] for line in by_section[:-1]], [("ค่าเฉลี่ย", [line[2] for line in by_section[:-1]])], 5)
    paper.table("จำแนกรายข้อ", ["รายการประเมิน", *_STATS], opinions.by_statement())
    paper.table("จำนวนผู้ตอบในแต่ละระดับ", ["รายการประเมิน", "มากที่สุด", "มาก", "ปานกลาง", "น้อย", "น้อยที่สุด"], opinions.by_level())
    for question, lines in opinions.by_choice():
        paper.table(question, ["คำตอบ", "จำนวนคน", "ร้อยละ"], lines, *numbers_in(question))
    pairs = ["รายการประเมิน", "จำนวนคู่", "ค่าเฉลี่ยก่อน", "ค่าเฉลี่ยหลัง", "ผลต่าง"]
    paper.table("ความรู้ก่อนและหลังการประชุม", pairs, opinions.pairs())
    for by, lines in zip(("ภาค", "จังหวัด", "กลุ่มเป้าหมาย"), opinions.by_place(), strict=True):
        paper.table(f"ค่าเฉลี่ยจำแนกตาม{by}", [by, *_STATS], lines)
    paper.line("“ไม่แสดง” หมายถึง", SMALLEST)


def _questions(paper, workshop):
    day = workshop.days.first().date
    asked, answered, askers = QUESTIONS["asked"], QUESTIONS["answered"], QUESTIONS["askers"]
    paper.line("คำถามและการสำรวจความเห็นระหว่างการประชุม", 7)
    paper.line("คำถามและคำตอบ", "7.1")
    lines = [[short(day), asked, answered, askers], ["รวม", asked, answered, "–"]]
    paper.table("จำนวนคำถามระหว่างการประชุม", ["การประชุม", "คำถาม", "ตอบแล้ว", "ผู้ถาม"], lines)
    paper.line("การสำรวจความเห็น", "7.2")
    for question in POLL["questions"]:
        few = sum(n for _text, n in question["answers"] if n < 5)
        said = [[text, n] for text, n in question["answers"] if n >= 5]
        answers = [*said, *([["คำตอบอื่น", few]] if few else []), ["ผู้ตอบทั้งหมด", question["people"]]]
        paper.table(question["text"], ["คำตอบ", "จำนวนคน"], answers, day.day, f"{day.year + 543}", *numbers_in(question["text"]))


def _annex(paper, workshop):
    days = list(workshop.days.all())
    paper.line("ครั้งที่", *(part for number, day in enumerate(days, 1) for part in (number, day.date.day, f"{day.date.year + 543}")))
    for quota in rows.seats_in_thai_order(workshop):
        people = Participant.objects.filter(workshop=workshop, quota=quota).prefetch_related("attendances").order_by("sort_key", "pk")
        lines = []
        for person in people:
            came = {each.day_id for each in person.attendances.all() if each.track_id is None and each.minutes}
            on = ", ".join(str(number) for number, day in enumerate(days, start=1) if day.pk in came)
            if on:
                lines.append(
                    [len(lines) + 1, f"{person.title}{person.first_name} {person.last_name}", person.position, person.organisation, on]
                )
        if lines:
            paper.line(quota.name, len(lines))
            heads = ["ลำดับ", "ชื่อ – นามสกุล", "ตำแหน่ง", "หน่วยงาน", "วันที่เข้าร่วม"]
            paper.grid(heads, lines, sheet="รายชื่อผู้เข้าร่วมประชุม", of=quota.name)
