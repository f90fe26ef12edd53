#!/bin/bash
# What the Dockerfile and deploy/compose.yml would run, run by hand, where no containers are: their own commands, in a namespace of mounts
# whose root is read-only, as user 10001 without any right, on this machine's own Python: bash benchmarks/container.sh
set -e
cd "$(dirname "$0")/.."
[ -n "$IN_NAMESPACE" ] || IN_NAMESPACE=1 exec unshare --mount --pid --fork --mount-proc bash "$0"
SOURCE=$PWD PYTHON=${PYTHON:-/usr/bin/python3}
# The image's own folders
for folder in /opt /var/lib; do mount -t tmpfs none $folder; done
mkdir -p /opt/portal /var/lib/portal
cd /opt/portal
# COPY . . leaves out what .dockerignore names; the first RUN makes the environment, the second builds
git -C "$SOURCE" archive HEAD | tar -x
grep -v '\*' .dockerignore | while read -r ignored; do rm -rf "./$ignored"; done
sed -n 's/^RUN \(python -m venv\|VAR_DIR=\)/\1/p' Dockerfile | while read -r line; do echo "RUN $line"; PIP_QUIET=2 bash -ec "${line/#python /$PYTHON }"; done
chown 10001 /var/lib/portal
mount -t tmpfs -o mode=1777 none /tmp
mount -o remount,bind,ro /
mount -o remount,ro none /opt
command() { python3 - "$1" <<'P'
import json, re, shlex, sys
text = open({"CMD": "Dockerfile", "HEALTH": "Dockerfile"}.get(sys.argv[1], "deploy/compose.yml")).read()
found = {
    "CMD": r"\nCMD (\[.*\])", "HEALTH": r"\n    CMD (\[.*\])",
}.get(sys.argv[1], rf"\n  {sys.argv[1]}:\n.*?command: (\[.*?\])\n")
print(shlex.join(json.loads(re.search(found, text, re.DOTALL if "command" in found else 0)[1])))
P
}
env=(HOME=/var/lib/portal PATH=/usr/bin:/bin $(sed -n 's/^ENV HOST=/HOST=/p' Dockerfile) PORT=8000 SECRET_KEY=plainly-invented-of-more-than-fifty-characters-0123456789
    SITE_URL=https://sdg.example.org ALLOWED_HOSTS=localhost EMAIL_URL=smtp://127.0.0.1:9 SECURE_SSL_REDIRECT=no LOG_LEVEL=WARNING)
as_image() { env -i "${env[@]}" setpriv --reuid=10001 --regid=10001 --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all sh -c "$1"; }
as_image "touch /opt/portal/written 2>/dev/null || touch /etc/written 2>/dev/null" && { echo "BROKEN the root can be written"; exit 1; }
echo "prepare: $(command prepare)"; as_image "$(command prepare)"
for service in worker clock; do echo "$service: $(command $service)"; as_image "exec $(command $service)" & done
echo "web: $(command CMD)"; as_image "exec $(command CMD)" &
for _ in $(seq 60); do as_image "$(command HEALTH)" 2>/dev/null && healthy=yes && break; sleep 1; done
[ -n "$healthy" ] || { echo "BROKEN never healthy"; exit 1; }
sleep 3
[ "$(jobs -r | wc -l)" = 3 ] || { jobs; echo "BROKEN one has ended"; exit 1; }
echo "kept   healthy, and web, worker and clock run with a root that is read-only, as user 10001 without any right"
kill $(jobs -p); wait
