"""What is said about an entity, by what Home Assistant says of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.load import load
from integration.probe.entities import entity_findings, target_c
from integration.probe.findings import Finding, Verdict
from integration.probe.home_assistant import Inventory
from integration.probe.mapped import mapped_entities
from tests.config.homes import ANNA, EXAMPLES, write_home

HOME = """\
home_assistant: {}
rooms:
  bedroom:
    person: anna
    sensors: [{entity: sensor.t}]
    cooling: [{climate: climate.ac}, {fan: fan.f}, {cover: cover.b}]
    lights: [light.l]
"""
GOOD: dict[str, dict[str, object]] = {
    "sensor.t": {},
    "climate.ac": {"hvac_modes": ["off", "cool"], "min_temp": 16, "max_temp": 30},
    "fan.f": {"supported_features": 57},
    "cover.b": {"supported_features": 15},
    "light.l": {"supported_color_modes": ["color_temp"]},
}


def test_a_weather_must_say_how_warm_it_is(tmp_path: Path) -> None:
    home = HOME.replace("rooms:", "outdoor: {entity: weather.home}\nrooms:", 1)
    mapped = list(mapped_entities(load(write_home(tmp_path, home=home))))

    def said(attributes: dict[str, object]) -> list[tuple[Verdict, str]]:
        states = dict.fromkeys([*GOOD, "weather.home"], "sunny")
        inventory = Inventory(states=states, attributes={**GOOD, "weather.home": attributes})
        found = entity_findings(mapped, inventory)
        return [(one.verdict, one.says) for one in found if one.about == "weather.home"]

    assert said({"temperature": 12.5, "temperature_unit": "°C"}) == [(Verdict.FINE, "is there")]
    assert said({"humidity": 60}) == [(Verdict.WRONG, "does not say how warm it is")]


def findings(
    tmp_path: Path, changes: dict[str, dict[str, object]], *, anna: str = ANNA, fahrenheit: bool = False
) -> list[Finding]:
    configuration = load(write_home(tmp_path, home=HOME, anna=anna))
    inventory = Inventory(states=dict.fromkeys(GOOD, "on"), attributes={**GOOD, **changes}, fahrenheit=fahrenheit)
    return [
        found
        for found in entity_findings(mapped_entities(configuration), inventory)
        if found.verdict is not Verdict.FINE
    ]


def test_good_entities_get_no_finding(tmp_path: Path) -> None:
    assert findings(tmp_path, {}) == []


@pytest.mark.parametrize(
    ("entity", "attributes", "verdict", "says"),
    [
        ("climate.ac", {"hvac_modes": ["off", "heat"]}, Verdict.WRONG, "cannot cool"),
        ("climate.ac", {"hvac_modes": []}, Verdict.WRONG, "cannot cool"),
        ("climate.ac", {"min_temp": 22}, Verdict.WRONG, "goes no lower than 22 °C, but is to be set to 21 °C"),
        ("climate.ac", {"max_temp": 20}, Verdict.WRONG, "goes no higher than 20 °C, but is to be set to 21 °C"),
        ("light.l", {"supported_color_modes": ["onoff"]}, Verdict.WRONG, "can only be on or off"),
        ("light.l", {"supported_color_modes": ["brightness"]}, Verdict.NOTE, "can be dimmed, but not made warmer"),
        ("fan.f", {"supported_features": 48}, Verdict.NOTE, "can only be on or off"),
        ("cover.b", {"supported_features": 11}, Verdict.NOTE, "can only be open or shut"),
        ("cover.b", {"supported_features": 240}, Verdict.WRONG, "cannot be opened and shut"),
    ],
)
def test_what_an_entity_cannot_do(
    tmp_path: Path, entity: str, attributes: dict[str, object], verdict: Verdict, says: str
) -> None:
    found = findings(tmp_path, {entity: attributes})
    assert [(one.about, one.verdict, one.says) for one in found] == [(entity, verdict, says)]
    assert found[0].place is not None
    assert found[0].advice


def test_a_home_assistant_in_fahrenheit(tmp_path: Path) -> None:
    modes = {"hvac_modes": ["cool"], "min_temp": 61, "max_temp": 86}
    assert findings(tmp_path, {"climate.ac": modes}, fahrenheit=True) == []
    found = findings(tmp_path, {"climate.ac": modes | {"min_temp": 75.2}}, fahrenheit=True, anna=f"{ANNA}units: F\n")
    assert [one.says for one in found] == ["goes no lower than 75.2 °F, but is to be set to 69.8 °F"]


def test_the_target_follows_the_profile(tmp_path: Path) -> None:
    def target(more: str) -> float:
        return target_c(load(write_home(tmp_path, home=HOME, anna=ANNA + more)).profiles["anna"])

    assert target("") == 21.0
    assert target("comfort: {target: 20}\n") == 20.0
    assert (
        target("triggers: {heat: {above_in_bed: 19, above: 19}, cold: {enabled: false}}\ncomfort: {floor: 18.5}\n")
        == 18.5
    )


def test_everything_that_the_example_names_is_looked_at() -> None:
    assert {one.entity for one in mapped_entities(load(EXAMPLES))} == {
        "climate.bedroom",
        "fan.bedroom",
        "light.bedside",
        "light.bedroom_ceiling",
        "notify.mobile_app_anna",
        "tts.piper",
        "media_player.bedroom",
    }
