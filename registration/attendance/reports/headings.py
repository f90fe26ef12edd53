"""What the headings of columns mean. By a table, never by their place: columns come, go and are turned round from year to year."""

import re
from collections.abc import Sequence
from enum import StrEnum


class ReportColumn(StrEnum):
    ATTENDED = "attended"
    NAME = "name"
    FIRST = "first"
    LAST = "last"
    EMAIL = "email"
    REGISTRATION_EMAIL = "registration_email"
    REGISTERED = "registered"
    JOINED = "joined"
    LEFT = "left"
    DURATION = "duration"
    TOTAL = "total"
    ROLE = "role"
    TOPIC = "topic"
    NUMBER = "number"
    ACTION = "action"
    TIMESTAMP = "timestamp"
    PERSON_KEY = "person_key"
    STARTED = "started"
    ENDED = "ended"
    SUBMITTED = "submitted"
    QUESTION = "question"
    ASKER = "asker"
    ANSWER = "answer"
    WEBINAR_DATA = "webinar_data"
    REGISTRANT = "registrant"


_WORDS: dict[ReportColumn, str] = {
    ReportColumn.ATTENDED: "attended|เข้าร่วม",
    ReportColumn.NAME: "user name (original name)|user name|name (original name)|name|full name|fullname|display name|participant name"
    "|ชื่อผู้ใช้ (ชื่อเดิม)|ชื่อผู้ใช้|ชื่อ (ชื่อเดิม)|ชื่อ",
    ReportColumn.FIRST: "first name|ชื่อจริง",
    ReportColumn.LAST: "last name|นามสกุล",
    ReportColumn.EMAIL: "email|user email|email address|e-mail|e-mail address|asker email|อีเมล|ที่อยู่อีเมล",
    ReportColumn.REGISTRATION_EMAIL: "registration email",
    ReportColumn.REGISTERED: "registration time|เวลาลงทะเบียน",
    ReportColumn.JOINED: "join time|first join|first join time|joined at|เวลาเข้าร่วม",
    ReportColumn.LEFT: "leave time|last leave|last leave time|left at|เวลาออก",
    ReportColumn.DURATION: "time in session (minutes)|duration (minutes)|duration(minutes)|duration|ระยะเวลา (นาที)|ระยะเวลา",
    ReportColumn.TOTAL: "total duration (minutes)|total duration(minutes)|total durection(minutes)|total durection (minutes)"
    "|in-meeting duration|attendance duration|ระยะเวลารวม (นาที)",
    ReportColumn.ROLE: "role|บทบาท",
    ReportColumn.TOPIC: "topic|หัวข้อ",
    ReportColumn.NUMBER: "webinar id|meeting id|id",
    ReportColumn.ACTION: "user action|action",
    ReportColumn.TIMESTAMP: "timestamp|utceventtimestamp",
    ReportColumn.PERSON_KEY: "participantid",
    ReportColumn.STARTED: "actual start time|start time",
    ReportColumn.ENDED: "end time",
    ReportColumn.SUBMITTED: "submitted date and time|submitted date/time",
    ReportColumn.QUESTION: "question",
    ReportColumn.ASKER: "asker name",
    ReportColumn.ANSWER: "answer(s)|answers|answer",
    ReportColumn.WEBINAR_DATA: "in waiting room|recording disclaimer response",
    ReportColumn.REGISTRANT: "registrant id",
}
_MEANING = {word: column for column, words in _WORDS.items() for word in words.split("|")}
#: What no count needs, and nobody has to be told of.
_KNOWN_UNUSED = {"#", "is guest", "guest", "approval status", "sessionid"}

_TIMES = {ReportColumn.JOINED, ReportColumn.TOTAL, ReportColumn.TIMESTAMP}
_SOMEBODY = {ReportColumn.NAME, ReportColumn.EMAIL, ReportColumn.FIRST, ReportColumn.PERSON_KEY}

Columns = dict[ReportColumn, int]


def columns_of(cells: Sequence[str]) -> Columns:
    found: Columns = {}
    for index, cell in enumerate(cells):
        if column := _MEANING.get(_plain(cell)):
            found.setdefault(column, index)
    return found


def is_of_people(columns: Columns) -> bool:
    return bool(_SOMEBODY & columns.keys()) and bool(_TIMES & columns.keys())


def is_of_meeting(columns: Columns) -> bool:
    return ReportColumn.TOPIC in columns and ReportColumn.NUMBER in columns and not is_of_people(columns)


def unused(cells: Sequence[str], columns: Columns, used: frozenset[ReportColumn]) -> list[str]:
    taken = {index for column, index in columns.items() if column in used}
    return [cell for index, cell in enumerate(cells) if cell and index not in taken and _plain(cell) not in _KNOWN_UNUSED]


def _plain(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip().strip(":").lower()
