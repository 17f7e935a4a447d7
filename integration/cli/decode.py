"""``unclench decode``: what one message says."""

from __future__ import annotations

from typing import Annotated

import typer

from integration.cli.exits import USAGE
from integration.cli.options import JsonOption


def decode(  # noqa: PLR0913 (its options)
    topic: Annotated[str, typer.Option(help="The topic it came on.")],
    payload: Annotated[str, typer.Option(help="The payload as text; - reads it from standard input.")],
    dialect: Annotated[str | None, typer.Option(help="The dialect; left out: guessed from topic and payload.")] = None,
    retained: Annotated[bool, typer.Option("--retained", help="It came as the broker's kept copy.")] = False,
    path: Annotated[str | None, typer.Option(help="Where in the JSON the value stands, with dots.")] = None,
    kind: Annotated[str | None, typer.Option(help="What a bare value is: temperature, humidity, occupied ...")] = None,
    unit: Annotated[str | None, typer.Option(help="The unit, where the message carries none.")] = None,
    json: JsonOption = False,
) -> None:
    """Show what one message says: facts in SI units, or why it is not believed."""
    import sys
    from json import dumps

    from devices.decode import decode as decode_message
    from devices.decode import guess, resolve
    from devices.readings import Hints, Kind, Message

    raw = sys.stdin.buffer.read() if payload == "-" else payload.encode("utf-8", errors="surrogateescape")
    message = Message(topic=topic, payload=raw, retained=retained)
    guesses = guess(message) if dialect is None else []
    try:
        name = resolve(dialect) if dialect is not None else guesses[0].dialect if guesses else "plain"
        hints = Hints(path=path, kind=Kind(kind) if kind else None, unit=unit)
    except ValueError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(USAGE) from error
    decoded = decode_message(name, message, hints)
    document = {
        "topic": topic,
        "dialect": name,
        "guessed": dialect is None,
        "facts": [
            {
                "kind": each.kind.value,
                "value": each.value,
                "unit": each.unit,
                "unit_sent": each.unit_sent,
                "path": each.path,
                "side": each.side,
            }
            for each in decoded.readings
        ],
        "rejections": [
            {"reason": each.reason.value, "detail": each.detail, "path": each.path} for each in decoded.rejections
        ],
    }
    if json:
        print(dumps(document, ensure_ascii=False))
    else:
        why = f"  (guessed: {guesses[0].why})" if guesses else "  (nothing to guess from)" if dialect is None else ""
        print(f"{topic}\n  dialect  {name}{why}")
        for each in decoded.readings:
            sent = f", sent in {each.unit_sent}" if each.unit_sent and each.unit_sent != each.unit else ""
            print(
                f"  fact     {each.kind.value} = {_shown(each.value)} {each.unit}".rstrip()
                + sent
                + (f"  [{each.side}]" if each.side else "")
            )
        for rejection in decoded.rejections:
            print(f"  refused  {rejection.reason.value}: {rejection.detail}")
        if not decoded.readings and not decoded.rejections:
            print("  nothing  this message says nothing that Unclench uses")


def _shown(value: float | bool | str) -> str:  # noqa: FBT001
    return (
        ("yes" if value else "no")
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )
