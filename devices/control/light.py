"""Lamps: brought down while they are on, never up (R12); and a lamp that lights the way at night, on and off."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from devices.control.kind import GONE, TOLERANCE, Call, Cannot, State, in_celsius, number

FINE = {"brightness": 0.2, "kelvin": 5.0}
"""So small a step is sent while a fade goes in steps; otherwise a lamp that rounds would be asked again for ever."""
WARMER_THAN_ANY_WHITE = frozenset({"hs", "xy", "rgb", "rgbw", "rgbww"})
"""A lamp that can show a colour, or shows one now: how warm that is, nobody knows."""
AMBER = [255, 147, 41]
"""What comes nearest to 2000 K in a lamp that knows colours only."""


class Light:
    """A lamp. What is wanted without ``power`` only ever brings down a lamp that is on (R12).

    With ``power`` True it is switched on, if it is off, and not touched otherwise; with False it is switched off.
    """

    confirm_within = timedelta(seconds=20)
    reads = frozenset(
        {
            "brightness",
            "color_temp_kelvin",
            "color_mode",
            "supported_color_modes",
            "supported_features",
            "min_color_temp_kelvin",
            "max_color_temp_kelvin",
        }
    )
    passing: frozenset[str] = frozenset()

    def read(self, state: str, attributes: Mapping[str, object]) -> State | None:
        """See ``Kind``. Brightness in %, warmth in K."""
        if state in GONE:
            return None
        read: State = {"power": state == "on"}
        brightness, kelvin = number(attributes.get("brightness")), number(attributes.get("color_temp_kelvin"))
        if read["power"] and brightness is not None:
            read["brightness"] = round(brightness / 2.55, 1)
        if read["power"] and kelvin is not None:
            read["kelvin"] = kelvin
        return read

    def call(
        self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]
    ) -> Call | Cannot | None:
        """See ``Kind``. ``wanted`` may hold ``transition`` (seconds), sent along but never expected back, and ``fine``.

        Steps that are ``fine`` are sent in units of 1/255: whole percents are seen in a lamp that is dim.
        """
        if "power" in wanted:
            return self._switch(entity, wanted, reported, attributes)
        if not reported["power"]:
            return None
        slack = FINE if wanted.get("fine") else TOLERANCE
        expects: State = {}
        brightness, now = number(wanted.get("brightness")), number(reported.get("brightness"))
        if brightness is not None and now is not None and now - brightness > slack["brightness"]:
            expects["brightness"] = brightness
        kelvin, warmth = self._warmth(wanted, attributes), number(reported.get("kelvin"))
        # A lamp that shows a colour reports no warmth, and is left at it: it may be warmer than any white.
        colourful = warmth is None and attributes.get("color_mode") in WARMER_THAN_ANY_WHITE
        if kelvin is not None and not colourful and (warmth is None or warmth - kelvin > slack["kelvin"]):
            expects["kelvin"] = kelvin
        if not expects:
            return None
        data: dict[str, object] = {"entity_id": entity}
        if "brightness" in expects and wanted.get("fine"):
            data["brightness"] = max(1, round(float(expects["brightness"]) * 2.55))
        elif "brightness" in expects:
            data["brightness_pct"] = max(1, round(float(expects["brightness"])))
        if "kelvin" in expects:
            data["color_temp_kelvin"] = round(float(expects["kelvin"]))
        if wanted.get("transition"):
            data["transition"] = wanted["transition"]
        return Call("light.turn_on", data, expects)

    def _switch(self, entity: str, wanted: State, reported: State, attributes: Mapping[str, object]) -> Call | None:
        if wanted["power"] == reported["power"]:
            return None
        data: dict[str, object] = {"entity_id": entity}
        if wanted.get("transition"):
            data["transition"] = wanted["transition"]
        if not wanted["power"]:
            return Call("light.turn_off", data, {"power": False})
        modes, brightness = attributes.get("supported_color_modes"), number(wanted.get("brightness"))
        if brightness is not None and modes != ["onoff"]:
            data["brightness_pct"] = max(1, round(brightness))
        kelvin = self._warmth(wanted, attributes)
        if kelvin is not None:
            data["color_temp_kelvin"] = round(kelvin)
        elif "kelvin" in wanted and isinstance(modes, list) and not WARMER_THAN_ANY_WHITE.isdisjoint(map(str, modes)):
            data["rgb_color"] = AMBER
        # Only that it is on is waited for: how a lamp rounds must not make it be switched on again.
        return Call("light.turn_on", data, {"power": True})

    @staticmethod
    def _warmth(wanted: State, attributes: Mapping[str, object]) -> float | None:
        modes, kelvin = attributes.get("supported_color_modes"), number(wanted.get("kelvin"))
        if kelvin is None or not isinstance(modes, list) or "color_temp" not in modes:
            return None
        low, high = number(attributes.get("min_color_temp_kelvin")), number(attributes.get("max_color_temp_kelvin"))
        kelvin = kelvin if low is None else max(kelvin, low)
        return kelvin if high is None else min(kelvin, high)

    def describe(self, state: State, temperature: Callable[[float], str] = in_celsius) -> str:
        """See ``Kind``."""
        del temperature
        if not state.get("power", True):
            return "off"
        parts = [(number(state.get(name)), unit) for name, unit in (("brightness", "%"), ("kelvin", "K"))]
        return " and ".join(f"{value:.0f} {unit}" for value, unit in parts if value is not None) or "on"
