import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

from registration.security.actions.second_factor import give_word


class Command(BaseCommand):
    help = "Makes the staff user `admin` and prints a random password, if nobody can sign in yet."

    def handle(self, *args: Any, **options: Any) -> None:
        users = get_user_model().objects
        if users.exists():
            return
        password = secrets.token_urlsafe(15)
        give_word(user=users.create_superuser("admin", password=password))
        self.stdout.write(f"The first staff user is admin, with the password {password}\nIt is shown only this once.")
