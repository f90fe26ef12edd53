"""The process that reads one uploaded file: bytes in, JSON out, nothing else of the portal in it. `spreadsheets.uploads` starts it."""

import json
import resource
import sys
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import translation

#: Of address space, of which Python itself takes a part, and of the processor's time.
MAX_MEMORY, MAX_SECONDS = 320 * 1024 * 1024, 4


def main() -> None:
    """Prints {"sheets": as `tables.as_json` has them}, or {"fault": [code, words]} in the language that is asked for.

    With "values" behind the language it prints {"rows": of `values.read_values`}.
    """
    for kind, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_CPU, MAX_SECONDS), (resource.RLIMIT_CORE, 0)):
        resource.setrlimit(kind, (most, most))
    locale = Path(__file__).resolve().parents[2] / "locale"
    settings.configure(LOCALE_PATHS=[locale], LANGUAGE_CODE="th", LANGUAGES=[("th", "ไทย"), ("en", "English")])
    apps.populate(())  # translations ask for it; `django.setup` loads URLs and models too, for half as long again
    from registration.spreadsheets.files import read
    from registration.spreadsheets.tables import SpreadsheetFault, as_json
    from registration.spreadsheets.values import read_values

    with translation.override(sys.argv[1]):
        try:
            data = sys.stdin.buffer.read()
            answer: dict[str, object] = {"rows": read_values(data)} if "values" in sys.argv[2:] else {"sheets": as_json(read(data))}
        except SpreadsheetFault as fault:
            answer = {"fault": [fault.code, str(fault)]}
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
