"""How gunicorn serves the portal, whoever starts it: `bin/serve`, systemd, a proof. What the environment says wins.

Threads, so that a slow phone does not hold a whole worker; few, because two cores gain nothing from more and SQLite writes
one at a time. No access log: addresses of personal pages are secrets.
"""

import os
import shutil

from sdgworkshop.settings import LOGGING, METRICS_TOKEN, VAR_DIR

_host, _port = os.environ.get("HOST") or "127.0.0.1", os.environ.get("PORT") or "8000"

bind = f"{_host}:{_port}"
workers = int(os.environ.get("WEB_WORKERS") or 3)
threads = int(os.environ.get("WEB_THREADS") or 4)
preload_app = True
graceful_timeout = 10
# Longer than nginx keeps its connections, so that no request meets one that is just being closed.
keepalive = 75
control_socket_disable = True
umask = 0o077  # gunicorn would take back what the settings say
# No header of a visitor moves the portal to another path or scheme; what our own proxies say the settings read (PROXIES).
forwarded_allow_ips = forwarder_headers = ""
logconfig_dict = LOGGING

if METRICS_TOKEN:
    # The processes of this gunicorn add up their counts here; those of an earlier one are over.
    _counts = VAR_DIR / "metrics" / _port
    shutil.rmtree(_counts, ignore_errors=True)
    _counts.mkdir(parents=True)
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)
