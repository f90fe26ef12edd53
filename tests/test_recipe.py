"""docs/deploy.md from its first command to its last, as it is written: with nginx, units and the database for real, without systemd.

What is cloned is what was committed.
"""

import shutil
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.cluster import programs
from benchmarks.processes import until
from benchmarks.recipe import IPV6, blocks, machine
from benchmarks.servers import ROOT

RECIPE = (ROOT / "docs/deploy.md").read_text(encoding="utf-8")
(INSTALL, LOOK), (UPGRADE,), (RESTORE, _POINT_IN_TIME) = (
    blocks(RECIPE, name) for name in ("One machine", "Upgrade without a pause", "Backup")
)
COUNT = "from registration.models import Participant; print(Participant.objects.count())"

pytestmark = [
    pytest.mark.postgres,  # so that it is run once, beside the other tests that start everything
    pytest.mark.cluster,
    pytest.mark.skipif("nginx" not in programs() or not shutil.which("openssl"), reason="needs nginx and openssl"),
]


def test_the_recipe_installs_upgrades_under_visitors_and_restores(tmp_path):
    with machine(tmp_path, venv=(ROOT / ".venv").resolve(), ABUSE_LIMITS="off", WEB_WORKERS="1") as office:
        printed = office.run(INSTALL)
        assert ("with the password " in printed, "was loaded" in printed) == (True, True)
        until(office.serves, "the portal through nginx")
        assert office.run(LOOK).split()[-1] == "ok"
        assert office.serves("::1") == IPV6
        crowd = office.crowd(at_once=2)
        crowd.start()
        try:
            before = Path(tmp_path / "opt/portal").resolve()
            until(lambda: len(crowd.told) >= 5, "people who register")
            told = len(crowd.told)
            office.run(UPGRADE)
            after = len(crowd.told)
            until(lambda: len(crowd.told) >= after + 5, "people who register at the new version")
        finally:
            crowd.stop()
        assert Path(tmp_path / "opt/portal").resolve() != before
        assert after > told, "people registered all the while"
        assert Counter(refusal for person in crowd.people for refusal in person.refusals) == {}, office.logs()
        backups = list((tmp_path / "var/lib/portal/backups").glob("portal-*.zip"))
        assert len(backups) == 1
        office.run(RESTORE)
        until(office.serves, "the portal after the restore")
        assert 5 <= int(office.shell(COUNT)) < len(crowd.told), "who registered after the backup is not in it"
