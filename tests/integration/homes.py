"""Three homes with one bedroom: the stand-in, and the two real versions. A contract is what all of them do."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from integration.demo.stand_in_ha import (
    Climate,
    Cover,
    Fan,
    Light,
    NotifyEntity,
    NotifyService,
    Script,
    Sensor,
    StandInHomeAssistant,
    Switch,
)
from tests.peers.home_assistant import HomeAssistant
from tests.peers.mqtt_bedroom import MqttBedroom
from tests.peers.processes import wait_until

AC, FAN, LAMP, PAD = "climate.bedroom_ac", "fan.bedroom_fan", "light.bedroom_lamp", "switch.cooling_mattress_pad"
BLIND = "cover.bedroom_blind"
SENSOR = "sensor.bedroom_temperature"
ROOM_C = 25.5


class Home(Protocol):
    """What a contract test may do to a home besides talking to its API."""

    @property
    def url(self) -> str:
        """The address without a path."""

    @property
    def token(self) -> str:
        """The token that is let in."""

    @property
    def commanded(self) -> list[str]:
        """The entities whose device was sent a command since the test began."""

    refuses_a_mode_it_lacks: bool

    def reset(self) -> None:
        """Make everything available and off, the room at ROOM_C, and return when the API says so."""

    def measure(self, temperature_c: float) -> None:
        """Let the thermometer report."""

    def lose(self, entity_id: str) -> None:
        """Let a device fall off the network, and return when the API says so."""

    def restart(self) -> None:
        """Restart Home Assistant and return when it runs again."""


class StandInHome:
    """The stand-in, whose entities obey."""

    refuses_a_mode_it_lacks = True

    def __init__(self) -> None:
        self.stand_in = StandInHomeAssistant(token="let-me-in")
        self.commanded: list[str] = []
        self.stand_in.add(
            Climate(entity_id=AC, name="Bedroom AC"),
            Fan(entity_id=FAN, name="Bedroom Fan", percentage=30),
            Light(entity_id=LAMP, name="Bedroom Lamp"),
            Switch(entity_id=PAD, name="Cooling Mattress Pad"),
            Cover(entity_id=BLIND, name="Bedroom Blind"),
            Sensor(entity_id=SENSOR, name="Bedroom Temperature", unit="°C", device_class="temperature"),
            NotifyEntity(entity_id="notify.bedside_display", name="Bedside Display"),
            NotifyService(name="persistent_notification"),
            Script(entity_id="script.bedside_prompt", name="Bedside prompt", required=("title", "message")),
        )
        self.stand_in.on_service(self._heard)
        self.url = ""
        self.token = self.stand_in.token

    def _heard(self, _domain: str, _service: str, data: Mapping[str, object]) -> bool:
        reached = data.get("entity_id", [])
        self.commanded += [str(each) for each in reached] if isinstance(reached, list) else []
        return False

    def reset(self) -> None:
        """Be all there and off."""
        self.stand_in.start()
        self.url = self.stand_in.url
        self.measure(ROOM_C)

    def measure(self, temperature_c: float) -> None:
        """Report."""
        self.stand_in.set_state(SENSOR, str(temperature_c))

    def lose(self, entity_id: str) -> None:
        """Lose it."""
        self.stand_in.make_unavailable(entity_id)

    def restart(self) -> None:
        """Stop and start."""
        self.stand_in.stop()
        self.stand_in.start()


class RealHome:
    """A real Home Assistant with the devices that the test plays."""

    def __init__(self, home_assistant: HomeAssistant, bedroom: MqttBedroom) -> None:
        self.url = home_assistant.url
        self.token = home_assistant.token
        self.refuses_a_mode_it_lacks = home_assistant.version.name != "2025.4.4"
        self._home_assistant = home_assistant
        self._bedroom = bedroom

    @property
    def commanded(self) -> list[str]:
        """Ask the devices."""
        return self._bedroom.commanded

    def reset(self) -> None:
        """Be all there and off."""
        self._bedroom.reset(ROOM_C)
        self._wait({AC: "off", FAN: "off", LAMP: "off", PAD: "off", BLIND: "open", SENSOR: str(ROOM_C)})

    def measure(self, temperature_c: float) -> None:
        """Report."""
        self._bedroom.measure(temperature_c)

    def lose(self, entity_id: str) -> None:
        """Lose it."""
        self._bedroom.lose(entity_id)
        self._wait({entity_id: "unavailable"})

    def restart(self) -> None:
        """Restart through its own service."""
        self._home_assistant.restart()

    def _wait(self, expected: Mapping[str, str]) -> None:
        for entity_id, state in expected.items():
            wait_until(
                lambda entity_id=entity_id, state=state: self._home_assistant.state(entity_id) == state,  # type: ignore[misc]
                timeout_s=15,
                what=f"{entity_id} to be {state}",
            )
