"""What a Debian has and a test has not: systemd, sudo, nginx on its ports, a certificate's authority. The first argument says which.

`benchmarks.recipe` puts programs of these names into the PATH of the recipe. A unit is started as its file says (user and walls excepted),
nginx is the real one with the recipe's own files, on other ports and with folders of its own.
"""

import fnmatch
import http.client
import json
import os
import re
import shlex
import shutil
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(os.environ["MACHINE"])
TOLD = json.loads((ROOT / "told.json").read_text())
UNITS, RUN, NGINX = ROOT / "etc/systemd/system", ROOT / "run", ROOT / "etc/nginx/conf.d"


def elsewhere(text: str) -> str:
    """`text` with the folders and ports of this machine in place of those of the recipe."""
    for old, new in TOLD["places"]:
        text = re.sub(old, new, text)
    return text


def main() -> None:
    STAND_INS[sys.argv[1]](*sys.argv[2:])


def adduser(*arguments: str) -> None:
    (ROOT / "var/lib/portal").mkdir(parents=True, exist_ok=True)


def sudo(*arguments: str) -> None:
    """`sudo -u portal command …`"""
    os.execvp(arguments[2], arguments[2:])


def install(*arguments: str) -> None:
    """Without the owner: nobody of that name is here."""
    kept, given = [], iter(arguments)
    for argument in given:
        if argument in ("-o", "-g"):
            next(given)
        else:
            kept.append(argument)
    os.execv("/usr/bin/install", ["install", *kept])


def systemd_run(*arguments: str) -> None:
    env, given = dict(os.environ), list(arguments)
    while given[0].startswith("--"):
        name, _equals, value = given.pop(0).partition("=")
        if name == "--property":
            env |= variables(Path(value.removeprefix("EnvironmentFile=")))
        elif name == "--working-directory":
            os.chdir(value)
    os.execvpe(given[0], given, env)


def variables(file: Path) -> dict[str, str]:
    lines = [line.strip() for line in file.read_text().splitlines()]
    return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def systemctl(deed: str, *names: str) -> None:
    names = tuple(name for name in names if name != "--now")
    if names == ("nginx",):
        nginx(*(["-s", "reload"] if deed == "reload" else []))
        return
    for name in names:
        if name == "nginx":
            nginx()
            continue
        running = [path.stem for path in RUN.glob("portal-*.pid")]
        for unit in fnmatch.filter(running, name) if "*" in name else [name]:
            if deed in ("stop", "restart"):
                stop(unit)
            if deed in ("start", "restart", "enable") and not unit.endswith(".timer"):
                start(unit)


def unit_of(name: str) -> dict[str, list[str]]:
    """What is said under [Service], by word; %i is what stands behind the @."""
    template, at, instance = name.partition("@")
    text = (UNITS / f"{template}{at}.service").read_text().replace("%i", instance)
    text = elsewhere(text).partition("[Service]")[2].partition("\n[")[0]
    said: dict[str, list[str]] = {}
    for key, value in re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE):
        said.setdefault(key, []).append(value)
    return said


def start(name: str) -> None:
    said = unit_of(name)
    env = {word: os.environ[word] for word in ("PATH", "MACHINE")} | dict(pair.split("=", 1) for pair in said.get("Environment", []))
    for file in said["EnvironmentFile"]:
        if not file.startswith("-") or Path(file[1:]).exists():
            env |= variables(Path(file.removeprefix("-")))
    if said.get("Type") == ["oneshot"]:
        for line in said["ExecStart"] + said.get("ExecStartPost", []):
            subprocess.run(shlex.split(line), cwd=said["WorkingDirectory"][0], env=env, check=True)
        return
    folder = Path(said["WorkingDirectory"][0]).resolve()
    with (RUN / f"{name}.log").open("ab") as log:
        command = shlex.split(said["ExecStart"][0])
        process = subprocess.Popen(command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    (RUN / f"{name}.pid").write_text(str(process.pid))


def stop(name: str) -> None:
    """As KillMode=mixed: the first process is asked, what is left after TimeoutStopSec is killed."""
    file = RUN / f"{name}.pid"
    if not file.exists():
        return
    pid = int(file.read_text())
    file.unlink()
    end = time.monotonic() + float(unit_of(name).get("TimeoutStopSec", ["90"])[0])
    try:
        os.kill(pid, signal.SIGTERM)
        while alive(pid) and time.monotonic() < end:
            time.sleep(0.05)
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def alive(pid: int) -> bool:
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def nginx(*arguments: str) -> None:
    """The real one. Its files are read anew as the recipe left them."""
    folder = RUN / "nginx"
    folder.mkdir(exist_ok=True)
    servers = "".join(elsewhere(path.read_text()) for path in sorted(NGINX.glob("*.conf")))
    paths = "".join(f"{kind}_temp_path {folder}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    user = "user root;\n" if os.geteuid() == 0 else ""
    head = f"{user}worker_processes 1;\npid {folder}/pid;\nerror_log {folder}/error.log;\nevents {{ worker_connections 2048; }}\n"
    (folder / "nginx.conf").write_text(f"{head}http {{\n{paths}{servers}}}\n")
    command = [TOLD["nginx"], "-p", str(folder), "-e", f"{folder}/error.log", "-c", str(folder / "nginx.conf")]
    is_running = (folder / "pid").exists() and alive(int((folder / "pid").read_text() or 0))
    if arguments == ("-t",):
        subprocess.run([*command, *arguments], check=True)
    elif arguments == ("-s", "reload") and is_running:
        subprocess.run([*command, "-t", "-q"], check=True)
        subprocess.run([*command, *arguments], check=True)
    elif not is_running:
        subprocess.run(command, check=True)


def certbot(*arguments: str) -> None:
    """The authority looks for its proof on port 80 of the host, then there is a certificate."""
    webroot = Path(arguments[arguments.index("-w") + 1]) / ".well-known/acme-challenge"
    webroot.mkdir(parents=True, exist_ok=True)
    (webroot / "token").write_text("the proof")
    connection = http.client.HTTPConnection("127.0.0.1", TOLD["http"], timeout=10)
    connection.request("GET", "/.well-known/acme-challenge/token", headers={"Host": "sdg.example.org"})
    if (answer := connection.getresponse().read()) != b"the proof":
        sys.exit(f"The authority was answered {answer[:200]!r}")
    folder = ROOT / "etc/letsencrypt/live/sdg.example.org"
    folder.mkdir(parents=True)
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=sdg.example.org"]
    subprocess.run([*made, "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"], check=True, capture_output=True)


def curl(*arguments: str) -> None:
    """`curl -fsS URL` at whatever listens here for its host."""
    scheme, host, path = re.fullmatch(r"(https?)://([^/]+)(/.*)", arguments[-1]).groups()  # type: ignore[union-attr]
    connection: http.client.HTTPConnection
    if scheme == "https":
        context = ssl.create_default_context(cafile=str(ROOT / "etc/letsencrypt/live/sdg.example.org/fullchain.pem"))
        context.check_hostname = False
        connection = http.client.HTTPSConnection("127.0.0.1", TOLD["https"], timeout=30, context=context)
    else:
        connection = http.client.HTTPConnection(elsewhere(host), timeout=30)
    try:
        connection.request("GET", path, headers={"Host": host})
        answer = connection.getresponse()
    except OSError as error:
        sys.exit(f"curl: {error}")
    print(answer.read().decode())
    sys.exit(22 if answer.status >= 400 else 0)


def fill_in(*arguments: str) -> None:
    """What the recipe asks a person to write: the settings of this office."""
    file = ROOT / "etc/portal.env"
    given = TOLD["settings"]
    lines = [line for line in file.read_text().splitlines() if line.partition("=")[0] not in given]
    file.write_text(elsewhere("\n".join(lines)) + "\n" + "".join(f"{name}={value}\n" for name, value in given.items()))


def git(*arguments: str) -> None:
    """The real one; where a tree is made, what `bin/setup` would fetch for minutes is lent to it, if the proof says so."""
    done = subprocess.run([shutil.which("git", path=TOLD["path"]) or "git", *arguments])
    if done.returncode == 0 and "clone" in arguments and TOLD["venv"]:
        Path(arguments[-1], ".venv").symlink_to(TOLD["venv"])
    sys.exit(done.returncode)


STAND_INS: dict[str, Callable[..., None]] = {
    "adduser": adduser,
    "sudo": sudo,
    "install": install,
    "systemd-run": systemd_run,
    "systemctl": systemctl,
    "nginx": nginx,
    "certbot": certbot,
    "curl": curl,
    "git": git,
    "fill-in": fill_in,
}

if __name__ == "__main__":
    main()
