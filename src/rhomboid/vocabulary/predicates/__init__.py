"""The language of conditions over findings: SQL text in, a checked tree, and the ways to run it."""

from .compile import Definition, Evaluate, compile_all
from .parse import Name, Names, parse, parse_term
from .sql import to_sql
from .tree import Node, Term, columns

__all__ = ["Definition", "Evaluate", "Name", "Names", "Node", "Term", "columns", "compile_all", "parse", "parse_term", "to_sql"]
