"""Every command on one screen.

A new one is a line here and a module ``integration/cli/<name>.py`` with one function of that name, or with a group of
commands as ``journal`` is one. Its parameters are the options, its docstring is the help. The module is imported only
when the command is used; what is slow to import is imported inside the function, so that the command's own help comes
at once too.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """One command as the overview shows it."""

    says: str
    example: str


VERBS: dict[str, Verb] = {
    "init": Verb(
        says="Answer a few questions, get your configuration files.",
        example="unclench init",
    ),
    "check": Verb(
        says="Find every mistake, then try the broker and Home Assistant.",
        example="unclench check --offline",
    ),
    "run": Verb(
        says="Run the service: listen, decide, cool.",
        example="unclench run --config ./home",
    ),
    "demo": Verb(
        says="See a hot evening in a simulated bedroom. Nothing to set up.",
        example="unclench demo --speed 600",
    ),
    "listen": Verb(
        says="Show what arrives at the broker, what it is taken for, and the lines for home.yaml.",
        example="unclench listen --for 60",
    ),
    "decode": Verb(
        says="Show what one message says.",
        example="""unclench decode --topic zigbee2mqtt/bedroom --payload '{"temperature": 23.4}'""",
    ),
    "voice": Verb(
        says="Say a sentence: log a symptom, change it, ask something.",
        example='unclench voice "left calf spasm, seven" --dry-run',
    ),
    "journal": Verb(
        says="See, change, count, save and erase your symptom journal.",
        example="unclench journal week",
    ),
    "evening": Verb(
        says="Show what will happen tonight, when and why.",
        example="unclench evening --date tomorrow",
    ),
    "why": Verb(
        says="Say why something is on or off, or why nothing happened.",
        example="unclench why cooling",
    ),
    "suggestions": Verb(
        says="Offer limits that may fit you better, by what you said.",
        example="unclench suggestions",
    ),
    "whatif": Verb(
        says="Play your last weeks again with another limit. Nothing is switched.",
        example="unclench whatif --heat 23.0 --since 14d",
    ),
    "pause": Verb(
        says="Pause everything or one part of it, for a while or until a day.",
        example="unclench pause cooling --until 07:30",
    ),
    "forget": Verb(
        says="Forget what was learned of your room and your hours.",
        example="unclench forget cooling",
    ),
    "record": Verb(
        says="Record what arrives, for replay.",
        example="unclench record evening.jsonl",
    ),
    "replay": Verb(
        says="Play a recorded evening again, and print every action.",
        example="unclench replay evening.jsonl --config ./home",
    ),
    "ha": Verb(
        says="Let Home Assistant's voice assistant talk to Unclench.",
        example="unclench ha install --config /homeassistant",
    ),
    "health": Verb(
        says="Say whether the service lives. For supervisors.",
        example="unclench health",
    ),
}
