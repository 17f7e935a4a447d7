"""What a rule asks for: what, never how."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Cool:
    """Cool ``room`` now, for as long as the rule asks; the bounds come from the profile."""

    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepCool:
    """Have ``room`` below the heat limit whenever somebody is in bed there, and before they get in.

    ``cooler_c``: the limit counts as so much lower, in °C.
    """

    room: str
    cooler_c: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class EaseOff:
    """Stop what cools ``room``."""

    room: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dim:
    """Bring the lights of ``room`` that are on down to a brightness in % (and a warmth in K), over ``fade_s``.

    ``out``: off at the end, once somebody is in bed.
    """

    room: str
    brightness_pct: float
    kelvin: int | None
    fade_s: float
    out: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """Offer the person a prompt by its name ("stretch", "wash")."""

    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tell:
    """Tell the person one thing, once, when it begins and when it is over."""

    notice: str
    room: str


Want = Cool | KeepCool | EaseOff | Dim | Offer | Tell


def target_of(want: Want) -> str:
    """What a want is about, as the engine's agenda names it."""
    match want:
        case Cool() | KeepCool() | EaseOff():
            return f"cool:{want.room}"
        case Dim():
            return f"light:{want.room}"
        case Offer() | Tell():
            return "desk:"
