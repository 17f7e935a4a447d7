"""What is published of pauses and routines is what the page of topics says."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator  # type: ignore[import-untyped]
from ruamel.yaml import YAML

from config.load import load
from devices.readings import Message
from integration.household import Household
from integration.published import state_document
from integration.rulebooks import load_books
from tests.config.homes import write_home

AT = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs/asyncapi.yaml"


def test_the_state_says_what_is_paused(tmp_path: Path) -> None:
    page: dict[str, Any] = YAML(typ="safe", pure=True).load(PAGE.read_text(encoding="utf-8"))
    schema = Draft202012Validator(page["components"]["messages"]["state"]["payload"])
    configuration = load(write_home(tmp_path))
    household = Household(configuration, load_books(configuration))
    engine = household.engines["anna"]

    def say(rest: str, payload: str) -> dict[str, Any]:
        household.message(Message(topic=f"unclench/anna/{rest}", payload=payload.encode()), AT, rest + payload)
        document: dict[str, Any] = json.loads(json.dumps(state_document(engine)))
        schema.validate(document)
        return document

    begun = say("routine/wind_down", "begin")
    assert begun["routines"]["wind_down"]["state"] == "running"
    assert begun["paused"] == {}
    assert say("routine/wind_down", "pause")["routines"]["wind_down"]["state"] == "paused"
    assert say("routine/wind_down", "off")["routines"]["wind_down"]["state"] == "skipped"
    lights = say("pause/lights", '{"minutes": 90}')
    assert (lights["paused"], lights["paused_until"]) == ({"lights": "2026-07-14T21:30:00+00:00"}, None)
    whole = say("pause", "")
    assert whole["paused_until"] == whole["paused"]["everything"] == "2026-07-15T06:30:00+00:00"
    over = say("pause", "off")
    assert (over["paused"], over["paused_until"]) == ({}, None)
