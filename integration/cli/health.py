"""``unclench health``: for supervisors and containers."""

from __future__ import annotations

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for


def health(ctx: typer.Context, config: ConfigOption = None, json: JsonOption = False) -> None:
    """Say whether the running service has proven that it lives: exit code 0 if so, 1 if not."""
    from json import dumps

    from integration.clock import SystemClock
    from integration.pulse import read_pulse

    document = read_pulse(settings_for(ctx, config).data, SystemClock().now())
    if json:
        print(dumps(document))
        return
    unswitched = document.get("unswitched")
    nothing = f", so nothing switches {', '.join(unswitched)}" if unswitched else ""
    names = {True: "connected", False: "away", None: f"not set up{nothing}"}
    peers = [
        f"{name} {names[document.get(key)]}" for name, key in (("broker", "mqtt"), ("Home Assistant", "home_assistant"))
    ]
    print(f"Unclench is running: {', '.join(peers)}.")
