"""What may go into a log: routes and places in the code, never what people said."""

from __future__ import annotations

import logging
import re
from typing import Any

LINK = re.compile(r"/p/[^\s\"']+")
"""The address of a personal link: whoever reads it is one date of birth away from a record."""


class NoData(logging.Filter):
    """Keeps what people typed out of the log: an exception is logged by its type and place, without its words and values.

    The address of a personal link is cut short; one that was asked for is told by its route, since anybody can type a name into it.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        asked = getattr(getattr(record, "request", None), "path", None)
        if asked and isinstance(record.args, tuple):
            record.args = tuple(_route(record) if one == asked else one for one in record.args)
        record.msg, record.args = _said(record)
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            place = ""
            while trace is not None:
                place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
                trace = trace.tb_next
            record.msg, record.args = f"{getattr(record, 'status_code', '')} {kind.__name__} at {place}", ()
            record.exc_info, record.exc_text = None, None
        return True


def _route(record: logging.LogRecord) -> str:
    match = getattr(record, "request").resolver_match  # noqa: B009 - a field that Django adds to the record
    return f"/{match.route}" if match else "no address of this site"


def _said(record: logging.LogRecord) -> tuple[object, Any]:
    """The words of a line and what fills them. Where an address of a link is in it, the finished line without that."""
    try:
        line = record.getMessage()
    except (TypeError, ValueError):
        return record.msg, record.args  # the handler says what is wrong with it
    return (LINK.sub("/p/…", line), ()) if LINK.search(line) else (record.msg, record.args)
