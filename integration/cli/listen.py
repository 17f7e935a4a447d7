"""``unclench listen``: what arrives, what it is taken for, and the lines for home.yaml."""

from __future__ import annotations

from typing import Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for


def listen(
    ctx: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Option(help="Listen to this topic or filter only. May be repeated.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", help="Stop after so many seconds; left out: with Ctrl-C.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show live what arrives at the broker: the dialect it is taken for, the facts in it, and what is refused and why.

    At the end it prints the lines for home.yaml. What a message says is shown here and kept nowhere.
    """
    from json import dumps

    from config.load import load
    from integration.cli.listening_view import show_heard, show_summary
    from integration.clock import SystemClock
    from integration.listening import Overview, hear

    settings = settings_for(ctx, config)
    mqtt = load(settings.config).home.mqtt
    password = settings.mqtt_password.get_secret_value() if settings.mqtt_password else None
    overview = Overview()
    try:
        for heard in hear(mqtt, password, topic or ["#"], SystemClock(), seconds=seconds):
            seen = overview.take(heard) if heard is not None else None
            if heard is None or seen is None:
                continue
            if json:
                facts = {each.kind.value: each.value for each in seen.decoded.readings}
                refused = [each.reason.value for each in seen.decoded.rejections]
                dialect = seen.guess.dialect if seen.guess else None
                print(dumps({"topic": seen.topic, "dialect": dialect, "facts": facts, "refused": refused}), flush=True)
            else:
                show_heard(heard, seen)
    except KeyboardInterrupt:
        pass
    if not json:
        show_summary(overview, f"{mqtt.host}:{mqtt.port}")
