"""Names of dialects, their aliases, and how long their values stay fresh."""

from __future__ import annotations

import pytest

from devices.decode import ALIASES, DEFAULT_STALE_MINUTES, DIALECT_NAMES, DIALECTS, decode, resolve, stale_minutes
from devices.decode.staleness import BATTERY, HEALTH, PERIODIC, STATE
from devices.readings import Kind, Message
from tests.devices.decode.dialects import PRESSES, SLOTS

MESSAGE = Message(topic="zigbee2mqtt/x", payload=b'{"temperature":21}')


def test_every_alias_leads_to_a_dialect() -> None:
    assert set(ALIASES.values()) <= set(DIALECTS)
    assert not set(ALIASES) & set(DIALECTS)


@pytest.mark.parametrize("name", ["z2m", "Z2M", " zigbee2mqtt ", "Zigbee2MQTT"])
def test_names_are_forgiving(name: str) -> None:
    assert resolve(name) == "zigbee2mqtt"
    assert decode(name, MESSAGE).readings[0].value == 21.0


@pytest.mark.parametrize(
    ("wrong", "hint"),
    [
        ("zigbee2mqt", "zigbee2mqtt"),
        ("tasmotta", "tasmota"),
        ("esp_home", "esphome"),
        ("qqq", "Valid ones: zigbee2mqtt"),
    ],
)
def test_an_unknown_dialect_names_the_nearest(wrong: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        decode(wrong, MESSAGE)


def test_every_dialect_is_in_the_tables_of_the_tests() -> None:
    assert set(SLOTS) == set(PRESSES) == set(DIALECT_NAMES)


def test_every_dialect_says_how_long_a_value_stays_fresh() -> None:
    assert set(DEFAULT_STALE_MINUTES) == {*DIALECT_NAMES, "home_assistant"}
    for name in DEFAULT_STALE_MINUTES:
        assert all(stale_minutes(name, kind) for kind in Kind if kind not in {Kind.ACTION, Kind.LAST_SEEN})
        assert stale_minutes(name, Kind.ACTION) is None


@pytest.mark.parametrize(
    ("dialect", "kind", "minutes"),
    [
        ("esphome", Kind.TEMPERATURE, PERIODIC),
        ("tasmota", Kind.TEMPERATURE, PERIODIC),
        ("z2m", Kind.TEMPERATURE, BATTERY),
        ("z2m", Kind.CO2, PERIODIC),
        ("statestream", Kind.TEMPERATURE, BATTERY),
        ("esphome", Kind.OCCUPIED, STATE),
        ("home_assistant", Kind.OCCUPIED, STATE),
        ("rtl433", Kind.BATTERY, HEALTH),
    ],
)
def test_freshness(dialect: str, kind: Kind, minutes: int) -> None:
    assert stale_minutes(dialect, kind) == minutes


def test_the_four_classes() -> None:
    assert (PERIODIC, BATTERY, STATE, HEALTH) == (15, 65, 840, 1500)
