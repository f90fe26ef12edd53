import datetime as dt
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils import timezone

from registration.models import MailFlow
from registration.operations import backups
from registration.seats import quotas


class Command(BaseCommand):
    help = "Puts a backup back, or with --check only tries whether it could be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--check", action="store_true", help="change nothing; say whether the file can be trusted")
        parser.add_argument("--replace", action="store_true", help="the database has tables: throw them away for those of the backup")
        parser.add_argument("--with-key", action="store_true", help="put the backup's key back into VAR_DIR as well")

    def handle(self, *args: Any, file: Path, check: bool, replace: bool, with_key: bool, **options: Any) -> None:
        try:
            with backups.opened(file) as inside:
                self._describe(file, inside.manifest)
                tried = backups.prove(inside)
                if check:
                    self.stdout.write(
                        "It can be put back." if tried else "Its list of contents is whole; this user may not make a database to try it in."
                    )
                    return
                if not replace and not backups.is_empty(connection):
                    raise CommandError("The database is not empty. Stop the portal, make a backup of what is there, then give --replace.")
                backups.put_back(inside)
                backups.compare(inside.manifest, connection.alias)
                if with_key:
                    self._put_key_back(inside.key)
        except backups.BackupError as error:
            raise CommandError(str(error)) from error
        call_command("migrate", verbosity=0)
        self._settle()

    def _describe(self, file: Path, manifest: backups.Manifest) -> None:
        made = timezone.localtime(dt.datetime.fromisoformat(manifest.made_at))
        key = "with the key" if manifest.has_key else "without the key"
        self.stdout.write(
            f"{file}: {manifest.vendor}, made {made:%Y-%m-%d %H:%M}, {manifest.rows} rows in {len(manifest.counts)} tables, {key}."
        )

    def _put_key_back(self, key: bytes | None) -> None:
        if key is None:
            raise CommandError("The database is back, but no key is in this backup.")
        file = settings.VAR_DIR / "secret_key"
        file.unlink(missing_ok=True)
        file.touch(mode=0o600)
        file.write_bytes(key)

    def _settle(self) -> None:
        """Who was erased since is erased again; and mail of then, which may have gone out since, is not sent unseen."""
        MailFlow.objects.update_or_create(pk=1, defaults={"is_paused": True, "next_senders_at": None})
        call_command("apply_erasures", stdout=self.stdout)
        if wrong := quotas.mismatches():
            raise CommandError(f"{len(wrong)} quotas do not agree with their participants; see manage.py check_quotas.")
        self.stdout.write("It is back, row by row as it was counted. Every quota agrees with its participants.")
        self.stdout.write(
            "The mail is paused: what was in the queue then may have been sent since. Look through it in the admin, then let it run."
        )
