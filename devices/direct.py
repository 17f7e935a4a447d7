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
LAMPS = (50.0, 1000.0)
"""Mireds. No lamp is colder or warmer; what says so is not believed."""
TASMOTA_KELVIN = {"min_color_temp_kelvin": 2000, "max_color_temp_kelvin": 6535}
"""Tasmota leaves out a CT that is not 153 to 500 mireds."""
MODES = frozenset(
    {"off", "cool", "heat", "heat_cool", "auto", "dry", "fan_only", "sleep", "emergency_heating", "precooling"}
)
"""Every mode of Zigbee2MQTT and ESPHome. Any other word is no mode, and the last one counts."""
HIGHEST_C = 40.0
"""No setpoint in °C is higher: the device counts in °F (Zigbee2MQTT's option ``thermostat_unit``)."""
IFAN_STEP = 100 / 3
"""Tasmota's fan controllers (iFan) know FanSpeed 0 to 3; their POWER is the lamp."""
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
    asked_mireds: float | None = None  # the warmth of a command whose echo has not come yet
    warmest_mireds: float | None = None  # where it stopped short of what it was asked

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
                node = topic.rsplit("/", 2)[0]  # a topic_prefix may have slashes of its own
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
                keys = {"climate": ("system_mode",), "fan": ("fan_state", "state")}.get(self.kind, ("state",))
                return Publication(f"{self.settings.topic}/get", dict.fromkeys(keys, ""))
            case "tasmota":
                return Publication(f"cmnd/{self.settings.topic}/STATE", "")
            case _:
                return None

    @property
    def silent(self) -> bool:
        """Whether it has not said how it is yet, though it can be asked."""
        return self._state() is None and self.question() is not None

    def forget(self) -> None:
        """What it said may be old: only what it says from now on counts."""
        self.said.clear()
        self.asked_mireds = None

    def hear(self, message: Message) -> State | None:
        """Its state after one of its messages; None when that says nothing of it. ``unknown``: it must be asked."""
        text = read_text(message.payload)
        if isinstance(text, Rejection):
            return None
        name = self.topics[message.topic]
        document = parse(text)
        if name == "available":
            word = document.get("state") if isinstance(document, dict) else text
            return self._available(word.lower()) if isinstance(word, str) else None
        if name:
            self.said[name] = text
        elif isinstance(document, dict):
            known = {key: value for key, value in document.items() if key in _READ}
            if not known:
                return None
            self.said.update(known)
            self._learn_warmest(number(known.get("color_temp")))
        else:
            return None
        return self._state()

    def _learn_warmest(self, mireds: float | None) -> None:
        """A lamp that cannot be so warm says at once how far it goes: asked again for ever, it would seem broken."""
        if mireds is None:
            return
        if self.asked_mireds is not None:
            self.warmest_mireds = mireds if LAMPS[0] <= mireds < self.asked_mireds - 1 else None
        elif self.warmest_mireds is not None and mireds > self.warmest_mireds:
            self.warmest_mireds = None  # that was an old word, or a step of a fade
        self.asked_mireds = None

    def _available(self, word: str) -> State | None:
        if word == "offline":
            self.forget()  # it may come back in another state: the power was cut, or a hand was on it
            return "unavailable", {}
        return (self._state() or ("unknown", {})) if word == "online" else None

    def _state(self) -> State | None:
        said = self.said
        if self.kind == "climate":
            return self._climate_state()
        if self._is_ifan:
            speed = number(said["FanSpeed"])
            return None if speed is None else _ifan(speed)
        power = said.get(self._switch, said.get("POWER", said.get("POWER1")))
        if not isinstance(power, str) or power.upper() not in ("ON", "OFF"):
            return None
        attributes = self._lamp() if self.kind == "light" else {}
        return power.lower(), attributes

    @property
    def _switch(self) -> str:
        """What its power is called. A Zigbee fan has its own name for it: ``state`` may be the lamp below it."""
        return "fan_state" if self.kind == "fan" and "fan_state" in self.said else "state"

    @property
    def _is_ifan(self) -> bool:
        return self.kind == "fan" and "FanSpeed" in self.said

    @property
    def _setpoint(self) -> str:
        """What a Zigbee device calls the setpoint for cooling: some have one for everything."""
        only_one = "current_heating_setpoint" in self.said and "occupied_cooling_setpoint" not in self.said
        return "current_heating_setpoint" if only_one else "occupied_cooling_setpoint"

    def _climate_state(self) -> State | None:
        said = self.said
        mode = said.get("system_mode", said.get("mode"))
        if not isinstance(mode, str) or mode.lower() not in MODES:
            return None
        attributes = _temperature(said.get(self._setpoint, said.get("target_temperature")))
        is_off = str(said.get("state")).upper() == "OFF"
        return "off" if is_off else mode.lower(), attributes

    def _lamp(self) -> dict[str, object]:
        said = self.said
        level = number(said.get("brightness", said.get("Dimmer")))
        mireds = number(said.get("color_temp", said.get("CT")))
        attributes: dict[str, object] = {"supported_color_modes": ["brightness"]}
        if level is not None:
            attributes["brightness"] = round(level * 255 / FULL[self.settings.dialect])
        if mireds is not None and LAMPS[0] <= mireds <= LAMPS[1]:
            attributes |= {"supported_color_modes": ["color_temp"], "color_temp_kelvin": round(MIREDS / mireds)}
        if self.settings.dialect == "tasmota":
            attributes |= TASMOTA_KELVIN
        else:
            if self.warmest_mireds is not None:
                attributes["min_color_temp_kelvin"] = round(MIREDS / self.warmest_mireds)
            attributes["supported_features"] = 32  # Home Assistant's LightEntityFeature.TRANSITION
        return attributes

    def commands(self, action: Action) -> Iterator[Publication]:
        """What to publish for an action on this device."""
        service, data, topic = action.service.partition(".")[2], action.data, self.settings.topic
        if self.kind == "climate":
            yield from self._climate(data)
            return
        if self.kind == "light":
            yield from self._out(data) if service == "turn_off" else self._dim(data)
            return
        power = "OFF" if service == "turn_off" else "ON"
        match self.settings.dialect:
            case "zigbee2mqtt":
                yield Publication(f"{topic}/set", {self._switch: power})
            case "esphome":
                yield Publication(f"{topic}/command", power)
            case "tasmota" if self._is_ifan:
                speed = number(data.get("percentage")) or IFAN_STEP
                yield Publication(f"cmnd/{topic}/FanSpeed", "0" if power == "OFF" else str(_ifan_speed(speed)))
            case "tasmota":
                yield Publication(f"cmnd/{topic}/POWER", power)
            case _:
                yield Publication(topic, power)

    def _climate(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """A mode or a setpoint: the controller sends one of them at a time."""
        topic, zigbee = self.settings.topic, self.settings.dialect == "zigbee2mqtt"
        if "hvac_mode" in data:
            mode = str(data["hvac_mode"])
            if zigbee:
                yield Publication(f"{topic}/set", self._zigbee_mode(mode))
            else:
                yield Publication(f"{topic}/mode/command", mode)
        elif "temperature" in data:
            if zigbee:
                yield Publication(f"{topic}/set", {self._setpoint: data["temperature"]})
            else:
                yield Publication(f"{topic}/target_temperature/command", str(data["temperature"]))

    def _zigbee_mode(self, mode: str) -> dict[str, object]:
        """Some are switched off by a key of their own, and know no mode for it."""
        if "state" not in self.said:
            return {"system_mode": mode}
        return {"state": "OFF"} if mode == "off" else {"state": "ON", "system_mode": mode}

    def _dim(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """A lamp that is on, brought down, or one that lights the way. Never a bare ON: it may be bright."""
        topic, command = self.settings.topic, self._lamp_command(data)
        if self.settings.dialect == "tasmota":
            yield from self._tasmota_lamp(data)
        elif self.settings.dialect == "zigbee2mqtt" and command:
            yield Publication(f"{topic}/set", command)  # a brightness switches on, as HA's own call does
        elif command:
            # Without "state" ESPHome leaves a lamp off that somebody has just switched off.
            yield Publication(f"{topic}/command", command)

    @property
    def _is_off(self) -> bool:
        return str(self.said.get("state", self.said.get("POWER", self.said.get("POWER1")))).upper() == "OFF"

    def _out(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """A lamp that goes off, slowly where it can."""
        topic, fade = self.settings.topic, number(data.get("transition"))
        if self.settings.dialect == "tasmota":
            yield Publication(f"cmnd/{topic}/POWER", "OFF")
            return
        command = {"state": "OFF", **({} if fade is None else {"transition": round(fade)})}
        yield Publication(f"{topic}/{'set' if self.settings.dialect == 'zigbee2mqtt' else 'command'}", command)

    def _lamp_command(self, data: Mapping[str, object]) -> dict[str, object]:
        """Whole numbers: ESPHome leaves out a transition with a decimal point, and would jump."""
        command: dict[str, object] = {}
        if (level := _share(data)) is not None:
            command["brightness"] = max(1, round(level * FULL[self.settings.dialect]))
            if self._is_off:
                command["state"] = "ON"  # only what lights the way is sent to a lamp that is off
        if kelvin := number(data.get("color_temp_kelvin")):
            command["color_temp"] = self.asked_mireds = round(MIREDS / kelvin)
        if command and (fade := number(data.get("transition"))) is not None:
            command["transition"] = round(fade)
        return command

    def _tasmota_lamp(self, data: Mapping[str, object]) -> Iterator[Publication]:
        """It fades by itself only where its own Fade is on; the controller goes in small steps."""
        topic, commands = self.settings.topic, list[Publication]()
        if kelvin := number(data.get("color_temp_kelvin")):
            commands.append(Publication(f"cmnd/{topic}/CT", str(round(MIREDS / kelvin))))
        if (level := _share(data)) is not None:
            dimmed = Publication(f"cmnd/{topic}/Dimmer", str(max(1, round(level * 100))))
            # Either switches it on; with the warmth first it would shine as bright as it was last.
            commands.insert(0 if self._is_off else len(commands), dimmed)
        yield from commands


_READ = frozenset(
    {
        "state",
        "brightness",
        "color_temp",
        "fan_state",
        "system_mode",
        "occupied_cooling_setpoint",
        "current_heating_setpoint",
        "POWER",
        "POWER1",
        "Dimmer",
        "CT",
        "FanSpeed",
    }
)
"""The names in a device's JSON that say how it is; nothing else is kept."""


def _share(data: Mapping[str, object]) -> float | None:
    """How bright, from 0 to 1."""
    fine, percent = number(data.get("brightness")), number(data.get("brightness_pct"))
    if fine is not None:
        return fine / 255
    return None if percent is None else percent / 100


def _temperature(value: object) -> dict[str, object]:
    """The setpoint with its unit, where it is a number or the text of one."""
    if isinstance(value, str):
        parsed = parse(value)
        value = None if isinstance(parsed, Rejection) else parsed
    read = number(value)
    if read is None:
        return {}
    return {"temperature": read, **({"temperature_unit": "°F"} if read > HIGHEST_C else {})}


def _ifan(speed: float) -> State:
    return "on" if speed > 0 else "off", {"percentage": round(speed * IFAN_STEP), "percentage_step": IFAN_STEP}


def _ifan_speed(percentage: float) -> int:
    return min(3, max(1, round(percentage / IFAN_STEP)))
