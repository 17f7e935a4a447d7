"""For each dialect: the same bad value where the room's temperature should be."""

from __future__ import annotations

from dataclasses import dataclass

from devices.readings import Hints, Kind
from tests.devices.decode.cases import NO_HINTS


@dataclass(frozen=True, kw_only=True)
class Slot:
    """Where a dialect keeps a temperature. ``template`` holds ``VALUE``; a bare dialect's is only that."""

    topic: str
    template: str = "VALUE"
    hints: Hints = NO_HINTS

    @property
    def bare(self) -> bool:
        """Whether the payload is the value and nothing else."""
        return self.template == "VALUE"

    def payload(self, value: str) -> bytes:
        """A message with ``value`` (JSON text) where the temperature belongs."""
        return self.template.replace("VALUE", value).encode()


CELSIUS = Hints(kind=Kind.TEMPERATURE, unit="C")
SLOTS: dict[str, Slot] = {
    "zigbee2mqtt": Slot(topic="zigbee2mqtt/bedroom", template='{"temperature":VALUE}'),
    "esphome": Slot(topic="node/sensor/temperature/state"),
    "tasmota": Slot(topic="tele/bedroom/SENSOR", template='{"AM2301":{"Temperature":VALUE},"TempUnit":"C"}'),
    "shelly": Slot(topic="shelly/status/temperature:100", template='{"id":100,"tC":VALUE}'),
    "statestream": Slot(topic="ha/sensor/temperature/state", hints=CELSIUS),
    "plain": Slot(topic="my/room", hints=CELSIUS),
    "shelly_gen1": Slot(topic="shellies/ht/sensor/temperature", hints=CELSIUS),
    "theengs": Slot(topic="home/gw/BTtoMQTT/A4C138", template='{"tempc":VALUE}'),
    "rtl_433": Slot(topic="rtl_433/pi/events", template='{"temperature_C":VALUE}'),
    "zwave_js": Slot(topic="zwave/n/49/0/Air_temperature", template='{"value":VALUE}', hints=CELSIUS),
}

PRESSES: dict[str, tuple[str, str, Hints]] = {
    "zigbee2mqtt": ("zigbee2mqtt/button", '{"action":"single"}', Hints()),
    "esphome": ("node/event/button/state", '{"event_type":"single"}', Hints()),
    "tasmota": ("stat/button/RESULT", '{"Button1":{"Action":"SINGLE"}}', Hints()),
    "shelly": (
        "shelly/events/rpc",
        '{"method":"NotifyEvent","params":{"events":[{"component":"input:0","event":"single_push"}]}}',
        Hints(),
    ),
    "plain": ("my/button", "single", Hints(kind=Kind.ACTION)),
    "shelly_gen1": ("shellies/button/input_event/0", '{"event":"S"}', Hints()),
    "zwave_js": ("zwave/wand/central_scene/endpoint_0/scene/001", '{"value":0}', Hints()),
    "theengs": ("home/gw/BTtoMQTT/A4C138", '{"button":"single"}', Hints(path="button", kind=Kind.ACTION)),
    "rtl_433": ("rtl_433/pi/events", '{"button":"single"}', Hints(path="button", kind=Kind.ACTION)),
    "statestream": ("ha/sensor/button_action/state", "single", Hints(kind=Kind.ACTION)),
}
"""One press per dialect."""
