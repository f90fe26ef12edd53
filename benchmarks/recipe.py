"""docs/deploy.md as a script: its commands are taken from the file and run, in folders and on ports of their own.

What a test machine has not is played by `benchmarks.stand_ins`. Nothing is left out of a block, and a command that fails ends it.
"""

import http.client
import json
import os
import re
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks import cluster
from benchmarks.crowd import Crowd
from benchmarks.registering import ANSWERS, CHOICES, PLACES
from benchmarks.servers import ROOT, SLUG, free_port
from benchmarks.visitor import Visitor

HOST = "sdg.example.org"
PROGRAMS = ("adduser", "sudo", "install", "systemd-run", "systemctl", "nginx", "certbot", "curl", "git", "fill-in")
#: What the recipe leaves to whoever follows it.
FILLED_IN = {
    "git clone … ": "git clone --quiet {source} ",
    "# then fill it in": "; fill-in",
    "FILE ": '"$(ls -t /var/lib/portal/backups/portal-*.zip | head -n 1)" ',
    "next.toml": "{root}/next.toml",
}


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


IPV6 = _has_ipv6()


def blocks(text: str, heading: str) -> list[str]:
    """The commands under `heading`, block by block."""
    section = text.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^```sh\n(.*?)^```", section, re.MULTILINE | re.DOTALL)


class Machine:
    """A machine on which the recipe is followed. `source` is what is cloned; `settings` are added to those of /etc/portal.env."""

    def __init__(self, folder: Path, source: Path = ROOT, *, venv: Path | None = None, **settings: str) -> None:
        self.root, self.source = folder, source
        self.ports = {name: free_port() for name in ("8001", "8002", "http", "https")}
        self.settings = {"SECRET_KEY": "plainly-invented-" * 4, "EMAIL_URL": "smtp://127.0.0.1:9", "METRICS_TOKEN": "", **settings}
        for name in ("bin", "run", "etc/systemd/system", "etc/nginx/conf.d", "var/www", "var/log/nginx", "opt"):
            (folder / name).mkdir(parents=True)
        for name in PROGRAMS:
            program = folder / "bin" / name
            program.write_text(f'#!/bin/sh\nexec {sys.executable} -I {ROOT}/benchmarks/stand_ins.py {name} "$@"\n')
            program.chmod(0o755)
        (folder / "next.toml").write_bytes((ROOT / "sessions/data/sdg-localisation-2565.toml").read_bytes())
        self._tell(venv)

    def _tell(self, venv: Path | None) -> None:
        folders = [
            (rf"(?<![\w/.]){place}", f"{self.root}{place}") for place in ("/opt/", "/etc/", "/var/lib/portal", "/var/www", "/var/log/nginx")
        ]
        addresses = [
            (r"listen 80;", f"listen 127.0.0.1:{self.ports['http']};"),
            (r"listen 443 ", f"listen 127.0.0.1:{self.ports['https']} "),
            (r"listen \[::\]:80;", f"listen [::1]:{self.ports['http']};" if IPV6 else ""),
            (r"listen \[::\]:443([^;]*;)", rf"listen [::1]:{self.ports['https']}\1" if IPV6 else ""),
            *((rf"\b{name}\b", str(self.ports[name])) for name in ("8001", "8002")),
        ]
        told = {
            "places": [*folders, *addresses],
            "nginx": cluster.programs().get("nginx", ""),
            "path": os.environ["PATH"],
            "venv": str(venv or ""),
            "settings": self.settings,
            **{name: self.ports[name] for name in ("http", "https")},
        }
        (self.root / "told.json").write_text(json.dumps(told))
        self.folders = folders

    def run(self, block: str) -> str:
        """Runs one block of the recipe and returns what it printed. Raises RuntimeError with the command that failed."""
        for old, new in FILLED_IN.items():
            block = block.replace(old, new.format(source=self.source, root=self.root))
        (as_portal,) = re.findall(r"^as_portal\(\).*$", self.recipe(), re.MULTILINE)
        script = f"set -eE; trap 'echo \"failed: $BASH_COMMAND\" >&2' ERR\n{as_portal}\n{block}"
        for old, new in self.folders:
            script = re.sub(old, new, script)
        env = {"PATH": f"{self.root / 'bin'}:{os.environ['PATH']}", "MACHINE": str(self.root), "LANG": "C.UTF-8", "HOME": str(self.root)}
        env |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
        current = self.root / "opt/portal"
        folder = current if current.exists() else self.root
        done = subprocess.run(["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
        if done.returncode:
            raise RuntimeError(f"{done.stderr[-4000:]}\n{done.stdout[-2000:]}")
        return done.stdout

    def recipe(self) -> str:
        return (ROOT / "docs/deploy.md").read_text(encoding="utf-8")

    def manage(self, *command: str) -> str:
        """A command of the portal as the recipe runs them."""
        return self.run("cd /opt/portal; as_portal .venv/bin/python manage.py " + " ".join(command))

    def serves(self, address: str = "127.0.0.1") -> bool:
        """Whether a visitor comes through nginx to a portal that is ready."""
        visitor = self.visitor(self.ports["https"], 10)
        visitor.connection.host = address
        try:
            return visitor.request("GET", "/readyz")[0] == 200
        except OSError:
            return False
        finally:
            visitor.close()

    def stop(self) -> None:
        self.run("systemctl stop 'portal-*'")
        pid = self.root / "run/nginx/pid"
        if pid.exists():
            subprocess.run(["kill", pid.read_text().strip()])

    def troubles(self) -> str:
        """What processes said of errors, and answers that nobody should have got."""
        lines = [line for path in sorted((self.root / "run").glob("*.log")) for line in path.read_text().splitlines()]
        return "\n".join(line[:2000] for line in lines if re.search(r'"level": "ERROR"|"status": (403|5..)', line))

    def logs(self) -> str:
        return "\n".join(f"== {path.name}\n{path.read_text()[-3000:]}" for path in sorted((self.root / "run").glob("*.log")))

    def crowd(self, *, at_once: int, is_there: bool = False) -> Crowd:
        """People from everywhere who register by TLS, through nginx, for a round with places for all, which `is_there` or is made."""
        if not is_there:
            self.manage("load_workshop", "--demonstration")
            self.shell("from registration.models import Quota; Quota.objects.update(capacity=1000000)")
        choices = [(name, value) for name, value in json.loads(self.shell(CHOICES.replace("SLUG", SLUG)))]
        own = [[("province", place), ("group", "4.2" if place == "central" else "4.1.1")] for place in PLACES]
        rest = [answer for answer in ANSWERS if answer[0] not in ("province", "group")]
        rest.append(("consent", "on"))  # of 1.0.0
        answers = [[*rest, *place, *choices] for place in own]
        return Crowd(self.ports["https"], f"/w/{SLUG}/register/", answers, at_once=at_once, come=self.visitor)

    def shell(self, code: str) -> str:
        (self.root / "code.py").write_text(code)
        return self.manage("shell", "-v0", "<", str(self.root / "code.py"))

    def visitor(self, port: int, timeout: float) -> Visitor:
        """Who believes this machine's own certificate."""
        visitor = Visitor(port, timeout, {"Host": HOST, "Referer": f"https://{HOST}/"})
        context = ssl.create_default_context(cafile=str(self.root / f"etc/letsencrypt/live/{HOST}/fullchain.pem"))
        context.check_hostname = False
        visitor.connection = http.client.HTTPSConnection("127.0.0.1", port, timeout=timeout, context=context)
        return visitor


@contextmanager
def machine(folder: Path, source: Path = ROOT, *, venv: Path | None = None, **settings: str) -> Iterator[Machine]:
    """A machine that is stopped whatever happens."""
    one = Machine(folder, source, venv=venv, **settings)
    try:
        yield one
    finally:
        one.stop()
