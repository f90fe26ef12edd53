"""Several hosts on one machine, for real: what `make cluster` starts, with the configurations of deploy/."""

import os
import re
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest
import redis
from django.core.management import get_commands

from benchmarks.cluster import METRICS_TOKEN, REDIS_PASSWORD, TLS, Cluster, adapted, cluster, missing, programs
from benchmarks.processes import answers as answers_on
from benchmarks.processes import until
from benchmarks.registering import prepare
from benchmarks.servers import ROOT, SLUG, environment, free_port, gunicorn, manage
from benchmarks.visitor import register

PATH = f"/w/{SLUG}/register/"
SENT = "from registration.models import Delivery; print(Delivery.objects.filter(state='sent').count())"

# Beside the tests that are run on PostgreSQL, so that they are run once; the cluster has a database of its own.
on_all_programs = [
    pytest.mark.postgres,
    pytest.mark.cluster,
    pytest.mark.skipif(bool(missing()), reason=f"needs {', '.join(missing())}"),
]


@pytest.fixture(scope="module")
def hosts(tmp_path_factory):
    free = next(port for port in range(8200, 9000, 40) if not any(answers_on(port + n) for n in range(40)))
    with cluster(tmp_path_factory.mktemp("cluster"), free) as running:
        yield running


@pytest.fixture(scope="module")
def direct(hosts) -> dict[str, str]:
    return hosts.environment() | {"DATABASE_URL": hosts.direct_url}


@pytest.fixture(scope="module")
def answers(direct):
    return prepare(direct, places=100)


class TestCluster:
    pytestmark = on_all_programs

    def test_who_registers_on_any_host_gets_their_page_and_their_mail(self, hosts, answers, direct):
        told = [register(hosts.port, PATH, answers).state for _i in range(4)]
        assert told == ["confirmed"] * 4
        until(lambda: int(manage(direct, "shell", "-v0", "-c", SENT)) == 4, "the mails", seconds=90)
        mails = list((hosts.folder / "var" / "mail").iterdir())
        assert len(mails) == 4

    def test_both_hosts_answer_and_each_request_keeps_the_number_that_nginx_gave_it(self, hosts):
        given = []
        for _i in range(6):
            with urllib.request.urlopen(f"http://127.0.0.1:{hosts.port}/readyz") as response:
                given.append(response.headers["X-Request-ID"])
        until(lambda: len(numbers(hosts.folder / "logs" / "access.log") & {*given}) == 6, "nginx's log")
        until(lambda: {*given} <= numbers(*[hosts.folder / "logs" / f"web{n}.log" for n in (1, 2)]), "the hosts' logs")
        each = [numbers(hosts.folder / "logs" / f"web{n}.log") & {*given} for n in (1, 2)]
        assert all(each), "one of the two hosts got nothing"

    def test_nginx_writes_down_no_address_of_a_page(self, hosts, answers):
        register(hosts.port, PATH, answers)
        log = (hosts.folder / "logs" / "access.log").read_text()
        assert [word for word in ("/w/", "/p/", "127.0.0.1") if word in log] == []

    def test_redis_answers_by_tls_and_with_the_password_alone(self, hosts):
        url = hosts.environment()["TASK_URL"]
        assert redis.from_url(url).ping()
        with pytest.raises(redis.ConnectionError):
            redis.Redis(port=hosts.port_of("redis"), password=REDIS_PASSWORD).ping()
        with pytest.raises(redis.AuthenticationError):
            redis.from_url(url.replace(f":{REDIS_PASSWORD}@", "")).ping()

    def test_what_waits_in_redis_is_a_number_for_watchers(self, hosts):
        told = numbers_of(hosts.port_of("web1"))
        assert [told.get(f'portal_redis_tasks{{queue="{name}"}}') for name in ("first", "default", "last")] == ["0.0"] * 3
        assert told["portal_redis_up"] == "1.0"

    def test_a_host_that_dies_is_left_out(self, hosts, answers):
        hosts.kill("web1")
        assert [register(hosts.port, PATH, answers).state for _i in range(4)] == ["confirmed"] * 4
        hosts.start_web(1)

    def test_when_no_host_answers_nginx_says_that_nothing_was_saved(self, hosts):
        hosts.kill("web1")
        hosts.kill("web2")
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://127.0.0.1:{hosts.port}/")
        page = refused.value.read().decode()
        assert (refused.value.code, refused.value.headers["Retry-After"]) == (502, "10")
        assert re.findall("<h1>(.*?)</h1>", page) == ["ยังไม่ได้บันทึก โปรดลองอีกครั้ง"]
        hosts.start_web(1)
        hosts.start_web(2)
        time.sleep(2)  # nginx leaves out for so long who did not answer

    def test_without_redis_people_register_all_the_same(self, hosts, answers):
        hosts.kill("redis")
        try:
            assert register(hosts.port, PATH, answers).state == "confirmed"
        finally:
            assert numbers_of(hosts.port_of("web2"))["portal_redis_up"] == "0.0"
            hosts.start_redis()

    def test_while_the_database_is_away_nobody_is_told_that_it_worked(self, hosts, answers):
        hosts.kill("postgres")
        answer = register(hosts.port, PATH, answers)
        assert (answer.status, answer.state) == (503, "")
        assert "ยังไม่ได้บันทึก โปรดลองอีกครั้ง" in answer.page
        hosts.start_postgres()
        until(lambda: register(hosts.port, PATH, answers).state == "confirmed", "registering", seconds=30)

    def test_in_the_end_every_seat_is_somebody_s(self, direct):
        assert manage(direct, "check_quotas") == "Every quota agrees with its participants.\n"


def numbers_of(port: int) -> dict[str, str]:
    """What /metrics of the host on `port` tells, by name."""
    asked = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"Authorization": f"Bearer {METRICS_TOKEN}"})
    with urllib.request.urlopen(asked) as answer:
        return dict(line.rsplit(" ", 1) for line in answer.read().decode().splitlines() if not line.startswith("#"))


def numbers(*files: Path) -> set[str]:
    """The numbers of requests in logs."""
    return {number for file in files for number in re.findall(r"\b[0-9a-f]{32}\b", file.read_text())}


@pytest.mark.skipif("nginx" not in programs() or not shutil.which("openssl"), reason="needs nginx and openssl")
def test_nginx_takes_the_configuration_with_tls_as_it_stands(tmp_path):
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sdg.example.org"]
    subprocess.run([*made, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    folder = "/etc/letsencrypt/live/sdg.example.org"
    changes = {f"{folder}/fullchain.pem": str(certificate), f"{folder}/privkey.pem": str(key)}
    changes |= {f"/var/log/nginx/{name}": f"{tmp_path}/{name}" for name in ("portal.log", "portal-error.log")}
    server = adapted("nginx-acme.conf", {}) + adapted("nginx.conf", changes)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{server}}}\n")
    tried = subprocess.run(
        [programs()["nginx"], "-t", "-q", "-p", tmp_path, "-e", "stderr", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True
    )
    assert (tried.returncode, tried.stderr) == (0, "")


@pytest.mark.skipif("nginx" not in programs(), reason="needs nginx")
def test_nginx_complains_of_no_page_by_its_address(tmp_path):
    """Its words about a host that does not answer name the visitor and the page, unless only what is worse is written down."""
    port, dead, gone = free_port(), socket.socket(), socket.socket()
    for nobody in (dead, gone):
        nobody.bind(("127.0.0.1", 0))  # held, so that no other test listens there meanwhile
    changes = {f"/var/log/nginx/{name}": f"{tmp_path}/{name}" for name in ("portal.log", "portal-error.log")}
    changes |= {
        "127.0.0.1:8001": f"127.0.0.1:{dead.getsockname()[1]}",
        "127.0.0.1:8002": f"127.0.0.1:{gone.getsockname()[1]}",
        TLS: f"    listen 127.0.0.1:{port};\n",
        # Where the portal is installed.
        "        error_page 502 504 /unavailable.html;\n        proxy_pass": "        proxy_pass",
        "    error_page 502 504 /unavailable.html;\n    location": "    location",
    }
    conf = tmp_path / "nginx.conf"
    conf.write_text(f"pid {tmp_path}/pid;\nerror_log {tmp_path}/other.log;\nevents {{}}\nhttp {{\n{adapted('nginx.conf', changes)}}}\n")
    nginx = subprocess.Popen([programs()["nginx"], "-p", tmp_path, "-c", conf, "-g", "daemon off;"])
    try:
        until(lambda: answered(port), "nginx")
    finally:
        nginx.terminate()
        nginx.wait(60)
        dead.close()
        gone.close()
    logs = {name: (tmp_path / name).read_text() for name in ("portal.log", "portal-error.log", "other.log")}
    assert logs["portal.log"].count(" GET ") >= 1
    assert [name for name, text in logs.items() if "secret" in text or "127.0.0.1" in text] == []
    (counted,) = re.findall(r"^/(.+)/ \{", (ROOT / "deploy/nginx.mtail").read_text(), re.MULTILINE)
    assert {found["class"] for line in logs["portal.log"].splitlines() if (found := re.search(counted, line))} == {"5"}


LARGE = """
from django.core.files.uploadedfile import SimpleUploadedFile
from registration.actor import SYSTEM
from registration.materials import actions
from registration.materials.files import MAX_BYTES
from sessions.models import Workshop
data = b"%PDF-1.7" + bytes(MAX_BYTES - 14) + b"\\n%%EOF"
upload = actions.Upload(file=SimpleUploadedFile("large.pdf", data))
told = {"title_th": "ก", "title_en": "", "audience": "everybody", "belonging": actions.Belonging()}
document = actions.add(workshop=Workshop.objects.get(), upload=upload, by=SYSTEM, **told)
actions.publish(document=document, by=SYSTEM)
print(document.pk)
"""


@pytest.mark.skipif("nginx" not in programs(), reason="needs nginx")
def test_the_largest_document_is_the_same_through_nginx_and_without(tmp_path):
    env = environment(f"sqlite:///{tmp_path}/portal.sqlite3", tmp_path)
    manage(env, "migrate", "-v0")
    manage(env, "load_workshop", "--demonstration")
    path = f"/w/{SLUG}/documents/{manage(env, 'shell', '-v0', '-c', LARGE).strip()}/"
    with gunicorn("sdgworkshop.wsgi", env, workers=1) as direct, handing_out(tmp_path, env) as through:
        answers = [urllib.request.urlopen(f"http://127.0.0.1:{port}{path}") for port in (direct, through)]
        names = ("Content-Type", "Content-Disposition", "Content-Security-Policy", "X-Content-Type-Options", "Content-Length")
        by_django, by_nginx = ({name: answer.headers[name] for name in names} for answer in answers)
        assert by_django == by_nginx
        bodies = [answer.read() for answer in answers]
        assert (bodies[0] == bodies[1], len(bodies[1])) == (True, 25 * 1024 * 1024)
        assert answers[1].headers["Accept-Ranges"] == "bytes", "nginx itself read the file"
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{through}/materials/{next((tmp_path / 'materials').iterdir()).name}")


@contextmanager
def handing_out(folder, env):
    """nginx before a gunicorn that lets it hand documents out; yields its port."""
    port = free_port()
    with gunicorn("sdgworkshop.wsgi", env | {"MATERIALS_ACCEL": "/materials/"}, workers=1) as behind:
        changes = {f"/var/log/nginx/{name}": f"{folder}/{name}" for name in ("portal.log", "portal-error.log")}
        changes |= {"/var/lib/portal/materials/": f"{folder}/materials/", TLS: f"    listen 127.0.0.1:{port};\n"}
        changes |= {"127.0.0.1:8001": f"127.0.0.1:{behind}", "127.0.0.1:8002": f"127.0.0.1:{behind}"}
        user = "user root;" if os.geteuid() == 0 else ""
        conf = folder / "nginx.conf"
        head = f"{user}\npid {folder}/pid;\nerror_log {folder}/other.log;\nevents {{}}\n"
        conf.write_text(f"{head}http {{\n{adapted('nginx.conf', changes)}}}\n")
        nginx = subprocess.Popen([programs()["nginx"], "-p", folder, "-c", conf, "-g", "daemon off;"])
        try:
            until(lambda: answers_on(port), "nginx")
            yield port
        finally:
            nginx.terminate()
            nginx.wait(60)


def answered(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/p/AAAAAAA.1.secret/")
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def test_a_change_of_a_configuration_that_the_cluster_does_not_know_is_noticed():
    with pytest.raises(RuntimeError, match="has changed: 'listen_port = 1' is there 0 times"):
        adapted("pgbouncer.ini", {"listen_port = 1": ""})


def test_each_process_has_a_port_of_its_own(tmp_path):
    one = Cluster(tmp_path, 9000)
    names = ["nginx", "web1", "web2", "web3", "postgres", "pgbouncer", "redis"]
    assert len({one.port_of(name) for name in names}) == len(names)


@pytest.mark.parametrize("unit", sorted(path.name for path in (ROOT / "deploy").glob("*.service")))
def test_every_unit_starts_something_that_is_there(unit):
    """And from where deploy.md puts it."""
    text = (ROOT / "deploy" / unit).read_text()
    command = re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1].split()
    assert command[0] == "/opt/portal/.venv/bin/python"
    if command[1] == "manage.py":
        assert command[2] in get_commands()
    else:
        assert command[1:] == ["-m", "gunicorn", "sdgworkshop.wsgi"]
