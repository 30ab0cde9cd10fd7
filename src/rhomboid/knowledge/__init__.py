"""What Rhomboid knows: content files, their records, and the loader that refuses a bad one."""

from .knowledge import Knowledge
from .loader import load_knowledge

__all__ = ["Knowledge", "load_knowledge"]
