"""Who comes, one file a concept."""

from registration.models.agency import Agency
from registration.models.api_token import ApiAnswer, ApiToken
from registration.models.attendance import (
    Appearance,
    Attendance,
    AttendanceDoubt,
    AttendanceReport,
    AttendanceSettings,
    AttendanceStop,
    JoinPress,
    NamedPlace,
    ReportFile,
    ReportRow,
    RoomSeat,
    Sighting,
)
from registration.models.audit_event import AuditEvent
from registration.models.certificate import (
    Certificate,
    CertificateCandidates,
    CertificateLayout,
    CertificateRule,
    CertificateRun,
    CertificateSeal,
)
from registration.models.check_in import CheckIn
from registration.models.closed_day import ClosedDay
from registration.models.coordinator import Coordinator
from registration.models.delayed_decision import DelayedDecision
from registration.models.delivery import Delivery, MailFlow
from registration.models.desk_offer import DeskOffer
from registration.models.document import Audience, Document, DocumentVersion, Place
from registration.models.evaluation import (
    Evaluation,
    EvaluationQuestion,
    EvaluationSection,
    EvaluationState,
    EvaluationUrn,
    OpenAnswer,
)
from registration.models.event import Event
from registration.models.export import Export, ExportProfile
from registration.models.heartbeat import Heartbeat
from registration.models.invitation import Invitation
from registration.models.kept_figures import KeptFigures
from registration.models.linked_identity import LinkedIdentity
from registration.models.mailing import Mailing
from registration.models.nomination import ColumnMeaning, NominationFile, Nominee
from registration.models.objection import Objection
from registration.models.open_data import Licence, OpenDataFile, OpenDataSet
from registration.models.participant import Participant, TrackChoice
from registration.models.province import Province
from registration.models.quota import Quota
from registration.models.retention_notice import RetentionNotice
from registration.models.seat_pool import PoolEntry, PoolRule, SeatIntent, SeatPool
from registration.models.selection import Selection, SelectionMark
from registration.models.tally import Tally
from registration.models.webhooks import WebhookDelivery, WebhookEndpoint
from registration.models.zoom_event import ZoomEvent, ZoomPresence
from registration.models.zoom_file import ZoomFile, ZoomLine
from registration.models.zoom_handover import ZoomHandover
from registration.models.zoom_webinar import ZoomRegistrant, ZoomStanding, ZoomWebinar

__all__ = [
    "Agency",
    "ApiAnswer",
    "ApiToken",
    "Appearance",
    "Attendance",
    "AttendanceDoubt",
    "AttendanceReport",
    "AttendanceSettings",
    "AttendanceStop",
    "Audience",
    "AuditEvent",
    "Certificate",
    "CertificateCandidates",
    "CertificateLayout",
    "CertificateRule",
    "CertificateRun",
    "CertificateSeal",
    "CheckIn",
    "ClosedDay",
    "ColumnMeaning",
    "Coordinator",
    "DelayedDecision",
    "Delivery",
    "DeskOffer",
    "Document",
    "DocumentVersion",
    "Evaluation",
    "EvaluationQuestion",
    "EvaluationSection",
    "EvaluationState",
    "EvaluationUrn",
    "Event",
    "Export",
    "ExportProfile",
    "Heartbeat",
    "Invitation",
    "JoinPress",
    "KeptFigures",
    "Licence",
    "LinkedIdentity",
    "MailFlow",
    "Mailing",
    "NamedPlace",
    "NominationFile",
    "Nominee",
    "Objection",
    "OpenAnswer",
    "OpenDataFile",
    "OpenDataSet",
    "Participant",
    "Place",
    "PoolEntry",
    "PoolRule",
    "Province",
    "Quota",
    "ReportFile",
    "ReportRow",
    "RetentionNotice",
    "RoomSeat",
    "SeatIntent",
    "SeatPool",
    "Selection",
    "SelectionMark",
    "Sighting",
    "Tally",
    "TrackChoice",
    "WebhookDelivery",
    "WebhookEndpoint",
    "ZoomEvent",
    "ZoomFile",
    "ZoomHandover",
    "ZoomLine",
    "ZoomPresence",
    "ZoomRegistrant",
    "ZoomStanding",
    "ZoomWebinar",
]
