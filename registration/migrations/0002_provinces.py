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


def load(apps, schema_editor):
    Province = apps.get_model("registration", "Province")
    with SOURCE.open(encoding="utf-8-sig", newline="") as file:
        Province.objects.bulk_create(
            Province(
                code=row["code"],
                name_th=row["name_th"],
                name_en=row["name_en"],
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
