"""kill -9 of the running service, at any moment: nothing is lost, nothing is done twice, nothing stays on."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path

import pytest

from integration.demo.stand_in_ha import StandInHomeAssistant
from integration.service import SNAPSHOT_EVENTS
from integration.store import Store
from tests.faults.bedroom_tools import bedroom
from tests.faults.killed_tools import AtEveryCommand, Kills, Played, RandomKills, ServiceProcess, play
from tests.integration.homebuilder import AC, BED, CLIMATE, FAN, TestHome, publisher, say
from tests.integration.test_service import state_of
from tests.peers.mosquitto import Mosquitto
from tests.peers.processes import wait_until

pytestmark = [pytest.mark.peers, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def stand_in() -> Iterator[StandInHomeAssistant]:
    """A stand-in Home Assistant with the bedroom's devices."""
    with bedroom() as home:
        yield home


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """The evening without a kill."""
    folder = tmp_path_factory.mktemp("undisturbed")
    with Mosquitto(folder) as broker, bedroom() as home:
        return evening(folder, broker, home, Kills())


def evening(
    folder: Path,
    broker: Mosquitto,
    stand_in: StandInHomeAssistant,
    kills: Kills,
    snapshot_events: int = SNAPSHOT_EVENTS,
) -> Played:
    """Play one evening to a service of its own."""
    home = TestHome(folder / "home", broker.port, stand_in.url, stand_in.token)
    with (home.folder / "profiles" / "robin.yaml").open("a") as profile:
        profile.write("comfort: {target: 20.0}\n")  # cold enough, however warm it was when cooling began
    with ServiceProcess(home, snapshot_events=snapshot_events) as service, publisher(broker.port) as sensors:
        try:
            return play(service, sensors, stand_in, kills)
        finally:
            said = said_how_often(stand_in)
            print(f"{service.kills} kills, {said} prompts\n{service.log.read_text()}")


@pytest.mark.parametrize("seed", range(5))
def test_an_evening_with_ten_kills_ends_as_one_without(
    seed: int, undisturbed: Played, tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """The same states, each event once and in order, and no prompt twice; with rare snapshots and with many."""
    played = evening(tmp_path, mosquitto, stand_in, RandomKills(seed, 10), SNAPSHOT_EVENTS if seed % 2 else 10)
    assert played.states == undisturbed.states
    assert played.heard == undisturbed.heard, Counter(played.heard) - Counter(undisturbed.heard)
    assert not Counter(played.told) - Counter(undisturbed.told)


def test_it_dies_whenever_a_command_arrives(
    undisturbed: Played, tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Nobody is left to hear the answer or the device: it ends as without, and each prompt was said."""
    played = evening(tmp_path, mosquitto, stand_in, AtEveryCommand(stand_in))
    assert played == undisturbed


@pytest.mark.parametrize("when", ["as the command arrives", "later"])
@pytest.mark.parametrize("cold", ["while it is dead", "when it is back"])
def test_a_fan_that_ran_at_the_death_is_switched_off_when_the_room_is_cold(
    when: str, cold: str, tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Switched on, killed, and the room has grown cold: it goes off, and stays off."""
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)

    def obey(_domain: str, _service: str, data: Mapping[str, object]) -> bool:
        if when == "as the command arrives" and data.get("entity_id") == [FAN]:
            service.kill()
        return False

    with ServiceProcess(home) as service, publisher(mosquitto.port) as sensors:
        stand_in.on_service(obey)
        say(sensors, BED, "ON")
        say(sensors, CLIMATE, '{"temperature": 22.6}')
        wait_until(lambda: state_of(stand_in, FAN) == "on", timeout_s=20, what="the fan")
        service.kill()
        assert service.kills == 1
        stand_in.on_service(lambda *_: False)
        if cold == "when it is back":
            service.start()
            service.wait_until_ready()
        for celsius in (19.0, 18.9):
            say(sensors, CLIMATE, json.dumps({"temperature": celsius}))
        service.start()
        for entity in (FAN, AC):
            wait_until(partial(is_off, stand_in, entity), timeout_s=30, what=f"{entity} off")
        calls = len(stand_in.calls)
        say(sensors, CLIMATE, '{"temperature": 18.8}')
        wait_until(lambda: "18.8" in str(service.heard()[-1]), timeout_s=10, what="the reading")
        assert [call.service for call in stand_in.calls[calls:]] == []


def is_off(stand_in: StandInHomeAssistant, entity: str) -> bool:
    """Whether it reports that."""
    return state_of(stand_in, entity) == "off"


def test_nothing_is_acknowledged_that_was_not_stored(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Ten bursts of symptoms, with a kill in the middle of each: all are on record, each once and in order."""
    chance = random.Random(7)
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)
    sent: list[float] = []
    kept: list[int] = []
    with ServiceProcess(home) as service, publisher(mosquitto.port) as person:
        for _ in range(10):
            service.wait_until_ready()
            for _ in range(200):
                sent.append(len(sent) / 1000)
                symptom = json.dumps({"symptom": "spasm", "severity": sent[-1]})
                last = person.publish("unclench/robin/symptom", symptom, qos=1)
            time.sleep(chance.uniform(0, 0.1))
            service.kill()
            last.wait_for_publish(10)
            kept.append(len(service.heard()))
            service.start()
        wait_until(lambda: len(service.heard()) >= len(sent), timeout_s=30, what="all of them")
        assert [severity for _, severity in service.heard()] == sent
        moments = service.moments()
        assert sorted(moments) == sorted(set(moments)), "a moment of the clock came twice"
    print(f"of {[200 * burst for burst in range(1, 11)]} sent, stored at the kills: {kept}")


def test_a_prompt_that_had_not_left_is_said_after_the_kill(
    tmp_path: Path, mosquitto: Mosquitto, stand_in: StandInHomeAssistant
) -> None:
    """Home Assistant hangs, the prompt waits, the service dies, everything is well again: it is said, and once."""
    home = TestHome(tmp_path / "home", mosquitto.port, stand_in.url, stand_in.token)
    with ServiceProcess(home) as service, publisher(mosquitto.port) as person:
        wait_until(lambda: "Home Assistant is there" in decisions(service), timeout_s=10, what="Home Assistant")
        stand_in.freeze()
        say(person, "unclench/robin/routine/stretch", "")
        wait_until(lambda: "script.bedside_prompt" in service.said, timeout_s=10, what="the prompt")
        service.kill()
        assert not [call for call in stand_in.calls if call.domain == "script"]
        stand_in.drop_connections()
        stand_in.thaw()
        for _ in range(2):
            service.start()
            service.wait_until_ready()
            wait_until(lambda: said_how_often(stand_in) > 0, timeout_s=10, what="the prompt")
            service.kill()
    assert said_how_often(stand_in) == 1


def said_how_often(stand_in: StandInHomeAssistant) -> int:
    """How many prompts have reached Home Assistant."""
    return sum(call.domain == "script" for call in stand_in.calls)


def decisions(service: ServiceProcess) -> str:
    """What has been decided, as text."""
    store = Store(service.home.settings.data, read_only=True).open()
    try:
        return str(store.decisions())
    finally:
        store.close()
