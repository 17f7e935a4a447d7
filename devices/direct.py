"""Devices that take their commands over MQTT, without Home Assistant: the same actions, another end.

An action is a Home Assistant service call whatever carries it out. Here it becomes messages on the device's own topics,
and what the device says on them becomes a state with attributes, as Home Assistant would report it. Pure: no network.

Topics and payloads: zigbee2mqtt.io (MQTT topics and messages), esphome.io (MQTT client component, and the sources of
its fan, light and climate over MQTT), tasmota.github.io (commands).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from config.home import MqttDevice
from devices.actions import Action
from devices.control.kind import number
from devices.decode.payload import parse, read_text
from devices.readings import Message, Rejection

State = tuple[str, dict[str, object]]
Said = dict[str, object]
"""What a device said, by the names of its dialect."""

MIREDS = 1_000_000
"""A colour temperature in kelvin is this divided by mireds, and the other way round."""
FULL = {"zigbee2mqtt": 254.0, "esphome": 255.0, "tasmota": 100.0}
"""The brightness of a lamp that is fully on."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A message to publish, QoS 0, never retained."""

    topic: str
    payload: Mapping[str, object] | str


@dataclass(slots=True)
class DirectDevice:
    """One device and what it said so far. Messages may carry only what changed."""

    entity: str
    settings: MqttDevice
    said: Said = field(default_factory=dict)
    away: bool = False

    @property
    def kind(self) -> str:
        """The domain of its entity id."""
        return self.entity.partition(".")[0]

    @property
    def says_its_state(self) -> bool:
        """Whether it reports; one that does not is taken to do what it is told."""
        return self.settings.dialect != "plain" or self.settings.state is not None

    @property
    def topics(self) -> dict[str, str]:
        """Every topic that it speaks on, and the name of what it says there; "" for an object of several."""
        topic = self.settings.topic
        match self.settings.dialect:
            case "zigbee2mqtt":
                return {topic: "", f"{topic}/availability": "available"}
            case "esphome":
                node = topic.partition("/")[0]
                parts = ("mode", "target_temperature") if self.kind == "climate" else ()
                states = {f"{topic}/{part}/state": part for part in parts} or {
                    f"{topic}/state": "" if self.kind == "light" else "state"
                }
                return {**states, f"{node}/status": "available"}
            case "tasmota":
                return {f"stat/{topic}/RESULT": "", f"tele/{topic}/STATE": "", f"tele/{topic}/LWT": "available"}
            case _:
                return {self.settings.state: "state"} if self.settings.state else {}

    def question(self) -> Publication | None:
        """What makes it say how it is; None where its states are retained."""
        match self.settings.dialect:
            case "zigbee2mqtt":
                key = "system_mode" if self.kind == "climate" else "state"
                return Publication(f"{self.settings.topic}/get", {key: ""})
            case "tasmota":
                return Publication(f"cmnd/{self.settings.topic}/STATE", "")
            case _:
                return None

    def hear(self, message: Message) -> State | None:
        """Its state after one of its messages; None when that says nothing of it."""
        text = read_text(message.payload)
        if isinstance(text, Rejection):
            return None
        name = self.topics[message.topic]
        document = parse(text)
        if name == "available":
            word = document.get("state") if isinstance(document, dict) else text
            if not isinstance(word, str) or word.lower() not in ("online", "offline"):
                return None
            self.away = word.lower() == "offline"
            return ("unavailable", {}) if self.away or not self.said else self._state()
        if name:
            self.said[name] = text
        elif isinstance(document, dict):
            known = {key: value for key, value in document.items() if key in _READ}
            if not known:
                return None
            self.said.update(known)
        else:
            return None
        return self._state()

    def _state(self) -> State | None:
        said = self.said
        if self.kind == "climate":
            mode = said.get("system_mode", said.get("mode"))
            target = said.get("occupied_cooling_setpoint", said.get("target_temperature"))
            return (mode.lower(), _number("temperature", target)) if isinstance(mode, str) else None
        power = said.get("state", said.get("POWER", said.get("POWER1")))
        if not isinstance(power, str) or power.upper() not in ("ON", "OFF"):
            return None
        attributes = self._lamp() if self.kind == "light" else {}
        return power.lower(), attributes

    def _lamp(self) -> dict[str, object]:
        said = self.said
        level = number(said.get("brightness", said.get("Dimmer")))
        mireds = number(said.get("color_temp", said.get("CT")))
        attributes: dict[str, object] = {"supported_color_modes": ["color_temp" if mireds else "brightness"]}
        if level is not None:
            attributes["brightness"] = round(level * 255 / FULL[self.settings.dialect])
        if mireds:
            attributes["color_temp_kelvin"] = round(MIREDS / mireds)
        if self.settings.dialect != "tasmota":
            attributes["supported_features"] = 32  # Home Assistant's LightEntityFeature.TRANSITION
        return attributes

    def commands(self, action: Action) -> Iterator[Publication]:
        """What to publish for an action on this device."""
        service, data, topic = action.service.partition(".")[2], action.data, self.settings.topic
        if self.kind == "climate":
            yield from self._climate(data)
            return
        power = "OFF" if service == "turn_off" else "ON"
        lamp = self.kind == "light" and power == "ON"
        match self.settings.dialect:
            case "zigbee2mqtt":
                yield Publication(f"{topic}/set", {"state": power, **(self._lamp_command(data) if lamp else {})})
            case "esphome" if self.kind == "light":
                yield Publication(f"{topic}/command", {"state": power, **(self._lamp_command(data) if lamp else {})})
            case "esphome":
                yield Publication(f"{topic}/command", power)
            case "tasmota" if lamp and not data.keys().isdisjoint(("brightness_pct", "color_temp_kelvin")):
                yield from self._tasmota_lamp(data)
            case "tasmota":
                yield Publication(f"cmnd/{topic}/POWER", power)
            case _:
                yield Publication(topic, power)

    def _climate(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """A mode or a setpoint: the controller sends one of them at a time."""
        topic = self.settings.topic
        zigbee = self.settings.dialect == "zigbee2mqtt"
        names = {
            "hvac_mode": ("system_mode", "mode"),
            "temperature": ("occupied_cooling_setpoint", "target_temperature"),
        }
        for key, (in_zigbee, in_esphome) in names.items():
            if key not in data:
                continue
            if zigbee:
                yield Publication(f"{topic}/set", {in_zigbee: data[key]})
            else:
                yield Publication(f"{topic}/{in_esphome}/command", str(data[key]))

    def _lamp_command(self, data: Mapping[str, object]) -> dict[str, object]:
        command: dict[str, object] = {}
        if (level := number(data.get("brightness_pct"))) is not None:
            command["brightness"] = round(level / 100 * FULL[self.settings.dialect])
        if kelvin := number(data.get("color_temp_kelvin")):
            command["color_temp"] = round(MIREDS / kelvin)
        if (fade := number(data.get("transition"))) is not None:
            command["transition"] = fade
        return command

    def _tasmota_lamp(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """A Dimmer above 0 also switches on."""
        topic = self.settings.topic
        if kelvin := number(data.get("color_temp_kelvin")):
            yield Publication(f"cmnd/{topic}/CT", str(round(MIREDS / kelvin)))
        if (level := number(data.get("brightness_pct"))) is not None:
            yield Publication(f"cmnd/{topic}/Dimmer", str(max(1, round(level))))


_READ = frozenset(
    {
        "state",
        "brightness",
        "color_temp",
        "system_mode",
        "occupied_cooling_setpoint",
        "POWER",
        "POWER1",
        "Dimmer",
        "CT",
    }
)
"""The names in a device's JSON that say how it is; nothing else is kept."""


def _number(name: str, value: object) -> dict[str, object]:
    """An attribute, where its value is a number or the text of one."""
    if isinstance(value, str):
        parsed = parse(value)
        value = None if isinstance(parsed, Rejection) else parsed
    read = number(value)
    return {} if read is None else {name: read}
