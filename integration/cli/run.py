"""``unclench run``: the service."""

from __future__ import annotations

import typer

from integration.cli.exits import INTERNAL
from integration.cli.options import ConfigOption, settings_for


def run(ctx: typer.Context, config: ConfigOption = None) -> None:
    """Listen to the home, decide, and act, until it is stopped with Ctrl-C or SIGTERM.

    A comfort helper. Not a medical device, not an alarm, watched by nobody. In an emergency call your emergency number.
    """
    import gc
    import logging
    import os
    import signal
    import threading
    import time

    from config.load import load
    from integration.app import compose
    from integration.logs import set_up_logs
    from integration.private import keep_to_ourselves

    os.environ["TZ"] = "UTC"  # the process lives in UTC; the person's zone is in the profile
    time.tzset()
    settings = settings_for(ctx, config)
    keep_to_ourselves(settings.data)
    set_up_logs(settings.log_level)
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    app = compose(load(settings.config), settings)
    app.start()
    gc.collect()
    gc.freeze()  # what is there now stays: looking through it again and again would only cost pauses
    logging.getLogger("unclench").info(
        "Unclench is running for %s; Ctrl-C stops it", ", ".join(app.configuration.profiles)
    )
    try:
        well = app.run_until(stop)
    finally:
        app.stop()
    if not well:
        raise typer.Exit(INTERNAL)
