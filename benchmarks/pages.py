"""The public pages beside a Django view that renders one constant template."""

from functools import partial
from pathlib import Path

from benchmarks.load import rate
from benchmarks.registering import prepare
from benchmarks.servers import SLUG, environment, gunicorn
from benchmarks.visitor import Visitor

SECONDS = 6


def visit(port: int, path: str) -> bool:
    visitor = Visitor(port)
    try:
        return visitor.request("GET", path)[0] == 200
    finally:
        visitor.close()


def run(urls: dict[str, str], folder: Path) -> None:
    """Prints the table. Uses the database "portal" and no other."""
    env = environment(urls["portal"], folder / "portal") | {"TRANSACTION_FILE": str(folder / "transaction.json")}
    prepare(env, places=1_000_000)
    print("Pages a second, 8 at once, PostgreSQL, 3 workers")
    with gunicorn("sdgworkshop.wsgi", env) as portal, gunicorn("benchmarks.thin:application", env) as thin:
        constant = rate(partial(visit, thin, "/constant/"), at_once=8, seconds=SECONDS)
        print(f"{'constant template':>20} {constant:>8.0f}")
        for name, path in [("workshop", "/"), ("agenda", f"/w/{SLUG}/agenda/"), ("agenda, English", f"/en/w/{SLUG}/agenda/")]:
            ours = rate(partial(visit, portal, path), at_once=8, seconds=SECONDS)
            print(f"{name:>20} {ours:>8.0f} {ours / constant:>6.2f}", flush=True)
