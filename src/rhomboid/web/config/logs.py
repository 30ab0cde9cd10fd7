"""What may go into a log: routes and places in the code, never what people said."""

from __future__ import annotations

import logging


class NoData(logging.Filter):
    """Keeps what people typed out of the log: an exception is logged by its type and place, without its words and values."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, trace = record.exc_info
            place = ""
            while trace is not None:
                place = f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}"
                trace = trace.tb_next
            record.msg, record.args = f"{getattr(record, 'status_code', '')} {kind.__name__} at {place}", ()
            record.exc_info, record.exc_text = None, None
        return True
