"""The tables, one file for each noun."""

from .assessment import Assessment
from .audit import AuditEvent, AuditHead
from .base import Record, RecordQuerySet
from .break_glass import BreakGlass
from .clinic import Clinic
from .concern import Concern
from .consent import CONSENTS, Consent
from .discharge import Discharge
from .document import Document
from .episode import DISPOSITIONS, Assignment, Episode
from .finding import Finding
from .note import Addendum, Note
from .person import Person
from .plan import Goal, Item, Override, PlanLine, PlanOfCare
from .referral import Referral
from .rules import LocalRule, SignOff
from .visit import DeliveredIntervention, HomeSession, Visit

__all__ = [
    "CONSENTS", "DISPOSITIONS", "Addendum", "Assessment", "Assignment", "AuditEvent", "AuditHead", "BreakGlass",
    "Clinic", "Concern", "Consent", "DeliveredIntervention", "Discharge", "Document", "Episode", "Finding", "Goal", "HomeSession",
    "Item", "LocalRule", "Note", "Override", "Person", "PlanLine", "PlanOfCare", "Record", "RecordQuerySet", "Referral",
    "SignOff", "Visit",
]  # fmt: skip
