"""The nine groups of the brief, without a database."""

import tomllib
from pathlib import Path

from sessions.models import StakeholderGroup

_FILE = Path(__file__).resolve().parents[3] / "sessions" / "data" / "sdg-localisation-2565.toml"
GROUPS = [
    StakeholderGroup(pk=number, code=group["code"], name_th=group["name_th"], name_en=group["name_en"])
    for number, group in enumerate(tomllib.loads(_FILE.read_text("utf-8"))["groups"], start=1)
    if group.get("scope") != "central"
]
