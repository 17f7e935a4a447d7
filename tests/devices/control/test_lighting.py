"""Lamps on their way down: steps that the eye does not see, a goal that changes on the way, and off at the end."""

from __future__ import annotations

import itertools
from datetime import datetime, timedelta
from typing import Any

import pytest

from devices.actions import Action
from devices.control.device import Device
from devices.control.lighting import Lighting
from devices.control.memory import Spec
from devices.events import DeviceReported
from devices.wants import Dim
from tests.devices.control.bench import START, Speech

LAMP = "light.bedside"
WHITE: dict[str, Any] = {
    "supported_color_modes": ["color_temp"],
    "color_mode": "color_temp",
    "color_temp_kelvin": 4000,
    "min_color_temp_kelvin": 2000,
    "max_color_temp_kelvin": 6500,
    "supported_features": 0,
}
FADES = {**WHITE, "supported_features": 32}


def dim(brightness: float = 10.0, kelvin: int | None = None, minutes: float = 20, *, out: bool = False) -> Dim:
    """A want."""
    return Dim(room="bedroom", brightness_pct=brightness, kelvin=kelvin, fade_s=minutes * 60, out=out)


class Bedside:
    """A lamp that obeys at once, and the clock beside it. ``levels``: how many brightnesses it knows."""

    def __init__(self, brightness: int = 255, levels: int = 255, **attributes: Any) -> None:  # noqa: ANN401
        spec = Spec(LAMP, "the lamp", timedelta(hours=2), always_respect=False, needed=False)
        self.device = Device(spec, Speech())
        self.lighting = Lighting([self.device])
        self.now: datetime = START
        self.want: Dim | None = None
        self.in_bed: bool | None = None
        self.left = False
        self.deaf = False
        self.levels = levels
        self.sent: list[Action] = []
        self.state, self.attributes = "on", {**(attributes or WHITE), "brightness": brightness}
        self.dues: list[datetime] = []
        self.report()

    def report(self, state: str | None = None, **attributes: Any) -> None:  # noqa: ANN401
        """It says how it is, after a hand if anything is named."""
        self.state, self.attributes = state or self.state, {**self.attributes, **attributes}
        event = DeviceReported(at=self.now, source="ha", entity=LAMP, state=self.state, attributes=self.attributes)
        self.device.report(event, self.now)
        self.look()

    def look(self) -> None:
        """Steer and reconcile once, as the engine does."""
        due = self.lighting.steer(self.want, "evening", ("e1",), self.now, in_bed=self.in_bed, left=self.left)
        step = self.device.reconcile(self.now, peer_up=True, mint=lambda: f"a{len(self.sent)}")
        self.dues = [each for each in (due, step.due) if each is not None]
        if step.action is None:
            return
        self.sent.append(step.action)
        slow = step.action.service == "light.turn_on" and "transition" in step.action.data
        if not self.deaf and not slow:
            self.obey(step.action)

    def obey(self, action: Action) -> None:
        """It does what it is told, as finely as it can, and says so if anything changed."""
        if action.service == "light.turn_off":
            self.report("off")
            return
        before = dict(self.attributes)
        if "brightness" in action.data:
            level = round(float(str(action.data["brightness"])) * self.levels / 255)
            self.attributes["brightness"] = round(level * 255 / self.levels)
        if "brightness_pct" in action.data:
            self.attributes["brightness"] = round(float(str(action.data["brightness_pct"])) * 2.55)
        if "color_temp_kelvin" in action.data:
            self.attributes["color_temp_kelvin"] = action.data["color_temp_kelvin"]
        if self.attributes != before:
            self.report()

    def wait(self, **span: float) -> Bedside:
        """Let time pass, looking whenever it is due."""
        until = self.now + timedelta(**span)
        while self.dues and min(self.dues) <= until:
            self.now = max(self.now, min(self.dues)) + timedelta(0)
            self.look()
        self.now = until
        return self

    def ask(self, want: Dim | None) -> Bedside:
        """Want it so from now on."""
        self.want = want
        self.look()
        return self

    @property
    def brightness(self) -> list[int]:
        """What was asked of it, in units of 1/255."""
        return [int(str(action.data["brightness"])) for action in self.sent if "brightness" in action.data]


# -- steps


@pytest.mark.parametrize(("first", "goal", "minutes"), [(255, 30.0, 30), (77, 10.0, 20), (26, 3.0, 15), (255, 3.0, 1)])
def test_no_step_is_larger_than_the_eye_forgives(first: int, goal: float, minutes: float) -> None:
    """At most 8 % of what is there, or one unit where it is dim; never two within twenty seconds."""
    lamp = Bedside(first).ask(dim(goal, minutes=minutes)).wait(hours=1)
    levels = [first, *lamp.brightness]
    assert levels[-1] == round(goal * 2.55)
    assert all(0 < before - after <= max(1, before * 0.08) for before, after in itertools.pairwise(levels))
    times = [action.at for action in lamp.sent]
    gaps = [(after - before).total_seconds() for before, after in itertools.pairwise(times)]
    assert min(gaps) >= 20
    if minutes > 10:
        assert abs((times[-1] - times[0]).total_seconds() / 60 - minutes) < 2.5


def test_warmth_goes_in_small_steps_of_mired() -> None:
    """Down in kelvin only, a straight line in mired, to the goal."""
    lamp = Bedside().ask(dim(10.0, 2200)).wait(hours=1)
    kelvin = [4000, *[float(str(each.data["color_temp_kelvin"])) for each in lamp.sent if len(each.data) > 1]]
    mired = [1e6 / each for each in kelvin]
    steps = [after - before for before, after in itertools.pairwise(mired)]
    assert kelvin == sorted(kelvin, reverse=True)
    assert abs(kelvin[-1] - 2200) <= 5
    assert max(steps) < 6.0


def test_a_lamp_that_is_warmer_already_keeps_its_warmth() -> None:
    """Never colder than it is; nor is a colour taken from it."""
    lamp = Bedside(255, **{**WHITE, "color_temp_kelvin": 2100}).ask(dim(10.0, 2700)).wait(hours=1)
    assert lamp.sent
    assert not any("color_temp_kelvin" in each.data for each in lamp.sent)
    red = {**WHITE, "color_mode": "hs", "color_temp_kelvin": None, "supported_color_modes": ["color_temp", "hs"]}
    for features in (0, 32):
        lamp = Bedside(255, **{**red, "supported_features": features}).ask(dim(10.0, 2700)).wait(hours=1)
        assert lamp.sent
        assert not any("color_temp_kelvin" in each.data for each in lamp.sent)


@pytest.mark.parametrize("levels", [100, 254])
def test_a_lamp_with_coarse_levels_gets_there(levels: int) -> None:
    """Steps that it cannot follow are no failure, and it is not asked for ever."""
    lamp = Bedside(100, levels).ask(dim(5.0)).wait(hours=3)
    assert lamp.attributes["brightness"] <= 15
    assert len(lamp.sent) < 60


def test_a_lamp_that_does_not_listen_is_asked_more_and_more_seldom() -> None:
    """A night of commands into the void helps nobody."""
    lamp = Bedside()
    lamp.deaf = True
    lamp.ask(dim()).wait(hours=10)
    assert len(lamp.sent) < 50


def test_the_end_of_a_hold_is_no_jump() -> None:
    """A lamp that was made bright by hand is taken down slowly once the time since is over."""
    lamp = Bedside().ask(dim()).wait(minutes=30)
    lamp.report(brightness=255)
    lamp.sent.clear()
    lamp.wait(hours=1, minutes=59)
    assert lamp.sent == []
    lamp.wait(hours=2)
    assert lamp.brightness[0] >= 234
    assert lamp.brightness[-1] == 26


def test_after_a_power_cut_the_fade_begins_anew() -> None:
    """A lamp that came back at full brightness is taken down as slowly as before."""
    lamp = Bedside().ask(dim(minutes=30)).wait(minutes=25)
    lamp.report("unavailable")
    lamp.report("on", brightness=255)
    lamp.wait(minutes=10)
    assert 100 < lamp.brightness[-1] < 200
    lamp.wait(minutes=25)
    assert lamp.brightness[-1] == 26


def test_switched_on_in_the_middle_of_a_fade_is_a_hand() -> None:
    """In steps too: it was off when they began."""
    lamp = Bedside()
    lamp.report("off")
    lamp.ask(dim()).wait(minutes=10)
    lamp.report("on", brightness=255)
    assert "power" in lamp.device.memory.holds
    assert lamp.wait(hours=1).sent == []


def test_off_in_steps_stays_off_when_a_late_on_comes() -> None:
    """Off means off (R12)."""
    lamp = Bedside().ask(dim()).wait(minutes=5)
    lamp.sent.clear()
    lamp.report("off")
    lamp.report("on")
    lamp.report("off")
    assert lamp.wait(hours=5).sent == []


# -- a goal that changes on the way


def test_a_lower_goal_in_the_middle_of_a_transition() -> None:
    """The lamp goes on from where it is."""
    lamp = Bedside(255, **FADES).ask(dim(30.0)).wait(minutes=10).ask(dim(10.0))
    assert [each.data["brightness_pct"] for each in lamp.sent] == [30, 10]


def test_a_higher_goal_in_the_middle_of_a_transition_is_no_jump() -> None:
    """It reports what it was; by now it is below that, and would jump up."""
    lamp = Bedside(255, **FADES).ask(dim(10.0)).wait(minutes=15).ask(dim(60.0)).wait(minutes=4)
    assert [each.data["brightness_pct"] for each in lamp.sent] == [10]
    lamp.ask(None).wait(seconds=20).ask(dim(50.0)).wait(seconds=20)
    assert [each.data["brightness_pct"] for each in lamp.sent] == [10]


def test_a_lamp_that_never_followed_gets_the_higher_goal_in_the_end() -> None:
    """After the time of the transition what it reports counts again."""
    lamp = Bedside(255, **FADES).ask(dim(10.0)).wait(minutes=15).ask(dim(60.0)).wait(minutes=10)
    assert lamp.sent[-1].data["brightness_pct"] == 60


# -- off at the end


@pytest.mark.parametrize("attributes", [WHITE, FADES])
def test_out_at_the_end_in_bed(attributes: dict[str, Any]) -> None:
    """Once it is dim and the time is over, and not before."""
    lamp = Bedside(26, **attributes)
    lamp.in_bed = True
    lamp.ask(dim(3.0, minutes=15, out=True)).wait(minutes=14)
    lamp.report(brightness=8)
    assert "light.turn_off" not in [each.service for each in lamp.sent]
    lamp.wait(minutes=2)
    assert [each.service for each in lamp.sent].count("light.turn_off") == 1
    assert (lamp.sent[-1].service, lamp.sent[-1].data) == ("light.turn_off", {"transition": 5.0})


@pytest.mark.parametrize("in_bed", [False, None])
def test_never_out_while_not_in_bed(*, in_bed: bool | None) -> None:
    """Dark is where people fall. It goes out when they lie down."""
    lamp = Bedside(26)
    lamp.in_bed = in_bed
    lamp.ask(dim(3.0, minutes=15, out=True)).wait(hours=2)
    assert "light.turn_off" not in [each.service for each in lamp.sent]
    lamp.in_bed = True
    lamp.look()
    assert lamp.sent[-1].service == "light.turn_off"


def test_never_out_from_bright() -> None:
    """A lamp that does not follow stays on; so does one that says its goal before it is there."""
    lamp = Bedside(255)
    lamp.in_bed = lamp.deaf = True
    lamp.ask(dim(3.0, minutes=15, out=True)).wait(hours=2)
    assert "light.turn_off" not in [each.service for each in lamp.sent]
    lamp = Bedside(255, **FADES)
    lamp.in_bed = True
    lamp.wait(minutes=15).ask(dim(3.0, minutes=15, out=True))
    lamp.report(brightness=8)
    lamp.wait(minutes=14)
    assert "light.turn_off" not in [each.service for each in lamp.sent]


def test_on_again_after_out_is_a_hand() -> None:
    """The person wants light."""
    lamp = Bedside(8)
    lamp.in_bed = True
    lamp.ask(dim(3.0, minutes=1, out=True)).wait(minutes=5)
    lamp.report("off")
    lamp.sent.clear()
    lamp.report("on", brightness=8)
    assert lamp.wait(hours=1).sent == []


# -- left to another


def test_left_to_another_it_is_not_touched() -> None:
    """Neither dimmed nor put out; and taken up again, slowly, when the other one lets go."""
    lamp = Bedside()
    lamp.left = lamp.in_bed = True
    lamp.ask(dim(3.0, out=True)).wait(hours=1)
    assert lamp.sent == []
    assert lamp.lighting.memory.left
    lamp.left = False
    lamp.look()
    assert [level >= 234 for level in lamp.brightness] == [True]
