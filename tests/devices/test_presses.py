"""Buttons of all kinds: what a press means, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import ValidationError

from config.home import Button, Home
from config.presses import LOGGED
from config.profile import Profile
from devices.events import Event, JournalPressed, PauseChanged, PromptAnswered, RoutineDue, RoutineSteered, SelfReported
from devices.intake import Intake
from devices.readings import Message
from journal.vocabulary import SYMPTOMS
from rules.until import until_of

NOW = datetime(2026, 7, 14, 20, 0, tzinfo=UTC)
RISE = datetime(2026, 7, 15, 6, 30, tzinfo=UTC)
ANNA = Profile(name="Anna", time_zone="Europe/London")


def home(*buttons: dict[str, Any]) -> Intake:
    """A home with these buttons."""
    found = Home.model_validate(
        {"rooms": {"bedroom": {"person": "anna"}}, "buttons": [{"person": "anna", **button} for button in buttons]}
    )
    return Intake(found, ["anna", "ben"], {"anna": until_of(ANNA)})


MEANINGS: list[tuple[str, Event]] = [
    *(
        (word, PromptAnswered(at=NOW, source="b", id="m.0", person="anna", answer=word))
        for word in ("done", "later", "skip", "begin", "next", "stop", "yes", "no")
    ),
    ("pause", PauseChanged(at=NOW, source="b", id="m.0", person="anna", area="", until=RISE)),
    ("resume", PauseChanged(at=NOW, source="b", id="m.0", person="anna", area="", until=None)),
    ("pause cooling", PauseChanged(at=NOW, source="b", id="m.0", person="anna", area="cooling", until=RISE)),
    ("resume  evening", PauseChanged(at=NOW, source="b", id="m.0", person="anna", area="evening", until=None)),
    ("routine wind_down", RoutineDue(at=NOW, source="b", id="m.0", person="anna", routine="wind_down")),
    (
        "routine wind_down skip",
        RoutineSteered(at=NOW, source="b", id="m.0", person="anna", routine="wind_down", command="skip"),
    ),
    ("log spasm", JournalPressed(at=NOW, source="b", id="m.0", person="anna", asked="log spasm")),
    ("undo", JournalPressed(at=NOW, source="b", id="m.0", person="anna", asked="undo")),
    ("report stress", SelfReported(at=NOW, source="b", id="m.0", person="anna", trigger="stress", value=True)),
]


@pytest.mark.parametrize(("meaning", "event"), MEANINGS)
def test_what_presses_mean(meaning: str, event: Event) -> None:
    door = home({"topic": "b", "dialect": "zigbee2mqtt", "presses": {"Single": meaning}})
    assert door.message(Message(topic="b", payload=b'{"action": "single"}'), NOW, "m").events == [("anna", event)]


@pytest.mark.parametrize(
    "meaning",
    [
        "",
        "dance",
        "pause heating",
        "routine",
        "routine a b",
        "routine a skip b",
        "report",
        "done later",
        "log",
        "log dance",
        "undo it",
    ],
)
def test_what_they_cannot_mean(meaning: str) -> None:
    with pytest.raises(ValidationError, match="a press means"):
        Button.model_validate({"person": "anna", "topic": "b", "presses": {"single": meaning}})


def test_a_button_without_meanings_is_for_the_journal() -> None:
    """Single is a spasm, double stiffness, hold takes it back. What was pressed while we were away is logged too."""
    door = home({"topic": "b", "dialect": "zigbee2mqtt"})
    asked = []
    for late, press in ((False, "single"), (False, "double"), (True, "hold")):
        message = Message(topic="b", payload=f'{{"action": "{press}"}}'.encode())
        ((_, event),) = door.message(message, NOW, "m", unsure=late).events
        assert isinstance(event, JournalPressed)
        asked.append(event.asked)
    assert asked == ["log spasm", "log stiffness", "undo"]


def test_the_symptoms_of_a_button_are_the_journals() -> None:
    """Config imports nothing of ours."""
    assert tuple(SYMPTOMS) == LOGGED


def test_a_trembling_hand_presses_once() -> None:
    """Within 0.7 seconds of the last touch; other presses, and later ones, are meant."""
    door = home({"topic": "b", "dialect": "zigbee2mqtt", "presses": {"single": "later", "double": "done"}})

    def at(seconds: float, action: str = "single") -> int:
        message = Message(topic="b", payload=f'{{"action": "{action}"}}'.encode())
        return len(door.message(message, NOW + timedelta(seconds=seconds), "m").events)

    assert [at(0), at(0.3), at(0.9), at(0.95, "double"), at(1.61), at(-60)] == [1, 0, 0, 1, 1, 1]


def test_two_buttons_are_two() -> None:
    """Pressed in one moment, by two hands."""
    door = home(*({"topic": topic, "dialect": "zigbee2mqtt", "presses": {"single": "done"}} for topic in "bc"))
    for topic in "bc":
        assert len(door.message(Message(topic=topic, payload=b'{"action": "single"}'), NOW, "m").events) == 1


ENTITIES = [
    ("event.bedside", {"event_type": "single"}, "single"),
    ("button.bedside", {}, "press"),
    ("input_button.bedside", {}, "press"),
]


@pytest.mark.parametrize(("entity", "attributes", "press"), ENTITIES)
def test_entities_that_are_pressed(entity: str, attributes: dict[str, object], press: str) -> None:
    """Only a new time within the last minute is a press: Home Assistant tells of old ones at every start."""
    door = home({"entity": entity, "presses": {press: "routine wind_down", "other": "skip"}})

    def told(state: str, at: datetime = NOW) -> int:
        return len(door.state(entity, state, attributes, at, "m").events)

    long_ago, fresh = (NOW - timedelta(seconds=61)).isoformat(), (NOW - timedelta(seconds=59)).isoformat()
    assert told("unknown") == told(long_ago) == told("unavailable") == 0
    assert told(long_ago) == 0, "it is back from being away"
    assert told(fresh) == 1
    assert told(fresh) == 0, "an attribute changed"
    later = NOW + timedelta(seconds=10)
    assert told((later + timedelta(seconds=2)).isoformat(), later) == 1, "a clock that is a little ahead"
    assert told("not a time", later) == told("", later) == 0


def test_a_press_heard_first_of_all_counts_if_it_is_new() -> None:
    """Made while Unclench was starting; the moment of the event is when it was heard."""
    door = home({"entity": "input_button.b", "presses": {"press": "done"}})
    taken = door.state("input_button.b", (NOW - timedelta(seconds=5)).isoformat(), {}, NOW, "m")
    assert [event.at for _, event in taken.events] == [NOW]


def test_an_event_that_is_not_named_is_nothing() -> None:
    """And an entity may be two people's button."""
    presses = {"single": "done"}
    door = home({"entity": "event.b", "presses": presses}, {"entity": "event.b", "person": "ben", "presses": presses})
    state = NOW.isoformat()
    assert door.state("event.b", state, {"event_type": "double"}, NOW, "m").events == []
    assert door.state("event.b", state, {}, NOW + timedelta(seconds=1), "m").events == []
    taken = door.state("event.b", (NOW + timedelta(seconds=2)).isoformat(), {"event_type": "single"}, NOW, "m")
    assert [person for person, _ in taken.events] == ["anna", "ben"]


def test_a_sensor_whose_state_is_the_press() -> None:
    """It says it again at every start and with every attribute: only a change is a press."""
    door = home({"entity": "sensor.b_action", "presses": {"single": "done"}})
    moments = ["single", "", "single", "single", "", "unavailable", "single", "", "single"]
    told = [
        len(door.state("sensor.b_action", state, {}, NOW + timedelta(seconds=n), "m").events)
        for n, state in enumerate(moments)
    ]
    assert told == [0, 0, 1, 0, 0, 0, 0, 0, 1]


def test_an_old_press_with_the_devices_own_time_is_still_old() -> None:
    """The broker held it for hours: it is no answer to what was asked since."""
    door = home({"topic": "b", "dialect": "zigbee2mqtt", "presses": {"single": "done", "hold": "report stress"}})

    def late(action: str, seen: str) -> list[Event]:
        payload = f'{{"action": "{action}", "last_seen": "{seen}"}}'.encode()
        return [event for _, event in door.message(Message(topic="b", payload=payload), NOW, "m", unsure=True).events]

    assert late("single", "2026-07-14T17:00:00Z") == []
    assert len(late("single", "2026-07-14T19:59:30Z")) == 1
    assert [event.at for event in late("hold", "2026-07-14T17:00:00Z")] == [NOW.replace(hour=17)]


def test_without_a_clock_nobody_can_pause() -> None:
    """It is refused, and counted."""
    found = Home.model_validate(
        {
            "rooms": {"bedroom": {"person": "anna"}},
            "buttons": [{"person": "anna", "topic": "b", "dialect": "zigbee2mqtt", "presses": {"single": "pause"}}],
        }
    )
    door = Intake(found, ["anna"])
    assert door.message(Message(topic="b", payload=b'{"action": "single"}'), NOW, "m").events == []
    assert door.rejected["b", "unknown_state"] == 1
