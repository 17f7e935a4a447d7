"""`unclench decode`: one message, its facts or the reason why it is not believed."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from integration.cli.app import app

HUGE = "x" * 1_000_000


def decoded(*arguments: str, stdin: str | None = None) -> dict[str, object]:
    """The JSON that the command prints."""
    result = CliRunner().invoke(app, ["decode", "--json", *arguments], input=stdin)
    assert result.exit_code == 0, result.output
    document: dict[str, object] = json.loads(result.output)
    return document


@pytest.mark.parametrize(
    ("topic", "payload", "extra", "reason"),
    [
        ("zigbee2mqtt/x", "{not json", (), "not_json"),
        ("zigbee2mqtt/x", '{"temperature": NaN}', (), "not_a_number"),
        ("zigbee2mqtt/x", '{"temperature": 1e999}', (), "not_a_number"),
        ("zigbee2mqtt/x", '{"temperature": true}', (), "not_a_number"),
        ("zigbee2mqtt/x", '{"temperature": null}', (), "not_a_number"),
        ("zigbee2mqtt/x", '{"temperature": "warm"}', (), "not_a_number"),
        ("zigbee2mqtt/x", '{"battery": 80}', ("--path", "temperature"), "missing_field"),
        ("zigbee2mqtt/x", '{"temperature": 850}', (), "out_of_range"),
        ("zigbee2mqtt/x", '{"temperature": 85}', (), "power_on_value"),
        ("zigbee2mqtt/x", '{"temperature": -127}', (), "out_of_range"),
        ("zigbee2mqtt/x", '{"action": "single"}', ("--retained",), "retained_event"),
        ("ha/sensor/bedroom_temperature/state", "21.5", ("--dialect", "statestream"), "unit_unknown"),
        ("ha/sensor/bedroom_temperature/state", "unavailable", ("--dialect", "statestream"), "unavailable_state"),
    ],
)
def test_bad_input_is_refused_with_its_reason_class(
    topic: str, payload: str, extra: tuple[str, ...], reason: str
) -> None:
    """Each is a rejection with its reason, never a fact of what was wrong."""
    document = decoded("--topic", topic, "--payload", payload, *extra)
    rejections = document["rejections"]
    assert isinstance(rejections, list)
    assert reason in [each["reason"] for each in rejections]
    facts = document["facts"]
    assert isinstance(facts, list)
    assert "temperature" not in [each["kind"] for each in facts]


def test_a_megabyte_from_standard_input_is_too_large() -> None:
    """Nothing is parsed that a sensor cannot have sent."""
    document = decoded("--topic", "zigbee2mqtt/x", "--payload", "-", stdin=HUGE)
    rejections = document["rejections"]
    assert isinstance(rejections, list)
    assert [each["reason"] for each in rejections] == ["too_large"]


def test_facts_are_in_si_with_the_unit_as_sent() -> None:
    """73.4 °F is 23 °C."""
    payload = '{"Time": "2026-07-14T21:30:00", "SI7021": {"Temperature": 73.4, "Humidity": 40}, "TempUnit": "F"}'
    facts = decoded("--topic", "tele/bedroom/SENSOR", "--payload", payload)["facts"]
    assert isinstance(facts, list)
    temperature = next(each for each in facts if each["kind"] == "temperature")
    assert (temperature["value"], temperature["unit"], temperature["unit_sent"]) == (23.0, "°C", "F")


def test_an_unknown_dialect_is_a_usage_error_with_the_nearest_one() -> None:
    """Exit code 2 and a suggestion."""
    result = CliRunner().invoke(app, ["decode", "--topic", "x", "--payload", "1", "--dialect", "zigbe2mqtt"])
    assert result.exit_code == 2
    assert "zigbee2mqtt" in result.output


def test_the_plain_view_says_what_was_guessed() -> None:
    """Readable without JSON."""
    result = CliRunner().invoke(app, ["decode", "--topic", "zigbee2mqtt/bedroom", "--payload", '{"temperature": 21.5}'])
    assert "guessed" in result.output
    assert "temperature = 21.5 °C" in result.output
