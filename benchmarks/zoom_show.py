"""`make zoom`: the portal beside a stand-in of Zoom, with invented people to register there. Nothing leaves this machine.

The portal has a database of its own (var/zoom). The stand-in's page shows whom it knows, and lets it have a bad day.
"""

import html
import json
import os
import subprocess
import sys
import threading
import time
import urllib.request
from collections import defaultdict
from collections.abc import Callable
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from benchmarks.zoom_stand_in import StandIn, Webinar, _Handler, served, signed_headers

ROOT = Path(__file__).resolve().parent.parent
PORT, ZOOM_PORT = int(os.environ.get("PORT") or 8000), int(os.environ.get("ZOOM_PORT") or 8100)
#: The portal's settings beside those of `make run`.
SETTINGS = {
    "VAR_DIR": os.environ.get("VAR_DIR") or str(ROOT / "var" / "zoom"),
    "PORT": str(PORT),
    "ZOOM_ACCOUNT_ID": "account",
    "ZOOM_CLIENT_ID": "client",
    "ZOOM_CLIENT_SECRET": "secret",
    "ZOOM_WEBHOOK_SECRET": "webhook-secret",
    "ZOOM_SIGN_IN_URL": f"http://127.0.0.1:{ZOOM_PORT}",
}
PEOPLE = 64
#: The first webinar's number; the others follow.
FIRST_NUMBER = 98_765_432_101
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>A stand-in of Zoom</title>
<h1>A stand-in of Zoom</h1><p>The portal is at <a href="{portal}">{portal}</a>. Sign in there, open “Zoom by its API” and press.</p>
<table border="1" cellpadding="6"><tr><th>Webinar<th>Number<th>Registered<th></tr>{rows}</table>
<h2>A bad day</h2><form method="post">{moods}</form><h2>The last calls</h2><pre>{calls}</pre></html>"""


class Show:
    """The stand-in's page: what it knows, and what it can be told to do."""

    def __init__(self, zoom: StandIn) -> None:
        self.zoom = zoom
        self.deeds: dict[str, Callable[[Webinar], None]] = {"ten join": self._join, "five leave": self._leave, "end": self._end}
        #: By webinar: keys of registrants who are in, and since when.
        self.inside: dict[str, dict[str, str]] = defaultdict(dict)
        self.moods: dict[str, dict[str, Any]] = {
            "die after row 17 of the next batch": {"dies_after_rows": 17},
            "answer 429 to the next seven calls": {"busy_calls": 7},
            "do the next call and not answer": {"slow_calls": 1},
            "forget the order of pages": {"forgets_order": True},
            "be well again": {"dies_after_rows": None, "busy_calls": 0, "slow_calls": 0, "forgets_order": False},
        }

    def page(self) -> str:
        rows = "".join(self._row(webinar) for webinar in self.zoom.webinars.values())
        moods = "".join(f'<p><button name="mood" value="{mood}">{mood}</button></p>' for mood in self.moods)
        calls = html.escape("\n".join(f"{method} {path}" for method, path in reversed(self.zoom.calls[-25:])))
        return PAGE.format(portal=f"http://localhost:{PORT}/admin/", rows=rows, moods=moods, calls=calls)

    def _row(self, webinar: Webinar) -> str:
        buttons = "".join(f'<button name="{deed}" value="{webinar.number}">{deed}</button> ' for deed in self.deeds)
        cells = (webinar.topic, webinar.number, str(len(webinar.approved())))
        return f"<tr>{''.join(f'<td>{html.escape(cell)}' for cell in cells)}<td><form method='post'>{buttons}</form></tr>"

    def _join(self, webinar: Webinar) -> None:
        inside = self.inside[webinar.number]
        for one in [one for one in webinar.approved() if one["id"] not in inside][:10]:
            inside[one["id"]] = _now()
            self._tell("webinar.participant_joined", webinar, one, join_time=inside[one["id"]])

    def _leave(self, webinar: Webinar) -> None:
        inside = self.inside[webinar.number]
        for key in list(inside)[:5]:
            joined, left = inside.pop(key), _now()
            self.zoom.attend(webinar, key, joined, left)
            self._tell("webinar.participant_left", webinar, webinar.registrants[key], leave_time=left)

    def _end(self, webinar: Webinar) -> None:
        while self.inside[webinar.number]:
            self._leave(webinar)
        webinar.is_over = True
        self._tell("webinar.ended", webinar, None, end_time=_now())

    def _tell(self, event: str, webinar: Webinar, one: dict[str, str] | None, **moment: str) -> None:
        """As Zoom does: signed, and not waited for."""
        told: dict[str, Any] = {"id": webinar.number, "uuid": webinar.uuid, "topic": webinar.topic}
        if one:
            person = {"user_id": one["id"][:12], "user_name": one["last_name"], "email": one["email"], "registrant_id": one["id"]}
            told["participant"] = person | moment
        else:
            told |= moment
        body = json.dumps({"event": event, "event_ts": int(time.time() * 1000), "payload": {"object": told}}).encode()
        headers = signed_headers(SETTINGS["ZOOM_WEBHOOK_SECRET"], body, int(time.time()))
        request = urllib.request.Request(f"http://127.0.0.1:{PORT}/zoom/events/", body, headers, method="POST")
        try:
            urllib.request.urlopen(request, timeout=3).close()
        except OSError as error:
            print(f"The portal answered to {event}: {error}", flush=True)

    def do(self, asked: dict[str, list[str]]) -> None:
        for name, value in ((name, values[0]) for name, values in asked.items()):
            if name == "mood" and value in self.moods:
                for mood, said in self.moods[value].items():
                    setattr(self.zoom.moods, mood, said)
            elif name in self.deeds and value in self.zoom.webinars:
                self.deeds[name](self.zoom.webinars[value])


def _now() -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def shown(show: Show) -> ThreadingHTTPServer:
    """The server of the stand-in with its page."""
    server = served(show.zoom, ZOOM_PORT)

    class WithPage(_Handler):
        stand_in = show.zoom

        def do_GET(self) -> None:
            if self.path != "/":
                self._serve()
                return
            sent = show.page().encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(sent)))
            self.end_headers()
            self.wfile.write(sent)

        def do_POST(self) -> None:
            if self.path != "/":
                self._serve()
                return
            show.do(parse_qs(self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()))
            self.send_response(303)
            self.send_header("Location", "/")
            self.send_header("Content-Length", "0")
            self.end_headers()

    server.RequestHandlerClass = WithPage
    return server


def seed() -> list[tuple[str, str]]:
    """Invented people of the demonstration round, and a webinar for each of its meetings. Returns number and topic of each."""
    import django

    django.setup()
    from registration.actor import SYSTEM
    from registration.models import Participant, ZoomWebinar
    from registration.zoom.actions.webinars import say_webinar
    from registration.zoom.meetings import meetings_of
    from sessions.demonstration import SLUG
    from sessions.models import Workshop
    from tests.factories import make_participant

    workshop = Workshop.objects.get(slug=SLUG)
    Workshop.objects.filter(pk=workshop.pk).update(links_by=Workshop.LinksBy.ZOOM)
    workshop.refresh_from_db()
    tracks = [meeting.track for meeting in meetings_of(workshop) if meeting.track]
    places = [quota.code for quota in workshop.quotas.seats().select_related("province")[:8]]
    for number in range(Participant.objects.filter(workshop=workshop).count(), PEOPLE):
        make_participant(workshop, places[number % len(places)], tracks=[tracks[number % len(tracks)]] if tracks else [], at=None)
    Participant.objects.filter(workshop=workshop).update(state="confirmed")
    for place, meeting in enumerate(meetings_of(workshop)):
        if not ZoomWebinar.objects.filter(**meeting.columns).exists():
            say_webinar(meeting=meeting, number=str(FIRST_NUMBER + place), by=SYSTEM)
    return [(webinar.number, str(webinar.track or webinar.day)) for webinar in ZoomWebinar.objects.select_related("day", "track")]


def main() -> None:
    os.environ.update(SETTINGS)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdgworkshop.settings")
    for step in ("bin/build", "bin/prepare"):
        if code := subprocess.run([sys.executable, step], cwd=ROOT, stdin=subprocess.DEVNULL).returncode:
            sys.exit(code)
    zoom = StandIn()
    for number, topic in seed():
        zoom.hold(number, topic)
    server = shown(Show(zoom))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"\nThe stand-in of Zoom is at http://localhost:{ZOOM_PORT}/", flush=True)
    portal = subprocess.Popen([sys.executable, "bin/serve"], cwd=ROOT, stdin=subprocess.DEVNULL)
    try:
        sys.exit(portal.wait())
    except KeyboardInterrupt:
        sys.exit(portal.wait())


if __name__ == "__main__":
    main()
