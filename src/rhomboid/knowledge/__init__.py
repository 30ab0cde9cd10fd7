"""What Rhomboid knows: content files, their records, and the loader that refuses a bad one."""

from ..vocabulary import Override
from .knowledge import Knowledge
from .loader import load_knowledge
from .texts import entry_digest, source_text

__all__ = ["Knowledge", "Override", "entry_digest", "load_knowledge", "source_text"]
