"""QR codes, as files. In black on white with the margin that the standard asks for: every camera reads them."""

from io import BytesIO

import qrcode
from qrcode.image.pil import PilImage
from qrcode.image.svg import SvgPathImage

#: Pixels of one module of a PNG; a code of a usual address comes out about 400 pixels wide.
PIXELS = 10


def qr_png(text: str) -> bytes:
    """`text` as a PNG file, for mails and for printing."""
    return _file(qrcode.make(text, image_factory=PilImage, box_size=PIXELS))


def qr_svg(text: str) -> bytes:
    """`text` as an SVG file of one path, for pages."""
    return _file(qrcode.make(text, image_factory=SvgPathImage, box_size=PIXELS))


def _file(image: "PilImage | SvgPathImage") -> bytes:
    file = BytesIO()
    image.save(file)
    return file.getvalue()
