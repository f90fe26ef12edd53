import datetime as dt
import json

import pytest
from django.utils import timezone

from registration.operations import clock
from registration.security import traffic

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kept_for_ninety_days(settings, tmp_path):
    settings.TRAFFIC_LOG_DAYS, settings.VAR_DIR, settings.PROXIES = 90, tmp_path, 1


def lines() -> list[dict[str, object]]:
    return [json.loads(line) for file in sorted(traffic.folder().glob("*")) for line in file.read_text().splitlines()]


def test_each_request_leaves_who_asked_and_for_what_kind_of_page_and_nothing_secret(client, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: dt.datetime(2027, 2, 18, 17, 30, tzinfo=dt.UTC))
    came = {"X-Forwarded-For": "198.51.100.1, 2001:db8::7", "X-Request-ID": "0123456789abcdef"}
    client.get("/p/AAAAAAA.1.plainly-invented-token/", headers=came)
    (line,) = lines()
    assert line == {
        "time": "2027-02-18T17:30:00.000+00:00",
        "from": "2001:db8::7",
        "method": "GET",
        "route": r"^p/(?P<token>[^/]+\.[^/]*)/(?P<rest>.*)$",
        "status": 404,
        "request_id": "0123456789abcdef",
    }
    (file,) = traffic.folder().iterdir()
    assert file.name == "2027-02-19.jsonl"  # the day in Thailand
    assert (file.stat().st_mode & 0o077, traffic.folder().stat().st_mode & 0o077) == (0, 0)


def test_unless_it_is_asked_for_nothing_is_written(client, settings):
    settings.TRAFFIC_LOG_DAYS = 0
    client.get("/healthz")
    assert not traffic.folder().exists()


def test_a_full_disk_stops_no_request(client, settings, caplog):
    settings.VAR_DIR = settings.VAR_DIR / "file"
    settings.VAR_DIR.touch()
    assert client.get("/healthz").status_code == 200
    assert "traffic data cannot be written: Not a directory" in caplog.messages


@pytest.mark.parametrize("days_set", [90, 9, 0])
def test_the_clock_deletes_a_day_when_ninety_are_over_and_not_before_whatever_is_set(settings, days_set):
    settings.TRAFFIC_LOG_DAYS = days_set
    now = timezone.now()
    traffic.folder().mkdir()
    days = {ago: traffic.folder() / f"{timezone.localdate(now) - dt.timedelta(days=ago)}.jsonl" for ago in (0, 90, 91, 400)}
    for file in [*days.values(), traffic.folder() / "notes.jsonl"]:
        file.touch()
    clock.tick(now)
    assert {file.name for file in traffic.folder().iterdir()} == {days[0].name, days[90].name, "notes.jsonl"}
