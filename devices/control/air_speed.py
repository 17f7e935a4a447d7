"""How much cooler moving air feels: the elevated air speed method of ASHRAE Standard 55.

A fan does not cool a room, it cools the person. ASHRAE 55 says by how much: it works out the standard effective
temperature (SET) of the room with moving air, and then how much cooler the same room would have to be in still air for
the same SET. SET comes from the two-node model of the human body: a core and a skin that shiver, sweat and move blood.
Sources: Gagge, Fobelets and Berglund (1986), "A standard predictive index of human response to the thermal
environment", ASHRAE Transactions 92; Fountain and Huizenga (1995), "A thermal sensation model for use by the
engineering profession"; ASHRAE 55-2020, Appendix D. Compared with pythermalcomfort in ``tests/oracle``.

The model was made from healthy people who were awake. It counts on sweat: at 50 % humidity it finds a fan as good at
34 °C as at 24 °C. It knows nothing of MS, of sweating that is disturbed, or of a duvet. That is why ``credit_c`` counts
half of it at most, and nothing in very warm air.
"""

from __future__ import annotations

from functools import lru_cache
from math import exp, floor
from typing import NamedTuple

STILL_MS = 0.1
"""Air in a room without a fan, m/s; slower air than this is still for the standard."""

FULL_FAN_MS = 0.8
"""Assumed at the bed with the fan at 100 %: the most that ASHRAE 55 allows people who cannot set the fan themselves.
Nobody has measured it where you lie; a fan that stands near gives more, one in the corner less."""

SHARE = 0.5
"""How much of the effect a controller counts on: what the fan does at the bed is not known better than that."""
MOST_C = 1.0
"""No more than that is counted on, in °C, whatever the fan."""
NO_HELP_FROM_C = 35.0
"""From about here on the air is as warm as the skin, and a fan helps little (public advice for heat waves)."""

STEP_C, STEP_PCT, STEP_MS = 0.5, 5.0, 0.05
"""How far apart the rooms are that answers are remembered for."""

MET_W_M2 = 58.2  # one met: the heat of a person who sits
BODY_KG, BODY_M2 = 69.9, 1.8258
SKIN_C, CORE_C, BODY_C = 33.7, 36.8, 36.49  # neutral: neither sweats nor shivers
STEFAN_BOLTZMANN = 5.6697e-8
RADIATING = 0.95 * 0.73  # how well skin and clothes radiate, and the part of a standing body that does
LEWIS = 2.2  # °C/Torr, evaporation for each unit of convection
MINUTES = 60  # SET is defined after one hour
WIDEST_C = 20.0  # no speed in a home has a larger effect


class _Around(NamedTuple):
    """What stands between the skin and the room. Resistances in m²K/W (``damp``: m²Torr/W)."""

    air_c: float  # and of walls and furniture
    vapour_torr: float
    convection: float  # W/(m²K)
    clothes: float
    area: float  # of the clothed body, for each m² of skin
    damp: float  # against evaporation
    wettest: float  # the part of the skin that can be wet before sweat drips off


class _Skin(NamedTuple):
    """The skin after an hour."""

    celsius: float
    loss: float  # W/m² from the skin to the room
    wet: float  # 0 to 1
    radiation: float  # W/(m²K)


def _saturated_torr(celsius: float) -> float:
    """Antoine's equation, as the standard has it."""
    return exp(18.6686 - 4030.183 / (celsius + 235.0))


def _around(air_c: float, speed_ms: float, humidity_pct: float, clo: float) -> _Around:
    """Resistances from the speed of the air and the clothes, at sea level."""
    speed = max(speed_ms, STILL_MS)
    convection = max(3.0, 8.600001 * speed**0.53)
    clothes, area = 0.155 * clo, 1.0 + 0.15 * clo
    # Clothes let water vapour through less well than heat (0.45), and wick it, so that more of the skin can be wet.
    through, wettest = (0.45, 0.59 * speed**-0.08) if clo > 0 else (1.0, 0.38 * speed**-0.29)
    damp = 1.0 / (LEWIS * area * convection) + clothes / (LEWIS * through)
    return _Around(
        air_c, humidity_pct / 100 * _saturated_torr(air_c), convection, clothes, area, damp, min(wettest, 1.0)
    )


def _radiation(around: _Around, skin_c: float, clothes_c: float) -> tuple[float, float, float]:
    """Radiation in W/(m²K), the resistance of the air layer, how warm the clothes are: each depends on the others."""
    radiation, layer = 0.0, 0.0
    for _settles in range(20):  # after two or three
        mean_k = (clothes_c + around.air_c) / 2 + 273.15
        radiation = 4 * RADIATING * STEFAN_BOLTZMANN * mean_k**3
        layer = 1.0 / (around.area * (radiation + around.convection))
        found = (layer * skin_c + around.clothes * around.air_c) / (layer + around.clothes)
        if abs(found - clothes_c) <= 0.01:  # noqa: PLR2004 (the precision of the standard)
            break
        clothes_c = found
    return radiation, layer, clothes_c


def _evaporation(around: _Around, skin_c: float, sweat: float) -> tuple[float, float]:
    """What evaporates in W/m² and the wet part of the skin, when the body sweats for ``sweat`` W/m²."""
    most = (_saturated_torr(skin_c) - around.vapour_torr) / around.damp
    if most < 0:  # water settles on the skin
        return most, around.wettest
    # Skin that does not sweat still gives off water, as if 6 % of it were wet.
    wet = 0.06 + 0.94 * sweat / most if most else around.wettest
    wet = min(wet, around.wettest)
    return wet * most, wet


def _after_an_hour(around: _Around, met: float) -> _Skin:
    """The two nodes, minute by minute."""
    skin, core, blood, share = SKIN_C, CORE_C, 6.3, 0.1
    heat, evaporated, wet = met * MET_W_M2, 0.1 * met, 0.06
    clothes_c, radiation, dry = skin, 4.7, 0.0
    for _minute in range(MINUTES):
        radiation, layer, clothes_c = _radiation(around, skin, clothes_c)
        dry = (skin - around.air_c) / (layer + around.clothes)
        to_skin = (core - skin) * (5.28 + 1.163 * blood)
        breath = 0.0023 * heat * (44.0 - around.vapour_torr) + 0.0014 * heat * (34.0 - around.air_c)
        per_minute = BODY_M2 / (0.97 * BODY_KG * 60.0)
        skin += (to_skin - dry - evaporated) * per_minute / share
        core += (heat - to_skin - breath) * per_minute / (1.0 - share)
        warm_skin, warm_core = max(skin - SKIN_C, 0.0), max(core - CORE_C, 0.0)
        cold_skin, cold_core = max(SKIN_C - skin, 0.0), max(CORE_C - core, 0.0)
        warm_body = max(share * skin + (1 - share) * core - BODY_C, 0.0)
        blood = min(max((6.3 + 120.0 * warm_core) / (1.0 + 0.5 * cold_skin), 0.5), 90.0)
        sweat = 0.68 * min(170.0 * warm_body * exp(warm_skin / 10.7), 500.0)
        evaporated, wet = _evaporation(around, skin, sweat)
        heat = met * MET_W_M2 + 19.4 * cold_skin * cold_core  # shivering
        share = 0.0417737 + 0.7451833 / (blood + 0.585417)  # more blood, less of the body is skin
    return _Skin(skin, dry + evaporated, wet, radiation)


def _standard_c(skin: _Skin, met: float) -> float:
    """The standard room (50 % humidity, still air, clothes to suit ``met``) that takes as much heat off ``skin``."""
    convection = max(3.0, 5.66 * (met - 0.85) ** 0.39) if met > 0.85 else 3.0  # noqa: PLR2004 (a person who moves)
    both = convection + skin.radiation
    clo = 1.52 / (met + 0.6944) - 0.1835
    clothes, area = 0.155 * clo, 1.0 + 0.25 * clo
    outer = 1.0 / (1.0 + 0.155 * area * both * clo)
    share = convection / both
    through = 0.45 * share * (1.0 - outer) / (share - outer * 0.45)
    per_c = 1.0 / (1.0 / (area * both) + clothes)
    per_torr = skin.wet / (1.0 / (LEWIS * area * convection) + clothes / (LEWIS * through))
    skin_torr = _saturated_torr(skin.celsius)
    found = skin.celsius - skin.loss / both
    for _newton in range(20):
        vapour = 0.5 * _saturated_torr(found)
        missing = skin.loss - per_c * (skin.celsius - found) - per_torr * (skin_torr - vapour)
        step = missing / (per_c + per_torr * vapour * 4030.183 / (found + 235.0) ** 2)
        found -= step
        if abs(step) < 1e-4:  # noqa: PLR2004 (°C, far below what anybody asks)
            break
    return found


def standard_effective_temperature_c(
    air_c: float, speed_ms: float, humidity_pct: float = 50.0, met: float = 1.0, clo: float = 0.5
) -> float:
    """SET in °C of a room whose walls are as warm as its air: °C, m/s, % relative humidity, met, clo. About 0.2 ms."""
    return _standard_c(_after_an_hour(_around(air_c, speed_ms, humidity_pct, clo), met), met)


def cooling_effect_c(
    air_c: float, speed_ms: float, humidity_pct: float = 50.0, met: float = 1.0, clo: float = 0.5
) -> float:
    """How much cooler still air would have to be to feel like this moving air, in °C to 0.01; 0 for still air.

    Air and humidity are rounded to 0.5 °C and 5 %, and it is interpolated between steps of 0.05 m/s, so that answers
    can be remembered: measured, one takes about 4 ms the first time and 1 µs from then on. That costs at most 0.1 °C of
    precision.
    """
    if speed_ms <= STILL_MS:
        return 0.0
    steps = speed_ms / STEP_MS
    below = floor(steps)
    air, humidity = round(air_c / STEP_C), round(humidity_pct / STEP_PCT)
    slow = _at_step(air, below, humidity, met, clo)
    fast = _at_step(air, below + 1, humidity, met, clo)
    return round(slow + (fast - slow) * (steps - below), 2)


@lru_cache(maxsize=4096)
def _at_step(air_steps: int, speed_steps: int, humidity_steps: int, met: float, clo: float) -> float:
    """Bisection for the effect, where the standard's still air gives the SET of the moving air."""
    air, speed, humidity = air_steps * STEP_C, speed_steps * STEP_MS, humidity_steps * STEP_PCT
    if speed <= STILL_MS:
        return 0.0
    wanted = standard_effective_temperature_c(air, speed, humidity, met, clo)
    low, high = 0.0, WIDEST_C
    while high - low > 0.002:  # noqa: PLR2004 (so that 0.01 is right)
        middle = (low + high) / 2
        if standard_effective_temperature_c(air - middle, STILL_MS, humidity, met, clo) > wanted:
            low = middle
        else:
            high = middle
    return low


def fan_speed_ms(percentage: float) -> float:
    """The assumed air speed at the bed, in m/s, of a fan that runs at so many percent. See ``FULL_FAN_MS``."""
    return FULL_FAN_MS * min(max(percentage, 0.0), 100.0) / 100


def credit_c(air_c: float, percentage: float, humidity_pct: float = 50.0) -> float:
    """What a controller may count on of a fan, in °C: half the effect and 1 °C at most, nothing above 35 °C.

    For a person who lies still (1.0 met) under little (0.5 clo). ``percentage`` is the fan's, 0 when it is off.
    """
    if air_c > NO_HELP_FROM_C:
        return 0.0
    return round(min(SHARE * cooling_effect_c(air_c, fan_speed_ms(percentage), humidity_pct), MOST_C), 2)
