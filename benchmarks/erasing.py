"""After an erasure, no byte of the person is left: in PostgreSQL's dump, in its files and in the outbox.

`.venv/bin/python -m benchmarks.erasing`. SQLite's file is looked into by `tests/registration/privacy/test_erasures.py`.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from benchmarks.database import WHEEL, connect, postgres
from benchmarks.servers import environment, manage

FIRST, LAST, EMAIL, PHONE = "ลับสุดยอด", "ห้ามเหลือ", "erase.me@example.org", "+66899999123"

#: Written and done by the portal's own functions; prints the code of whoever is to be erased.
FILL = f"""
from django.utils import timezone
from registration.seats.actions.moves import decline
from registration.zoom.actions.lists import take_list
from registration.zoom.ledger import DeedKind
from registration.zoom.meetings import Meeting
from registration.actor import SYSTEM
from tests.factories import make_invitation, make_participant, make_workshop
workshop = make_workshop(slug="erasing")
for _i in range(200):
    make_participant(workshop, "10")
person = make_participant(workshop, first_name="{FIRST}", last_name="{LAST}", email="{EMAIL}", phone="{PHONE}")
take_list(meeting=Meeting(workshop.days.first()), kind=DeedKind.ADD, by=SYSTEM)
make_invitation(make_workshop(), email="{EMAIL}", first_name="{FIRST}", last_name="{LAST}")
decline(participant=person, reason="{FIRST}", by=SYSTEM)
print(person.code)
"""
ERASE = f"""
from registration.privacy.actions.erasure import erase
from registration.actor import PARTICIPANT
from registration.models import Participant
print(erase(participant=Participant.objects.get(email="{EMAIL}"), by=PARTICIPANT))
"""
SCRUB = """
from django.utils import timezone
from registration.operations import clock
print(clock.scrub(timezone.now()))
"""


def found_in_dump(url: str, words: Iterable[str]) -> list[str]:
    """Which of `words` stand in what pg_dump writes."""
    folder, _slash, name = url.removeprefix("postgres://postgres@/").rpartition("/")
    command = [str(WHEEL / "pg_dump"), "-h", f"/{folder.lstrip('/')}", "-U", "postgres", name]
    dump = subprocess.run(command, capture_output=True, check=True).stdout
    return [word for word in words if word.encode() in dump]


def found_in_files(folder: Path, words: Iterable[str]) -> list[str]:
    """Which of `words` stand in the files of the tables and indexes, as the disk has them."""
    data = b"".join(file.read_bytes() for file in (folder / "base").rglob("*") if file.is_file())
    return [word for word in words if word.encode() in data]


def checkpoint(url: str) -> None:
    """Lets PostgreSQL take samples, as it does by itself from time to time, and write to its files what it only has in memory."""
    connection = connect(url)
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute("CHECKPOINT")
    connection.close()


def say(promise: str, kept: bool, seen: object) -> None:
    print(f"{'kept ' if kept else 'BROKEN'}  {promise}: {seen}", flush=True)
    if not kept:
        sys.exit(1)


def main() -> None:
    with postgres(["erasing"]) as urls, tempfile.TemporaryDirectory() as var:
        url = urls["erasing"]
        env = environment(url, Path(var))
        folder = Path("/" + url.removeprefix("postgres://postgres@/").rpartition("/")[0].lstrip("/"))
        manage(env, "migrate", "--verbosity=0")
        code = manage(env, "shell", "-v", "0", "-c", FILL).strip().splitlines()[-1]
        secrets = [FIRST, LAST, EMAIL, PHONE, code]
        checkpoint(url)
        seen = found_in_dump(url, secrets), found_in_files(folder, secrets)
        say("before, dump and files hold the person (a control)", seen == (secrets, secrets), seen)
        manage(env, "shell", "-v", "0", "-c", ERASE)
        say("erased, the dump holds nothing", not found_in_dump(url, secrets), found_in_dump(url, secrets))
        checkpoint(url)
        left = found_in_files(folder, secrets)
        say("but the files still do, where nothing has written them anew (a control)", bool(left), left)
        manage(env, "shell", "-v", "0", "-c", SCRUB)
        checkpoint(url)
        left = found_in_files(folder, secrets)
        say("scrubbed, the files hold nothing", not left, left)


if __name__ == "__main__":
    main()
