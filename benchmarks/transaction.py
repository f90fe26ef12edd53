"""The writes of one registration, recorded from the real action, to be replayed without the portal around them."""

import json
import os
import secrets
from pathlib import Path
from typing import Any
from uuid import uuid4

from psycopg2.extras import Json


def record(file: Path) -> None:
    """Registers one person through the action, in the database of the settings, and saves the statements as JSON.

    What differs from person to person stands as «code», «email», «submission» and «id». Needs Django set up
    and the brief's workshop loaded.
    """
    from django.db import connection

    from registration.actor import PARTICIPANT
    from registration.people.actions.registrations import register
    from registration.people.applications import Application, Choices, Entry, Notice, Person
    from registration.seats.quotas import seat_quota
    from sessions.models import Track, Workshop

    statements: list[tuple[str, Any]] = []

    def listen(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append((sql, params))
        return execute(sql, params, many, context)

    workshop = Workshop.objects.get()
    quota = seat_quota(workshop, "55")
    assert quota is not None
    person = Person("นาย", "สมมุติ", "ทดสอบดี", "นักวิเคราะห์", "สำนักงานพัฒนาชุมชนจังหวัด", "พช.", "«email»@example.org", "+66812345678")
    submission = uuid4()
    with connection.cursor() as cursor:  # a key that no other row has
        cursor.execute("SELECT setval(pg_get_serial_sequence('registration_participant', 'id'), 9000000)")
    with connection.execute_wrapper(listen):
        choices = Choices(
            quota=quota,
            group=workshop.groups.get(code="4.1.1"),
            days=tuple(workshop.days.all()),
            tracks=(Track.objects.select_related("quota").filter(item__day__workshop=workshop)[0],),
            waitlist_ok=True,
        )
        entry, notice = Entry(submission=submission, language="th"), Notice(version="1")
        application = Application(workshop=workshop, person=person, choices=choices, entry=entry, notice=notice)
        participant = register(application=application, by=PARTICIPANT)
    names = {participant.code: "«code»", str(submission): "«submission»", submission.hex: "«submission»"}
    writes = [(sql, params) for sql, params in statements if sql.startswith(("UPDATE", "INSERT"))]
    lines = [[sql, [_named(value, names, participant.pk) for value in params]] for sql, params in writes]
    file.write_text(json.dumps(lines, ensure_ascii=False))


def _named(value: Any, names: dict[str, str], pk: int) -> Any:
    if isinstance(value, list | tuple):
        return [_named(part, names, pk) for part in value]
    if value is None or isinstance(value, int):
        return "«id»" if value == pk else value
    if isinstance(value, Json):
        return json.dumps(value.adapted)
    text = names.get(str(value), str(value))
    return text.replace(f":{pk}:", ":«id»:")


class Replay:
    """Writes registrations through any DB-API cursor."""

    def __init__(self, file: Path) -> None:
        self.statements = json.loads(file.read_text())

    def run(self, cursor: Any) -> str:
        """Executes the statements once, for a new person; returns their code. The caller commits."""
        code = secrets.token_hex(5)
        values = {"«code»": code, "«submission»": str(uuid4()), "«email»": code, "«id»": ""}
        for sql, params in self.statements:
            cursor.execute(sql, [_filled(value, values) for value in params])
            if sql.startswith("UPDATE") and cursor.rowcount != 1:
                raise RuntimeError("no place left")
            if '"registration_participant"' in sql.partition("(")[0]:
                values["«id»"] = str(cursor.fetchone()[0])
        return code


def _filled(value: Any, values: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_filled(part, values) for part in value]
    if value == "«id»":
        return int(values["«id»"])
    if not isinstance(value, str):
        return value
    for name, filling in values.items():
        value = value.replace(name, filling)
    return value


if __name__ == "__main__":
    import django

    django.setup()
    record(Path(os.environ["TRANSACTION_FILE"]))
