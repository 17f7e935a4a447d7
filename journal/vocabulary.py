"""The ids that the journal knows: symptoms, their kinds, places, sides, self-reports, suspected causes."""

from __future__ import annotations

SYMPTOMS: dict[str, str] = {
    "spasm": "a sudden contraction that you do not control",
    "stiffness": "a constant tight, heavy feeling that is hard to bend",
    "clonus": "rhythmic, repeated twitching, often a bouncing foot",
    "pain": "an ache, a burn or a sharp pain",
    "fatigue": "tired and drained, and sleep does not mend it",
    "hug": "a squeezing band around chest or trunk",
    "weakness": "a leg or an arm gives way",
    "night_waking": "woken by a symptom",
}
"""Spasm and stiffness are different things and separate entries."""

SUBTYPES: dict[str, str] = {
    "flexor": "the limb bends",
    "extensor": "the limb straightens",
    "adductor": "it pulls inward",
    "trunk": "the back arches",
}
"""Of spasms; never asked for."""

PLACES: dict[str, str] = {
    "toe": "toe",
    "big_toe": "big toe",
    "foot": "foot",
    "ankle": "ankle",
    "calf": "calf",
    "shin": "shin",
    "knee": "knee",
    "thigh": "thigh",
    "groin": "groin",
    "hip": "hip",
    "buttock": "buttock",
    "leg": "leg",
    "back": "back",
    "upper_back": "upper back",
    "lower_back": "lower back",
    "trunk": "trunk",
    "ribs": "ribs",
    "shoulder": "shoulder",
    "arm": "arm",
    "elbow": "elbow",
    "forearm": "forearm",
    "wrist": "wrist",
    "hand": "hand",
    "finger": "finger",
    "thumb": "thumb",
    "neck": "neck",
    "jaw": "jaw",
    "face": "face",
    "throat": "throat",
}
"""With how each is called; hamstring and quad are thigh, stomach is trunk, chest is ribs."""

SIDES = ("left", "right", "both")
"""Both legs are one entry with the side "both", and not two."""

SELF_REPORTS: dict[str, str] = {
    "stress": "how stressed you are, 0 to 10",
    "slept_badly": "a bad night",
    "sleep": "how you slept, 0 (very badly) to 10",
    "water": "you drank water; how many glasses",
    "caffeine": "coffee, tea, cola",
    "alcohol": "a drink with alcohol",
    "meal": "you ate",
    "too_hot": "you are too hot",
    "too_cold": "you are too cold",
    "fever": "a raised body temperature",
    "infection": "an infection: it starts and ends",
    "took_reminder": "you did what a reminder of your own asked",
    "tight_clothing": "tight shoes or clothes, on or off",
    "period": "the monthly period: it starts and ends",
    "exertion": "you did a lot",
    "bath": "you had a bath or a shower",
    "fall": "you fell",
}
"""What no sensor sees. "period" is private, and only for who switched it on."""

TRIGGERS = (
    "heat",
    "humid_heat",
    "cold",
    "rapid_change",
    "fever",
    "infection",
    "fatigue",
    "exertion",
    "stress",
    "poor_sleep",
    "missed_meds",
    "bladder",
    "constipation",
    "dehydration",
    "tight_clothing",
    "long_sitting",
    "caffeine",
    "alcohol",
    "menstrual",
    "hot_bath",
)
"""What a person may suspect. Their opinion: it never becomes an exposure."""

SEVERITY = (0, 10)
"""A number from none to the worst; missing is allowed."""

TIERS = ("call_now", "pump_or_sudden_stop", "today", "next_days", "low_mood")
"""Of red flags, the most urgent first but for the last, which has a message of its own."""
