"""Reports as Zoom and Teams write them, about invented people: one function a shape that was seen.

`PEOPLE` says who is in each and for how many minutes of 09:00 to 12:00 on 18 February 2027. All times are Bangkok's.
"""

import csv
import datetime as dt
from dataclasses import dataclass, field
from io import BytesIO, StringIO

from openpyxl import Workbook

DAY = dt.date(2027, 2, 18)
TOPIC = "การประชุมเชิงปฏิบัติการ SDG Localisation ครั้งที่ 1"


def at(clock: str) -> dt.datetime:
    hour, minute, second = (int(part) for part in (clock + ":00").split(":")[:3])
    return dt.datetime.combine(DAY, dt.time(hour, minute, second))


@dataclass
class Somebody:
    name: str
    email: str
    stays: list[tuple[str, str]]
    first: str = ""
    last: str = ""
    minutes: int = 0
    answers: list[str] = field(default_factory=list)


#: The first rejoins, the second comes too early and stays too long, the third with two devices at once, the fourth has a comma.
PEOPLE = [
    Somebody("น่าน พช. นายสมมุติ", "one@example.org", [("09:05", "10:00"), ("10:30", "11:30")], "น่าน พช.", "นายสมมุติ", 115),
    Somebody("เลย อบจ. นางทดสอบ", "two@example.org", [("08:41:30", "12:19")], "เลย อบจ.", "นางทดสอบ", 180),
    Somebody("ตาก สนจ. นายสองเครื่อง", "three@example.org", [("09:00", "11:00"), ("10:00", "12:00")], "ตาก สนจ.", "นายสองเครื่อง", 180),
    Somebody('สศช. "ก", นายลูกน้ำ', "four@example.org", [("11:00", "11:30")], 'สศช. "ก",', "นายลูกน้ำ", 30),
]
HOST = Somebody("NESDC", "host@example.org", [("08:00", "12:30")])
SPEAKER = Somebody("วิทยากร สมมุติ", "speaker@example.org", [("09:00", "10:00")])
BY_PHONE = Somebody("66812345678", "", [("09:10", "09:40")], minutes=30)
ABSENT = Somebody("ระยอง พมจ. นางไม่มา", "absent@example.org", [], "ระยอง พมจ.", "นางไม่มา")

EXPECTED = {person.email: person.minutes for person in PEOPLE}


def us(when: dt.datetime) -> str:
    return when.strftime("%m/%d/%Y %I:%M:%S %p")


def us_no_seconds(when: dt.datetime) -> str:
    return when.strftime("%m/%d/%Y %I:%M %p")


def us_24(when: dt.datetime) -> str:
    return when.strftime("%m/%d/%Y %H:%M:%S")


def named_month(when: dt.datetime) -> str:
    return when.strftime("%b %d, %Y %H:%M:%S")


def iso(when: dt.datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S")


def day_first(when: dt.datetime) -> str:
    return when.strftime("%d/%m/%Y %H:%M")


def long_minutes(stay: tuple[str, str]) -> int:
    return int((at(stay[1]) - at(stay[0])).total_seconds() // 60)


def text(rows, *, separator=",", trailing=0) -> str:
    written = StringIO()
    writer = csv.writer(written, delimiter=separator, lineterminator="\r\n")
    for row in rows:
        writer.writerow([*row, *[""] * trailing] if row else [""] * (trailing + 1) if trailing else [])
    return written.getvalue()


def webinar_rows(
    write=named_month, *, titles=True, registration=True, user_name=True, phone=False, questions=(), other=True, short=False,
    generated=True, people=None, rejoin_shorter=False, countries=True, only_attendees=False,
):  # fmt: skip
    """Z-1, the attendee report of a webinar."""
    people = PEOPLE if people is None else people
    rows = [["Attendee Report"]]
    if generated:
        rows.append(["Report Generated:", "Feb 19, 2027 6:26 PM"])
    began = named_month(at("08:00"))
    if short:
        rows += [["Topic", "Webinar ID", "Actual Start Time"], [TOPIC, "987 6543 2109", began]]
    else:
        rows += [
            ["Topic", "Webinar ID", "Actual Start Time", "Actual Duration (minutes)", "# Registered", "# Cancelled", "Unique Viewers",
             "Total Users", "Max Concurrent Views", "Enable Registration"],
            [TOPIC, "987 6543 2109", began, "270", "5", "0", "4", "6", "5", "Yes"],
        ]  # fmt: skip
    staff = ["Attended", "User Name (Original Name)", "Email", "Join Time", "Leave Time", "Time in Session (minutes)", "Is Guest"]
    for title, person in () if only_attendees else (("Host Details", HOST), ("Panelist Details", SPEAKER)):
        rows += [[title]] if titles else []
        rows.append([*staff, "Country/Region Name"])
        rows += [
            ["Yes", person.name, person.email, write(at(stay[0])), write(at(stay[1])), long_minutes(stay), "No", "Thailand"]
            for stay in person.stays
        ]
    rows += [["Attendee Details"]] if titles else []
    rows += _attendees(write, registration, user_name, phone, questions, people, rejoin_shorter, countries)
    if other and titles:
        rows += [["Other Attended"], ["User Name", "Join Time", "Leave Time", "Time in Session (minutes)", "Country/Region Name"]]
        rows += [[BY_PHONE.name, write(at(s[0])), write(at(s[1])), long_minutes(s), "Thailand"] for s in BY_PHONE.stays]
    return rows


def _attendees(write, registration, user_name, phone, questions, people, rejoin_shorter, countries):
    headings = ["Attended", *(["User Name (Original Name)"] if user_name else []), *(["First Name", "Last Name"] if registration else [])]
    headings += ["Email", *(["Phone"] if phone else []), *(["Registration Time", "Approval Status"] if registration else [])]
    headings += ["Join Time", "Leave Time", "Time in Session (minutes)", "Is Guest", *questions]
    headings += ["Country/Region Name", "Source Name"] if countries else []
    rows = [headings]
    for person in [*people, ABSENT]:
        name = [person.name] if user_name else []
        full = [person.first, person.last] if registration else []
        number = ["+66 81 234 5678"] if phone else []
        registered = [write(at("07:00") - dt.timedelta(days=9)), "approved"] if registration else []
        rest = ["Yes", *[f"คำตอบ {number}" for number in questions], *(["Thailand", "--"] if countries else [])]
        for count, stay in enumerate(person.stays):
            times = [write(at(stay[0])), write(at(stay[1])), long_minutes(stay)]
            if count and rejoin_shorter:
                rows.append(["Yes", *name, *full, person.email, *times, *rest])  # the registration's cells are not even empty
            elif count:
                rows.append(["Yes", *name, *full, person.email, *[""] * len(number), *["--" for _c in registered], *times, *rest])
            else:
                rows.append(["Yes", *name, *full, person.email, *number, *registered, *times, *rest])
        if not person.stays and registration:
            rows.append(["No", *name, *full, person.email, *number, *registered, "--", "--", "--", "--", *rest[1:]])
    return rows


def flat_rows(write=day_first, people=None):
    """Z-2, the flat list of a webinar."""
    headings = ["Name (original name)", "Email", "Join time", "Leave time", "Duration (minutes)", "Guest"]
    rows = [[*headings, "Recording disclaimer response", "In waiting room"]]
    for person in PEOPLE if people is None else people:
        rows += [[person.name, person.email, write(at(a)), write(at(b)), long_minutes((a, b)), "Yes", "", "No"] for a, b in person.stays]
    return rows


def meeting_rows(write=us, *, sums=False, empty_column=False):
    """Z-3, participants of a meeting, 2025 and 2026."""
    rows = [["Topic", "ID", "Host", "Duration (minutes)", "Start time", "End time", "Participants"]]
    rows += [[TOPIC, "987 6543 2109", "NESDC", "270", write(at("08:00")), write(at("12:30")), "6"], []]
    empty = [""] if empty_column else []
    if sums:
        rows.append(["Name (original name)", "Email", *empty, "Total duration (minutes)", "Guest"])
        return rows + [[p.name, p.email, *empty, sum(map(long_minutes, p.stays)), "Yes"] for p in PEOPLE]
    rows.append(["Name (original name)", "Email", *empty, "Join time", "Leave time", "Duration (minutes)", "Guest", "Consent"])
    for p in PEOPLE:
        rows += [[p.name, p.email, *empty, write(at(a)), write(at(b)), long_minutes((a, b)), "Yes", ""] for a, b in p.stays]
    return rows


def older_meeting_rows(write=us, *, sums=False, misspelt=False):
    """Z-4, participants of a meeting, 2020 to 2024."""
    rows = [["Meeting ID", "Topic", "Start Time", "End Time", "User Email", "Duration (Minutes)", "Participants", ""]]
    rows += [["987 6543 2109", TOPIC, write(at("08:00")), write(at("12:30")), "host@example.org", "270", "6", ""], []]
    if sums:
        rows.append(["Name (Original Name)", "User Email", "Total Durection(Minutes)" if misspelt else "Total Duration (Minutes)", "Guest"])
        return rows + [[p.name, p.email, sum(map(long_minutes, p.stays)), "Yes"] for p in PEOPLE]
    rows.append(["Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)", "Guest", "Recording Consent"])
    for p in PEOPLE:
        rows += [[p.name, p.email, write(at(a)), write(at(b)), long_minutes((a, b)), "Yes", ""] for a, b in p.stays]
    return rows


def line_rows(write=iso):
    """Z-5, the topic in front of each line."""
    rows = [["Topic", "Meeting ID", "Name (Original Name)", "User Email", "Join Time", "Leave Time", "Duration (Minutes)"]]
    for p in PEOPLE:
        rows += [[TOPIC, "98765432109", p.name, p.email, write(at(a)), write(at(b)), long_minutes((a, b))] for a, b in p.stays]
    return rows


def poll_rows():
    """Z-6, the poll report of 2025 and 2026."""
    return [
        ["Overview"], ["Generate Time", "Meeting Topic", "Meeting/Webinar ID", "Actual Start Time"],
        ["2027-02-19 10:00:00", TOPIC, "987 6543 2109", "2027-02-18 08:00:00"], [],
        ["Launched Polls"], ["#", "Poll Name", "Questions", "Responses"], ["1", "ความพึงพอใจ", "1", "2"], [],
        ["ความพึงพอใจ"], ["#", "User Name", "Email Address", "Submitted Date and Time", "ท่านพึงพอใจเพียงใด"],
        ["1", "น่าน พช. นายสมมุติ", "one@example.org", "02/18/2027 11:04:00", "มาก"],
        ["2", "anonymous", "anonymous", "02/18/2027 11:04:09", "มากที่สุด"],
    ]  # fmt: skip


def short_poll_rows():
    return [["Poll Report"], [], ["#", "User Name", "Email Address", "Submitted Date and Time", "คำถาม"]]


def older_poll_rows():
    """Z-7, the poll report of 2022."""
    head = [["Poll Report"], ["Report Generated:", "x"], ["Topic", "Webinar ID"], [TOPIC, "1"], [], ["Poll Details"]]
    rows = [["#", "User Name", "User Email", "Submitted Date/Time", "Poll 1", "คำตอบ"]]
    rows += [
        [str(n), "นายสมมุติ", "one@example.org", "Feb 18, 2027 11:00:00", "ท่านมาจากภาคใด", place] for n, place in ((1, "เหนือ"), (2, "ใต้"))
    ]
    return [*head, *rows]


def question_rows():
    """Z-8, questions and answers."""
    head = [["Question and Answer Report"], ["Topic", "Webinar ID"], [TOPIC, "1"], []]
    return [*head, ["#", "Question", "Asker Name", "Asker Email", "Answer(s)"], ["1", "ถามว่า", "นายสมมุติ", "one@example.org", "ตอบว่า"]]


def teams_moment(when: dt.datetime) -> str:
    return f"{when.month}/{when.day}/{when:%y}, {when.strftime('%I').lstrip('0')}:{when:%M:%S} {when:%p}"


def teams_local(when: dt.datetime) -> str:
    return when.strftime("%d/%m/%y, %H:%M:%S")


def spoken(stays) -> str:
    total = sum(int((at(b) - at(a)).total_seconds()) for a, b in stays)
    hours, rest = divmod(total, 3600)
    return " ".join(f"{n}{u}" for n, u in ((hours, "h"), (rest // 60, "m"), (rest % 60, "s")) if n)


def teams_rows(write=teams_moment, *, thai=False, time_only=False, registration_email=False, activities=True):
    """T-1 to T-3. In Thai the headings are invented: nobody has seen them, so they are read by position."""
    summary = ["1. สรุป", "2. ผู้ที่เข้ามา", "3. กิจกรรม"] if thai else ["1. Summary", "2. Participants", "3. In-Meeting Activities"]
    heads = ["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก", "เจ็ด"]
    of_people = ["Name", "First Join", "Last Leave", "In-Meeting Duration", "Email", "Participant ID (UPN)", "Role"]
    of_activities = ["Name", "Join Time", "Leave Time", "Duration", "Email", "Role"]
    rows = [[summary[0]], ["ชื่อเรื่อง" if thai else "Meeting title", TOPIC], ["Attended participants", "4"], []]
    extra = ["Registration Email"] if registration_email else []
    rows += [[summary[1]], heads if thai else [*of_people, *extra]]
    for p in [HOST, *PEOPLE]:
        role = "Organizer" if p is HOST else "Attendee"
        account = f"account.{p.email}" if registration_email else p.email
        row = [p.name, write(at(p.stays[0][0])), write(at(p.stays[-1][1])), spoken(p.stays), account, account, role]
        rows.append([*row, p.email] if registration_email else row)
    if not activities:
        return rows
    rows += [[], [summary[2]], heads[:6] if thai else of_activities]
    for p in [HOST, *PEOPLE]:
        account = f"account.{p.email}" if registration_email else p.email
        for a, b in p.stays:
            left = at(b).strftime("%I:%M:%S %p") if time_only else write(at(b))
            rows.append([p.name, write(at(a)), left, spoken([(a, b)]), account, "Organizer" if p is HOST else "Attendee"])
    return rows


def teams_events(write=teams_moment):
    """T-4, who joined and who left, of 2020."""
    events = [(at(moment), p.name, action) for p in PEOPLE for a, b in p.stays for moment, action in ((a, "Joined"), (b, "Left"))]
    return [["Full Name", "User Action", "Timestamp"], *[[name, action, write(when)] for when, name, action in events]]


def teams_list(write=teams_moment):
    """T-4 as it was in 2021."""
    head = [
        ["Meeting Summary"],
        ["Total Number of Participants", "4"],
        ["Meeting Title", TOPIC],
        ["Meeting Start Time", write(at("08:00"))],
        [],
    ]
    rows = [*head, ["Full Name", "Join Time", "Leave Time", "Duration", "Email", "Role", "Participant ID (UPN)"]]
    for p in PEOPLE:
        rows += [[p.name, write(at(a)), write(at(b)), spoken([(a, b)]), p.email, "Attendee", p.email] for a, b in p.stays]
    return rows


def teams_live():
    """T-5, a live event, in UTC."""
    rows = [["SessionId", "ParticipantId", "FullName", "UserAgent", "UtcEventTimestamp", "Action", "Role"]]
    for p in PEOPLE:
        for a, b in p.stays:
            for moment, action in ((a, "Joined"), (b, "Left")):
                rows.append(["s", p.email, p.name, "Teams", iso(at(moment) - dt.timedelta(hours=7)), action, "Attendee"])
    return rows


def csv_file(rows, encoding="utf-8-sig", **options) -> bytes:
    return text(rows, **options).encode(encoding)


def tsv_utf16(rows) -> bytes:
    return b"\xff\xfe" + text(rows, separator="\t").encode("utf-16-le")


def with_nul(rows) -> bytes:
    return text(rows).replace("Attended", "Atten\x00ded").encode()


def excel(rows) -> bytes:
    """The rows as Excel keeps them: what it takes for a date becomes one."""
    book = Workbook()
    for row in rows:
        book.active.append([_excel_value(cell) for cell in row] or [None])
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _excel_value(cell):
    for pattern in ("%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M"):
        try:
            return dt.datetime.strptime(str(cell), pattern)
        except ValueError:
            continue
    return cell
