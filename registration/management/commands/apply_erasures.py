"""Erases again whom a restored backup has brought back."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from registration.actor import SYSTEM
from registration.audit import trail
from registration.operations import storage
from registration.privacy.actions.restored_erasures import apply_register


class Command(BaseCommand):
    help = "Erases everybody in the register of erasures (ERASURES_DIR) from the database. Run it after every restore."

    def handle(self, *args: Any, **options: Any) -> None:
        erased = apply_register()
        self.stdout.write(f"{erased} registrations of erased people were in the database and are gone.")
        if storage.scrub():
            trail.record_scrubbing(by=SYSTEM, at=timezone.now())
        else:
            self.stdout.write("Bytes of them are left, because another program reads the tables. Run this once more when it has ended.")
