"""The page of the vocabulary: every finding, gate, derived finding and contradiction."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any, get_args

from ..reasoning.words import value_text
from ..vocabulary.finding import SIDES, Derived, Filled, Finding, Gate, Section
from .pages_entries import CONTENT, Writer, link
from .pages_markdown import labeled, quote, rule, spaced, text

SECTIONS = {
    "profile": "Profile", "history": "History", "symptoms": "Symptoms", "vitals": "Vital signs", "examination": "Examination",
    "medical": "Medical history", "pain": "Pain", "function": "Function", "lifestyle": "Life, work and activity",
    "beliefs": "Beliefs, mood and stress", "posture": "Posture", "motion": "Range of motion", "strength": "Strength and endurance",
    "length": "Muscle length", "control": "Motor control", "joints": "Joints", "neuro": "Nerves", "palpation": "Palpation",
    "breathing": "Breathing", "records": "Records on file",
}  # fmt: skip
TYPES = {
    "flag": "yes or no", "integer": "whole number", "number": "number", "scale": "0 to 10", "choice": "one of", "choices": "any of",
    "regions": "any region of", "date": "date", "score": "score",
}  # fmt: skip
