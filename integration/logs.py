"""The service's log: no secret, no word that a person said, one line for each record, and never a flood."""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from collections import Counter
from types import TracebackType

from integration.private import masked, one_line

FORMAT = "%(asctime)sZ %(levelname)s %(name)s: %(message)s"
DATES = "%Y-%m-%dT%H:%M:%S"

log = logging.getLogger("unclench")


class PrivateFormatter(logging.Formatter):
    """Masks secrets, keeps a record on its line, and shows of an exception what it is and where, not its words."""

    def format(self, record: logging.LogRecord) -> str:
        """The whole record, ready to be written."""
        return masked(super().format(record))

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 (logging's own name)
        """The record's line."""
        return one_line(super().formatMessage(record))

    def formatException(  # noqa: N802 (logging's own name)
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The way to the fault. An exception's words may hold what a sensor or a person said: they are left out."""
        return "" if ei[1] is None else "\n".join(_way_to(traceback.TracebackException.from_exception(ei[1])))


def _way_to(fault: traceback.TracebackException) -> list[str]:
    earlier = fault.__cause__ or (None if fault.__suppress_context__ else fault.__context__)
    lines = _way_to(earlier) if earlier is not None else []
    return [*lines, *"".join(fault.stack.format()).splitlines(), fault.exc_type.__name__ if fault.exc_type else "?"]


class Seldom(logging.Filter):
    """The same fault at the same place is told the 1st, 2nd, 4th, 8th ... time: it must not fill the disk."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: Counter[tuple[str, int, str]] = Counter()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether to write the record."""
        if not record.exc_info or record.exc_info[0] is None:
            return True
        key = record.pathname, record.lineno, record.exc_info[0].__name__
        self._seen[key] += 1
        return self._seen[key] & (self._seen[key] - 1) == 0


def set_up_logs(level: str) -> None:
    """Log to standard error, also what ends a thread."""
    handler = logging.StreamHandler()
    handler.setFormatter(PrivateFormatter(FORMAT, DATES))
    handler.addFilter(Seldom())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
    threading.excepthook = _thread_died
    sys.unraisablehook = _unraisable


def _thread_died(args: threading.ExceptHookArgs) -> None:
    if args.exc_value is not None:
        name = args.thread.name if args.thread is not None else "of nobody"
        log.critical("the thread %s has died", name, exc_info=args.exc_value)


def _unraisable(fault: sys.UnraisableHookArgs) -> None:
    if fault.exc_value is not None:
        log.error("a fault while cleaning up", exc_info=fault.exc_value)
