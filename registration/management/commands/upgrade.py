from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from registration.operations.taken_over import take_over
from registration.operations.upgrades import migrate


class Command(BaseCommand):
    help = "Migrates while the version before serves. With --finish, once no process of it runs any more: takes over what it still wrote."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--finish", action="store_true", help="take over what the version before wrote after the migrations")

    def handle(self, *args: Any, finish: bool, **options: Any) -> None:
        if finish:
            for what, count in take_over().items():
                self.stdout.write(f"{count:>7,}  {what}")
            return
        migrate(connection, tell=self.stdout.write)
        call_command("migrate", verbosity=0)
