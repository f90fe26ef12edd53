"""The 77 provinces, from `registration/data/provinces.csv` (order of a Thai dictionary, DOPA codes)."""

import csv
from pathlib import Path

from django.db import migrations

from sessions import thai

SOURCE = Path(__file__).resolve().parent.parent / "data" / "provinces.csv"

REGIONS = {
    "ภาคเหนือ": "north",
    "ภาคตะวันออกเฉียงเหนือ": "northeast",
    "ภาคกลาง": "central",
    "กรุงเทพมหานครและปริมณฑล": "bangkok",
    "ภาคตะวันออก": "east",
    "ภาคตะวันตก": "west",
    "ภาคใต้": "south",
}

#: The nine pilot provinces of the brief, §1.
PILOTS = {"กาฬสินธุ์", "นครราชสีมา", "น่าน", "ยโสธร", "เลย", "ลพบุรี", "เพชรบุรี", "สุราษฎร์ธานี", "ฉะเชิงเทรา"}

#: What people write instead of the full name.
ALIASES = {
    "10": ["กทม.", "กทม", "กรุงเทพ", "กรุงเทพฯ"],
    "14": ["อยุธยา", "ayutthaya"],
    "20": ["chonburi"],
    "24": ["แปดริ้ว"],
    "30": ["โคราช", "korat"],
    "31": ["buriram"],
    "33": ["sisaket"],
    "34": ["อุบล", "อุบลฯ", "ubon"],
    "38": ["buengkan"],
    "39": ["หนองบัว"],
    "41": ["อุดร", "อุดรฯ", "udon"],
    "67": ["phetchabun"],
    "72": ["สุพรรณ", "สุพรรณฯ"],
    "73": ["นครปฐมฯ"],
    "77": ["ประจวบ", "ประจวบฯ", "prachuap"],
    "80": ["นครศรีฯ", "เมืองคอน"],
    "84": ["สุราษฎร์", "สุราษฎร์ฯ", "สุราษ"],
}


#: The customary two letters of each province, as on seals and papers of the Ministry of Interior.
ABBREVIATIONS = {
    "กระบี่": "กบ", "กรุงเทพมหานคร": "กท", "กาญจนบุรี": "กจ", "กาฬสินธุ์": "กส", "กำแพงเพชร": "กพ", "ขอนแก่น": "ขก",
    "จันทบุรี": "จบ", "ฉะเชิงเทรา": "ฉช", "ชลบุรี": "ชบ", "ชัยนาท": "ชน", "ชัยภูมิ": "ชย", "ชุมพร": "ชพ",
    "เชียงราย": "ชร", "เชียงใหม่": "ชม", "ตรัง": "ตง", "ตราด": "ตร", "ตาก": "ตก", "นครนายก": "นย",
    "นครปฐม": "นฐ", "นครพนม": "นพ", "นครราชสีมา": "นม", "นครศรีธรรมราช": "นศ", "นครสวรรค์": "นว", "นนทบุรี": "นบ",
    "นราธิวาส": "นธ", "น่าน": "นน", "บึงกาฬ": "บก", "บุรีรัมย์": "บร", "ปทุมธานี": "ปท", "ประจวบคีรีขันธ์": "ปข",
    "ปราจีนบุรี": "ปจ", "ปัตตานี": "ปน", "พระนครศรีอยุธยา": "อย", "พะเยา": "พย", "พังงา": "พง", "พัทลุง": "พท",
    "พิจิตร": "พจ", "พิษณุโลก": "พล", "เพชรบุรี": "พบ", "เพชรบูรณ์": "พช", "แพร่": "พร", "ภูเก็ต": "ภก",
    "มหาสารคาม": "มค", "มุกดาหาร": "มห", "แม่ฮ่องสอน": "มส", "ยโสธร": "ยส", "ยะลา": "ยล", "ร้อยเอ็ด": "รอ",
    "ระนอง": "รน", "ระยอง": "รย", "ราชบุรี": "รบ", "ลพบุรี": "ลบ", "ลำปาง": "ลป", "ลำพูน": "ลพ",
    "เลย": "ลย", "ศรีสะเกษ": "ศก", "สกลนคร": "สน", "สงขลา": "สข", "สตูล": "สต", "สมุทรปราการ": "สป",
    "สมุทรสงคราม": "สส", "สมุทรสาคร": "สค", "สระแก้ว": "สก", "สระบุรี": "สบ", "สิงห์บุรี": "สห", "สุโขทัย": "สท",
    "สุพรรณบุรี": "สพ", "สุราษฎร์ธานี": "สฎ", "สุรินทร์": "สร", "หนองคาย": "นค", "หนองบัวลำภู": "นภ", "อ่างทอง": "อท",
    "อำนาจเจริญ": "อจ", "อุดรธานี": "อด", "อุตรดิตถ์": "อต", "อุทัยธานี": "อน", "อุบลราชธานี": "อบ",
}


def load(apps, schema_editor):
    Province = apps.get_model("registration", "Province")
    with SOURCE.open(encoding="utf-8-sig", newline="") as file:
        Province.objects.bulk_create(
            Province(
                code=row["code"],
                name_th=row["name_th"],
                name_en=row["name_en"],
                abbreviation=ABBREVIATIONS[row["name_th"]],
                sort_key=thai.sort_key(row["name_th"]),
                region=REGIONS[row["nesdc_region7"]],
                province_group=row["province_group18"],
                is_pilot=row["name_th"] in PILOTS,
                aliases="".join(f"|{alias}" for alias in ALIASES.get(row["code"], [])) + ("|" if row["code"] in ALIASES else ""),
            )
            for row in csv.DictReader(file)
        )


class Migration(migrations.Migration):
    dependencies = [("registration", "0001_initial")]
    operations = [migrations.RunPython(load, lambda apps, schema_editor: None)]
