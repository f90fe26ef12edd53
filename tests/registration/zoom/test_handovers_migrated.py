"""What was handed over before there were lists is, after the migration, what Zoom knows: tried on a database of its own."""

import json
import os
import subprocess
import sys

from tests.migrated import ROOT

BEFORE, AFTER = ("registration", "0023_text_in_one_form"), ("registration", "0024_zoom_ledger")

SCRIPT = f"""
import datetime as dt, json, uuid
import django
django.setup()
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

executor = MigrationExecutor(connection)
executor.migrate([{BEFORE!r}])
old = executor.loader.project_state([{BEFORE!r}, ("agenda", "0005_selection")]).apps
get = old.get_model
user = get("auth", "User").objects.create(username="staff")
workshop = get("agenda", "Workshop").objects.create(slug="sample", title_th="ตัวอย่าง")
day = get("agenda", "WorkshopDay").objects.create(workshop=workshop, date=dt.date(2027, 2, 18))
item = get("agenda", "AgendaItem").objects.create(day=day, starts_at=dt.time(9), ends_at=dt.time(10), kind="parallel", title_th="หัวข้อ")
track = get("agenda", "Track").objects.create(item=item, number=1, title_th="หัวข้อที่ ๑")
group = get("agenda", "StakeholderGroup").objects.create(workshop=workshop, code="4.1.1", name_th="สำนักงาน")
quota = get("registration", "Quota").objects.create(workshop=workshop, kind="central", capacity=50)
Participant, Handover = get("registration", "Participant"), get("registration", "ZoomHandover")
noon = dt.datetime(2027, 1, 15, 12, tzinfo=dt.UTC)
people = []
for number in range(4):
    people.append(Participant.objects.create(
        workshop=workshop, quota=quota, group=group, code=f"AAAA{{number}}", submission=uuid.uuid4(), email=f"p{{number}}@example.org",
        state="confirmed", first_name="สมมุติ", last_name="ทดสอบ", registered_at=noon, state_changed_at=noon, consented_at=noon,
    ))
hours = [noon, noon, noon + dt.timedelta(hours=1), noon]
for person, at in zip(people, hours):
    Handover.objects.create(participant=person, email=person.email, day=day, at=at, by=user)
Handover.objects.create(participant=people[0], email=people[0].email, track=track, at=noon, by=None)
executor = MigrationExecutor(connection)
executor.migrate(executor.loader.graph.leaf_nodes())
from registration.models import ZoomFile
from registration.zoom.meetings import ledgers_of
from sessions.models import Workshop
files = [
    [file.kind, "track" if file.track_id else "day", file.done_at == file.made_at, file.made_by and file.made_by.username,
     sorted(line.email for line in file.lines.all())]
    for file in ZoomFile.objects.order_by("made_at", "pk")
]
ledgers = [[ledger.known, ledger.expected, ledger.left.count] for ledger in ledgers_of(Workshop.objects.get())]
print(json.dumps([files, ledgers]))
"""


def test_lists_are_made_of_handovers_and_zoom_knows_those_people(tmp_path):
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'old.sqlite3'}", "DJANGO_SETTINGS_MODULE": "tests.settings"}
    done = subprocess.run([sys.executable, "-c", SCRIPT], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    files, ledgers = json.loads(done.stdout.splitlines()[-1])
    assert files == [
        ["add", "day", True, "staff", ["p0@example.org", "p1@example.org", "p3@example.org"]],
        ["add", "track", True, None, ["p0@example.org"]],
        ["add", "day", True, "staff", ["p2@example.org"]],
    ]
    # Nobody chose a day in this old database: whom Zoom knows is to be removed, and nothing is said of names that nobody kept.
    assert ledgers == [[4, 0, 4], [1, 0, 1]]
