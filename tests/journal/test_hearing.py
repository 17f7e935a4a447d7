"""Spoken sentences: what each of the forty utterances, and of the rules about them, comes to."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from integration.sentences import load_ear
from journal.meaning import Meaning, Moment

LONDON = ZoneInfo("Europe/London")
EVENING = datetime(2026, 6, 10, 20, 30, tzinfo=LONDON)
"""A Wednesday."""


def moment(at: datetime = EVENING) -> Moment:
    return Moment(
        now=at.astimezone(UTC), zone=LONDON, reminders=("evening tablets",), routines=("wind_down", "quiet_hour")
    )


def hear(text: str, at: datetime = EVENING) -> Meaning:
    return load_ear().hear(text, moment(at))


def of(thing: object, wanted: dict[str, Any]) -> dict[str, Any]:
    """The fields that a case names, times as the person's clock shows them."""
    found = {name: getattr(thing, name) for name in wanted}
    return {
        name: value.astimezone(LONDON).strftime("%d %H:%M") if isinstance(value, datetime) else value
        for name, value in found.items()
    }


LOGGED: list[tuple[str, dict[str, Any]]] = [
    ("log a leg spasm", {"what": "spasm", "place": "leg", "side": "", "severity": None}),
    ("spasm, left calf, seven", {"what": "spasm", "place": "calf", "side": "left", "severity": 7}),
    ("I just had a bad spasm in my right leg", {"place": "leg", "severity": 7, "severity_source": "word"}),
    ("my legs are really stiff", {"what": "stiffness", "place": "leg", "side": "both"}),
    (
        "stiffness six out of ten this morning",
        {"what": "stiffness", "severity": 6, "precision": "part_of_day", "occurred_at": "10 09:00"},
    ),
    ("my foot won't stop bouncing", {"what": "clonus", "place": "foot", "side": ""}),
    (
        "leg shot out straight about ten minutes ago",
        {"what": "spasm", "subtype": "extensor", "occurred_at": "10 20:20", "precision": "minute"},
    ),
    ("cramp in both thighs, lasted five minutes", {"place": "thigh", "side": "both", "duration_minutes": 5}),
    ("had a spasm at three a.m., woke me up", {"what": "spasm", "occurred_at": "10 03:00", "woke": True}),
    ("three spasms in the last hour, left leg", {"count": 3, "place": "leg", "side": "left", "severity": None}),
    (
        "pain in my lower back, four, it's been there since lunch",
        {"what": "pain", "place": "lower_back", "severity": 4, "going_on": True, "occurred_at": "10 12:30"},
    ),
    ("I'm wiped out, fatigue eight", {"what": "fatigue", "severity": 8}),
    ("ribs squeezing again, mild", {"what": "hug", "place": "ribs", "severity": 3}),
    ("knees clamped together, maybe a six", {"what": "spasm", "subtype": "adductor", "side": "both", "severity": 6}),
    ("spasm seven, note I'd been sitting too long", {"severity": 7, "note": "I'd been sitting too long"}),
    ("stiff hands, I think it's the heat", {"what": "stiffness", "place": "hand", "suspected": ("heat",)}),
    ("spasms after the bath, probably too hot", {"what": "spasm", "suspected": ("hot_bath", "heat")}),
    ("no spasms today", {"kind": "none", "what": "spasm", "precision": "day"}),
    ("I slept badly", {"kind": "report", "what": "slept_badly"}),
    ("stress is about a seven", {"kind": "report", "what": "stress", "severity": 7}),
    ("had a coffee at four", {"kind": "report", "what": "caffeine", "occurred_at": "10 16:00"}),
    ("I've had my water", {"kind": "report", "what": "water"}),
    ("I took my evening tablets", {"what": "took_reminder", "reminder": "evening tablets", "occurred_at": None}),
    ("I've got a temperature", {"kind": "report", "what": "fever"}),
    ("38.5", {"what": "fever", "celsius": 38.5}),
    ("temperature 101 fahrenheit", {"what": "fever", "celsius": 38.3}),
    ("I'm too hot", {"what": "too_hot"}),
    ("I'm cold", {"what": "too_cold"}),
    ("the infection is gone", {"what": "infection", "over": True}),
    ("took my tight shoes off", {"what": "tight_clothing", "over": True}),
    ("I drank three glasses of water", {"what": "water", "count": 3}),
    ("leg spasm six and a half", {"severity": 6.5}),
    ("calf spasm 6/10", {"severity": 6, "severity_source": "number"}),
    ("leg spasm, eleven", {"what": "spasm", "severity": None}),
    ("leg spasm six or seven", {"severity": None, "note": "six or seven"}),
    ("really bad cramp, a four", {"severity": 4, "severity_source": "number"}),
    ("sarcasm in my left calf seven", {"what": "spasm", "place": "calf", "severity": 7}),
    ("cologne us in my right foot", {"what": "clonus", "place": "foot", "side": "right"}),
    ("elasticity in both legs six", {"what": "stiffness", "side": "both", "severity": 6}),
    ("spasum left tie ate", {"what": "spasm", "place": "thigh", "severity": 8}),
    ("log a stiff nest in my write leg for", {"what": "stiffness", "side": "right", "severity": 4}),
    ("calve cramp tin", {"place": "calf", "severity": 10}),
    ("spasm in my left, no, my right calf", {"place": "calf", "side": "right"}),
    ("spasm six no seven", {"severity": 7}),
    ("cramp at the back of my left knee", {"place": "knee", "side": "left"}),
    ("big toe on my left foot cramping", {"place": "big_toe", "side": "left"}),
    (
        "for the last hour my foot has been tapping",
        {"duration_minutes": 60, "going_on": True, "occurred_at": "10 19:30"},
    ),
    ("woken at four by a spasm in my thigh", {"woke": True, "occurred_at": "10 04:00", "precision": "hour"}),
    ("leg cramp at nine pm", {"occurred_at": "09 21:00"}),
    ("leg cramp at 3", {"occurred_at": "10 15:00", "precision": "hour"}),
    ("on Monday I had a terrible cramp", {"occurred_at": "08 12:00", "precision": "day", "severity": 8}),
    ("cramp an hour and a half ago", {"occurred_at": "10 19:00"}),
    ("cramp half an hour ago", {"occurred_at": "10 20:00"}),
    ("spasm at ten to midnight", {"occurred_at": "09 23:50"}),
]


@pytest.mark.parametrize(("text", "wanted"), LOGGED, ids=[text for text, _ in LOGGED])
def test_one_thing_is_logged(text: str, wanted: dict[str, Any]) -> None:
    meaning = hear(text)
    assert (meaning.purpose, len(meaning.said), meaning.raw) == ("log", 1, text)
    assert of(meaning.said[0], wanted) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my legs are stiff and my back hurts", [("stiffness", "leg", "both"), ("pain", "back", "")]),
        ("left calf and foot cramping", [("spasm", "calf", "left"), ("spasm", "foot", "left")]),
        ("stiffness and pain in my left leg", [("stiffness", "leg", "left"), ("pain", "leg", "left")]),
        ("right arm and left leg stiff", [("stiffness", "arm", "right"), ("stiffness", "leg", "left")]),
        ("legs stiff, and I'm too hot", [("stiffness", "leg", "both"), ("too_hot", "", "")]),
    ],
)
def test_several_things(text: str, wanted: list[tuple[str, str, str]]) -> None:
    assert [(one.what, one.place, one.side) for one in hear(text).said] == wanted


OTHERS: list[tuple[str, str, dict[str, Any]]] = [
    ("another one", "change", {"op": "repeat"}),
    ("same as before but the other leg", "change", {"op": "repeat_other_side"}),
    ("it's stopped", "change", {"op": "stopped"}),
    ("still going", "change", {"op": "still_going"}),
    ("undo that", "change", {"op": "undo"}),
    ("delete the last one", "change", {"op": "delete_last"}),
    ("add a note it was after lunch", "change", {"op": "add_note"}),
    ("how many spasms this week", "ask", {"query": "count_week", "about": "spasm"}),
    ("when was my last bad one", "ask", {"query": "last_bad"}),
    ("was last night better than usual", "ask", {"query": "last_night"}),
    ("what did I log today", "ask", {"query": "logged_today"}),
    ("what seems to set them off", "ask", {"query": "triggers"}),
    ("read me the summary for my nurse", "ask", {"query": "nurse_summary"}),
    ("what was the room like", "ask", {"query": "room_now"}),
    ("why is the fan on", "ask", {"query": "why_fan", "about": "fan"}),
    ("say that again", "ask", {"query": "say_again"}),
    ("done", "answer", {"reply": "done"}),
    ("finished", "answer", {"reply": "done"}),
    ("yes", "answer", {"reply": "yes"}),
    ("later", "answer", {"reply": "later"}),
    ("remind me in twenty minutes", "answer", {"reply": "until", "until": "10 20:50"}),
    ("snooze till nine", "answer", {"reply": "until", "until": "10 21:00"}),
    ("skip", "answer", {"reply": "skip"}),
    ("not tonight", "answer", {"reply": "skip"}),
    ("no", "answer", {"reply": "no"}),
    ("stop reminding me tonight", "answer", {"reply": "stop_tonight"}),
    ("pause everything till Monday", "answer", {"reply": "pause_until", "about": "", "until": "15 07:30"}),
    ("pause the cooling for two hours", "answer", {"reply": "pause_until", "about": "cooling", "until": "10 22:30"}),
    ("stop", "answer", {"reply": "stop_now"}),
    ("seven", "answer", {"rating": 7}),
    ("six and a half", "answer", {"rating": 6.5}),
    ("start the wind-down", "control", {"control": "begin", "about": "wind_down"}),
    ("start my quiet hour", "control", {"control": "begin", "about": "quiet_hour"}),
    ("next", "control", {"control": "next"}),
    ("skip the stretch", "control", {"control": "skip", "about": "stretch"}),
]


@pytest.mark.parametrize(("text", "purpose", "wanted"), OTHERS, ids=[text for text, _, _ in OTHERS])
def test_what_is_no_entry(text: str, purpose: str, wanted: dict[str, Any]) -> None:
    meaning = hear(text)
    assert (meaning.purpose, meaning.said) == (purpose, ())
    assert of(meaning, wanted) == wanted


@pytest.mark.parametrize(
    ("text", "op", "wanted"),
    [
        ("make that a seven", "set_severity", {"severity": 7}),
        ("actually a six", "set_severity", {"severity": 6}),
        ("no, left, not right", "set_side", {"side": "left"}),
        ("not the calf, the thigh", "set_place", {"place": "thigh"}),
        ("that was an hour ago, not now", "set_time", {"occurred_at": "10 19:30"}),
        ("it lasted five minutes", "set_duration", {"duration_minutes": 5}),
        ("another one, six", "repeat", {"severity": 6}),
        ("the pain has gone", "stopped", {"what": "pain"}),
    ],
)
def test_corrections_say_what_it_becomes(text: str, op: str, wanted: dict[str, Any]) -> None:
    meaning = hear(text)
    assert (meaning.purpose, meaning.op) == ("change", op)
    assert meaning.to is not None
    assert of(meaning.to, wanted) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "that was sarcasm",
        "my mother had a spasm",
        "John had a cramp",
        "is a spasm dangerous",
        "what is clonus",
        "remind me to ask about spasms",
        "I'm worried about getting a spasm",
        "the dog has stiff legs",
        "it wasn't a spasm",
        "don't log a spasm",
        "that's a pain in the neck",
        "add cramp cream to my shopping list",
        "I always get spasms at night",
        "stiff drink",
        "turn on the bedroom light",
        "is the window locked",
        "play some music",
        "I can't breathe",
        "my face is drooping",
        "a b c " * 60,
    ],
)
def test_what_is_not_logged_is_kept_as_a_note(text: str) -> None:
    meaning = hear(text)
    assert (meaning.purpose, meaning.said, meaning.raw) == ("note", (), text.strip())


def test_two_readings_are_no_reading() -> None:
    """Two tablets for the pain, or a pain of two?"""
    meaning = hear("two for the pain")
    assert (meaning.purpose, meaning.unsure) == ("note", True)


def test_a_time_ahead_is_said_to_be_wrong() -> None:
    meaning = hear("leg spasm at eleven tonight")
    assert (meaning.said[0].occurred_at, meaning.about_late) == (None, True)


@pytest.mark.parametrize("text", ["", "   ", "..."])
def test_no_words(text: str) -> None:
    assert hear(text).purpose == "nothing"


@pytest.mark.parametrize(
    ("now", "text", "wanted"),
    [
        (
            datetime(2026, 3, 29, 9, 0, tzinfo=LONDON),
            "spasm at half past twelve a.m.",
            datetime(2026, 3, 29, 0, 30, tzinfo=LONDON),
        ),
        (datetime(2026, 3, 29, 3, 0, tzinfo=LONDON), "spasm two hours ago", datetime(2026, 3, 29, 0, 0, tzinfo=LONDON)),
        (
            datetime(2026, 10, 25, 9, 0, tzinfo=LONDON),
            "spasm at three a.m.",
            datetime(2026, 10, 25, 3, 0, tzinfo=LONDON),
        ),
        (
            datetime(2026, 10, 25, 3, 0, tzinfo=LONDON),
            "spasm four hours ago",
            datetime(2026, 10, 25, 0, 0, tzinfo=LONDON),
        ),
    ],
)
def test_nights_when_the_clocks_change(now: datetime, text: str, wanted: datetime) -> None:
    assert hear(text, now).said[0].occurred_at == wanted.astimezone(UTC)


def test_a_strength_beyond_the_scale_is_no_number_and_not_lost() -> None:
    """Twelve out of ten is not ten, and not nothing."""
    (said,) = hear("Pain in my knee twelve out of ten").said
    assert (said.what, said.place, said.severity, said.note) == ("pain", "knee", None, "twelve out of ten")
    (ten,) = hear("Pain in my knee ten out of ten").said
    assert (ten.severity, ten.note) == (10.0, "")
