"""`make cluster`: nginx, two web hosts, two workers, PostgreSQL behind PgBouncer and Redis, for real, on one machine.

Everything lies in VAR_DIR/cluster and listens on ports of its own from PORT (8140) on. The configurations are those of `deploy/`, with
other addresses. Ctrl-C stops all of it.
"""

import os
import secrets
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.database import UNPRIVILEGED, Postgres, give
from benchmarks.processes import Process, kill, spawn, wait_for_port
from benchmarks.servers import ROOT

PACKAGES = {
    "nginx": "nginx-light",
    "redis-server": "redis-server",
    "pgbouncer": "pgbouncer",
    "postgres": "postgresql",
    "openssl": "openssl",
}


#: Those that read the files of deploy/ as they will be read; a test whose program is not to be had is left out and named.
READERS = {"promtool": "prometheus", "mtail": "mtail", "systemd-analyze": "systemd"}


def programs() -> dict[str, str]:
    """Where each program is. Debian keeps PostgreSQL's server, and what administrators run, outside of PATH."""
    found = {name: path for name in PACKAGES if (path := shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/sbin"))}
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda path: float(path.parts[-3]))
    return found | ({"postgres": str(versions[-1])} if versions else {})


def missing() -> list[str]:
    """The Debian packages that are not installed."""
    there = programs()
    return [package for name, package in PACKAGES.items() if name not in there]


class Cluster:
    """All processes by name: "postgres", "pgbouncer", "redis", "nginx", "web1", "web2", "worker1", "clock1", …"""

    def __init__(self, folder: Path, port: int = 8140, *, web_hosts: int = 2, workers: int = 2, abuse_limits: bool = True) -> None:
        self.folder, self.port = folder, port
        self.web_hosts, self.workers, self.abuse_limits = web_hosts, workers, abuse_limits
        self.programs = programs()
        self.running: dict[str, Process] = {}

    # Addresses ----------------------------------------------------------------------------------

    def port_of(self, name: str) -> int:
        """nginx has the first port, web host n the n-th after it; from the twentieth on: PostgreSQL, PgBouncer, Redis."""
        if name.startswith("web"):
            return self.port + int(name.removeprefix("web"))
        return self.port + {"nginx": 0, "postgres": 20, "pgbouncer": 21, "redis": 22}[name]

    @property
    def direct_url(self) -> str:
        return self.postgres.url

    def environment(self) -> dict[str, str]:
        """What every host of the portal is told. They have one folder in common, as deploy.md says."""
        redis = f"rediss://:{REDIS_PASSWORD}@127.0.0.1:{self.port_of('redis')}"
        by = f"?ssl_ca_certs={self.folder}/redis.crt"
        return os.environ | {
            "DJANGO_SETTINGS_MODULE": "sdgworkshop.settings",
            "ENVIRONMENT": "development",
            "SECRET_KEY": (self.folder / "secret").read_text(),
            "SITE_URL": f"http://localhost:{self.port}",
            "ALLOWED_HOSTS": "",
            "PROXIES": "1",
            "VAR_DIR": str(self.folder / "var"),
            "DATABASE_URL": f"postgres://portal@127.0.0.1:{self.port_of('pgbouncer')}/portal",
            "CACHE_URL": f"{redis}/0{by}",
            "TASK_BACKEND": "sdgworkshop.redis_queue.RedisBackend",
            "TASK_URL": f"{redis}/1{by}",
            "EMAIL_URL": "",
            "MAIL_SENDERS": "2",
            "MAILS_PER_MINUTE": "6000",
            "METRICS_TOKEN": METRICS_TOKEN,
            "WEB_WORKERS": "2",
            "LOG_FORMAT": "json",
            "ABUSE_LIMITS": "on" if self.abuse_limits else "off",
        }

    # Starting and stopping ----------------------------------------------------------------------

    def start(self) -> None:
        """Starts everything and returns when nginx hands out the portal. Raises RuntimeError."""
        (self.folder / "var").mkdir(parents=True, exist_ok=True)
        (self.folder / "logs").mkdir(exist_ok=True)
        secret = self.folder / "secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_text(secrets.token_urlsafe(50))
        self.start_postgres()
        self.start_pgbouncer()
        self.start_redis()
        self._prepare()
        for number in range(1, self.web_hosts + 1):
            self.start_web(number, wait=False)
        for number in range(1, self.workers + 1):
            self.start_worker(number)
        for number in range(1, self.web_hosts + 1):
            wait_for_port(self.port_of(f"web{number}"), f"web host {number}")
        self._start_nginx()

    def stop(self) -> None:
        """The other way round, and the database last."""
        for name in reversed(list(self.running)):
            process = self.running.pop(name)
            process.send_signal(signal.SIGINT if name == "postgres" else signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                kill(process)

    def kill(self, name: str) -> None:
        """SIGKILL, to the process and everything under it."""
        kill(self.running.pop(name))

    def start_postgres(self) -> None:
        folder = Path(self.programs["postgres"]).parent
        self.postgres = Postgres(
            self.folder / "postgres", self.port_of("postgres"), log=self.folder / "logs" / "postgres.log", programs=folder
        )
        self.running["postgres"] = self.postgres.start()

    def start_pgbouncer(self) -> None:
        folder = self.folder / "pgbouncer"
        folder.mkdir(exist_ok=True)
        users = folder / "userlist.txt"
        users.write_text('"portal" ""\n')
        config = adapted(
            "pgbouncer.ini",
            {
                "host=127.0.0.1 port=5432 dbname=portal": f"host=127.0.0.1 port={self.port_of('postgres')} dbname=portal",
                "listen_port = 6432": f"listen_port = {self.port_of('pgbouncer')}",
                "auth_type = scram-sha-256": "auth_type = trust",
                "/etc/pgbouncer/userlist.txt\n": f"{users}\n",
            },
        )
        file = folder / "pgbouncer.ini"
        file.write_text(config)
        give(folder)
        self._spawn("pgbouncer", [self.programs["pgbouncer"], str(file)], user=UNPRIVILEGED)
        wait_for_port(self.port_of("pgbouncer"), "PgBouncer")

    def start_redis(self) -> None:
        folder = self.folder / "redis"
        folder.mkdir(exist_ok=True)
        file = folder / "redis.conf"
        changes = {"requirepass …": f"requirepass {REDIS_PASSWORD}", "#port 0\n": "port 0\n", "#tls-auth-clients no": "tls-auth-clients no"}
        changes |= {"#tls-port 6379": f"tls-port {self.port_of('redis')}", "#tls-cert-file /etc/redis/": f"tls-cert-file {folder}/"}
        changes |= {
            "#tls-key-file /etc/redis/": f"tls-key-file {folder}/",
            "#tls-ca-cert-file /etc/redis/ca.crt": f"tls-ca-cert-file {folder}/redis.crt",
        }
        file.write_text(adapted("redis.conf", changes) + f"dir {folder}\n")
        if not (folder / "redis.key").exists():
            certify(folder / "redis.key", folder / "redis.crt")
            shutil.copy(folder / "redis.crt", self.folder)
        give(folder)
        self._spawn("redis", [self.programs["redis-server"], str(file)], user=UNPRIVILEGED)
        wait_for_port(self.port_of("redis"), "Redis")

    def _prepare(self) -> None:
        env = self.environment() | {"DATABASE_URL": self.direct_url}
        for step in ("bin/build", "bin/prepare"):
            subprocess.run([sys.executable, step], cwd=ROOT, env=env, check=True, stdin=subprocess.DEVNULL)

    def start_web(self, number: int, *, wait: bool = True) -> None:
        """A web host: one gunicorn of its own."""
        name = f"web{number}"
        port = self.port_of(name)
        self._spawn(name, [sys.executable, "-m", "gunicorn", "sdgworkshop.wsgi"], env={"PORT": str(port)})
        if wait:
            wait_for_port(port, name)

    def start_worker(self, number: int) -> None:
        """What a worker's host runs: a worker and a clock."""
        self._spawn(f"worker{number}", [sys.executable, "manage.py", "work"])
        self._spawn(f"clock{number}", [sys.executable, "manage.py", "tick", "--every=2"])

    def _start_nginx(self) -> None:
        folder = self.folder / "nginx"
        (folder / "tmp").mkdir(parents=True, exist_ok=True)
        self._write_nginx(list(range(1, self.web_hosts + 1)))
        self._spawn("nginx", [self.programs["nginx"], "-p", str(folder), "-c", str(folder / "nginx.conf"), "-g", "daemon off;"])
        wait_for_port(self.port, "nginx")

    def share_among(self, *numbers: int) -> None:
        """Tells the running nginx which web hosts there are, without losing a request."""
        self._write_nginx(list(numbers))
        self.running["nginx"].send_signal(signal.SIGHUP)

    def _write_nginx(self, numbers: list[int]) -> None:
        folder = self.folder / "nginx"
        server = adapted(
            "nginx.conf",
            {
                "    server 127.0.0.1:8001 max_fails=1 fail_timeout=2s;\n    server 127.0.0.1:8002 max_fails=1 fail_timeout=2s;\n": "".join(
                    f"    server 127.0.0.1:{self.port_of(f'web{n}')} max_fails=1 fail_timeout=2s;\n" for n in numbers
                ),
                TLS: f"    listen 127.0.0.1:{self.port};\n    server_name localhost 127.0.0.1;\n",
                "/var/log/nginx/portal.log": str(self.folder / "logs" / "access.log"),
                "/var/log/nginx/portal-error.log": str(self.folder / "logs" / "error.log"),
                "root /opt/portal/deploy": f"root {ROOT / 'deploy'}",
            },
        )
        paths = "".join(f"{kind}_temp_path {folder}/tmp/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        user = "user root;\n" if os.geteuid() == 0 else ""  # the folder is root's, and nobody else's business
        head = f"{user}worker_processes 1;\npid {folder}/pid;\nerror_log {self.folder}/logs/nginx.log;\n"
        head += "events { worker_connections 2048; }\n"
        (folder / "nginx.conf").write_text(f"{head}http {{\n{paths}{server}}}\n")

    # The rest -----------------------------------------------------------------------------------

    def _spawn(self, name: str, command: list[str], *, env: dict[str, str] | None = None, user: str | None = None) -> None:
        log = self.folder / "logs" / f"{name}.log"
        self.running[name] = spawn(command, env=self.environment() | (env or {}), log=log, user=user)


REDIS_PASSWORD = METRICS_TOKEN = "plainly-invented"
TLS = """    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name sdg.example.org;
    ssl_certificate /etc/letsencrypt/live/sdg.example.org/fullchain.pem;
    ssl_certificate_key /etc/letsencrypt/live/sdg.example.org/privkey.pem;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_session_cache shared:portal:10m;
"""


def certify(key: Path, certificate: Path) -> None:
    """A certificate that signs itself, for this machine alone. The portal is told to believe it, as deploy.md says."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    subprocess.run([*made, "-keyout", str(key), "-out", str(certificate)], check=True, capture_output=True)


def adapted(name: str, changes: dict[str, str]) -> str:
    """The file `name` of deploy/ with other addresses. Each of `changes` must fit once, or this is no proof of that file any more."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    for old, new in changes.items():
        if text.count(old) != 1:
            raise RuntimeError(f"deploy/{name} has changed: {old!r} is there {text.count(old)} times")
        text = text.replace(old, new)
    return text


@contextmanager
def cluster(folder: Path, port: int, *, web_hosts: int = 2, abuse_limits: bool = False) -> Iterator[Cluster]:
    """A cluster for a proof: started, and stopped whatever happens."""
    one = Cluster(folder, port, web_hosts=web_hosts, abuse_limits=abuse_limits)
    try:
        one.start()
        yield one
    finally:
        one.stop()


def install() -> None:
    """Fetches what is missing where apt may; says what to do elsewhere."""
    readers = [package for name, package in READERS.items() if not shutil.which(name)]
    if readers and os.geteuid() == 0 and shutil.which("apt-get"):
        _fetch(readers)
    if not (packages := missing()):
        return
    line = f"apt-get install --no-install-recommends {' '.join(packages)}"
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        sys.exit(f"The cluster needs programs that are not here. On Debian: {line}")
    print(f"Installing {', '.join(packages)} ...", flush=True)
    done = _fetch(packages)
    if done.returncode or missing():
        sys.exit(f"The cluster needs programs that could not be installed: {line}\n{done.stderr.strip()}")


def _fetch(packages: list[str]) -> "subprocess.CompletedProcess[str]":
    # Nothing that is only fetched for this shall start by itself.
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, capture_output=True)
    command = ["apt-get", "install", "--no-install-recommends", "--yes", "-qq", *packages]
    return subprocess.run(command, env=quiet, capture_output=True, text=True, stdin=subprocess.DEVNULL)


def main() -> None:
    install()
    if sys.argv[1:] == ["install"]:
        return
    folder = Path(os.environ.get("VAR_DIR") or ROOT / "var").resolve() / "cluster"
    one = Cluster(folder, int(os.environ.get("PORT") or 8140))
    stop: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda given, _frame: stop.append(given))
    try:
        one.start()
        print(f"\nThe cluster is ready: http://localhost:{one.port}/   Logs in {folder}/logs. Ctrl-C stops everything.\n")
        for name, process in one.running.items():
            print(f"  {name:<10} process {process.pid}")
        sys.stdout.flush()
        while not stop:
            for name, process in one.running.items():
                if process.poll() is not None:
                    sys.exit(f"{name} has ended (exit code {process.returncode}); stopping everything. See {folder}/logs/{name}.log")
            time.sleep(0.2)
    finally:
        one.stop()


if __name__ == "__main__":
    main()
