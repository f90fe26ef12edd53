"""Files that go with a mail."""

import datetime as dt
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.nonmultipart import MIMENonMultipart

from registration import qr
from registration.calendars import personal_calendar
from registration.models import Participant


def calendar(participant: Participant, at: dt.datetime) -> MIMEBase:
    """His days as they are at the moment `at`, as a file that mail programs offer to put into a calendar (RFC 6047)."""
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method="PUBLISH")
    part.set_payload(personal_calendar(participant, at))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=f"{participant.workshop.slug}.ics")
    return part


def code_as_qr(participant: Participant) -> MIMEBase:
    """His reference code, to be read by a camera. A PNG: most mail programs show no SVG."""
    part = MIMEImage(qr.qr_png(participant.code), "png")
    part.add_header("Content-Disposition", "attachment", filename=f"{participant.code}.png")
    return part
