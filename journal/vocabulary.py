"""The symptoms that the journal knows, by their ids."""

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

SEVERITY = (0, 10)
"""A number from none to the worst; missing is allowed."""
