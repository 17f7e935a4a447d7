"""How much cooler moving air feels: the cooling effect of ASHRAE 55, by the standard effective temperature (SET).

The table was made with pythermalcomfort 4.8.1: ``cooling_effect(tdb=t, tr=t, vr=v, rh=50, met=1.0, clo=0.5)`` for air
of 18 to 34 °C (rows) and 0.1 to 0.8 m/s (columns); `tests/oracle` makes it anew and compares.
"""

from __future__ import annotations

COLDEST_C = 18
SLOWEST_M_S, SPEED_STEP_M_S = 0.1, 0.1
TABLE_K = (
    (0.00, 0.87, 1.86, 2.60, 3.19, 3.68, 4.09, 4.46),  # 18 °C
    (0.00, 0.83, 1.77, 2.47, 3.02, 3.48, 3.87, 4.21),  # 19 °C
    (0.00, 0.79, 1.68, 2.34, 2.86, 3.29, 3.66, 3.98),  # 20 °C
    (0.00, 0.75, 1.60, 2.22, 2.71, 3.12, 3.46, 3.75),  # 21 °C
    (0.00, 0.72, 1.53, 2.12, 2.58, 2.96, 3.28, 3.55),  # 22 °C
    (0.00, 0.69, 1.47, 2.02, 2.46, 2.81, 3.11, 3.37),  # 23 °C
    (0.00, 0.67, 1.41, 1.94, 2.35, 2.68, 2.96, 3.21),  # 24 °C
    (0.00, 0.65, 1.36, 1.87, 2.26, 2.57, 2.84, 3.07),  # 25 °C
    (0.00, 0.69, 1.36, 1.82, 2.19, 2.49, 2.74, 2.95),  # 26 °C
    (0.00, 0.73, 1.43, 1.88, 2.21, 2.47, 2.67, 2.87),  # 27 °C
    (0.00, 0.76, 1.48, 1.95, 2.29, 2.55, 2.76, 2.94),  # 28 °C
    (0.00, 0.78, 1.53, 2.01, 2.36, 2.62, 2.84, 3.01),  # 29 °C
    (0.00, 0.80, 1.57, 2.06, 2.41, 2.68, 2.90, 3.08),  # 30 °C
    (0.00, 0.82, 1.60, 2.10, 2.46, 2.73, 2.95, 3.13),  # 31 °C
    (0.00, 0.83, 1.63, 2.14, 2.50, 2.77, 2.99, 3.17),  # 32 °C
    (0.00, 0.84, 1.64, 2.16, 2.52, 2.79, 3.01, 3.19),  # 33 °C
    (0.00, 0.84, 1.65, 2.16, 2.53, 2.80, 3.02, 3.20),  # 34 °C
)


def cooling_effect_k(air_c: float, speed_m_s: float) -> float:
    """How many K cooler than still air it feels; nothing below 0.1 m/s, and no more than at the table's rim."""
    if speed_m_s <= SLOWEST_M_S:
        return 0.0
    row, row_part = _place(air_c - COLDEST_C, len(TABLE_K))
    column, column_part = _place((speed_m_s - SLOWEST_M_S) / SPEED_STEP_M_S, len(TABLE_K[0]))
    colder, warmer = TABLE_K[row], TABLE_K[row + 1]
    low = colder[column] * (1 - column_part) + colder[column + 1] * column_part
    high = warmer[column] * (1 - column_part) + warmer[column + 1] * column_part
    return low * (1 - row_part) + high * row_part


def _place(steps: float, count: int) -> tuple[int, float]:
    """The line before a place in the table, and the part of the way to the next."""
    inside = min(max(steps, 0.0), count - 1.0)
    index = min(int(inside), count - 2)
    return index, inside - index
