"""Which tests are left out, and the word about it at the end."""

from __future__ import annotations

import os
from collections import Counter

import pytest

HOW = """\
They need what a laptop may not have. To run them too, on Debian as root:
  .ci/install-ha                                                   a broker and two Home Assistants, 3 minutes
  export UNCLENCH_ORACLE_PYTHON="$(.ci/install-oracle)"            what the felt temperature is compared with
  export UNCLENCH_SLOW=1                                           the long searches, the wheel, the front door"""


def leave_out_slow(items: list[pytest.Item]) -> None:
    """Skip what takes long, unless it is asked for."""
    if os.environ.get("UNCLENCH_SLOW") == "1":
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="slow: UNCLENCH_SLOW=1 runs it"))


def tell(reporter: pytest.TerminalReporter) -> None:
    """Say how many were skipped and why, and how to get them."""
    skipped = reporter.stats.get("skipped", [])
    if not skipped:
        return
    reporter.section(f"{len(skipped)} skipped")
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    for reason, count in reasons.most_common():
        reporter.line(f"{count:5}  {reason}")
    reporter.line(HOW)


def fail_where_nothing_may_be_skipped(session: pytest.Session) -> None:
    """With UNCLENCH_NO_SKIPS=1 a skipped test is a failure: CI has everything."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if os.environ.get("UNCLENCH_NO_SKIPS") == "1" and reporter is not None and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
