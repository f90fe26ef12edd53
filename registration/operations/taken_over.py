"""What processes of the version before went on writing in their way after the migrations, put as this version keeps it.

The end of an upgrade. Every step may be done again, and finds nothing then.
"""

from django.db import connection, transaction
from django.db.models import Exists, Model, OuterRef

from registration.models import Invitation, Mailing, Participant, ZoomFile, ZoomHandover, ZoomLine
from registration.operations.rewriting import rewrite
from registration.people.names import match_key
from sessions.text import clean_text
from sessions.thai import sort_key

TEXTS = ("title", "first_name", "last_name", "position", "organisation", "organisation_short")
NAMES = ("first_name", "last_name")
#: What a message to many chose until 1.0.0: one, where it may be several now.
CHOSEN_ONCE = ("group_id", "province_id")


def take_over() -> dict[str, int]:
    """How many rows each step changed."""
    return {
        "texts of people": rewrite(Participant, TEXTS, person),
        "keys of names": rewrite(Participant, (*NAMES, "name_key"), name_key),
        "texts of invitations": rewrite(Invitation, TEXTS, texts),
        "choices of messages": _choices(),
        "lists for Zoom": _lists(),
    }


def texts(row: Model) -> dict[str, str]:
    """Those texts of a row that are not in the form in which text is kept."""
    return {field: clean for field in TEXTS if (clean := clean_text(getattr(row, field))) != getattr(row, field)}


def person(row: Model) -> dict[str, str]:
    said = texts(row)
    words = {field: said.get(field, getattr(row, field)) for field in NAMES}
    return said and said | {"sort_key": sort_key(f"{words['first_name']} {words['last_name']}")}


def name_key(row: Model) -> dict[str, str]:
    key = match_key(row.first_name, row.last_name)  # type: ignore[attr-defined]
    return {} if key == row.name_key else {"name_key": key}  # type: ignore[attr-defined]


@transaction.atomic
def _choices() -> int:
    """A draft that the version before wrote goes to its one province or group; what was chosen here since stands.

    Its columns are still in the database, where a message of 1.0.0 was in it, and are empty afterwards.
    """
    with connection.cursor() as cursor:
        table = Mailing._meta.db_table
        there = {column.name for column in connection.introspection.get_table_description(cursor, table)}
        changed = set()
        for column in [name for name in CHOSEN_ONCE if name in there]:
            cursor.execute(f'SELECT id, "{column}" FROM "{table}" WHERE "{column}" IS NOT NULL')
            rows = cursor.fetchall()
            changed |= {key for key, chosen in rows if _choose(key, column, chosen)}
            cursor.execute(f'UPDATE "{table}" SET "{column}" = NULL WHERE "{column}" IS NOT NULL')
    return len(changed)


def _choose(key: int, column: str, chosen: int) -> bool:
    mailing = Mailing.objects.get(pk=key)
    among = mailing.provinces if column == "province_id" else mailing.groups
    known = set(among.values_list("pk", flat=True))
    if len(known) > 1 or known == {chosen}:
        return False
    among.set([chosen])
    return True


@transaction.atomic
def _lists() -> int:
    """Whom staff took along for Zoom in the way of 1.0.0 are a list that was worked off, as in migration 0024."""
    lines = ZoomLine.objects.filter(email=OuterRef("email"))
    of_day, of_track = lines.filter(file__day=OuterRef("day")), lines.filter(file__track=OuterRef("track"))
    files: dict[tuple[object, ...], ZoomFile] = {}
    for one in ZoomHandover.objects.exclude(Exists(of_day)).exclude(Exists(of_track)).order_by("at", "pk"):
        key = one.day_id, one.track_id, one.at, one.by_id
        if key not in files:
            made = {"made_at": one.at, "made_by_id": one.by_id, "done_at": one.at, "done_by_id": one.by_id}
            files[key] = ZoomFile.objects.create(kind=ZoomFile.Kind.ADD, day_id=one.day_id, track_id=one.track_id, **made)
        ZoomLine.objects.create(file=files[key], participant_id=one.participant_id, email=one.email)
    return len(files)
