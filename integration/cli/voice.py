"""``unclench voice``: what a sentence comes to, the same way as every channel takes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from integration.cli.journal_desk import PersonOption, aware, desk_for
from integration.cli.options import ConfigOption, JsonOption

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from zoneinfo import ZoneInfo

    from integration.cli.journal_desk import Desk
    from integration.spoken import Speaker

NOBODY = "you"
"""Who speaks where there is no profile."""


def voice(  # noqa: PLR0913 (its options)
    ctx: typer.Context,
    text: Annotated[str | None, typer.Argument(metavar="[TEXT]", help="What you would say.")] = None,
    at: Annotated[
        str | None,
        typer.Option(
            "--now", metavar="TIME", help="As if it were said then: 2026-11-20T15:00, yours or with an offset."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be written.")] = False,
    file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help='A sentence a line, plain or as {"text": ..., "now": ...}; "-" is the input.'
        ),
    ] = None,
    store: Annotated[bool, typer.Option("--store", help="With --file: really write it down.")] = False,
    person: PersonOption = None,
    config: ConfigOption = None,
    json: JsonOption = False,
) -> None:
    """Say a sentence: it is written down, changed or answered as if you had spoken it.

    With --file nothing is written unless you say --store; each line comes out as one JSON object.
    """
    from integration.cli.voice_answer import answer, rehearse

    if text is not None and file is not None:
        message = "give either a sentence or --file, not both"
        raise typer.BadParameter(message)
    if text is None and file is None:
        message = 'say a sentence, like "left calf spasm, seven", or give a --file of them'
        raise typer.BadParameter(message)
    if store and (file is None or dry_run):
        message = "--store goes with --file, and not with --dry-run"
        raise typer.BadParameter(message, param_hint="--store")
    desk, speaker = _who(ctx, config, person)
    dry = dry_run or desk.configuration is None
    then = _instant(at, speaker.zone, desk.now) if at else None
    if file is not None:
        _lines(desk, speaker, file, then, write=store and not dry)
    elif dry:
        rehearse(desk, speaker, text or "", then or desk.now, as_json=json)
    else:
        answer(desk, speaker, text or "", then, as_json=json)


def _who(ctx: typer.Context, config: Path | None, person: str | None) -> tuple[Desk, Speaker]:
    """Whose sentences these are. Without any configuration they are nobody's, and nothing is written."""
    from config.load import HOME_FILE
    from config.profile import Profile
    from integration.cli.journal_desk import Desk
    from integration.cli.options import settings_for
    from integration.clock import SystemClock
    from integration.spoken import Speaker

    settings = settings_for(ctx, config)
    if (settings.config / HOME_FILE).exists():
        desk = desk_for(ctx, config, must=True)
        whose = desk.whose(person)
        return desk, Speaker(person=whose, profile=desk.profiles[whose])
    zone = _machine_zone()
    typer.echo(f"No home.yaml in {settings.config}: nothing is written, and the time zone is {zone}.", err=True)
    desk = Desk(settings=settings, configuration=None, now=SystemClock().now())
    return desk, Speaker(person=person or NOBODY, profile=Profile(name="You", time_zone=zone))


def _lines(desk: Desk, speaker: Speaker, file: Path, then: datetime | None, *, write: bool) -> None:
    """Every sentence of a file, one JSON object a line; each knows what those before it wrote."""
    from json import dumps

    from integration.cli.journal_desk import journal_to_write
    from integration.cli.voice_answer import told
    from integration.spoken import hear, rehearsal
    from integration.spoken import write as write_down

    wrong = 0
    with journal_to_write(desk) if write else rehearsal(desk.settings.data) as journal:
        for number, line in _read(file):
            try:
                text, now = _sentence(line, speaker.zone, then, desk.now)
            except ValueError as error:
                wrong += 1
                typer.echo(dumps({"line": number, "error": str(error)}, ensure_ascii=False))
                continue
            heard = hear(text, speaker, journal, now)
            write_down(heard, speaker, journal, now)
            typer.echo(dumps(told(heard, speaker, now), ensure_ascii=False))
    if wrong:
        raise typer.Exit(1)


def _read(file: Path) -> Iterator[tuple[int, str]]:
    import sys

    from config.errors import FileProblemError

    try:
        text = sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FileProblemError(file, f"cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise FileProblemError(file, "is no text in UTF-8") from error
    yield from ((number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip())


def _sentence(line: str, zone: ZoneInfo, then: datetime | None, now: datetime) -> tuple[str, datetime]:
    """The words of a line, and when they are said. Raises ValueError."""
    from json import JSONDecodeError, loads

    if not line.lstrip().startswith("{"):
        return line, then or now
    try:
        document = loads(line)
    except (JSONDecodeError, RecursionError):
        message = "this is no JSON"
        raise ValueError(message) from None
    text, at = document.get("text"), document.get("now")
    if not isinstance(text, str) or not (at is None or isinstance(at, str)):
        message = '"text" must be the sentence, and "now" a time like 2026-11-20T15:00'
        raise ValueError(message)
    return text, _time(at, zone) if at else then or now


def _instant(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    if text.strip().lower() == "now":
        return now
    try:
        return _time(text, zone)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--now") from error


def _time(text: str, zone: ZoneInfo) -> datetime:
    from datetime import datetime

    try:
        return aware(datetime.fromisoformat(text.strip()), zone)
    except (ValueError, OverflowError):
        message = "write the time like 2026-11-20T15:00 (yours) or 2026-11-20T15:00+01:00"
        raise ValueError(message) from None


def _machine_zone() -> str:
    """The zone that this machine is set to, by its name; UTC where it says none."""
    import os
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    names = [os.environ.get("TZ", "").lstrip(":")]
    link = Path("/etc/localtime")
    if link.is_symlink():
        names.append(str(link.resolve()).partition("zoneinfo/")[2])
    for name in filter(None, names):
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            continue
    return "UTC"
