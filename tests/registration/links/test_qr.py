"""QR codes."""

from io import BytesIO
from xml.etree import ElementTree

from PIL import Image

from registration.links.qr import qr_png, qr_svg


def test_an_svg_is_one_picture_without_styles_that_the_policy_would_forbid():
    picture = qr_svg("AB23C4D")
    root = ElementTree.fromstring(picture)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert [attribute for element in root.iter() for attribute in element.attrib if attribute == "style"] == []
    assert b"<script" not in picture and b"<style" not in picture


def test_another_text_is_another_picture():
    assert qr_svg("AB23C4D") == qr_svg("AB23C4D")
    assert qr_svg("AB23C4D") != qr_svg("AB23C4E")


def test_a_png_has_the_margin_that_cameras_need():
    picture = Image.open(BytesIO(qr_png("AB23C4D"))).convert("L")
    margin = 40
    assert picture.size[0] == picture.size[1]
    assert {picture.getpixel((x, y)) for x in range(picture.width) for y in range(margin)} == {255}
    assert picture.getpixel((margin, margin)) == 0
