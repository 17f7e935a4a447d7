"""The sentences of this folder, what each must mean, and how that is compared with what was understood.

A file is a list of items: ``say`` (the sentence), ``means`` (flat fields, below), and maybe ``now`` (local time when it
is said; otherwise Friday 2026-11-20 15:00 in London), ``reminders`` (the person's own, by name) and ``domain`` (the
number it has in the domain's list of forty).

Only named fields are compared, but a symptom, self-report, op, query, reply or control that is not named must not be
there. A list as a value means: any of these. Beside the names of Said and Meaning there are ``symptom``,
``self_report`` and ``none`` (the explicit zero: a symptom's id, or "all"), ``ago_minutes``, ``occurred_between``
(two local times, for what is imprecise), ``suspected_has`` (these, maybe more), ``note`` (part of it), ``and`` (what
else is said in the sentence), ``open`` (what need not be empty though it is not named) and ``kept`` (the sentence must
become a note or an entry, whichever; never a command, an answer or a question).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import permutations
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from ruamel.yaml import YAML

from journal.meaning import Meaning, Moment, Said

FOLDER = Path(__file__).parent
ZONE = ZoneInfo("Europe/London")
USUAL_NOW = "2026-11-20 15:00"
UTC = ZoneInfo("UTC")
REMINDERS = ("evening_tablets", "water", "hand_cream")
ROUTINES = ("wind_down", "morning_stretch", "reading")
NEVER_UNASKED = ("op", "query", "reply", "control")
WHAT = {"symptom": "symptom", "self_report": "report", "none": "none"}
SAME = (
    "subtype",
    "place",
    "side",
    "severity",
    "severity_source",
    "severity_word",
    "duration_minutes",
    "precision",
    "count",
    "going_on",
    "over",
    "woke",
    "celsius",
    "reminder",
)
TOP = ("purpose", "op", "query", "about", "reply", "control", "rating", "days", "word", "unsure")
SPECIAL = ("ago_minutes", "occurred_at", "occurred_between", "suspected", "suspected_has", "note")
FIELDS = {*WHAT, *SAME, *TOP, *SPECIAL, "until", "and", "open", "kept"}
MOST_PARTS = 4
NEAR = 0.051


@dataclass(frozen=True, slots=True)
class Sentence:
    """One item of a file."""

    say: str
    means: Mapping[str, Any]
    now: datetime
    domain: int | None = None
    reminders: tuple[str, ...] = REMINDERS

    def moment(self) -> Moment:
        """When and to whom it is said."""
        return Moment(now=self.now, zone=ZONE, reminders=self.reminders, routines=ROUTINES)


def local(text: str) -> datetime:
    """A local time of a file as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


@cache
def sentences(path: Path) -> list[Sentence]:
    """What a file holds."""
    items = YAML(typ="safe", pure=True).load(path.read_text(encoding="utf-8"))
    found = [
        Sentence(
            item["say"],
            item["means"],
            local(item.get("now", USUAL_NOW)),
            item.get("domain"),
            tuple(item.get("reminders", REMINDERS)),
        )
        for item in items
    ]
    for sentence in found:
        for part in (sentence.means, *sentence.means.get("and", ())):
            assert set(part) <= FIELDS, f"{path.name}: {sentence.say!r} has unknown fields {set(part) - FIELDS}"
    return found


def files() -> list[Path]:
    """Every file of sentences."""
    return sorted(FOLDER.glob("*.yaml"))


def differences(sentence: Sentence, meaning: Meaning) -> list[str]:
    """Where what was understood is not what is meant; empty: nowhere."""
    means = sentence.means
    wrong = [*_top(sentence, meaning), *_future(sentence, meaning)]
    if "op" in means and meaning.to is not None:
        return wrong + _details(means, meaning.to, sentence)
    parts = [means, *means.get("and", ())]
    if means.get("kept"):
        return wrong + _kept(means, meaning, sentence)
    open_ = set(means.get("open", ()))
    if not any(name in means for name in WHAT):
        if meaning.said and not open_ & {*WHAT} and "op" not in means:
            wrong.append(f"nothing said of the body, got {[one.what for one in meaning.said]}")
        if not meaning.said:
            return wrong
        return wrong + _details(means, meaning.said[0], sentence)
    return wrong + _all_parts(parts, meaning, sentence)


def _top(sentence: Sentence, meaning: Meaning) -> list[str]:
    """The fields of the whole."""
    means, wrong = sentence.means, []
    open_ = set(means.get("open", ()))
    for name in TOP:
        got = getattr(meaning, name)
        if name in means:
            if not _is(means[name], got):
                wrong.append(f"{name}: wanted {means[name]!r}, got {got!r}")
        elif name in NEVER_UNASKED and got and name not in open_:
            wrong.append(f"{name}: wanted none, got {got!r}")
    if "until" in means:
        got_local = meaning.until.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if meaning.until else "none"
        if not got_local.startswith(means["until"]):
            wrong.append(f"until: wanted {means['until']}, got {got_local}")
    if means.get("kept") and meaning.purpose not in ("note", "log"):
        wrong.append(f"purpose: wanted to be kept, got {meaning.purpose!r}")
    return wrong


def _future(sentence: Sentence, meaning: Meaning) -> list[str]:
    """Nothing is ever stored as having been later than now."""
    said = [*meaning.said, *([meaning.to] if meaning.to else [])]
    return [
        f"occurred_at: {one.occurred_at.astimezone(ZONE)} is in the future"
        for one in said
        if one.occurred_at is not None and one.occurred_at > sentence.now
    ]


def _kept(means: Mapping[str, Any], meaning: Meaning, sentence: Sentence) -> list[str]:
    """What is named of it must be in one of what was said."""
    if not set(means) - {"kept", "open"}:
        return []
    tries = [_one(means, one, sentence) for one in meaning.said]
    return min(tries, key=len) if tries else ["said: wanted an entry, got none"]


def _all_parts(parts: Sequence[Mapping[str, Any]], meaning: Meaning, sentence: Sentence) -> list[str]:
    """Each of the wanted is one of the said, in whatever order."""
    said = meaning.said
    if len(said) > len(parts):
        may_be_there = {WHAT[name] for name in parts[0].get("open", ()) if name in WHAT}
        said = tuple(one for one in said if one.kind not in may_be_there)
    if len(parts) != len(said) or len(parts) > MOST_PARTS:
        names = [f"{one.kind} {one.what} {one.side} {one.place}".strip() for one in said]
        return [f"said: wanted {len(parts)}, got {len(said)} ({', '.join(names)})"]
    tries = [
        [line for part, one in zip(parts, order, strict=True) for line in _one(part, one, sentence)]
        for order in permutations(said)
    ]
    return min(tries, key=len)


def _one(part: Mapping[str, Any], one: Said, sentence: Sentence) -> list[str]:
    """A thing that was said: what it is, and the rest."""
    wrong = []
    for name, kind in WHAT.items():
        if name in part:
            wanted = [part[name]] if isinstance(part[name], str) else list(part[name])
            wanted = ["" if what == "all" else what for what in wanted]
            if one.kind != kind or one.what not in wanted:
                wrong.append(f"{name}: wanted {part[name]!r}, got {one.kind} {one.what!r}")
    return wrong + _details(part, one, sentence)


def _details(part: Mapping[str, Any], one: Said, sentence: Sentence) -> list[str]:
    """Everything but what it is."""
    wrong = [
        f"{name}: wanted {part[name]!r}, got {getattr(one, name)!r}"
        for name in SAME
        if name in part and not _is(part[name], getattr(one, name))
    ]
    at = one.occurred_at or sentence.now
    shown = at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    checks: dict[str, Callable[[Any], bool]] = {
        "ago_minutes": lambda minutes: abs((sentence.now - timedelta(minutes=minutes) - at).total_seconds()) < 60,
        "occurred_at": lambda text: one.occurred_at is None if text is None else shown == text,
        "occurred_between": lambda ends: local(ends[0]) <= at <= local(ends[1]),
        "suspected": lambda wanted: set(one.suspected) == set(wanted),
        "suspected_has": lambda wanted: set(wanted) <= set(one.suspected),
        "note": lambda text: text.lower() in one.note.lower(),
    }
    for name, holds in checks.items():
        if name in part and not holds(part[name]):
            got = one.suspected if "suspected" in name else one.note if name == "note" else shown
            wrong.append(f"{name}: wanted {part[name]!r}, got {got!r}")
    return wrong


def _is(wanted: object, got: object) -> bool:
    """Whether a value is the wanted one, or one of them."""
    if isinstance(wanted, list):
        return any(_is(one, got) for one in wanted)
    if isinstance(wanted, (int, float)) and isinstance(got, (int, float)):
        return abs(wanted - got) < NEAR and isinstance(wanted, bool) == isinstance(got, bool)
    return wanted == got
