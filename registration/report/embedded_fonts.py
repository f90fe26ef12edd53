"""Sarabun within a docx: it looks the same on a computer that has no such font.

Source: ECMA-376, part 4, §17.8 (the first 32 bytes of an embedded font are hidden by its key).
"""

from uuid import UUID, uuid5

from docx.document import Document as DocxDocument
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from registration.people.fonts import SARABUN

FONT = "Sarabun"
_FILES = {"embedRegular": "Sarabun-Regular.ttf", "embedBold": "Sarabun-Bold.ttf"}
_KIND = "application/vnd.openxmlformats-officedocument.obfuscatedFont"
_OF_FONT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/font"
_KEYS = UUID("6f1de2a6-6f0c-4a43-9b55-1d1f2f6a7c11")
_HIDDEN = 32


def embed(document: DocxDocument) -> None:
    main = document.part
    key_of_table, former = next((key, each.target_part) for key, each in main.rels.items() if each.reltype == RELATIONSHIP_TYPE.FONT_TABLE)
    fonts = parse_xml(former.blob)
    named = [(number, tag, name) for number, (tag, name) in enumerate(_FILES.items(), start=1)]
    keys = {tag: uuid5(_KEYS, name) for _number, tag, name in named}
    table = Part(former.partname, former.content_type, b"", main.package)
    font = parse_xml(f'<w:font {nsdecls("w", "r")} w:name="{FONT}"><w:charset w:val="DE"/><w:family w:val="auto"/></w:font>')
    for number, tag, name in named:
        part = Part(PackURI(f"/word/fonts/font{number}.odttf"), _KIND, hidden((SARABUN / name).read_bytes(), keys[tag]), main.package)
        embedded = OxmlElement(f"w:{tag}")
        embedded.set(qn("r:id"), table.relate_to(part, _OF_FONT))
        embedded.set(qn("w:fontKey"), f"{{{str(keys[tag]).upper()}}}")
        font.append(embedded)
    fonts.append(font)
    told = Part(former.partname, former.content_type, serialize_part_xml(fonts), main.package)
    for relation in table.rels.values():
        told.relate_to(relation.target_part, relation.reltype)
    main.drop_rel(key_of_table)
    main.relate_to(told, RELATIONSHIP_TYPE.FONT_TABLE)
    document.settings.element.insert(1, OxmlElement("w:embedTrueTypeFonts"))  # after the zoom, where the schema has it


def hidden(font: bytes, key: UUID) -> bytes:
    """The same function shows it again."""
    mask = key.bytes[::-1] * (_HIDDEN // 16)
    return bytes(one ^ other for one, other in zip(font[:_HIDDEN], mask, strict=True)) + font[_HIDDEN:]
