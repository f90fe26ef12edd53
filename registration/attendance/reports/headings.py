"""What the headings of columns mean. By a table, never by their place: columns come, go and are turned round from year to year."""

import re
from collections.abc import Sequence
from enum import StrEnum


class Column(StrEnum):
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
    WEBINAR_DATA = "webinar_data"


_WORDS: dict[Column, str] = {
    Column.ATTENDED: "attended|เข้าร่วม",
    Column.NAME: "user name (original name)|user name|name (original name)|name|full name|fullname|display name|participant name"
    "|ชื่อผู้ใช้ (ชื่อเดิม)|ชื่อผู้ใช้|ชื่อ (ชื่อเดิม)|ชื่อ",
    Column.FIRST: "first name|ชื่อจริง",
    Column.LAST: "last name|นามสกุล",
    Column.EMAIL: "email|user email|email address|e-mail|e-mail address|อีเมล|ที่อยู่อีเมล",
    Column.REGISTRATION_EMAIL: "registration email",
    Column.REGISTERED: "registration time|เวลาลงทะเบียน",
    Column.JOINED: "join time|first join|first join time|joined at|เวลาเข้าร่วม",
    Column.LEFT: "leave time|last leave|last leave time|left at|เวลาออก",
    Column.DURATION: "time in session (minutes)|duration (minutes)|duration(minutes)|duration|ระยะเวลา (นาที)|ระยะเวลา",
    Column.TOTAL: "total duration (minutes)|total duration(minutes)|total durection(minutes)|total durection (minutes)"
    "|in-meeting duration|attendance duration|ระยะเวลารวม (นาที)",
    Column.ROLE: "role|บทบาท",
    Column.TOPIC: "topic|หัวข้อ",
    Column.NUMBER: "webinar id|meeting id|id",
    Column.ACTION: "user action|action",
    Column.TIMESTAMP: "timestamp|utceventtimestamp",
    Column.PERSON_KEY: "participantid",
    Column.STARTED: "actual start time|start time",
    Column.ENDED: "end time",
    Column.SUBMITTED: "submitted date and time|submitted date/time",
    Column.QUESTION: "question",
    Column.ASKER: "asker name",
    Column.WEBINAR_DATA: "in waiting room|recording disclaimer response",
}
_MEANING = {word: column for column, words in _WORDS.items() for word in words.split("|")}
#: What no count needs, and nobody has to be told of.
_KNOWN_UNUSED = {"#", "is guest", "guest", "approval status", "sessionid"}

_TIMES = {Column.JOINED, Column.TOTAL, Column.TIMESTAMP}
_SOMEBODY = {Column.NAME, Column.EMAIL, Column.FIRST, Column.PERSON_KEY}

Columns = dict[Column, int]


def columns_of(cells: Sequence[str]) -> Columns:
    found: Columns = {}
    for index, cell in enumerate(cells):
        if column := _MEANING.get(_plain(cell)):
            found.setdefault(column, index)
    return found


def is_of_people(columns: Columns) -> bool:
    return bool(_SOMEBODY & columns.keys()) and bool(_TIMES & columns.keys())


def is_of_meeting(columns: Columns) -> bool:
    return Column.TOPIC in columns and Column.NUMBER in columns and not is_of_people(columns)


def unused(cells: Sequence[str], columns: Columns, used: frozenset[Column]) -> list[str]:
    taken = {index for column, index in columns.items() if column in used}
    return [cell for index, cell in enumerate(cells) if cell and index not in taken and _plain(cell) not in _KNOWN_UNUSED]


def _plain(cell: str) -> str:
    return re.sub(r"\s+", " ", cell).strip().strip(":").lower()
