"""The lines for home.yaml that ``listen`` prints: sensors, the bed's, and buttons, the doubtful ones as comments."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from devices.decode.words import side_of, words_of
from devices.readings import Kind
from integration.listening import TopicSeen

ROOM_KINDS = frozenset(
    {Kind.TEMPERATURE, Kind.HUMIDITY, Kind.CO2, Kind.ILLUMINANCE, Kind.OCCUPIED, Kind.OPEN, Kind.VIBRATION}
)
BED_WORDS = frozenset({"bed", "mattress", "bett", "matratze"})
"""A word like these in a topic makes its occupancy that of a bed."""
_MEANINGS = ("done", "later", "skip")


def home_lines(topics: Iterable[TopicSeen], person: str = "me") -> list[str]:
    """The lines for a room, and for ``person``'s buttons; empty when nothing was heard that belongs there."""
    known = [seen for seen in topics if seen.guess is not None]
    lines = []
    sensors = [line for seen in known for line in _sensor(seen)]
    if sensors:
        lines += ["    sensors:                    # in place of `sensors: []`", *sensors]
    beds = [line for seen in known for line in _bed_sensor(seen)]
    if beds:
        lines += ["    bed:", "      sensors:", *beds]
    buttons = [line for seen in known for line in _button(seen, person)]
    if buttons:
        lines += ["", "buttons:                        # at the left edge, like `rooms:`", *buttons]
    return lines


def _sensor(seen: TopicSeen) -> Iterator[str]:
    kinds = [kind for kind in seen.kinds if kind in ROOM_KINDS and not (kind is Kind.OCCUPIED and _is_bed(seen))]
    if not kinds or seen.is_button:
        return
    more = [f"measures: [{', '.join(kind.value for kind in kinds)}]"]
    more += ["unit: C  # or F"] if seen.lacks_unit else []
    yield from _item(seen, 6, more)


def _bed_sensor(seen: TopicSeen) -> Iterator[str]:
    if Kind.OCCUPIED in seen.kinds and _is_bed(seen):
        side = next((each.side for each in seen.decoded.readings if each.side), None) or side_of(seen.topic)
        yield from _item(seen, 8, [f"side: {side or 'either'}"])


def _is_bed(seen: TopicSeen) -> bool:
    return not BED_WORDS.isdisjoint(words_of(seen.topic))


def _button(seen: TopicSeen, person: str) -> Iterator[str]:
    if not seen.is_button:
        return
    presses = seen.presses[: len(_MEANINGS)] or ["single"]
    meanings = [f"  {json.dumps(press, ensure_ascii=False)}: {_MEANINGS[n]}" for n, press in enumerate(presses)]
    yield from _item(seen, 2, [f"person: {person}", "presses:", *meanings], doubts=False)


def _item(seen: TopicSeen, indent: int, more: Iterable[str], *, doubts: bool = True) -> Iterator[str]:
    """One item of a list; a comment with its reason, where the guess is doubtful."""
    found = seen.guess
    if found is None:
        return
    doubtful = doubts and found.doubtful
    mark = " " * indent + ("# " if doubtful else "")
    why = f"  # {found.why}" if doubtful else ""
    yield f"{mark}- topic: {json.dumps(seen.topic, ensure_ascii=False)}{why}"
    yield f"{mark}  dialect: {found.dialect}"
    yield from (f"{mark}  {line}" for line in more)
