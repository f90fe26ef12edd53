#!/usr/bin/env python
"""Django's command line for this project."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sdgworkshop.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.VAR_DIR  # noqa: B018  reads the settings now, so that a missing one is said in one line
    except ImproperlyConfigured as error:
        sys.exit(str(error))
    if sys.argv[1:] == ["version"]:  # Django's own command says Django's
        print(settings.VERSION)
        return
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
