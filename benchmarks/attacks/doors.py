"""What stands open before anybody has signed in, or after a password was stolen: `python -m benchmarks.attacks.doors`.

Headers that move the portal elsewhere, a foreign host at a page that is kept, a body that fills the disk, files that others on the
machine read, keys of rows that are none, and somebody else's second factor.
"""

import http.client
import os
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

from benchmarks.attacks import portal, tell, tree
from benchmarks.servers import environment
from benchmarks.visitor import Visitor, hidden_fields

VISITORS = 12
BODY = 30_000_000
LISTS = ["participant", "delivery", "quota", "coordinator", "mailing", "export", "invitation", "auditevent", "province", "agency"]
PASSWORD = secrets.token_urlsafe(12)
#: Prints the session of a member of staff who may do everything, and who has a mailbox.
STAFF = f"""
from django.contrib.auth.models import User
from django.test import Client
client = Client()
client.force_login(User.objects.create_superuser("boss", "boss@example.org", "{PASSWORD}"))
print(client.cookies["sessionid"].value)
"""


def in_tree(folder: str, script: str) -> str:
    """What the last line says that `script` prints in the portal that has its files in `folder`."""
    command = [sys.executable, "manage.py", "shell", "-v0", "-c", script]
    done = subprocess.run(command, cwd=tree(), env=environment("", Path(folder)), capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def links_that_lead_elsewhere() -> None:
    with portal(PROXIES="0") as port:
        sent = {"SCRIPT_NAME": "/evil", "X-Forwarded-Host": "evil.example.org"}
        for _i in range(3):
            Visitor(port, headers=sent).request("GET", "/evil/privacy/")
            Visitor(port, headers=sent).request("GET", "/evil/")
        pages = [Visitor(port).request("GET", "/")[2] for _i in range(VISITORS)]
        poisoned = sum("/evil/" in page or "evil.example.org" in page for page in pages)
        tell("somebody sends SCRIPT_NAME, then twelve visitors come", "12 of 12 got links that lead elsewhere", f"{poisoned} of {VISITORS}")


def a_foreign_host() -> None:
    with portal(ALLOWED_HOSTS="localhost") as port:
        own = [Visitor(port).request("GET", "/")[0] for _i in range(3)]
        foreign = Visitor(port, headers={"Host": "evil.example.org"}).request("GET", "/")[0]
        tell("a foreign Host asks for a page that is kept", "200", f"{foreign}; our own host (control): {own}")


def a_body_for_the_disk() -> None:
    with tempfile.TemporaryDirectory() as folder, portal(TMPDIR=folder) as port:
        written, over = [0], threading.Event()

        def watch() -> None:
            while not over.is_set():
                written.append(sum(file.stat().st_size for file in Path(folder).glob("*.upload*") if file.exists()))
                time.sleep(0.01)

        watcher = threading.Thread(target=watch)
        watcher.start()
        head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="names.xlsx"\r\n\r\n'
        who = Visitor(port)
        who.request("GET", "/desk/sign-in/")  # for the cookie of its form: without it nobody reads what is sent
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
            headers = {"Host": "localhost", "Content-Type": "multipart/form-data; boundary=x", "Cookie": cookie}
            connection.request("POST", "/desk/sign-in/", head + b"x" * BODY + b"\r\n--x--\r\n", headers)
            status = str(connection.getresponse().status)
        except OSError as error:
            status = type(error).__name__
        over.set()
        watcher.join()
        control = Visitor(port).request("GET", "/desk/sign-in/")[0]
        tell(
            "a stranger sends 30 MB", "written to the disk, then refused", f"{status}, {max(written):,} bytes written; the page: {control}"
        )


def files_that_others_read() -> None:
    before = os.umask(0)
    try:
        with tempfile.TemporaryDirectory() as folder, portal(VAR_DIR=folder) as port:
            Visitor(port).request("GET", "/")
            modes = {path.name: path.stat().st_mode & 0o077 for path in Path(folder).rglob("*")}
        open_to_others = sorted(name for name, mode in modes.items() if mode)
        tell(
            "other users of the machine look for files",
            "the database among them",
            f"{len(open_to_others)} of {len(modes)} are open to them",
        )
    finally:
        os.umask(before)


def keys_that_are_none() -> None:
    with tempfile.TemporaryDirectory() as folder, portal(VAR_DIR=folder) as port:
        who = Visitor(port)
        who.cookies["sessionid"] = in_tree(folder, STAFF)
        answers: Counter[int] = Counter()
        for name in LISTS:
            path = f"/admin/registration/{name}/"
            token = dict(hidden_fields(who.request("GET", path)[2])).get("csrfmiddlewaretoken", "")
            form = [("csrfmiddlewaretoken", token), ("action", "delete_selected"), ("_selected_action", "x"), ("index", "0")]
            answers[who.request("POST", path, form)[0]] += 1
        control = who.request("GET", "/admin/registration/participant/")[0]
        tell("an action about the row “x”, in ten lists", "500 in those whose action reads it", f"{dict(answers)}; a list: {control}")


def somebody_elses_second_factor() -> None:
    with tempfile.TemporaryDirectory() as folder, portal(VAR_DIR=folder, STAFF_SECOND_FACTOR="on") as port:
        in_tree(folder, STAFF)
        thief = Visitor(port)
        page = thief.request("GET", "/admin/login/")[2]
        status, location, page = thief.request(
            "POST", "/admin/login/", [*hidden_fields(page), ("username", "boss"), ("password", PASSWORD)]
        )
        location = "/admin/"
        while location:
            path = location
            status, location, page = thief.request("GET", path)
        key = bool(re.search(r"otpauth|(?:[A-Z2-7]{4} ){4,}|<svg[^>]*qr", page))
        got = "the key of an app, which they set up as theirs" if key else "no key: it wants a mailed link or an administrator's word"
        tell(
            "a stolen password, before its owner has set up an app",
            "the key of an app, which they set up as theirs",
            f"{path} {status}: {got}",
        )


if __name__ == "__main__":
    links_that_lead_elsewhere()
    a_foreign_host()
    a_body_for_the_disk()
    files_that_others_read()
    keys_that_are_none()
    somebody_elses_second_factor()
