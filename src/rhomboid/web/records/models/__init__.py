"""The tables, one file for each noun."""

from .alert import Alert
from .assessment import Assessment
from .audit import AuditEvent, AuditHead
from .base import Record, RecordQuerySet
from .break_glass import BreakGlass
from .check_in import CheckIn
from .clinic import Clinic
from .concern import Concern
from .consent import CONSENTS, Consent
from .discharge import Discharge
from .document import Document
from .episode import DISPOSITIONS, Assignment, Episode
from .finding import Finding
from .home_change import HomeChange
from .interview import PatientInterview
from .link import PersonalLink
from .message import Message
from .note import Addendum, Note
from .person import Person
from .phone_report import PhoneReport
from .plan import Goal, Item, Override, PlanLine, PlanOfCare
from .referral import Referral
from .rules import LocalRule, SignOff
from .visit import DeliveredIntervention, HomeSession, Visit

__all__ = [
    "CONSENTS", "DISPOSITIONS", "Addendum", "Alert", "Assessment", "Assignment", "AuditEvent", "AuditHead",
    "BreakGlass", "CheckIn", "Clinic", "Concern", "Consent", "DeliveredIntervention", "Discharge", "Document", "Episode",
    "Finding", "Goal", "HomeChange", "HomeSession", "Item", "LocalRule", "Message", "Note", "Override", "PatientInterview",
    "Person", "PersonalLink", "PhoneReport", "PlanLine", "PlanOfCare", "Record", "RecordQuerySet", "Referral", "SignOff",
    "Visit",
]  # fmt: skip
