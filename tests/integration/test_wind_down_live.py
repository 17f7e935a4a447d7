"""The evening on a Home Assistant that goes away, and a voice that is told to stop: a real service and a stand-in."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import paho.mqtt.client as paho
import pytest

from integration.app import App
from integration.demo.stand_in_ha import Speaker, StandInHomeAssistant, Voice
from tests.faults.bedroom_tools import bedroom
from tests.faults.home_assistant_tools import MovedClock, is_there
from tests.integration.homebuilder import FAR, LAMP, TestHome, publisher, ready, say
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = pytest.mark.peers

STOPS_S = 1.0
"""The issue's limit from "stop" to the silence."""
VOICE, SPEAKER = "tts.home", "media_player.bedroom"
OURS_ALONE = f"""
name: Robin
time_zone: UTC
quiet_hours: {{from: "{FAR:%H:%M}", to: "{FAR + timedelta(minutes=1):%H:%M}"}}
routines:
  wind_down: {{enabled: false}}
  morning: {{enabled: false}}"""
"""Nothing happens that the test does not begin, at whatever hour it runs."""
EVENING = f"""{OURS_ALONE}
  dusk:
    lasts: 4 h
    steps:
      - {{at: start, lights: {{brightness: 30, fade: 10 s}}, grace: 5 min}}
      - {{at: start + 1 min, offer: [stretch], grace: 5 min}}
  sip:
    lasts: 4 h
    steps: [{{at: start + 2 min, offer: [water], grace: 30 min}}]
reminders:
  water: {{says: A glass of water?, repeat: 0 min, grace: 2 h}}
prompts:
  channels: [{{script: script.bedside_prompt}}]
"""
GUIDED = f"""{OURS_ALONE}
prompts:
  stretch:
    moves: [{{says: Raise your arms, hold: 5 s, times: 5}}]
  channels: [{{tts: {VOICE}, player: {SPEAKER}}}]
"""


@pytest.fixture
def clock() -> MovedClock:
    """A clock that the test may put forward."""
    return MovedClock()


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A home with a lamp that is on, a display, and a voice with its loudspeaker."""
    with bedroom() as home:
        home.add(Voice(entity_id=VOICE, name="Voice"), Speaker(entity_id=SPEAKER, name="Speaker"))
        home.set_state(LAMP, "on", {"brightness": 204, "color_mode": "color_temp", "color_temp_kelvin": 4000})
        yield home


@pytest.fixture
def sensors(mosquitto: Mosquitto) -> Iterator[paho.Client]:
    """A client that plays the person."""
    with publisher(mosquitto.port) as client:
        yield client


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    mosquitto: Mosquitto,
    stand_in: StandInHomeAssistant,
    clock: MovedClock,
) -> Iterator[App]:
    """The service with the profile that the test names, exactly as `unclench run` composes it."""
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token, profile=request.param, clock=clock)
    with home.running() as running:
        yield running


def record(app: App) -> list[str]:
    """Every decision, oldest first."""
    return [each["text"] for each in reversed(app.store.decisions(limit=500))]


def recorded(app: App, text: str) -> bool:
    """Whether a decision with these words is on record."""
    return any(text in each for each in record(app))


def shown(stand_in: StandInHomeAssistant) -> list[str]:
    """What the display showed."""
    return [str(call.data["message"]) for call in stand_in.calls if call.domain == "script"]


def lamp_calls(stand_in: StandInHomeAssistant) -> list[str]:
    """What the lamp was told."""
    return [call.service for call in stand_in.calls if LAMP in call.reached]


# -- Home Assistant down


def begin(app: App, sensors: paho.Client) -> None:
    """Both routines of the person's own."""
    for name in ("dusk", "sip"):
        say(sensors, f"unclench/robin/routine/{name}", "")
        wait_until(lambda name=name: recorded(app, f"the {name} routine begins"), timeout_s=5, what=name)  # type: ignore[misc]


def outcomes(app: App) -> dict[str, tuple[str, str]]:
    """What became of each step, and why."""
    runs = app.service.household.engines["robin"].world.routines.runs
    return {name: (step.outcome, step.why) for run in ("dusk", "sip") for name, step in runs[run].memory.steps.items()}


@pytest.mark.parametrize("app", [EVENING], ids=["evening"], indirect=True)
def test_what_expired_while_home_assistant_was_down_is_not_done_late(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock
) -> None:
    """Ten minutes: light and stretch are over and recorded as left out; the reminder is within its time, and comes."""
    stand_in.stop()
    wait_until(lambda: not is_there(app), timeout_s=10, what="Home Assistant away")
    begin(app, sensors)
    clock.move(app, minutes=10)
    stand_in.start()
    wait_until(lambda: ready(app), timeout_s=20, what="Home Assistant back")
    wait_until(lambda: shown(stand_in) == ["A glass of water?"], timeout_s=5, what="the reminder")
    clock.move(app, minutes=10)
    assert outcomes(app) == {
        "lights": ("missed", "Home Assistant is away"),
        "stretch": ("missed", "Home Assistant is away, and nothing can say it"),
        "water": ("done", "offered"),
    }
    assert recorded(app, "step 1 of 2 of the dusk routine (lights) is left out: Home Assistant is away")
    assert recorded(app, "step 2 of 2 of the dusk routine (stretch) is left out: Home Assistant is away")
    assert shown(stand_in) == ["A glass of water?"]
    assert lamp_calls(stand_in) == []


@pytest.mark.parametrize("app", [EVENING], ids=["evening"], indirect=True)
def test_what_is_still_in_time_when_home_assistant_is_back_comes_once(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock
) -> None:
    """Three minutes: the light goes down once, and each prompt comes once."""
    stand_in.stop()
    wait_until(lambda: not is_there(app), timeout_s=10, what="Home Assistant away")
    begin(app, sensors)
    clock.move(app, minutes=3)
    assert recorded(app, "step 1 of 2 of the dusk routine waits: Home Assistant is away")
    stand_in.start()
    wait_until(lambda: ready(app), timeout_s=20, what="Home Assistant back")
    wait_until(lambda: bool(shown(stand_in)), timeout_s=5, what="the prompt")
    wait_until(lambda: bool(lamp_calls(stand_in)), timeout_s=5, what="the lamp")
    clock.move(app, minutes=8)
    assert {name: outcome for name, (outcome, _) in outcomes(app).items()} == dict.fromkeys(
        ("lights", "stretch", "water"), "done"
    )
    assert sorted(shown(stand_in)) == ["A glass of water?", "Time for a stretch or some gentle movement?"]
    assert lamp_calls(stand_in) == ["turn_on"]


# -- a voice that is stopped


def utterances(stand_in: StandInHomeAssistant) -> list[str]:
    """What the voice said."""
    return [str(call.data["message"]) for call in stand_in.calls if call.domain == "tts"]


def stops(stand_in: StandInHomeAssistant) -> list[float]:
    """When the loudspeaker was told to be silent."""
    return [call.at for call in stand_in.calls if call.service == "media_stop"]


@pytest.mark.parametrize("app", [GUIDED], ids=["guided"], indirect=True)
@pytest.mark.parametrize("slow", [False, True], ids=["at once", "while the voice hangs"])
def test_stop_silences_the_voice_within_a_second(
    app: App, stand_in: StandInHomeAssistant, sensors: paho.Client, clock: MovedClock, slow: bool
) -> None:
    """The speaker is told to stop although the voice has not answered yet, and nothing more is said."""
    say(sensors, "unclench/robin/routine/stretch", "")
    wait_until(lambda: len(utterances(stand_in)) == 1, timeout_s=5, what="the prompt")
    if slow:
        stand_in.slow(VOICE, 3)
    say(sensors, "unclench/robin/answer", "begin")
    wait_until(lambda: recorded(app, "it begins; pause, next and stop"), timeout_s=5, what="the begin")
    if not slow:
        wait_until(lambda: len(utterances(stand_in)) == 2, timeout_s=5, what="the opening")
        clock.move(app, seconds=12)
        assert utterances(stand_in)[1:4] == [
            "Gentle movement. Say stop at any time.",
            "Raise your arms.",
            "Hold, breathe, five seconds.",
        ]
    before = len(utterances(stand_in))
    said_at = time.monotonic()
    sensors.publish("unclench/robin/answer", "stop", qos=1)
    wait_until(lambda: bool(stops(stand_in)), timeout_s=5, what="the stop")
    took = stops(stand_in)[0] - said_at
    print(f"stop to media_stop{' while the voice hangs' if slow else ''}: {took * 1000:.0f} ms")
    assert took < STOPS_S
    assert recorded(app, "it stops at once, as you asked")
    clock.move(app, minutes=2)
    if slow:
        wait_until(lambda: len(utterances(stand_in)) == before + 1, timeout_s=5, what="the end of the hanging call")
    clock.move(app, minutes=2)
    assert len(utterances(stand_in)) == before + slow
    assert len(stops(stand_in)) == 1
