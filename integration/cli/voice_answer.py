"""What a sentence came to, said on the command line: written by the service, by us, or only rehearsed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from json import dumps
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import typer

from config.errors import PeerError
from integration.cli.journal_desk import Desk, journal_to_write
from integration.cli.journal_words import change_line
from integration.cli.show import console_for, sentence
from integration.errand import Asked, ask_service
from integration.private import one_line
from integration.pulse import is_alive
from integration.spoken import Heard, Speaker, consider, ear, hear, rehearsal, write
from journal.heard import as_document
from journal.meaning import Meaning, Said

DRY = "Nothing was written: this was a rehearsal."
LATE = "Unclench took it, but has not answered yet. See what became of it: unclench journal"
NOT_RUNNING = "Unclench does not run, so the home does not hear of it. Start it with: unclench run"
COMFORT = ("too_hot", "too_cold")
"""What the home acts on at once."""
DIRECT = "It is written straight into the journal."


def told(heard: Heard, speaker: Speaker, now: datetime) -> dict[str, Any]:
    """As JSON."""
    return as_document(heard.meaning, heard.outcome, now, speaker.zone)


def rehearse(desk: Desk, speaker: Speaker, text: str, now: datetime, *, as_json: bool) -> None:
    """Say what a sentence would do. Nothing is written and nobody is told."""
    with rehearsal(desk.settings.data) as journal:
        heard = hear(text, speaker, journal, now)
    _show(heard, speaker, now, as_json=as_json, ending=DRY)


def answer(desk: Desk, speaker: Speaker, what: str | Meaning, then: datetime | None = None, *, as_json: bool) -> None:
    """Do what a sentence asks for: the service does, where it runs, so that it knows of it; else we do."""
    now = then or desk.now
    meaning = ear().hear(what, speaker.moment(now)) if isinstance(what, str) else what
    if then is None and is_alive(desk.settings.data, desk.now):
        with rehearsal(desk.settings.data) as journal:
            heard = consider(meaning, speaker, journal, now)  # before it is told: it must not meet its own entry
        asked = _ask(desk, speaker, what)
        if asked is not None and asked.heard:
            _answered(heard, asked, speaker, now, as_json=as_json)
            return
    with journal_to_write(desk) as journal:
        heard = consider(meaning, speaker, journal, now)
        write(heard, speaker, journal, now)
    undo = any(each.before is None for each in heard.outcome.changes)
    endings = ("Take it back: unclench journal undo" if undo else "", _needs(heard))
    _show(heard, speaker, now, as_json=as_json, ending="\n".join(filter(None, endings)))


def _ask(desk: Desk, speaker: Speaker, what: str | Meaning) -> Asked | None:
    """Tell the service; None where it cannot be told, and so has not heard."""
    if desk.configuration is None:
        return None
    mqtt, secret = desk.configuration.home.mqtt, desk.settings.mqtt_password
    topic = f"{mqtt.prefix}/{speaker.person}"
    spoken = isinstance(what, str)
    try:
        return ask_service(
            mqtt,
            secret.get_secret_value() if secret else None,
            f"{topic}/voice/text" if spoken else f"{topic}/symptom",
            {"text": what} if isinstance(what, str) else _fields(what.said[0], speaker.zone),
            reply_topic=f"{topic}/voice/reply",
            request_id=uuid4().hex,
        )
    except PeerError as error:
        typer.echo(f"{error} {DIRECT}", err=True)
        return None


def _answered(heard: Heard, asked: Asked, speaker: Speaker, now: datetime, *, as_json: bool) -> None:
    """What the service said. What it wrote is worked out here too, from the same sentence."""
    if as_json:
        outcome = replace(heard.outcome, says=asked.reply or "")
        typer.echo(dumps(told(replace(heard, outcome=outcome), speaker, now), ensure_ascii=False))
    else:
        console_for().print(LATE if asked.reply is None else one_line(asked.reply))
    if not asked.saved:
        raise typer.Exit(1)


def _show(heard: Heard, speaker: Speaker, now: datetime, *, as_json: bool, ending: str) -> None:
    if as_json:
        typer.echo(dumps(told(heard, speaker, now), ensure_ascii=False))
        return
    console = console_for()
    undone = NOT_RUNNING in ending and not heard.outcome.changes  # the reply would promise what does not happen
    if heard.outcome.says and not undone:
        console.print(one_line(heard.outcome.says))
    would = "It would be " if ending == DRY else ""
    for each in heard.outcome.changes:
        console.print(sentence(would + change_line(each, speaker.zone)))
    for line in filter(None, (_asked(heard, speaker, "Not done" if undone else "For the home"), ending)):
        console.print(line)


def _asked(heard: Heard, speaker: Speaker, head: str) -> str:
    """What the home is told, or would be, in a few words."""
    found = []
    for each in heard.outcome.asks:
        if each.kind in ("symptom", "report"):
            continue  # the entry says it
        words = [each.kind, each.name.replace("_", " "), each.word]
        words += [f"until {each.until.astimezone(speaker.zone):%a %d %b %H:%M}"] if each.until else []
        found.append(" ".join(word for word in words if word))
    return f"{head}: {'; '.join(found)}." if found else ""


def _needs(heard: Heard) -> str:
    """What is for the engine needs one that runs."""
    needed = any(each.kind not in ("symptom", "report") or each.name in COMFORT for each in heard.outcome.asks)
    return NOT_RUNNING if needed else ""


def _fields(said: Said, zone: ZoneInfo) -> dict[str, object]:
    """A symptom as the service takes it in JSON (docs/asyncapi.yaml)."""
    found = {
        "symptom": said.what,
        "subtype": said.subtype,
        "place": said.place,
        "side": said.side,
        "severity": said.severity,
        "duration_minutes": said.duration_minutes,
        "count": said.count,
        "note": said.note,
        "occurred_at": said.occurred_at.astimezone(zone).isoformat() if said.occurred_at else None,
    }
    return {name: value for name, value in found.items() if value not in (None, "")}
