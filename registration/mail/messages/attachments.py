"""Files that go with a mail."""

import datetime as dt
from collections.abc import Collection
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from email.mime.image import MIMEImage
from email.mime.nonmultipart import MIMENonMultipart

from registration.links import qr
from registration.models import Participant
from registration.people.calendars import personal_calendar


def calendar(participant: Participant, at: dt.datetime, dropped: Collection[int] = ()) -> MIMEBase:
    """Their days as they are at the moment `at`, as a file that mail programs offer to put into a calendar (RFC 6047).

    It strikes out the days (by primary key) that they have just `dropped`.
    """
    part = MIMENonMultipart("text", "calendar", charset="utf-8", method="PUBLISH")
    part.set_payload(personal_calendar(participant, at, dropped=dropped))
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=f"{participant.workshop.slug}.ics")
    return part


def code_as_qr(participant: Participant) -> MIMEBase:
    part = MIMEImage(qr.qr_png(participant.code), "png")
    part.add_header("Content-Disposition", "attachment", filename=f"{participant.code}.png")
    return part
