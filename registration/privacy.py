"""The privacy notice: which text of it somebody has read (Personal Data Protection Act B.E. 2562, section 23)."""

import datetime as dt

#: Kept with every registration. Give the next number to every change of what the notice says.
NOTICE_VERSION = "1"
NOTICE_DATE = dt.date(2026, 11, 23)
