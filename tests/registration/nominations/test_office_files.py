"""Lists as 77 offices keep them: none comes in silently wrong, and what the file itself doubts is asked about.

All people, numbers and addresses in `office_files` are invented; `to-mend/expected.json` says what each file holds.
"""

import datetime as dt
import json
from pathlib import Path

import pytest

from registration.nominations.columns import Layout
from registration.nominations.layouts import propose_layouts
from registration.nominations.matching import group_of
from registration.nominations.nominees import Doubt, Fate, ReadNominee
from registration.nominations.rows import Nominations, read_people
from registration.people import phones
from registration.spreadsheets.files import read
from registration.spreadsheets.tables import SpreadsheetFault
from tests.registration.nominations.groups import GROUPS

FOLDER = Path(__file__).parent / "office_files"
EXPECTED = json.loads((FOLDER / "to-mend" / "expected.json").read_text("utf-8"))["files"]
DAYS = [dt.date(2022, 2, 18), dt.date(2022, 3, 3), dt.date(2022, 3, 11), dt.date(2022, 3, 16)]

#: No program reads these; each is refused in words that help this kind.
REFUSED = {"22-list.pdf": "pdf", "23-password.xlsx": "locked"}
READ = [name for name in EXPECTED if name not in REFUSED]
#: What the file says of its people beside who they are. Every other file is understood without a question.
ASKED = {
    "05-two-phones-two-mails.xlsx": {Doubt.SEVERAL_NUMBERS, Doubt.SEVERAL_ADDRESSES},
    "07-hidden-struck.xlsx": {Doubt.STRUCK, Doubt.HIDDEN},
    "07b-filtered.xlsx": {Doubt.HIDDEN, Doubt.CANCELLED},
    "07c-cancelled-in-note.xlsx": {Doubt.CANCELLED, Doubt.RESERVE},
    "11b-libreoffice-hidden.xlsx": {Doubt.STRUCK, Doubt.HIDDEN},
    "30-two-people-a-row.xlsx": {Doubt.RESERVE},
    "38-reserve-section.xlsx": {Doubt.RESERVE},
    "42-footers.xlsx": {Doubt.NO_PERSON},
}
#: The groups of these stand nowhere in the file; they are asked about, or chosen by who is invited.
WITHOUT_GROUPS = {"33-no-headings.xlsx", "36-sheet-per-group.xlsx"}
#: As the file has it, where `expected.json` writes the title out.
ALSO = {"สพ.ญ.": "สัตวแพทย์หญิง"}


def opened(path: Path) -> tuple[Nominations, list[Layout]]:
    sheets = read(path.read_bytes())
    layouts = propose_layouts(sheets, days=DAYS, groups=GROUPS)
    return read_people(sheets, layouts, groups=GROUPS, days=DAYS), layouts


def people(found: Nominations) -> dict[str, ReadNominee]:
    return {nominee.values["email"]: nominee for nominee in found.nominees if not nominee.is_left_out}


@pytest.mark.parametrize("name", READ)
def test_everybody_is_there_as_the_file_has_them(name):
    found, _layouts = opened(FOLDER / "to-mend" / name)
    by_email = people(found)
    for title, first, last, position, organisation, group, email, phone in EXPECTED[name]["people"]:
        values = by_email[email].values
        assert (ALSO.get(values["title"], values["title"]), values["first_name"], values["last_name"]) == (title, first, last)
        together = f"{values['position']} {values['organisation']}".strip()
        assert organisation in (values["organisation"], together)
        assert values["position"] in (position or "", together.removesuffix(values["organisation"]).strip(), "")
        if phone:
            assert phones.parse(values["phone"]).number == f"+66{phone[1:]}"
        if group and name not in WITHOUT_GROUPS:
            assert group_of(values["group"], GROUPS).code == group


@pytest.mark.parametrize("name", READ)
def test_nobody_else_is_invited(name):
    """Whom the file takes back is left out or asked about; lines beneath the list are nobody."""
    found, _layouts = opened(FOLDER / "to-mend" / name)
    wanted = {person[6] for person in EXPECTED[name]["people"]}
    used = {nominee.values["email"] for nominee in found.nominees if nominee.fate is not Fate.LEAVE_OUT}
    assert used == wanted - set(EXPECTED[name]["drop"])


@pytest.mark.parametrize("name", READ)
def test_what_the_file_says_about_people_is_asked_and_nothing_else(name):
    found, _layouts = opened(FOLDER / "to-mend" / name)
    assert {kind for nominee in found.nominees for kind, _said in nominee.doubts} == ASKED.get(name, set())


@pytest.mark.parametrize(("name", "code"), REFUSED.items())
def test_what_no_program_reads_is_refused_in_words(name, code):
    with pytest.raises(SpreadsheetFault) as refused:
        read((FOLDER / "to-mend" / name).read_bytes())
    assert refused.value.code == code


def test_a_reserve_section_is_proposed_for_the_reserve():
    found, _layouts = opened(FOLDER / "to-mend" / "38-reserve-section.xlsx")
    assert [nominee.fate for nominee in found.nominees] == [Fate.USE] * 6 + [Fate.RESERVE] * 4


def test_the_second_person_of_a_row_is_a_person_with_the_organisation_of_the_row():
    found, _layouts = opened(FOLDER / "to-mend" / "30-two-people-a-row.xlsx")
    assert [(nominee.line, nominee.fate) for nominee in found.nominees[:2]] == [(2, Fate.USE), (2, Fate.RESERVE)]
    assert {nominee.values["organisation"] for nominee in found.nominees[:2]} == {"สำนักงานจังหวัดน่าน"}


def test_ticks_are_the_days_on_which_somebody_comes():
    found, _layouts = opened(FOLDER / "to-mend" / "43-days-ticked.xlsx")
    assert found.nominees[0].values["days"] == "2022-02-18 2022-03-03 2022-03-11"
    assert found.nominees[1].values["days"] == "2022-02-18 2022-03-11"


def test_a_sheet_of_all_and_sheets_of_groups_are_the_same_people_once():
    found, _layouts = opened(FOLDER / "to-mend" / "36-sheet-per-group.xlsx")
    groups = {nominee.values["first_name"]: nominee.values["group"] for nominee in found.nominees}
    assert (len(found.nominees), groups["วิชัย"], groups["ธนากร"], groups["สมชาย"]) == (10, "อปท.", "ภาคเอกชน", "")
    assert len(found.remarks) == 6


UNDERSTOOD = sorted((FOLDER / "understood").iterdir())
TEN = [(person[0], person[1], person[2], person[6], person[7]) for person in EXPECTED["05-two-phones-two-mails.xlsx"]["people"]]


@pytest.mark.parametrize("path", [path for path in UNDERSTOOD if path.name != "10-names.xlsx"], ids=lambda path: path.name)
def test_what_was_understood_stays_so(path):
    found, _layouts = opened(path)
    told = [
        (v["title"], v["first_name"], v["last_name"], v["email"], f"0{phones.parse(v['phone']).number[3:]}")
        for v in (nominee.values for nominee in found.nominees)
    ]
    if path.name == "04-phones-lost-zero.xlsx":  # where two have numbers of an office
        assert {"054710123", "022804085"} < {phone for *_name, phone in told}
        told, expected = [one[:4] for one in told], [one[:4] for one in TEN]
    else:
        expected = list(TEN)
    assert sorted(told) == sorted(expected)
    assert [nominee.doubts for nominee in found.nominees] == [()] * 10


def test_names_of_all_kinds_stay_as_they_are():
    found, _layouts = opened(FOLDER / "understood" / "10-names.xlsx")
    told = [" ".join(filter(None, (n.values["title"] + n.values["first_name"], n.values["last_name"], n.remark))) for n in found.nominees]
    assert told == [
        "นายชาติ ณ อยุธยา", "นางดวงใจ เทพหัสดิน ณ อยุธยา", "นายสมชาย ใจดี", "นางสาวสุดา แสงดี", "นายบุญ พระนครฯ", "นางมาลี ศรีสุข (แซ่ลิ้ม)",
        "นายเอ แซ่ตั้ง", "นายสม ทัพ", "นายวัน ดี", "นางสาวน้ำ ใส", "นางสาวกำนัล ทำดี", "นายอาลี บิน อาหมัด", "นายเดชา(ต้อม) รักดี",
    ]  # fmt: skip
    assert [nominee.doubts for nominee in found.nominees] == [()] * 13
