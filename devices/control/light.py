"""Lamps: only ever brought down, and only while they are on (R12)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from devices.control.kind import GONE, TOLERANCE, Call, Cannot, State, in_celsius, number


class Light:
    """A lamp. It is never switched on or off, and never made brighter: only a lamp that is on is brought down (R12)."""

    confirm_within = timedelta(seconds=20)
    reads = frozenset(
        {
            "brightness",
            "color_temp_kelvin",
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
        """See ``Kind``. ``wanted`` may hold ``transition`` (seconds), sent along but never expected back."""
        if not reported["power"]:
            return None
        expects: State = {}
        brightness, now = number(wanted.get("brightness")), number(reported.get("brightness"))
        if brightness is not None and now is not None and now - brightness > TOLERANCE["brightness"]:
            expects["brightness"] = brightness
        kelvin, warmth = self._warmth(wanted, attributes), number(reported.get("kelvin"))
        # A lamp that shows a colour reports no warmth; the wanted one is warm, and takes its place.
        if kelvin is not None and (warmth is None or warmth - kelvin > TOLERANCE["kelvin"]):
            expects["kelvin"] = kelvin
        if not expects:
            return None
        data: dict[str, object] = {"entity_id": entity}
        if "brightness" in expects:
            data["brightness_pct"] = max(1, round(float(expects["brightness"])))
        if "kelvin" in expects:
            data["color_temp_kelvin"] = round(float(expects["kelvin"]))
        if wanted.get("transition"):
            data["transition"] = wanted["transition"]
        return Call("light.turn_on", data, expects)

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
