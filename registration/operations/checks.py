"""What `manage.py check` says of the machine: folders that cannot be written, and a database that keeps no Thai."""

import os
import tempfile
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, register
from django.core.files.storage import storages
from django.db import DEFAULT_DB_ALIAS, connections


@register(Tags.files)
def folders_are_written(app_configs: object = None, **_rest: Any) -> list[CheckMessage]:
    stored = {name: storages[name].base_location for name in ("exports", "materials")}  # type: ignore[attr-defined] # they are folders
    folders = {"VAR_DIR": settings.VAR_DIR, "EXPORTS_DIR": stored["exports"], "ERASURES_DIR": settings.ERASURES_DIR}
    folders["MATERIALS_DIR"] = stored["materials"]
    found: list[CheckMessage] = []
    for name, folder in folders.items():
        try:
            os.makedirs(folder, mode=0o750 if name == "MATERIALS_DIR" else 0o700, exist_ok=True)
            with tempfile.TemporaryFile(dir=folder):
                pass
        except OSError as error:
            hint = f"Give it to the user of the portal, or set {name}; under the systemd units add it to ReadWritePaths."
            found.append(Error(f"{name} ({folder}) cannot be written: {error.strerror}.", hint=hint, id="portal.E001"))
    return found


@register(Tags.security)
def the_provider_is_set_whole(app_configs: object = None, **_rest: Any) -> list[CheckMessage]:
    names = ("OPENID_ISSUER", "OPENID_CLIENT_ID", "OPENID_CLIENT_SECRET")
    missing = [name for name in names if not getattr(settings, name)]
    if len(missing) == len(names):
        return []
    hint = "Set all three as the provider gave them (docs/deploy.md), or none."
    found: list[CheckMessage] = [Error(f"{name} is not set, but others of its kind are.", hint=hint, id="portal.E003") for name in missing]
    if settings.PRODUCTION and settings.OPENID_ISSUER and not settings.OPENID_ISSUER.startswith("https://"):
        found.append(Error("OPENID_ISSUER does not begin with https://.", hint=hint, id="portal.E004"))
    return found


@register(Tags.database)
def the_database_keeps_thai(app_configs: object = None, databases: Sequence[str] | None = None, **_rest: Any) -> list[CheckMessage]:
    connection = connections[DEFAULT_DB_ALIAS]
    if DEFAULT_DB_ALIAS not in (databases or ()) or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_encoding")
        encoding = cursor.fetchone()[0]
    if encoding == "UTF8":
        return []
    hint = "createdb --template=template0 --encoding=UTF8 --lc-collate=C --lc-ctype=C.UTF-8 portal"
    return [Error(f"The database was made with the encoding {encoding}, which keeps no Thai. Make it anew.", hint=hint, id="portal.E002")]
