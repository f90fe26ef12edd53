"""A set of open data as files: a CSV for each table, all of them as a workbook, and a description that programs read.

The description is a Data Package (Frictionless): `datapackage.json` names the columns, types and keys of each CSV beside it.
"""

import csv
import hashlib
import io
import json
from typing import Any

from registration.exports.columns import Column as SheetColumn
from registration.exports.workbook import LIKE_A_FORMULA, Book
from registration.models import Licence, OpenDataSet
from registration.open_data import tables
from registration.open_data.tables import OpenTable, Value

WORKBOOK = "participation.xlsx"
DESCRIPTION = "datapackage.json"
CONTENT_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "json": "application/json",
}
#: As Frictionless wants them: a name of the Open Definition where there is one, and where the words are.
LICENCES = {
    Licence.DGA: {"title": "DGA Open Government License", "path": "https://data.go.th/pages/dga-open-government-license"},
    Licence.CC_BY: {
        "name": "CC-BY-4.0", "title": "Creative Commons Attribution 4.0", "path": "https://creativecommons.org/licenses/by/4.0/",
    },
    Licence.CC_ZERO: {
        "name": "CC0-1.0", "title": "Creative Commons Zero 1.0", "path": "https://creativecommons.org/publicdomain/zero/1.0/",
    },
}  # fmt: skip
OFFICE = "Office of the National Economic and Social Development Council (NESDC)"
#: Python's and Frictionless' name for UTF-8 behind a byte order mark, by which Excel knows the Thai.
ENCODING = "utf-8-sig"


def made(data_set: OpenDataSet) -> dict[str, bytes]:
    """Every file by its name, the description last."""
    sheets = {table.file_name: _csv(table, data_set) for table in tables.TABLES}
    return {**sheets, WORKBOOK: _workbook(data_set), DESCRIPTION: _description(data_set, sheets)}


def _csv(table: OpenTable, data_set: OpenDataSet) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([column.name for column in table.columns])
    writer.writerows([_field(value) for value in row] for row in tables.rows(table, data_set.table))
    return text.getvalue().encode(ENCODING)


def _field(value: Value) -> str:
    """A name that a spreadsheet would take for a formula begins with `'`, as in every CSV of the portal."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(LIKE_A_FORMULA) else str(value)


def _workbook(data_set: OpenDataSet) -> bytes:
    book, file = Book(data_set.workshop.title_th), io.BytesIO()
    for table in tables.TABLES:
        columns = [
            SheetColumn(column.name, column.name, 12 if "code" in column.name else 20, lambda line: None) for column in table.columns
        ]
        sheet = book.sheet(table.name.removeprefix("participation-"), columns)
        for row in tables.rows(table, data_set.table):
            sheet.append([str(value).lower() if isinstance(value, bool) else value for value in row])
    book.save(file)
    return file.getvalue()


def _description(data_set: OpenDataSet, sheets: dict[str, bytes]) -> bytes:
    workshop = data_set.workshop
    licence = LICENCES.get(Licence(data_set.licence))
    package: dict[str, Any] = {
        "name": f"{workshop.slug}-participation",
        "title": f"Participation in: {workshop.title_en or workshop.title_th}",
        "description": (
            "How many registered people came to a workshop, by province, stakeholder group and day. Numbers of fewer than five people "
            "are not told, nor others from which they would follow; what is not told on one day is told on none. "
            "A nought is told. People who came without being registered are not counted. Nobody's data is in it."
        ),
        "version": str(data_set.number),
        "created": data_set.counted_at.isoformat(timespec="seconds") if data_set.counted_at else "",
        **({"licenses": [licence]} if licence else {}),
        "contributors": [{"title": OFFICE, "role": "publisher"}],
        "keywords": ["Thailand", "SDG", "workshop", "participation", "provinces"],
        "resources": [_resource(table, sheets[table.file_name]) for table in tables.TABLES],
    }
    return (json.dumps(package, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(table: OpenTable, data: bytes) -> dict[str, Any]:
    fields = [
        {"name": column.name, "type": column.kind, "description": column.description, **_constraints(column.name, table)}
        for column in table.columns
    ]
    return {
        "name": table.name,
        "type": "table",
        "path": table.file_name,
        "title": table.title,
        "description": table.description,
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": ENCODING,
        "bytes": len(data),
        "hash": f"sha256:{hashlib.sha256(data).hexdigest()}",
        "dialect": {"csv": {"delimiter": ",", "lineTerminator": "\r\n", "quoteChar": '"', "doubleQuote": True}, "header": True},
        "schema": {"fields": fields, "primaryKey": list(table.key), "missingValues": [""]},
    }


def _constraints(name: str, table: OpenTable) -> dict[str, Any]:
    if name == "participants":
        return {"constraints": {"minimum": 0}}
    return {"constraints": {"required": True}} if name in table.key else {}
