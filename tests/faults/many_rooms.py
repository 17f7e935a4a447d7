"""A home of any number of rooms, each with a thermometer and a fan, both on MQTT."""

from __future__ import annotations

from pathlib import Path

BEDROOM = "bedroom"

RULES = """
version: 1
rules:
  - id: cool-every-room
    says: Cool every room when heat comes close.
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


def write_many_rooms(folder: Path, *, port: int, prefix: str, rooms: int) -> None:
    """A configuration folder."""
    (folder / "profiles").mkdir(parents=True)
    (folder / "rules").mkdir()
    lines = [f"mqtt: {{host: 127.0.0.1, port: {port}, prefix: {prefix}, client_id: {prefix}}}", "rooms:"]
    for room in room_names(rooms):
        fan = f"{{fan: fan.{room}, min_run: 0 s, min_pause: 0 s}}"
        sensor = f"{{topic: {prefix}/{room}/climate, dialect: zigbee2mqtt, measures: [temperature]}}"
        lines.append(f"  {room}: {{person: robin, sensors: [{sensor}], cooling: [{fan}]}}")
    lines.append("mqtt_devices:")
    lines += [f"  fan.{room}: {{dialect: plain, topic: {prefix}/{room}/fan/set}}" for room in room_names(rooms)]
    (folder / "home.yaml").write_text("\n".join([*lines, ""]))
    (folder / "profiles" / "robin.yaml").write_text(PROFILE)
    (folder / "rules" / "each.yaml").write_text(RULES)
