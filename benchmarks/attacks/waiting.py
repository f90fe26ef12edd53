"""A message to many before a link that somebody waits for, and a link that waited for too long: `python -m benchmarks.attacks.waiting`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.attacks import tell, tree
from benchmarks.servers import environment

#: Three hundred and sixty mails to many, then a personal link. A minute sends so many mails as its ceiling allows.
QUEUE = """
import datetime as dt
from django.utils import timezone
try:
    from registration.mail import outbox
except ModuleNotFoundError:  # before 1.1.0
    from registration import outbox
from registration.models import Delivery
from tests.factories import make_participant, make_workshop
person, at = make_participant(make_workshop()), timezone.now()
Delivery.objects.all().delete()
for number in range(360):
    outbox.post("reminder", person, occasion=number, at=at, details={"day": 0})
outbox.post("link", person, at=at + dt.timedelta(seconds=1))
asked = Delivery.objects.get(message="link").pk
minute, before = at.replace(second=0, microsecond=0) + dt.timedelta(minutes=1), 0
for waited in range(20):
    while batch := outbox.claim("worker", at=minute + dt.timedelta(minutes=waited)):
        if asked in [delivery.pk for delivery in batch]:
            print(f"{before} mails before it, sent in minute {waited + 1} of the queue")
            raise SystemExit
        before += len(batch)
print("not in twenty minutes")
"""
#: A link for ten minutes, asked for while the mail server was away for three quarters of an hour.
LATE = """
import datetime as dt
from django.core import mail
from django.test.utils import override_settings
from django.utils import timezone
try:
    from registration.links.actions.fresh_links import send_fresh_link
except ModuleNotFoundError:  # before 1.1.0
    from registration.actions.fresh_links import send_fresh_link
try:
    from registration.mail import outbox
except ModuleNotFoundError:  # before 1.1.0
    from registration import outbox
from registration.models import Delivery
from tests.factories import make_participant, make_workshop
person = make_participant(make_workshop())
Delivery.objects.all().delete()
mail.outbox = []
with override_settings(EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend"):
    for minutes in (45, 1):
        send_fresh_link(participant=person, purpose="my_data", at=timezone.now() - dt.timedelta(minutes=minutes))
        outbox.send_due("worker", seconds=20)
states = list(Delivery.objects.order_by("pk").values_list("state", flat=True))
links = ["/f/" in sent.body for sent in mail.outbox]
print(f"late: {states[0]}, in time (control): {states[1]}; {len(mail.outbox)} mails, with a link: {links}")
"""


def seen(script: str) -> str:
    with tempfile.TemporaryDirectory(prefix="portal-attack-") as folder:
        env = environment("", Path(folder))
        subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=tree(), env=env, check=True)
        command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
        done = subprocess.run(command, cwd=tree(), env=env, capture_output=True, text=True)
        return done.stdout.strip() or done.stderr.strip().splitlines()[-1]


if __name__ == "__main__":
    tell("360 mails to many, then a link that somebody asked for", "it waited for all of them", seen(QUEUE))
    tell("a link for ten minutes that could not be sent for 45", "dropped without a word", seen(LATE))
