"""What each kind of device reports, and the one call that brings it further."""

from __future__ import annotations

import math

import pytest

from devices.control.climate import chills
from devices.control.kind import Call, Cannot, State, in_celsius, number, same
from devices.control.kinds import KINDS, kind_of

AC = {"hvac_modes": ["off", "cool", "heat"]}
OFF: State = {"power": False, "mode": "off"}
COOL: State = {"power": True, "mode": "cool"}
SHADE: State = {"power": True, "position": 30.0}
OPEN: State = {"power": False, "position": 100.0}
F = {"temperature_unit": "°F", "hvac_modes": ["off", "cool"]}

READS = [
    ("climate", "off", {}, {"power": False, "mode": "off"}),
    ("climate", "cool", {"temperature": 21}, {"power": True, "mode": "cool", "temperature": 21.0}),
    ("climate", "cool", {"temperature": 70, **F}, {"power": True, "mode": "cool", "temperature": 21.11}),
    ("climate", "cool", {"temperature": None}, {"power": True, "mode": "cool"}),
    ("climate", "unavailable", {"temperature": 21}, None),
    ("climate", "unknown", {}, None),
    ("fan", "on", {"percentage": 66}, {"power": True, "percentage": 66.0}),
    ("fan", "on", {}, {"power": True}),
    ("fan", "off", {"percentage": 0}, {"power": False}),
    ("fan", "unavailable", {}, None),
    ("switch", "on", {}, {"power": True}),
    ("switch", "", {}, None),
    ("cover", "open", {"current_position": 100}, {"power": False, "position": 100.0}),
    ("cover", "open", {"current_position": 96}, {"power": False, "position": 96.0}),
    ("cover", "open", {"current_position": 60}, {"power": True, "position": 60.0}),
    ("cover", "closed", {"current_position": 0}, {"power": True, "position": 0.0}),
    ("cover", "closed", {"current_position": None}, {"power": True}),
    ("cover", "open", {}, {"power": False}),
    ("cover", "unavailable", {"current_position": 60}, None),
    (
        "light",
        "on",
        {"brightness": 255, "color_temp_kelvin": 4000},
        {"power": True, "brightness": 100.0, "kelvin": 4000.0},
    ),
    ("light", "on", {"brightness": True}, {"power": True}),
    ("light", "off", {"brightness": 20}, {"power": False}),
    ("light", "unknown", {}, None),
]


@pytest.mark.parametrize(("domain", "state", "attributes", "read"), READS)
def test_reads(domain: str, state: str, attributes: dict[str, object], read: State | None) -> None:
    """A state and its attributes, as the controller sees them."""
    assert KINDS[domain].read(state, attributes) == read


CALLS = [
    ("climate", {**COOL, "temperature": 21.0}, OFF, AC, "climate.set_hvac_mode", {"hvac_mode": "cool"}),
    (
        "climate",
        {**COOL, "temperature": 21.0},
        {**COOL, "temperature": 26.0},
        AC,
        "climate.set_temperature",
        {"temperature": 21.0},
    ),
    ("climate", {**COOL, "temperature": 21.0}, COOL, {}, "climate.set_temperature", {"temperature": 21.0}),
    ("climate", {**COOL, "temperature": 21.0}, {**COOL, "temperature": 21.2}, AC, None, None),
    (
        "climate",
        {**COOL, "temperature": 21.2},
        COOL,
        {"target_temp_step": 1},
        "climate.set_temperature",
        {"temperature": 22.0},
    ),
    (
        "climate",
        {**COOL, "temperature": 21.2},
        COOL,
        {"target_temp_step": 0.1},
        "climate.set_temperature",
        {"temperature": 21.2},
    ),
    (
        "climate",
        {**COOL, "temperature": 21.2},
        COOL,
        {"target_temp_step": -7},
        "climate.set_temperature",
        {"temperature": 21.5},
    ),
    (
        "climate",
        {**COOL, "temperature": 20.0},
        COOL,
        {"min_temp": 23},
        "climate.set_temperature",
        {"temperature": 23.0},
    ),
    ("climate", {**COOL, "temperature": 20.0}, COOL, F, "climate.set_temperature", {"temperature": 68.0}),
    ("climate", {**COOL, "temperature": 20.1}, COOL, F, "climate.set_temperature", {"temperature": 69.0}),
    ("climate", {"power": False}, {**COOL, "temperature": 26.0}, AC, "climate.set_hvac_mode", {"hvac_mode": "off"}),
    ("climate", {"power": False}, OFF, AC, None, None),
    (
        "fan",
        {"power": True, "percentage": 40.0},
        {"power": False},
        {"percentage_step": 1},
        "fan.turn_on",
        {"percentage": 40.0},
    ),
    (
        "fan",
        {"power": True, "percentage": 40.0},
        {"power": False},
        {"percentage_step": 33.333},
        "fan.turn_on",
        {"percentage": 33.33},
    ),
    (
        "fan",
        {"power": True, "percentage": 1.0},
        {"power": False},
        {"percentage_step": 33.333},
        "fan.turn_on",
        {"percentage": 33.33},
    ),
    ("fan", {"power": True, "percentage": 40.0}, {"power": False}, {}, "fan.turn_on", {}),
    (
        "fan",
        {"power": True, "percentage": 40.0},
        {"power": True, "percentage": 80.0},
        {"percentage": 80},
        "fan.set_percentage",
        {"percentage": 40.0},
    ),
    ("fan", {"power": True, "percentage": 40.0}, {"power": True, "percentage": 41.0}, {"percentage": 41}, None, None),
    (
        "fan",
        {"power": True, "percentage": 0.0},
        {"power": True, "percentage": 40.0},
        {"percentage": 40},
        "fan.set_percentage",
        {"percentage": 1.0},
    ),
    ("fan", {"power": False}, {"power": True}, {}, "fan.turn_off", {}),
    ("fan", {"power": False}, {"power": False}, {}, None, None),
    ("switch", {"power": True}, {"power": False}, {}, "switch.turn_on", {}),
    ("switch", {"power": False}, {"power": True}, {}, "switch.turn_off", {}),
    ("switch", {"power": False}, {"power": False}, {}, None, None),
    ("cover", SHADE, OPEN, {"current_position": 100}, "cover.set_cover_position", {"position": 30}),
    ("cover", {"power": True}, OPEN, {"current_position": 100}, "cover.set_cover_position", {"position": 0}),
    ("cover", SHADE, {"power": True, "position": 34.0}, {"current_position": 34}, None, None),
    ("cover", SHADE, {"power": True, "position": 0.0}, {"current_position": 0}, None, None),
    ("cover", SHADE, OPEN, {"current_position": 100, "supported_features": 3}, "cover.close_cover", {}),
    ("cover", SHADE, {"power": False}, {}, "cover.close_cover", {}),
    ("cover", SHADE, {"power": True}, {}, None, None),
    (
        "cover",
        {"power": False},
        {"power": True, "position": 30.0},
        {"current_position": 30},
        "cover.set_cover_position",
        {"position": 100},
    ),
    ("cover", {"power": False}, {"power": True}, {}, "cover.open_cover", {}),
    ("cover", {"power": False}, {"power": False, "position": 96.0}, {"current_position": 96}, None, None),
    ("cover", {"power": False}, {"power": False}, {}, None, None),
    (
        "cover",
        {"power": False, "position": 60.0},
        {"power": True, "position": 0.0},
        {"current_position": 0},
        "cover.set_cover_position",
        {"position": 60},
    ),
    (
        "cover",
        {"power": False, "position": 60.0},
        {"power": True, "position": 0.0},
        {"current_position": 0, "supported_features": 3},
        "cover.open_cover",
        {},
    ),
    (
        "cover",
        {"power": False, "position": 60.0},
        {"power": True, "position": 80.0},
        {"current_position": 80},
        None,
        None,
    ),
]


@pytest.mark.parametrize(("domain", "wanted", "reported", "attributes", "service", "data"), CALLS)
def test_calls(
    domain: str,
    wanted: State,
    reported: State,
    attributes: dict[str, object],
    service: str | None,
    data: dict[str, object] | None,
) -> None:
    """The next single call towards what is wanted."""
    call = KINDS[domain].call("x.y", wanted, reported, attributes)
    if service is None:
        assert call is None
    else:
        assert isinstance(call, Call)
        assert (call.service, call.data) == (service, {"entity_id": "x.y", **(data or {})})


def test_a_mode_that_the_device_lacks_is_not_sent() -> None:
    """Home Assistant would answer 200 and hand it on."""
    call = KINDS["climate"].call("climate.x", {**COOL, "temperature": 21.0}, OFF, {"hvac_modes": ["off", "heat"]})
    assert call == Cannot("it has no mode cool")


@pytest.mark.parametrize(("attributes", "says"), [({"max_temp": 15}, "15 °C"), ({**F, "max_temp": 60}, "60 °F")])
def test_a_setpoint_is_never_clamped_down(attributes: dict[str, object], says: str) -> None:
    """A device that cannot be set as high as the floor is not set at all."""
    call = KINDS["climate"].call("climate.x", {**COOL, "temperature": 17.0}, COOL, attributes)
    assert call == Cannot(f"its highest setpoint is {says}")


def test_a_fahrenheit_setpoint_is_confirmed_by_what_the_device_reports() -> None:
    """What is sent in °F comes back as the same temperature."""
    climate = KINDS["climate"]
    call = climate.call("climate.x", {**COOL, "temperature": 20.5}, COOL, F)
    assert isinstance(call, Call)
    read = climate.read("cool", {**F, "temperature": call.data["temperature"]})
    assert read is not None
    assert same("temperature", read["temperature"], call.expects["temperature"])
    assert float(read["temperature"]) >= 20.5


LAMPS = [
    ({"brightness": 10.0}, {"power": True, "brightness": 80.0}, {"brightness_pct": 10}),
    (
        {"brightness": 10.0, "transition": 900.0},
        {"power": True, "brightness": 80.0},
        {"brightness_pct": 10, "transition": 900.0},
    ),
    ({"brightness": 10.0}, {"power": True, "brightness": 11.0}, None),
    ({"brightness": 10.0}, {"power": True, "brightness": 5.0}, None),
    ({"brightness": 10.0}, {"power": True}, None),
    ({"brightness": 10.0}, {"power": False}, None),
    ({"brightness": 0.2}, {"power": True, "brightness": 80.0}, {"brightness_pct": 1}),
    ({"kelvin": 2200.0}, {"power": True, "kelvin": 4000.0}, {"color_temp_kelvin": 2200}),
    ({"kelvin": 1900.0}, {"power": True, "kelvin": 4000.0}, {"color_temp_kelvin": 2000}),
    ({"kelvin": 2200.0}, {"power": True, "kelvin": 2100.0}, None),
    ({"kelvin": 2200.0}, {"power": True}, {"color_temp_kelvin": 2200}),
]


@pytest.mark.parametrize(("wanted", "reported", "data"), LAMPS)
def test_a_lamp_is_only_ever_brought_down(wanted: State, reported: State, data: dict[str, object] | None) -> None:
    """Never on, never brighter, never colder."""
    attributes = {"supported_color_modes": ["color_temp"], "min_color_temp_kelvin": 2000}
    call = KINDS["light"].call("light.x", wanted, reported, attributes)
    assert call is None if data is None else isinstance(call, Call) and call.data == {"entity_id": "light.x", **data}


def test_a_lamp_without_warmth_keeps_its_colour() -> None:
    """A lamp that can only be dimmed is only dimmed."""
    assert (
        KINDS["light"].call("light.x", {"kelvin": 2200.0}, {"power": True}, {"supported_color_modes": ["brightness"]})
        is None
    )


DESCRIPTIONS = [
    ("climate.x", {"power": False, "mode": "off"}, "off"),
    ("climate.x", {"power": True, "mode": "cool", "temperature": 21.0}, "cooling, set to 21 °C"),
    ("climate.x", {"power": True, "mode": "auto"}, "on (auto)"),
    ("fan.x", {"power": True, "percentage": 33.33}, "on at 33 %"),
    ("fan.x", {"power": True}, "on"),
    ("fan.x", {"power": False}, "off"),
    ("switch.x", {"power": True}, "on"),
    ("switch.x", {"power": False}, "off"),
    ("cover.x", {"power": False, "position": 100.0}, "open"),
    ("cover.x", {"power": True, "position": 30.0}, "open by 30 %"),
    ("cover.x", {"power": True, "position": 3.0}, "shut"),
    ("cover.x", {"power": True}, "shut"),
    ("light.x", {"brightness": 10.0, "kelvin": 2200.0}, "10 % and 2200 K"),
    ("light.x", {"power": True}, "on"),
    ("light.x", {"power": False, "brightness": 10.0}, "off"),
]


@pytest.mark.parametrize(("entity", "state", "says"), DESCRIPTIONS)
def test_describes(entity: str, state: State, says: str) -> None:
    """A state in words."""
    assert kind_of(entity).describe(state) == says


def test_describes_in_the_unit_of_the_person() -> None:
    """A formatter for °F is used where one is given."""
    said = kind_of("climate.x").describe(
        {"power": True, "mode": "heat", "temperature": 20.0}, lambda celsius: f"{celsius * 1.8 + 32:.0f} °F"
    )
    assert said == "heating, set to 68 °F"


CHILLS = [
    ("cool", {}, True),
    ("cool", {"hvac_action": "idle"}, True),
    ("cool", {"hvac_action": "defrosting"}, False),
    ("dry", {}, True),
    ("heat", {}, False),
    ("heat_cool", {}, False),
    ("heat_cool", {"hvac_action": "cooling"}, True),
    ("auto", {"hvac_action": "heating"}, False),
    ("off", {"hvac_action": "off"}, False),
]


@pytest.mark.parametrize(("mode", "attributes", "chill"), CHILLS)
def test_chills(mode: str, attributes: dict[str, object], chill: bool) -> None:
    """A device that heats a cold room must not be switched off because the room is cold."""
    assert chills({"power": mode != "off", "mode": mode}, attributes) is chill


@pytest.mark.parametrize("value", [None, "21", True, math.nan, math.inf, -math.inf, 10**400, [1]])
def test_what_is_no_number(value: object) -> None:
    """Garbage in an attribute is as good as nothing."""
    assert number(value) is None


def test_units() -> None:
    """The plain way to write a temperature."""
    assert in_celsius(21.5) == "21.5 °C"
