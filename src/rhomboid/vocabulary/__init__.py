"""What can be known: findings, their types and units, and the language of conditions over them."""

from .finding import Derived, Evidence, Finding, Gate, Value
from .overrides import Override
from .problems import CaseError, KnowledgeError, PredicateError, Problem, RhomboidError, hint, nearest
from .vocabulary import Vocabulary, load_vocabulary

__all__ = [
    "CaseError", "Derived", "Evidence", "Finding", "Gate", "KnowledgeError", "Override", "PredicateError", "Problem",
    "RhomboidError", "Value", "Vocabulary", "hint", "load_vocabulary", "nearest",
]  # fmt: skip
