"""The evening in both real Home Assistants: a tap on a phone ends a prompt, a lamp fades, the way is lit at night."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from devices.events import PromptAnswered
from integration.app import App
from tests.conftest import REAL_VERSIONS, give_up
from tests.faults.home_assistant_tools import MovedClock, on_disk
from tests.integration.homebuilder import BED, FAR, TestHome, publisher, say
from tests.peers import home_assistant as peer
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until
from tests.peers.versions import Unavailable
from tests.real_ha.mqtt_lamps import FLOOR, LAMPS, PLAIN, SMOOTH, Lamps
from tests.real_ha.phone import Phone, push_service, registered
from tests.real_ha.test_packages import PACKAGE

PATH_S = 2.0
"""The issue's limit from leaving the bed to light on the way."""
RATING = "6.283"
"""What nothing else has in it."""
PHONE = "notify.mobile_app_robins_phone"
NIGHT = datetime.now(UTC) - timedelta(hours=1)
PROFILE = f"""
name: Robin
time_zone: UTC
quiet_hours: {{from: "{FAR:%H:%M}", to: "{FAR + timedelta(minutes=1):%H:%M}"}}
bedtime: {{at: "{NIGHT:%H:%M}", rise: "{NIGHT + timedelta(hours=8):%H:%M}"}}
routines:
  wind_down: {{enabled: false}}
  morning: {{enabled: false}}
  dusk: {{lasts: 4 h, steps: [{{at: start, lights: {{brightness: 30, kelvin: 2700, fade: 20 min}}}}]}}
  limber: {{lasts: 4 h, steps: [{{at: start, offer: [stretch]}}]}}
  count: {{lasts: 4 h, steps: [{{at: start, offer: [rating]}}]}}
  sip: {{lasts: 4 h, steps: [{{at: start, offer: [drink]}}]}}
prompts:
"""
"""Nothing happens that the test does not begin, at whatever hour it runs, and it is night."""
BY_PHONE = f"{PROFILE}  channels: [{{notify: {PHONE}}}]\n"
BY_SCRIPT = f"{PROFILE}  channels: [{{script: script.bedside_prompt}}]\n"
HOME = """
mqtt: {{host: 127.0.0.1, port: {port}}}
home_assistant: {{url: "{url}"}}
rooms:
  bedroom:
    person: robin
    bed: {{sensors: [{{topic: {bed}, dialect: esphome}}], exit_delay: 0 s}}
    lights: [{lights}]
    path: [{path}]
"""


@dataclass
class Evening:
    """A Home Assistant with our package, a phone and lamps."""

    assistant: HomeAssistant
    broker: Mosquitto
    phone: Phone
    lamps: Lamps


def are_off(assistant: HomeAssistant) -> bool:
    """Whether every lamp is known and off."""
    return all(assistant.state(lamp) == "off" for lamp in LAMPS)


@pytest.fixture(scope="module", params=REAL_VERSIONS)
def started(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    """A Home Assistant of its own, with the package as it is shipped."""
    folder = tmp_path_factory.mktemp("home_assistant")
    configuration = folder / "config"
    shutil.copytree(peer.CONFIGURATION, configuration)
    (configuration / "scripts.yaml").write_text("{}\n")  # the package brings the script itself
    (configuration / "packages").mkdir()
    shutil.copy(PACKAGE, configuration / "packages/unclench.yaml")
    sent: list[dict[str, Any]] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(peer, "CONFIGURATION", configuration)
        try:
            with (
                Mosquitto(folder) as broker,
                HomeAssistant(request.param, broker.port) as assistant,
                push_service(sent) as address,
                publisher(broker.port) as client,
            ):
                lamps = Lamps(client)
                lamps.announce()
                wait_until(lambda: are_off(assistant), timeout_s=20, what="the lamps")
                yield Evening(assistant, broker, registered(assistant, address, sent), lamps)
        except Unavailable as error:
            give_up(error)


@pytest.fixture
def evening(started: Evening) -> Iterator[Evening]:
    """All lamps off, nobody in bed, nothing on the phone."""
    started.phone.sent.clear()
    started.lamps.all_off()
    wait_until(lambda: are_off(started.assistant), timeout_s=10, what="lamps off")
    yield started
    say(started.lamps.client, BED, "", retain=True)


@pytest.fixture
def clock() -> MovedClock:
    """A clock that the test may put forward."""
    return MovedClock()


@contextmanager
def running(evening: Evening, folder: Path, profile: str, clock: MovedClock | None = None) -> Iterator[App]:
    """The service, exactly as `unclench run` composes it."""
    assistant, port = evening.assistant, evening.broker.port
    home = TestHome(folder / "home", port, assistant.url, assistant.token, profile=profile, clock=clock)
    lights = f"{SMOOTH}, {PLAIN}"
    text = HOME.format(port=port, url=assistant.url, bed=BED, lights=lights, path=FLOOR)
    (home.folder / "home.yaml").write_text(text)
    (home.folder / "rules" / "cooling.yaml").unlink()
    with home.running() as app:
        yield app


def begin(evening: Evening, routine: str) -> None:
    """The person begins a routine of their own."""
    say(evening.lamps.client, f"unclench/robin/routine/{routine}", "")


def decided(app: App, about: str, text: str) -> bool:
    """Whether a decision with just these words is on record."""
    return any((each["about"], each["text"]) == (about, text) for each in app.store.decisions(limit=500))


# -- prompts


def test_a_tap_on_the_phone_ends_the_prompt(evening: Evening, tmp_path: Path, clock: MovedClock) -> None:
    """It is not repeated; the one beside it, which nobody answered, is."""
    phone = evening.phone
    with running(evening, tmp_path, BY_PHONE, clock) as app:
        for count, routine in enumerate(("limber", "sip"), start=1):
            begin(evening, routine)
            wait_until(lambda count=count: len(phone.sent) == count, timeout_s=10, what=routine)  # type: ignore[misc]
        assert phone.tags() == ["unclench-stretch", "unclench-drink"]
        stretch = phone.sent[0]
        assert stretch["message"] == "Time for a stretch or some gentle movement?"
        buttons = {each["title"]: each["action"] for each in stretch["data"]["actions"]}
        assert list(buttons) == ["Done", "Later", "Skip"]
        tapped = time.monotonic()
        phone.tap(buttons["Done"])
        wait_until(lambda: decided(app, "prompt stretch", "you answered done"), timeout_s=10, what="the answer")
        print(f"tap to the end of the prompt: {(time.monotonic() - tapped) * 1000:.0f} ms")
        prompts = app.service.household.engines["robin"].world.desk.memory.prompts
        assert prompts["stretch"].ended_at is not None
        assert prompts["drink"].ended_at is None
        clock.move(app, minutes=12)
        wait_until(lambda: len(phone.sent) == 3, timeout_s=10, what="the repetition")
        clock.move(app, minutes=60)
        assert phone.tags() == ["unclench-stretch", "unclench-drink", "unclench-drink"]
        assert decided(app, "prompt drink", "not answered; it lapses")
        assert not decided(app, "prompt stretch", "not answered; it lapses")


def test_a_number_typed_on_the_phone_is_kept_and_told_to_nobody(
    evening: Evening, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """It is among the events, and in no log, no decision, nothing that is published, and not kept by the broker."""
    caplog.set_level("DEBUG", logger="unclench")
    phone, heard = evening.phone, list[tuple[str, bytes]]()
    with running(evening, tmp_path, BY_PHONE) as app, publisher(evening.broker.port) as listener:
        listener.on_message = lambda _client, _data, message: heard.append((message.topic, bytes(message.payload)))
        listener.subscribe("unclench/#", 1)
        begin(evening, "count")
        wait_until(lambda: bool(phone.sent), timeout_s=10, what="the question")
        typed = phone.sent[0]["data"]["actions"][0]
        assert (typed["title"], typed["behavior"]) == ("0 to 10", "textInput")
        phone.tap(typed["action"], reply_text=RATING)
        wait_until(lambda: decided(app, "prompt rating", "you answered"), timeout_s=10, what="the answer")
        answers = [each for each in on_disk(app, minutes=5) if isinstance(each, PromptAnswered)]
        assert [(each.answer, each.prompt, each.value) for each in answers] == [("done", "rating", float(RATING))]
        assert not any(RATING in json.dumps(each) for each in app.store.decisions(limit=500))
        wait_until(lambda: any(b"count" in payload for _, payload in heard), timeout_s=10, what="our state")
    kept = list[bytes]()
    with publisher(evening.broker.port) as later:
        later.on_message = lambda _client, _data, message: kept.append(bytes(message.payload))
        later.subscribe("#", 1)
        wait_until(lambda: any(b"count" in payload for payload in kept), timeout_s=10, what="what the broker keeps")
    assert not any(RATING.encode() in payload for payload in kept)
    assert {topic for topic, payload in heard if RATING.encode() in payload} == {"unclench/robin/answer"}
    assert RATING not in caplog.text
    assert RATING not in evening.assistant.log.read_text()


def test_a_script_gets_the_prompt_whole(evening: Evening, tmp_path: Path) -> None:
    """The shipped script passes on all that we give: title, words, tag, buttons, and what to speak."""
    arrived = list[dict[str, Any]]()
    with running(evening, tmp_path, BY_SCRIPT), publisher(evening.broker.port) as display:
        display.on_message = lambda _client, _data, message: arrived.append(json.loads(message.payload))
        display.subscribe("bedside_display/prompt", 1)
        begin(evening, "limber")
        wait_until(lambda: bool(arrived), timeout_s=10, what="the prompt")
    words = "Time for a stretch or some gentle movement?"
    prompt = arrived[0]
    assert prompt.pop("title") in ("Evening routine?", "Morning routine?")
    assert prompt == {
        "message": words,
        "tag": "unclench-stretch",
        "actions": [
            {"action": f"UNCLENCH:robin:stretch:{answer}", "title": answer.capitalize()}
            for answer in ("done", "later", "skip")
        ],
        "spoken": words,
    }
    assert len(arrived) == 1


# -- light


def test_a_fade_reaches_the_lamps_as_commands(evening: Evening, tmp_path: Path, clock: MovedClock) -> None:
    """One command for the lamp that fades by itself, small steps for the other; never brighter, never colder."""
    lamps = evening.lamps
    lamps.set(SMOOTH, on=True, brightness=204, kelvin=4000)
    lamps.set(PLAIN, on=True, brightness=204, kelvin=4000)
    wait_until(
        lambda: all(evening.assistant.state(lamp) == "on" for lamp in (SMOOTH, PLAIN)), timeout_s=10, what="lamps on"
    )
    with running(evening, tmp_path, BY_PHONE, clock) as app:
        begun = time.monotonic()
        begin(evening, "dusk")
        wait_until(lambda: bool(lamps.commands[SMOOTH] and lamps.commands[PLAIN]), timeout_s=5, what="commands")
        print(f"begin to the first commands: {(time.monotonic() - begun) * 1000:.0f} ms")
        clock.move(app, minutes=25)
    smooth, plain = lamps.commands[SMOOTH], lamps.commands[PLAIN]
    assert smooth == [{"state": "ON", "brightness": 76, "color_temp": 2700, "transition": 1200.0}]
    levels = [204, *(int(each["brightness"]) for each in plain if "brightness" in each)]
    assert all(0 < before - after <= 0.08 * before + 1 for before, after in pairwise(levels))
    kelvins = [4000, *(int(each["kelvin"]) for each in plain if "kelvin" in each)]
    assert all(before > after for before, after in pairwise(kelvins))
    assert (levels[-1], kelvins[-1]) == (76, 2700)
    assert len(levels) > 15
    assert lamps.commands[FLOOR] == []
    print(f"steps of the lamp that cannot fade: {len(levels) - 1}, the largest {largest(levels):.1%}")


def largest(levels: list[int]) -> float:
    """The largest step, as a share of the light before it."""
    return max(1 - after / before for before, after in pairwise(levels))


def test_a_lamp_that_is_off_or_dimmer_gets_no_command(evening: Evening, tmp_path: Path, clock: MovedClock) -> None:
    """Nothing is switched on, and what is darker and warmer already is left as it is."""
    lamps = evening.lamps
    lamps.set(PLAIN, on=True, brightness=20, kelvin=2200)
    wait_until(lambda: evening.assistant.state(PLAIN) == "on", timeout_s=10, what="the lamp on")
    with running(evening, tmp_path, BY_PHONE, clock) as app:
        begin(evening, "dusk")
        wait_until(lambda: decided(app, "routine dusk", "the dusk routine is through"), timeout_s=10, what="it")
        clock.move(app, minutes=30)
    assert not any(lamps.commands.values())


def test_the_way_is_lit_when_the_bed_is_left_at_night(evening: Evening, tmp_path: Path) -> None:
    """Amber and dim, within two seconds; not again when the sensor wavers."""
    lamps = evening.lamps
    with running(evening, tmp_path, BY_PHONE) as app:
        say(lamps.client, BED, "ON", retain=True)
        wait_until(lambda: in_bed(app), timeout_s=5, what="the bed")
        left = time.monotonic()
        lamps.client.publish(BED, "OFF", qos=1, retain=True)
        wait_until(lambda: bool(lamps.commands[FLOOR]), timeout_s=5, what="the light")
        took = lamps.last_at - left
        print(f"bed empty to the lamp's command: {took * 1000:.0f} ms")
        assert took < PATH_S
        wait_until(
            lambda: decided(app, "path bedroom", "the way is lit: the bed is empty at night"),
            timeout_s=5,
            what="the record",
        )
        for state in ("ON", "OFF"):
            say(lamps.client, BED, state, retain=True)
        wait_until(lambda: evening.assistant.state(FLOOR) == "on", timeout_s=5, what="the lamp on")
        wait_until(lambda: not in_bed(app), timeout_s=5, what="the bed empty")
    assert lamps.commands == {
        SMOOTH: [],
        PLAIN: [],
        FLOOR: [{"state": "ON", "brightness": 13, "color_temp": 2000, "transition": 1.0}],
    }


def in_bed(app: App) -> bool:
    """What the bed's sensor says."""
    bed = app.service.household.engines["robin"].world.bedroom.bed
    return bed is not None and bed.raw is True
