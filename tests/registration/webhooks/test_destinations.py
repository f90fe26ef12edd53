"""Where webhooks may not go, however it is written."""

import socket

import pytest

from registration.webhooks import client, destinations
from registration.webhooks.destinations import Refusal, Refused

#: Special, private, or leading back to them, as an address may say it.
INSIDE = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.8", "172.16.4.1", "192.168.1.1", "169.254.169.254", "100.64.0.1"),
    *("192.0.0.8", "192.88.99.1", "198.18.0.1", "224.0.0.1", "255.255.255.255", "240.0.0.1"),
    *("::1", "::", "::ffff:127.0.0.1", "::ffff:a9fe:a9fe", "::7f00:1", "64:ff9b::7f00:1", "2002:7f00:1::", "2001::1"),
    *("fe80::1", "fec0::1", "fd00:ec2::254", "ff02::1", "100::1", "2001:db8::1"),
]
#: What the system's resolver takes for 127.0.0.1 or has a name for.
LEADING_INSIDE = ["2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "localhost", "localhost.", "[::ffff:7f00:1]"]


@pytest.fixture
def resolver(monkeypatch):
    """Names are resolved to what a test says, and every question is counted."""
    answers: dict[str, list[list[str]]] = {}
    asked: list[str] = []

    def getaddrinfo(host, port, *args, **options):
        asked.append(host)
        found = answers[host]
        addresses = found.pop(0) if len(found) > 1 else found[0]
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    answers["asked"] = asked  # type: ignore[assignment]
    return answers


@pytest.fixture
def connected(monkeypatch):
    """The addresses to which a connection is opened, none of which answers."""
    found = []

    def connect(self, host, port, *args):
        found.append((host, port))
        raise client.httpcore.ConnectError("nobody there")

    monkeypatch.setattr(client.httpcore.SyncBackend, "connect_tcp", connect)
    return found


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_goes_inside_by_an_address(connected, address):
    url = f"https://[{address}]/" if ":" in address else f"https://{address}/"
    assert client.post(url, b"", {}).text == "private"
    assert connected == []


@pytest.mark.parametrize("address", INSIDE)
def test_nothing_goes_inside_by_a_name(resolver, connected, address):
    resolver["rebound.example.org"] = [[address]]
    assert client.post("https://rebound.example.org/", b"", {}).text == "private"
    assert connected == []


@pytest.mark.parametrize("host", LEADING_INSIDE)
def test_nothing_goes_inside_by_another_way_of_writing_it(connected, host):
    assert client.post(f"https://{host}/", b"", {}).text in ("private", "unknown host")
    assert connected == []


def test_a_name_with_one_private_address_among_others_is_refused(resolver, connected):
    resolver["half.example.org"] = [["93.184.216.34", "10.0.0.8"]]
    assert client.post("https://half.example.org/", b"", {}).text == "private"
    assert connected == []


def test_the_connection_goes_to_the_address_that_was_looked_at(resolver, connected, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:3128")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:3128")
    resolver["rebound.example.org"] = [["93.184.216.34"], ["127.0.0.1"]]
    assert "ConnectError" in client.post("https://rebound.example.org:8443/", b"", {}).text
    assert (resolver["asked"], connected) == (["rebound.example.org"], [("93.184.216.34", 8443)])


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://receiver.example.org/", Refusal.NOT_HTTPS),
        ("ftp://receiver.example.org/", Refusal.NOT_HTTPS),
        ("file:///etc/passwd", Refusal.NOT_HTTPS),
        ("//receiver.example.org/", Refusal.NOT_HTTPS),
        ("https://name:word@receiver.example.org/", Refusal.CREDENTIALS),
        ("https://receiver.example.org@10.0.0.1/", Refusal.CREDENTIALS),
        ("https://receiver.example.org/#part", Refusal.FRAGMENT),
        ("https://receiver.example.org:22/", Refusal.PORT),
        ("https://receiver.example.org:0/", Refusal.PORT),
        ("https://receiver.example.org:99999/", Refusal.MALFORMED),
        ("https://receiver.example.org\\@10.0.0.1/", Refusal.MALFORMED),
        ("https://receiver.example.org/a b", Refusal.MALFORMED),
        ("https://receiver.example.org/\r\nx: y", Refusal.MALFORMED),
        ("https://ผู้รับ.example.org/", Refusal.MALFORMED),
        ("https://[fe80::1%25eth0]/", Refusal.MALFORMED),
        ("https:///path", Refusal.MALFORMED),
        ("https://[::1", Refusal.MALFORMED),
    ],
)
def test_what_an_address_may_not_say(url, why):
    with pytest.raises(Refused) as refused:
        destinations.read(url)
    assert refused.value.why == why


def test_who_runs_the_portal_may_let_it_into_a_network_of_theirs(settings, resolver):
    resolver["inside.example.org"] = [["10.20.0.8"]]
    settings.WEBHOOK_NETWORKS = ["10.20.0.0/16"]
    assert destinations.resolve("inside.example.org", 443) == ["10.20.0.8"]
    settings.WEBHOOK_NETWORKS = ["10.21.0.0/16"]
    with pytest.raises(Refused):
        destinations.resolve("inside.example.org", 443)


def test_out_there_is_allowed():
    assert [destinations.is_out_there(address) for address in ("93.184.216.34", "2606:2800:220:1::1", "nonsense")] == [True, True, False]
