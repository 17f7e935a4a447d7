"""A home of any number of rooms, each with a thermometer and a fan, both on MQTT."""

from __future__ import annotations

from pathlib import Path

BEDROOM = "bedroom"
LAST = "last"
"""One more room, whose only reading ends a run."""

# In place of the shipped rule of this id: the bare client looks at no bed either. The other shipped rules stay.
RULES = """
version: 1
rules:
  - id: cool-hot-bed
    says: Cool every room when heat comes close, whether somebody is in bed or not.
    rooms: each
    when: {trigger: heat, at_least: building}
    want: [{cool: bedroom}]
    unknown: {hold: 20 min}
"""

PROFILE = """
name: Robin
time_zone: UTC
quiet_hours: {from: "00:00", to: "00:01"}
triggers:
  heat: {above: 22.0, above_in_bed: 22.0, above_usual: null, for: 0 s}
  cold: {below_usual: null}
  rapid_change: {enabled: false}
"""


def room_names(rooms: int) -> list[str]:
    """The rooms' ids; the first is the bedroom."""
    return [BEDROOM, *(f"room_{number}" for number in range(1, rooms))]


def own_prefix(prefix: str) -> str:
    """The prefix of Unclench's own topics, in a home whose devices speak under ``prefix``."""
    return f"{prefix}-own"


def write_home(folder: Path, *, port: int, prefix: str, rooms: int, url: str | None = None) -> None:
    """A configuration folder. Dwell times are 0: a bare client has none either."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "rules").mkdir()
    lines = [f"mqtt: {{host: 127.0.0.1, port: {port}, prefix: {own_prefix(prefix)}, client_id: {prefix}}}"]
    lines += [f"home_assistant: {{url: '{url}'}}"] if url else []
    lines.append("rooms:")
    every = [*room_names(rooms), LAST]
    for room in every:
        fan = f"{{fan: fan.{room}, min_run: 0 s, min_pause: 0 s}}"
        sensor = f"{{topic: {prefix}/{room}/climate, dialect: zigbee2mqtt, measures: [temperature]}}"
        lines.append(f"  {room}: {{person: robin, sensors: [{sensor}], cooling: [{fan}]}}")
    if not url:
        lines.append("mqtt_devices:")
        lines += [f"  fan.{room}: {{dialect: plain, topic: {prefix}/{room}/fan/set}}" for room in every]
    (folder / "home.yaml").write_text("\n".join([*lines, ""]))
    (folder / "profiles" / "robin.yaml").write_text(PROFILE)
    (folder / "rules" / "each.yaml").write_text(RULES)
