"""What an office writes in the column of groups, and who stands in a file twice."""

import pytest

from registration.nominations.matching import group_of, names_another_province, repeated
from sessions.models import StakeholderGroup

GROUPS = [
    StakeholderGroup(pk=number, code=f"4.1.{number}", name_th=name_th, name_en=name_en)
    for number, (name_th, name_en) in enumerate(
        [
            ("ผู้บริหารหรือเจ้าหน้าที่สำนักงานจังหวัดที่เกี่ยวข้องกับการวางแผนหรือจัดทำโครงการ", "Provincial office"),
            ("ผู้บริหารหรือเจ้าหน้าที่หน่วยงานราชการส่วนภูมิภาค", "Regional government agencies"),
            ("ผู้บริหารหรือเจ้าหน้าที่ในระดับอำเภอ ตำบล หมู่บ้าน", "District, sub-district and village officials"),
            ("ผู้บริหารหรือเจ้าหน้าที่องค์กรปกครองส่วนท้องถิ่น", "Local administrative organisations"),
            ("ผู้บริหารหรือเจ้าหน้าที่จากภาคเอกชนที่มีบทบาทด้านการพัฒนาในระดับพื้นที่", "Private sector"),
            ("ผู้แทนจากภาคประชาสังคมที่มีบทบาทด้านการพัฒนาในระดับพื้นที่", "Civil society"),
            ("ผู้แทนจากภาคการศึกษา", "Education sector"),
            ("ผู้แทนจากเด็กและเยาวชน", "Children and youth"),
            ("ภาคส่วนอื่น ๆ ที่มีส่วนเกี่ยวข้องกับการขับเคลื่อนการพัฒนาในระดับพื้นที่", "Others"),
        ],
        start=1,
    )
]


class TestGroups:
    @pytest.mark.parametrize(
        ("written", "number"),
        [
            ("4.1.3", 3),
            ("๔.๑.๓", 3),
            ("๔.๑.๓ ผู้บริหารหรือเจ้าหน้าที่ในระดับอำเภอ", 3),
            ("4.1.7 ผู้แทนจากภาคการศึกษา", 7),
            ("3", 3),
            ("กลุ่มที่ ๓", 3),
            ("กลุ่มเป้าหมายที่ 3 ระดับอำเภอ", 3),
            ("(3)", 3),
            ("ผู้แทนจากภาคการศึกษา", 7),
            ("ภาคเอกชน", 5),
            ("เอกชน", 5),
            ("ประชาสังคม", 6),
            ("NGO", 6),
            ("อปท.", 4),
            ("องค์กรปกครองส่วนท้องถิ่น (อปท.)", 4),
            ("อบต. (ตำบล)", 4),
            ("เด็กและเยาวชน", 8),
            ("สถานศึกษา", 7),
            ("สำนักงานจังหวัด", 1),
            ("ภาคส่วนอื่นๆ", 9),
            ("Civil society", 6),
            ("private sector", 5),
            ("5.2 เอกชน", 5),
            ("ข้อ 12 โรงเรียน", 7),
            ("อบต. (ตำบล) (ก)", 4),
            ("ตำบล", 3),
            ("1.3", None),
            ("ระดับพื้นที่", None),
            ("ผู้แทน", None),
            ("12", None),
            ("4.1.12", None),
            ("ก", None),
            ("", None),
        ],
    )
    def test_a_group_is_known_by_number_name_or_a_part_of_one_name(self, written, number):
        found = group_of(written, GROUPS)
        assert (found.pk if found else None) == number

    def test_the_last_number_names_a_group_of_a_list_and_not_a_list(self):
        assert group_of("2", [StakeholderGroup(pk=1, code="4.2", name_th="ส่วนกลาง"), GROUPS[0]]) is None

    def test_a_name_as_short_as_a_word_is_known_within_what_is_written(self):
        nuns = StakeholderGroup(pk=10, code="4.3", name_th="แม่ชี", name_en="Nuns")
        assert group_of("Buddhist nuns of Nan", [*GROUPS, nuns]) is nuns

    def test_where_there_is_one_group_it_need_not_be_written(self):
        assert group_of("", GROUPS[:1]) is GROUPS[0]


@pytest.mark.parametrize(
    ("said", "another"),
    [("", False), ("น่าน", False), ("จังหวัดน่าน", False), ("จ.น่าน", False), ("Nan", False), ("NAN", False), ("แพร่", True), ("Phrae", True)],
)
def test_a_row_of_another_province_is_noticed(said, another):
    assert names_another_province(said, ["น่าน", "Nan"]) is another


def test_repeated_addresses_point_to_the_first():
    assert repeated(["a@example.org", "", "b@example.org", "a@example.org", "", "a@example.org"]) == {3: 0, 5: 0}
