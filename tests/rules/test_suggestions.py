"""Votes in, suggestions out: when one is made, how far it goes, and when none is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.comfort_check import check_comfort
from config.profile import Profile
from config.yaml_file import YamlFile
from rules.suggestions import Suggestion, Vote, suggestions
from tests.rules.builders import merged

NOW = datetime(2026, 7, 20, 10, 0, tzinfo=UTC)
ANNA = {"name": "Anna", "time_zone": "Europe/Berlin"}


def anna(**changes: Any) -> Profile:  # noqa: ANN401
    """A profile with starting points: 22 °C in bed, 24 °C else, the air conditioner at 21 °C, the floor at 16 °C."""
    return Profile.model_validate(merged(dict(ANNA), changes), context={"units": changes.get("units", "C")})


def votes(
    *celsius: float | None,
    report: Literal["too_hot", "too_cold"] = "too_hot",
    in_bed: bool | None = True,
    days: int = 2,
) -> list[Vote]:
    """Votes, one an evening for ``days`` evenings and the others an hour later each."""
    return [
        Vote(
            at=NOW - timedelta(days=1 + index % days, hours=12 - index // days),
            report=report,
            celsius=each,
            in_bed=in_bed,
        )
        for index, each in enumerate(celsius)
    ]


def offered(said: Iterable[Vote], profile: Profile | None = None, now: datetime = NOW) -> list[tuple[str, float]]:
    """Keys and what is proposed."""
    return [(each.key, each.proposed) for each in suggestions(said, profile or anna(), now)]


IN_BED, AWAKE, TARGET = "triggers.heat.above_in_bed", "triggers.heat.above", "comfort.target"


def test_too_hot_in_bed_below_the_limit() -> None:
    """A little before the temperature at which it was too much, and in plain words."""
    assert suggestions(votes(21.4, 21.2, 21.3), anna(), NOW) == [
        Suggestion(
            key=IN_BED,
            now=22.0,
            proposed=21.0,
            why='In the last 21 days you said "too hot" 3 times in bed, on 2 days, at about 21.3 °C. '
            "Your limit in bed is 22.0 °C.",
        )
    ]


def test_words_are_in_the_unit_of_the_person() -> None:
    """Numbers stay in °C for whoever writes them."""
    (found,) = suggestions(votes(21.4, 21.2, 21.3), anna(units="F"), NOW)
    assert found.proposed == 21.0
    assert found.why.endswith("at about 70.3 °F. Your limit in bed is 71.6 °F.")


def test_too_hot_out_of_bed() -> None:
    """The other limit."""
    assert offered(votes(23.0, 23.2, 23.6, in_bed=False)) == [(AWAKE, 22.9)]


@pytest.mark.parametrize(
    "said",
    [
        votes(21.0, 21.0),
        votes(21.0, 21.0, 21.0, days=1),
        votes(22.0, 22.4, 22.1),
        votes(21.0, 21.0, None),
        votes(21.0, 21.0, 21.0, in_bed=None),
        [*votes(21.0, 21.0), *votes(21.0, in_bed=False)],
        votes(21.95, 21.95, 21.95)[:2],
    ],
    ids=["two", "one night", "above the limit", "no reading", "bed not known", "one was up", "too few"],
)
def test_too_little_to_go_by(said: list[Vote]) -> None:
    """Nothing is offered."""
    assert offered(said) == []


def test_what_is_said_again_at_once_counts_once() -> None:
    """A press that is repeated is no second vote."""
    said = votes(21.0, 21.0)
    again = [Vote(at=each.at + timedelta(minutes=10), report=each.report, celsius=21.0, in_bed=True) for each in said]
    assert offered([*said, *again]) == []


def test_a_night_is_one_day() -> None:
    """Also over midnight."""
    at = datetime(2026, 7, 18, 20, 0, tzinfo=UTC)  # 22:00 in Berlin
    said = [Vote(at=at + timedelta(hours=hours), report="too_hot", celsius=21.0, in_bed=True) for hours in (0, 3, 6)]
    assert offered(said) == []


@pytest.mark.parametrize(("later", "found"), [(18, 1), (19, 0)])
def test_what_was_said_three_weeks_ago_counts_no_more(later: int, found: int) -> None:
    """Seasons change."""
    assert len(offered(votes(21.0, 21.0, 21.0), now=NOW + timedelta(days=later, hours=1))) == found


def test_only_what_was_said_since_the_limit_was_chosen_counts() -> None:
    """Else one warm week would lower it again and again."""
    said = votes(21.0, 21.0, 21.0)  # on the 17th and the 18th
    assert offered(said, anna(triggers={"heat": {"set_by": "me", "set_on": date(2026, 7, 16)}})) == [(IN_BED, 20.7)]
    assert offered(said, anna(triggers={"heat": {"set_by": "me", "set_on": date(2026, 7, 17)}})) == []


@pytest.mark.parametrize(
    ("changes", "proposed"),
    [
        ({}, 20.5),
        ({"comfort": {"target": 20.5}}, 21.0),
        ({"comfort": {"floor": 20.0}, "triggers": {"heat": {"above_in_bed": 21.4}}}, 21.0),
        ({"triggers": {"heat": {"above_in_bed": 19.4}, "cold": {"below": 17.8}}}, 18.8),
        ({"triggers": {"heat": {"above_in_bed": 19.0}, "cold": {"enabled": False}}}, 17.5),
    ],
    ids=["1.5 at a time", "above the target", "above the floor", "no cold by cooling", "cold is not watched"],
)
def test_it_is_never_lowered_too_far(changes: dict[str, Any], proposed: float) -> None:
    """Cooling must be able to end heat, and not by cold."""
    assert offered(votes(17.0, 17.0, 17.0), anna(**changes)) == [(IN_BED, proposed)]


def test_one_that_is_as_low_as_it_may_be_is_left() -> None:
    """There is nothing to offer then."""
    assert offered(votes(20.0, 20.0, 20.0), anna(comfort={"target": 21.5})) == []


@pytest.mark.parametrize("heat", [{"enabled": False}, {"felt": True}])
def test_no_limit_of_the_air_no_suggestion(heat: dict[str, Any]) -> None:
    """A heat trigger that is off, or that counts humidity in."""
    assert offered(votes(21.0, 21.0, 21.0), anna(triggers={"heat": heat})) == []


def test_too_cold_where_the_room_is_cooled_down_to() -> None:
    """Cooling stops sooner, by half a degree at most."""
    profile = anna(comfort={"target": 20.0})
    cold = votes(20.1, 20.0, 20.2, report="too_cold")
    assert suggestions(cold, profile, NOW) == [
        Suggestion(
            key=TARGET,
            now=20.0,
            proposed=20.4,
            why='In the last 21 days you said "too cold" 3 times, on 2 days, at about 20.1 °C. '
            "The room is cooled down to 20.0 °C.",
        )
    ]
    assert offered(votes(20.9, 20.9, 20.9, report="too_cold"), profile) == [(TARGET, 20.5)]


def test_a_cold_room_that_cooling_did_not_make_says_nothing() -> None:
    """Nor one that is above the limit."""
    assert offered(votes(18.0, 18.5, 18.2, report="too_cold")) == []
    assert offered(votes(22.5, 22.5, 22.5, report="too_cold")) == []


def test_the_setpoint_stays_below_where_heat_is_over() -> None:
    """Then the limit in bed itself is in the way, and is raised carefully."""
    assert offered(votes(21.4, 21.4, 21.4, report="too_cold")) == [(TARGET, 21.5)]
    assert offered(votes(21.4, 21.4, 21.4, report="too_cold"), anna(comfort={"target": 21.5})) == [(IN_BED, 22.2)]
    high = anna(comfort={"target": 23.4}, triggers={"heat": {"above_in_bed": 23.9}})
    assert offered(votes(23.8, 23.8, 23.8, report="too_cold"), high) == [(IN_BED, 24.0)]
    at_most = anna(comfort={"target": 23.5}, triggers={"heat": {"above_in_bed": 24.0}})
    assert offered(votes(23.8, 23.8, 23.8, report="too_cold"), at_most) == []


def test_who_is_too_hot_there_too_gets_no_warmer_room() -> None:
    """Both cannot be."""
    cold, hot = votes(21.4, 21.4, 21.4, report="too_cold"), votes(21.4)
    assert offered([*cold, *hot]) == []
    assert offered([*cold, *hot], anna(comfort={"target": 21.5})) == []


said = st.lists(
    st.builds(
        Vote,
        at=st.integers(0, 25 * 24 * 60).map(lambda minutes: NOW - timedelta(minutes=minutes)),
        report=st.sampled_from(["too_hot", "too_cold"]),
        celsius=st.one_of(st.none(), st.floats(15, 30)),
        in_bed=st.sampled_from([True, True, False, None]),
    ),
    max_size=30,
)
limits = st.floats(15, 30).map(lambda value: round(value, 1))


@given(
    said,
    limits,
    limits,
    st.one_of(st.none(), st.floats(16, 30).map(lambda value: round(value, 1))),
    st.sampled_from(["heat", "cold"]),
    st.booleans(),
)
def test_a_suggestion_is_never_a_mistake(
    votes: list[Vote], above: float, in_bed: float, target: float | None, sensitive: str, cold: bool
) -> None:
    """Whatever was said: what is offered fits the rest of the profile, in small steps."""
    heat = {"above": above, "above_in_bed": in_bed}
    try:
        profile = anna(
            comfort={"target": target, "sensitive_to": sensitive}, triggers={"heat": heat, "cold": {"enabled": cold}}
        )
    except ValueError:
        return
    file = YamlFile(name="anna.yaml")
    if list(check_comfort(profile, file)):
        return
    for each in suggestions(votes, profile, NOW):
        assert -1.5 - 1e-6 <= each.proposed - each.now <= 0.5 + 1e-6
        assert abs(each.proposed - each.now) >= 0.05 - 1e-6
        group, _, key = each.key.rpartition(".")
        model = profile.comfort if group == "comfort" else profile.triggers.heat
        changed = model.model_copy(update={key: each.proposed})
        triggers = profile.triggers if group == "comfort" else profile.triggers.model_copy(update={"heat": changed})
        comfort = changed if group == "comfort" else profile.comfort
        after = profile.model_copy(update={"comfort": comfort, "triggers": triggers})
        assert list(check_comfort(after, file)) == []
        type(model).model_validate(changed.model_dump(by_alias=True))
