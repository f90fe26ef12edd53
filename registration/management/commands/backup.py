from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from registration.operations import backups


class Command(BaseCommand):
    help = "Writes the whole database to one file while the portal runs, and checks it. The file holds people's data: keep it safe."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="?", type=Path, help="default: a new file in VAR_DIR/backups")
        parser.add_argument(
            "--with-key", action="store_true", help="put VAR_DIR/secret_key in as well: whoever has the file then opens every personal page"
        )

    def handle(self, *args: Any, file: Path | None, with_key: bool, **options: Any) -> None:
        now = timezone.localtime()
        is_named_by_us = file is None
        file = file or settings.VAR_DIR / "backups" / f"portal-{now:%Y%m%d-%H%M%S}.zip"
        key = settings.VAR_DIR / "secret_key" if with_key else None
        if key and not key.exists():
            raise CommandError("The key is not kept in VAR_DIR but in SECRET_KEY: keep it where you keep your passwords.")
        try:
            made = backups.make(file, key=key, at=now)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        if made.mismatches and is_named_by_us:
            file = file.rename(file.with_name(f"{file.stem}-counter-off.zip"))
        size = file.stat().st_size / 1e6
        agree = "Every quota agrees with its participants."
        if made.mismatches:
            agree = f"{made.mismatches} quotas do NOT agree with their participants."
        self.stdout.write(f"{file}: {made.rows} rows in {len(made.counts)} tables, {size:.1f} MB, checked. {agree}")
        if made.mismatches:
            self.stderr.write("The backup is kept. See manage.py check_quotas, which puts the counters right with --repair.")
        self.stdout.write(f"The key is {'in it' if key else 'not in it: without SECRET_KEY no link in any mail works after a restore'}.")
