"""Rhomboid: explained decision support for physical therapy of the upper back.

The library face is small:

    knowledge = load_knowledge()
    case = read_case(Path("case.toml"), knowledge.vocabulary)
    assessment = assess(case, knowledge, on=date(2026, 11, 24))
    plan_of_care = plan(assessment, Limits(minutes=15, without=frozenset({"band"})))
"""

from .knowledge import Knowledge, Override, entry_digest, load_knowledge, source_text
from .reasoning.assess import Assessment, assess
from .reasoning.planning import Limits, PlanOfCare, plan
from .vocabulary import CaseError, KnowledgeError, RhomboidError
from .vocabulary.case import Case, case_from_table, read_case

__all__ = [
    "Assessment", "Case", "CaseError", "Knowledge", "KnowledgeError", "Limits", "Override", "PlanOfCare",
    "RhomboidError", "assess", "case_from_table", "entry_digest", "load_knowledge", "plan", "read_case", "source_text",
]  # fmt: skip
