"""home.yaml: the broker, Home Assistant, the rooms, which topic speaks which dialect, which entity does what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated, ClassVar, Literal

from pydantic import Discriminator, Field, Tag, model_validator

from config.model import Model
from config.presses import JOURNAL_PRESSES, MEANINGS, is_meaning
from config.types import (
    ClientId,
    ClimateId,
    CoverId,
    Duration,
    EntityId,
    FanId,
    Host,
    LightId,
    Name,
    Plain,
    Prefix,
    SwitchId,
    TemperatureStep,
    Topic,
    Url,
    wrong,
)

Dialect = Literal[
    "zigbee2mqtt",
    "esphome",
    "tasmota",
    "shelly",
    "statestream",
    "plain",
    "shelly_gen1",
    "theengs",
    "rtl_433",
    "zwave_js",
]
RoomQuantity = Literal["temperature", "humidity", "pressure", "illuminance", "co2", "occupied", "vibration", "open"]


class Tls(Model):
    """An encrypted connection to the broker."""

    ca: Path | None = None
    """The private CA's certificate file; without it the system's own list counts."""
    certificate: Path | None = None
    """Your own certificate file, where the broker asks for one."""
    key: Path | None = None
    """The file with the key that belongs to your certificate."""


class Mqtt(Model):
    """The broker. The password comes from UNCLENCH_MQTT_PASSWORD or the secrets file, never from here."""

    host: Host = "localhost"
    """Where the broker is: a name or an address in your home network."""
    port: int = Field(default=1883, ge=1, le=65535)
    """Its port: 1883, or mostly 8883 with tls."""
    username: str | None = None
    """The login at the broker, if it asks for one."""
    tls: Tls | None = None
    """Leave out for a connection that is not encrypted. `tls: {}` encrypts it."""
    prefix: Prefix = "unclench"
    """Everything of ours lives under this topic."""
    client_id: ClientId = "unclench"
    """Names the persistent session on the broker; must be the only one of its name."""


class HomeAssistant(Model):
    """Home Assistant. The token comes from UNCLENCH_HA_TOKEN or the secrets file, never from here."""

    url: Url = "http://homeassistant.local:8123"
    """The address that you open Home Assistant with."""
    ca: Path | None = None
    """The private CA's certificate file, for an https address of your own making."""


class Source(Model):
    """Where a value comes from: an MQTT topic with its dialect, or a Home Assistant entity."""

    topic: Topic | None = None
    """The MQTT topic that it speaks on."""
    dialect: Dialect = "plain"
    """How its messages are written; "plain" is a bare value, or JSON with a path."""
    entity: EntityId | None = None
    """A Home Assistant entity, read over its API, in place of a topic."""
    path: str | None = None
    """Where in the JSON the value stands, with dots: "SI7021.Temperature"."""
    unit: str | None = None
    """The unit, where the message carries none: C, F, %, hPa, lx, ppm."""
    states: dict[str, bool] = {}
    """What words mean yes and no: {"on": true, "off": false}."""
    stale_after: Duration | None = None
    """How long without a word until the value no longer counts. Default by dialect and kind."""

    @model_validator(mode="after")
    def _one_source(self) -> Source:
        if (self.topic is None) == (self.entity is None):
            key = "topic" if self.topic is None else "entity"
            problem = "name either a topic (with its dialect) or an entity of Home Assistant, and not both"
            raise wrong(problem, key)
        return self


class RoomSensor(Source):
    """A sensor of a room."""

    measures: list[RoomQuantity] = Field(default=["temperature", "humidity"], min_length=1)
    """What to take from it. A bare value (no JSON) is the first of these."""
    offset: TemperatureStep = Field(default=0.0, ge=-5.0, le=5.0)
    """Added to its temperature, when you know that it reads too high or too low."""


class BedSensor(Source):
    """A sensor that says whether somebody is in bed."""

    side: Literal["left", "right", "either"] = "either"
    """The half of the bed that it feels."""
    feels: Literal["occupied", "movement"] = "occupied"
    """What it feels: that somebody is in bed, or only that something moves (a vibration sensor on the bed)."""


class Bed(Model):
    """The bed of a room."""

    sensors: list[BedSensor] = Field(min_length=1)
    """What says whether somebody is in it, and what feels movement."""
    exit_delay: Duration = Field(default=timedelta(minutes=3), le=timedelta(hours=1))
    """How long the bed must be empty until it counts as empty: turning over is not getting up."""

    @property
    def occupancy(self) -> list[BedSensor]:
        """The sensors that say whether somebody is in it: movement alone cannot."""
        return [sensor for sensor in self.sensors if sensor.feels == "occupied"]


FAN_AT_NIGHT = 40
"""%. How fast a fan runs at most while the person sleeps at night, where they wrote nothing: it is heard and felt."""


class _Cooling(Model):
    after: Duration = Field(default=timedelta(0), le=timedelta(hours=6))
    """Join in only when the room is still too warm after this long; 0 starts at once."""
    min_run: Duration = Field(default=timedelta(minutes=5), le=timedelta(hours=1))
    """Once on, stays on this long."""
    min_pause: Duration = Field(default=timedelta(minutes=5), le=timedelta(hours=1))
    """Once off, stays off this long."""
    watts: int | None = Field(default=None, ge=1, le=5000)
    """How much power it takes, for estimates of energy; left out: 800 for an air conditioner, 30 for a fan, 300 for a
    switch (60 for a bed), 0 for a cover."""

    usual_watts: ClassVar[int] = 0

    @property
    def takes_w(self) -> int:
        """The power in force, in W."""
        return self.usual_watts if self.watts is None else self.watts


class ClimateCooling(_Cooling):
    """An air conditioner, or any climate entity that can cool."""

    usual_watts: ClassVar[int] = 800

    climate: ClimateId
    """The entity in Home Assistant."""


class FanCooling(_Cooling):
    """A fan."""

    usual_watts: ClassVar[int] = 30

    fan: FanId
    """The entity in Home Assistant."""
    percentage: int = Field(default=60, ge=1, le=100)
    """How fast while you are awake or nap by day, in %."""
    at_night: int | None = Field(default=None, ge=1, le=100)
    """How fast while you sleep at night, in %; left out: 40, or the speed by day where that is slower."""
    min_run: Duration = Field(default=timedelta(minutes=1), le=timedelta(hours=1))
    """Once on, stays on this long."""
    min_pause: Duration = Field(default=timedelta(minutes=1), le=timedelta(hours=1))
    """Once off, stays off this long."""

    @property
    def night_percentage(self) -> int:
        """The speed in force while the person sleeps at night, in %."""
        return min(FAN_AT_NIGHT, self.percentage) if self.at_night is None else self.at_night


class SwitchCooling(_Cooling):
    """Something that cools and can only be on or off, like a mattress pad or a plug."""

    switch: SwitchId
    """The entity in Home Assistant."""
    cools: Literal["room", "bed"] = "room"
    """What it cools: a portable air conditioner the room, a mattress pad only the bed."""

    @property
    def takes_w(self) -> int:
        """The power in force, in W."""
        usual = 300 if self.cools == "room" else 60
        return usual if self.watts is None else self.watts


class CoverCooling(_Cooling):
    """A blind or other cover that keeps the sun out."""

    cover: CoverId
    """The entity in Home Assistant."""
    shut: int = Field(default=0, ge=0, le=100)
    """How far open it is when it shades, in %; 0 is shut. Not every cover can stop on its way."""
    min_run: Duration = Field(default=timedelta(minutes=30), le=timedelta(hours=1))
    """Once it shades, stays so this long."""
    min_pause: Duration = Field(default=timedelta(minutes=30), le=timedelta(hours=1))
    """Once open again, stays so this long."""


def _cooling_kind(value: object) -> str | None:
    keys = value if isinstance(value, dict) else getattr(type(value), "model_fields", {})
    return next((kind for kind in ("climate", "fan", "switch", "cover") if kind in keys), None)


CoolingDevice = Annotated[
    Annotated[ClimateCooling, Tag("climate")]
    | Annotated[FanCooling, Tag("fan")]
    | Annotated[SwitchCooling, Tag("switch")]
    | Annotated[CoverCooling, Tag("cover")],
    Discriminator(
        _cooling_kind,
        custom_error_type="cooling_kind",
        custom_error_message="name what cools with one of the keys climate, fan, switch or cover",
    ),
    Plain("what cools, with one of the keys climate, fan, switch or cover"),
]


def cooling_entity(device: CoolingDevice) -> str:
    """The entity id of a cooling device, whatever its kind."""
    if isinstance(device, ClimateCooling):
        return device.climate
    if isinstance(device, FanCooling):
        return device.fan
    return device.switch if isinstance(device, SwitchCooling) else device.cover


class Room(Model):
    """One room: whose it is, what senses it, what acts in it."""

    name: str | None = None
    """How the room is called in sentences; the id, when left out."""
    person: Name
    """Whose profile the room and its devices belong to: the name of the file in profiles/."""
    sensors: list[RoomSensor] = []
    """What measures the room."""
    bed: Bed | None = None
    """The bed that stands in it."""
    cooling: list[CoolingDevice] = []
    """What cools: fans come first, then pads and blinds, then air conditioners and plugs. Each may be told to wait."""
    lights: list[LightId] = []
    """What is dimmed in the evening."""
    private: bool = False
    """Only you hear what is spoken here: it may be about your illness, also where the wording is discreet."""
    adaptive_lighting: SwitchId | None = None
    """The switch of Adaptive Lighting for these lamps. While it is on, they are left to it. It is never switched."""
    path: list[LightId] = []
    """What lights the way when you get up at night: lamps near the floor, and none of `lights`. Needs a bed sensor."""
    path_brightness: int = Field(default=5, ge=1, le=30)
    """How bright the way is, in %."""


class MqttDevice(Model):
    """A device that takes its commands over MQTT itself, without Home Assistant."""

    dialect: Literal["zigbee2mqtt", "esphome", "tasmota", "plain"]
    """How it takes commands; "plain" takes ON and OFF."""
    topic: Topic
    """Its own topic, like zigbee2mqtt/bedroom_fan, bedroom-node/switch/fan, or a Tasmota's %topic%. With plain: where
    commands go to."""
    state: Topic | None = None
    """With plain: the topic on which it says ON or OFF, kept by the broker (retained). Left out: it is taken to do what
    it is told."""

    @model_validator(mode="after")
    def _state_of_plain(self) -> MqttDevice:
        if self.state is not None and self.dialect != "plain":
            problem = f"a {self.dialect} device has a topic of its own for that; leave this line out"
            raise wrong(problem, "state")
        return self


MQTT_KINDS = {
    "zigbee2mqtt": ("climate", "fan", "light", "switch"),
    "esphome": ("climate", "fan", "light", "switch"),
    "tasmota": ("fan", "light", "switch"),
    "plain": ("fan", "switch"),
}
"""What each dialect can steer without Home Assistant."""


class Button(Source):
    """A button or remote: which press means what. The press of a button entity of Home Assistant is called "press"."""

    person: Name
    """Whose button it is: the name of the file in profiles/."""
    presses: dict[str, str] = Field(default=JOURNAL_PRESSES, min_length=1)
    """A press to its meaning: {"single": "done", "double": "later", "hold": "routine wind_down"}. Left out, it is a
    button for the journal: single logs a spasm, double stiffness, hold takes the last one back."""

    @model_validator(mode="after")
    def _known_meanings(self) -> Button:
        for press, meaning in self.presses.items():
            if not is_meaning(meaning.split()):
                raise wrong(MEANINGS, "presses", press)
        return self


class Hermes(Model):
    """Rhasspy, or another voice assistant that speaks Hermes over the same broker."""

    sites: dict[str, Name] = Field(min_length=1)
    """Who speaks where: {bedroom: anna}. The names of its sites, and of your profiles."""


class Home(Model):
    """The whole of home.yaml."""

    version: Literal[1] = 1
    """The version of this file's layout; there is only 1."""
    units: Literal["C", "F"] = "C"
    """The unit of temperatures written in this file."""
    mqtt: Mqtt = Mqtt()
    """The MQTT broker: the post office for messages in your home."""
    home_assistant: HomeAssistant | None = None
    """Left out: only what mqtt_devices names is switched. Other actions are printed and published."""
    rooms: dict[Name, Room] = Field(min_length=1)
    """Your rooms, each under a short name of its own."""
    outdoor: Source | None = None
    """What says how warm it is outside, if anything does: a topic, or an entity that is a thermometer or a weather."""
    mqtt_devices: dict[EntityId, MqttDevice] = {}
    """Devices that are switched over MQTT and not through Home Assistant, under the names that the rooms use."""
    buttons: list[Button] = []
    """Buttons and remotes that answer for you."""
    hermes: Hermes | None = None
    """A voice assistant that speaks Hermes, like Rhasspy. Home Assistant's own needs nothing here."""
    people: dict[Name, Source] = {}
    """What says whether somebody is at home: {anna: {entity: person.anna}}. The names are those of the profiles."""
    keep_events: Duration = Field(default=timedelta(days=30), ge=timedelta(days=1))
    """How long raw events and decisions stay on disk."""

    @property
    def unswitched(self) -> list[str]:
        """The devices that nothing switches: there is no Home Assistant, and they have no topic of their own."""
        if self.home_assistant is not None:
            return []
        rooms = self.rooms.values()
        acting = [entity for room in rooms for entity in (*map(cooling_entity, room.cooling), *room.lights, *room.path)]
        return [entity for entity in acting if entity not in self.mqtt_devices]
