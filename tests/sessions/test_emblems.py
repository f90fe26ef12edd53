"""The office's emblem: set by staff, drawn anew, shown by digest, carried along, taken away."""

import base64
import datetime as dt
import struct
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from PIL import Image

from registration.certificates import layout
from registration.models import CertificateLayout
from sessions import emblems, pictures
from sessions.models import Emblem, Workshop
from sessions.next_workshop import make_next
from tests.factories import make_workshop
from tests.sessions.sample import SMALL

pytestmark = pytest.mark.django_db

DAYS = [dt.date(2028, 2, 17), dt.date(2028, 3, 1)]


def picture(colour="#19486A", kind="PNG", size=(400, 300), **options) -> bytes:
    drawn = BytesIO()
    Image.new("RGBA" if kind == "PNG" else "RGB", size, colour).save(drawn, kind, **options)
    return drawn.getvalue()


def emblem(colour="#19486A") -> Emblem:
    return emblems.drawn(pictures.redrawn(BytesIO(picture(colour)), max_side=emblems.MAX_SIDE))


def with_emblem(colour="#19486A") -> Workshop:
    workshop = make_workshop()
    emblems.set_emblem(workshop, emblem(colour), instead_of=None)
    return workshop


def address(workshop) -> str:
    return f"/admin/agenda/workshop/{workshop.pk}/emblem/"


def test_staff_set_the_emblem_and_the_pages_show_it_instead_of_the_drawn_mark(client, admin_client):
    workshop = make_workshop()
    page = f"/w/{workshop.slug}/register/"
    assert '<svg class="emblem"' in client.get(f"/en/w/{workshop.slug}/my-link/").content.decode()
    answer = admin_client.post(address(workshop), {"picture": SimpleUploadedFile("ตรา.png", picture()), "instead_of": ""}, follow=True)
    workshop.refresh_from_db()
    for shown in (f"/w/{workshop.slug}/", page, f"/w/{workshop.slug}/agenda/", f"/en/w/{workshop.slug}/my-link/"):
        html = client.get(shown).content.decode()
        assert f'src="/emblem/{workshop.emblem_id}.webp"' in html and '<svg class="emblem"' not in html, shown
    assert 'alt="ตราสัญลักษณ์ของหน่วยงาน"' in client.get(page).content.decode()
    assert answer.content.decode().count(f"/emblem/{workshop.emblem_id}.webp") == 2


def test_its_address_is_kept_by_browsers_for_ever_and_knows_what_is_gone(client):
    workshop = with_emblem()
    path = f"/emblem/{workshop.emblem_id}.webp"
    answer = client.get(path)
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/webp", "public, max-age=31536000, immutable")
    assert Image.open(BytesIO(answer.content)).size == (156, 117)
    assert client.get(path, headers={"if-none-match": answer["ETag"]}).status_code == 304
    emblems.set_emblem(workshop, None, instead_of=workshop.emblem_id)
    assert client.get(path).status_code == 404 and not Emblem.objects.exists()


@pytest.mark.parametrize("data", [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", picture()[:60], picture(kind="GIF")])
def test_what_is_no_png_or_jpeg_is_refused_in_words(admin_client, data):
    workshop = make_workshop()
    answer = admin_client.post(address(workshop), {"picture": SimpleUploadedFile("a.png", data)})
    assert 'class="errorlist"' in answer.content.decode() and not Emblem.objects.exists()


def test_however_fine_a_picture_is_pages_stay_light_with_it():
    noise = Image.effect_noise((320, 320), 90).convert("RGBA")
    drawn = BytesIO()
    noise.save(drawn, "PNG")
    made = Image.open(BytesIO(emblems.drawn(drawn.getvalue()).small))
    assert (len(emblems.drawn(drawn.getvalue()).small) <= emblems.PAGE_SIZE, min(made.size) >= 52) == (True, True)


def test_nothing_but_the_picture_of_a_file_is_kept():
    exif = Image.Exif()
    exif[0x010E] = "ลับเฉพาะ"
    kept = pictures.redrawn(BytesIO(picture(kind="JPEG", size=(2000, 1000), exif=exif)), max_side=320)
    drawn = Image.open(BytesIO(kept))
    assert (drawn.format, drawn.size, dict(drawn.getexif()), "exif" in drawn.info) == ("PNG", (320, 160), {}, False)


@pytest.mark.parametrize(
    ("tag", "kind", "count"),
    [(0x0100, 2, 4), (0x010F, 11, 1), (0x011A, 2, 4)],
    ids=["a width in words", "a maker in numbers", "an odd density"],
)
def test_a_picture_that_says_odd_things_of_itself_is_refused_in_words(tag, kind, count):
    turned, odd = struct.pack("<HHLHH", 0x0112, 3, 1, 6, 0), struct.pack("<HHL", tag, kind, count) + b"abcd"
    exif = b"Exif\x00\x00II*\x00\x08\x00\x00\x00" + struct.pack("<H", 2) + turned + odd + b"\x00" * 4
    with pytest.raises(ValidationError):
        pictures.redrawn(BytesIO(picture(kind="JPEG", size=(20, 10), exif=exif)), max_side=320)


def test_of_two_who_set_it_at_once_the_second_is_told(admin_client):
    workshop = with_emblem()
    data = {"picture": SimpleUploadedFile("b.png", picture("#C5192D")), "instead_of": ""}
    answer = admin_client.post(address(workshop), data, follow=True)
    assert "มีผู้เปลี่ยนตราสัญลักษณ์" in answer.content.decode()
    assert Emblem.objects.get() == workshop.emblem


@pytest.mark.parametrize("seen", ["\x00", "x", "ก", "0" * 500])
def test_what_no_emblem_is_called_was_never_seen_there(admin_client, seen):
    workshop = with_emblem()
    answer = admin_client.post(address(workshop), {"take_away": "", "understood": "on", "instead_of": seen}, follow=True)
    assert "มีผู้เปลี่ยนตราสัญลักษณ์" in answer.content.decode()
    assert Emblem.objects.get() == workshop.emblem


def test_taking_it_away_wants_a_tick(admin_client):
    workshop = with_emblem()
    data = {"take_away": "", "instead_of": workshop.emblem_id}
    admin_client.post(address(workshop), data)
    assert Workshop.objects.get().emblem_id
    admin_client.post(address(workshop), {**data, "understood": "on"})
    assert Workshop.objects.get().emblem_id is None


def test_a_workshop_that_is_made_from_one_bears_its_emblem_on_whatever_becomes_of_the_first():
    source = with_emblem()
    dates = dict(zip(source.days.values_list("pk", flat=True), DAYS, strict=True))
    target = make_next(source, slug="next", title_th="ปีถัดไป", title_en="", dates=dates)
    assert target.emblem == source.emblem
    emblems.set_emblem(source, emblem("#C5192D"), instead_of=source.emblem_id)
    target.refresh_from_db()
    assert target.emblem_id != source.emblem_id and Emblem.objects.count() == 2


def test_the_file_of_a_workshop_brings_it_and_says_so(tmp_path, capsys):
    file = tmp_path / "workshop.toml"

    def load(text: str) -> list[str]:
        file.write_text(f'emblem = """\n{text}"""\n{SMALL}', encoding="utf-8")
        capsys.readouterr()
        call_command("load_workshop", str(file), "--apply")
        return capsys.readouterr().out.splitlines()

    load(base64.encodebytes(picture()).decode())
    first = Workshop.objects.get().emblem
    assert first == emblem()
    assert not [line for line in load(base64.encodebytes(picture()).decode()) if first.pk[:8] in line]
    changed = "\n".join(load(base64.encodebytes(picture("#C5192D")).decode()))
    assert first.pk[:8] in changed and emblem("#C5192D").pk[:8] in changed
    load("")
    assert Workshop.objects.get().emblem is None and not Emblem.objects.exists()


@pytest.mark.parametrize("text", ["kein Bild", base64.b64encode(b"<svg/>").decode()])
def test_a_file_whose_emblem_is_no_picture_is_refused(text):
    with pytest.raises(ValidationError):
        emblems.from_text(text)


def test_certificates_bear_it_unless_their_layout_has_its_own():
    workshop = with_emblem()
    of_workshop = base64.b64encode(bytes(Emblem.objects.get().original)).decode()

    def on(own: str) -> str:
        design = CertificateLayout(workshop=workshop, title_th="ก", signer_th="ข", emblem=own)
        return layout.snapshot(design, name="ก", number=1, token="t", language="th", days=DAYS, given=DAYS[0])["emblem"]

    assert (on(""), on("b3du")) == (of_workshop, "b3du")
