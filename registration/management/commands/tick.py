import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import close_old_connections

from registration.actor import SYSTEM
from registration.operations import clock_jumps
from registration.operations.clock import tick


class Command(BaseCommand):
    help = "Does what time brings: reminders, expired offers, mail that is due, what dead workers left. May run twice or late."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--every", type=float, metavar="SECONDS", help="go on for ever, with this pause between the rounds")

        parser.add_argument("--clock-is-right", action="store_true", help="after a jump of the clock: the time is right, go on")

    def handle(self, *args: Any, every: float | None, clock_is_right: bool = False, **options: Any) -> None:
        if clock_is_right:
            clock_jumps.confirm(by=SYSTEM)
        tick()
        while every:
            time.sleep(every)
            close_old_connections()
            tick()
