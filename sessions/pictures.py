"""Pictures that people upload, drawn anew: nothing else of the file is kept, neither what hides in it nor where it was taken."""

from collections.abc import Iterable
from io import BytesIO
from typing import IO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

#: Bytes of a file.
MAX_SIZE = 2 * 1024 * 1024
MAX_PIXELS = 20_000_000


def redrawn(file: IO[bytes], *, max_side: int) -> bytes:
    """The PNG or JPEG as a PNG of at most `max_side` pixels a side. Raises ValidationError, in words, where it is none."""
    try:
        picture = Image.open(file, formats=["PNG", "JPEG"])
        if picture.width * picture.height > MAX_PIXELS:
            raise ValidationError(_("The picture has too many pixels."))
        return _scaled(ImageOps.exif_transpose(picture).convert("RGBA"), max_side, "PNG", optimize=True)
    except ValidationError:
        raise
    except Exception as error:  # whatever Pillow finds wrong, in the pixels or beside them, it is the file that is wrong
        raise ValidationError(_("This is no picture in PNG or JPEG.")) from error


def small(png: bytes, *, sides: Iterable[int], max_size: int) -> bytes:
    """`png`, of our own drawing, as a WebP for pages: the first of `sides` that needs no more than `max_size` bytes, else the last."""
    made = b""
    for side in sides:
        for quality in (80, 60, 40):
            made = _scaled(Image.open(BytesIO(png)).convert("RGBA"), side, "WEBP", quality=quality, alpha_quality=quality, method=6)
            if len(made) <= max_size:
                return made
    return made


def _scaled(picture: Image.Image, side: int, kind: str, **options: object) -> bytes:
    picture.thumbnail((side, side))
    picture.info.clear()
    drawn = BytesIO()
    picture.save(drawn, kind, **options)
    return drawn.getvalue()
