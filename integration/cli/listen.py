"""``unclench listen``: what arrives, what it is taken for, and the lines for home.yaml."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.options import ConfigOption, JsonOption, settings_for

if TYPE_CHECKING:
    from config.home import Mqtt


def listen(  # noqa: PLR0913 (one parameter for each option)
    ctx: typer.Context,
    topic: Annotated[
        list[str] | None, typer.Option(help="Listen to this topic or filter only. May be repeated.")
    ] = None,
    seconds: Annotated[
        float | None, typer.Option("--for", help="Stop after so many seconds; left out: with Ctrl-C.")
    ] = None,
    broker: Annotated[
        str | None, typer.Option(metavar="[LOGIN@]HOST[:PORT]", help="Listen here; left out: where home.yaml says.")
    ] = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Show live what arrives at the broker: the dialect it is taken for, the facts in it, and what is refused and why.

    Of home.yaml only the part mqtt must be right, and with --broker not even that. At the end it prints the lines for
    home.yaml. What a message says is shown here and kept nowhere.
    """
    from json import dumps

    from config.load import load_mqtt
    from integration.cli.listening_view import show_heard, show_summary
    from integration.clock import SystemClock
    from integration.listening import Overview, hear

    settings = settings_for(ctx, config)
    mqtt = _named(broker) if broker else load_mqtt(settings.config)
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
        show_summary(overview, f"{mqtt.host}:{mqtt.port}", _only_person(settings.config))


def _named(answer: str) -> Mqtt:
    """The broker of the command line, which speaks TLS at the port for it."""
    from config.home import Mqtt, Tls
    from integration.cli import answer_checks

    try:
        login, host, port = answer_checks.broker(answer)
    except ValueError as error:
        message = f"{error}."
        raise typer.BadParameter(message, param_hint="--broker") from None
    tls = Tls() if port == answer_checks.TLS_PORT else None
    return Mqtt(host=host, port=port, username=login or None, tls=tls)


def _only_person(folder: Path) -> str:
    """Whose buttons they are, when one person lives here; else a word that the person will change."""
    names = [path.stem for path in (folder / "profiles").glob("[!.]*.yaml")]
    return names[0] if len(names) == 1 else "me"
