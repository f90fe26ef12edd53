"""Which abbreviation an organisation is known by."""

import pytest

from registration.models import Agency
from registration.people.agencies import abbreviation_of, suggested

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("organisation", "province", "short"),
    [
        ("สำนักงานพัฒนาชุมชนจังหวัด", "น่าน", "พช."),
        ("สำนักงานพัฒนาชุมชนจังหวัดน่าน", "น่าน", "พช."),
        ("สำนักงานพัฒนาชุมชนจังหวัดแพร่", "น่าน", ""),
        ("สำนักงานสภาพัฒนาการเศรษฐกิจและสังคมแห่งชาติ", "", "สศช."),
        ("องค์การบริหารส่วนจังหวัดกระบี่", "กระบี่", "อบจ."),
        ("องค์การบริหารส่วนตำบลบ้านไร่", "อุทัยธานี", "อบต.บ้านไร่"),
        ("เทศบาลตำบลวังไผ่", "ชุมพร", "ทต.วังไผ่"),
        ("เทศบาลเมืองน่าน", "น่าน", "ทม."),
        ("แขวงทางหลวงชนบทน่าน", "น่าน", "ขทช."),
        ("สำนักงานทดสอบแห่งใหม่ (สทม.)", "น่าน", "สทม."),
        ("Sample Development Agency (SDA)", "", "SDA"),
        ("องค์การทดสอบ (องค์การมหาชน)", "", ""),
        ("กรมการปกครองส่วนอื่น", "", ""),
        ("บริษัท ทดสอบ จำกัด", "น่าน", ""),
    ],
)
def test_an_organisation_has_the_abbreviation_it_is_known_by(organisation, province, short):
    assert abbreviation_of(organisation, province) == short


def test_the_longest_name_that_fits_decides():
    Agency.objects.create(name="ศูนย์ทดสอบ", abbreviation="ศท.")
    Agency.objects.create(name="ศูนย์ทดสอบตำบล", abbreviation="ศทต.")
    assert abbreviation_of("ศูนย์ทดสอบตำบลบ้านสมมุติ", "น่าน") == "ศทต.บ้านสมมุติ"


def test_the_table_is_read_once_for_many(django_assert_num_queries):
    with django_assert_num_queries(1):
        abbreviation_of("องค์การบริหารส่วนตำบลบ้านไร่", "อุทัยธานี")
        abbreviation_of("บริษัท ทดสอบ จำกัด", "น่าน")
        suggested()


def test_staff_extend_what_is_suggested():
    Agency.objects.create(name="สำนักงานสมมุติ", abbreviation="สสม.")
    known = suggested()
    assert ("สำนักงานสมมุติ", "สสม.") in known
    assert ("สำนักงานพัฒนาชุมชนจังหวัด", "พช.") in known
    assert len(known) == 151
