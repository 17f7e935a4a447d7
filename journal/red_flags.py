"""When to point to help, and in which words. It shows, and diagnoses nothing; what was said is saved first."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import cache
from itertools import islice
from statistics import median
from typing import Final, cast

from config.profile import Contact, Profile
from journal.book import Book
from journal.entry import Entry
from journal.outcome import Flag, Tier
from journal.red_flag_words import LOW_MOOD, TABLES, TOGETHER
from journal.vocabulary import TIERS

QUIET_FOR: Final = timedelta(hours=6)
"""The same reason is not shown again within this; what calls for the emergency number always is."""
FEVER_C: Final = 38.0
LASTING: Final = timedelta(hours=24)
_STRONG: Final = 9
_STRONG_WITHIN: Final = timedelta(minutes=60)
_HISTORY_DAYS: Final = 90
_ENOUGH_DAYS: Final = 14
_TIMES_USUAL: Final = 3
_USUAL_SHARE: Final = 0.99

_CANNOT = re.compile(
    r"\b(?:cannot|can not|could not|couldnt|unable to|not able to|isnt able to|wasnt able to|cant seem to|cant even)\b"
)
_NEGATIONS = (
    "no not dont doesnt didnt havent hasnt hadnt isnt arent wasnt werent never without none nor neither aint wont"
)
_NEGATORS = frozenset(_NEGATIONS.split())
_FILLERS = (
    "a an any have had having has got getting feel feeling felt really the more longer my sign signs of in been be"
    " being am is are was were notice noticed see seen seeing or nor nothing like that i im ive think its it so very"
    " to today yesterday new actual"
)
_BETWEEN = frozenset(_FILLERS.split())
"""What may stand between "no" and the sign that it denies. Anything else, and the sign counts."""
_LOOKED_BACK = 300
"""So many characters before a sign can deny it."""
_LOOKED_AT = 20
"""So often the same sign is looked at in one clause: nobody denies it more often, and it bounds the time."""
_SUBJECTS = frozenset({"i", "im", "ive", "its", "it", "my", "the", "think"})
_OTHERS = re.compile(
    r"\b(?:my|the|our|his|her|a) (?:mum|mom|mother|dad|father|wife|husband|partner|son|daughter|brother|sister|friend"
    r"|neighbour|neighbor|carer|cat|dog|baby|child|nan|gran|grandma|grandad|uncle|aunt|boyfriend|girlfriend)\b"
)
_ME = re.compile(r"\b(?:i|im|ive|id|ill|me|my|myself)\b")
_QUESTION = re.compile(
    r"^(?:and |so |ok |hey )?(?:what (?:is|are|does|do|counts|was)|whats|how (?:many|much|often|do|does|long)"
    r"|when (?:was|is|did|were)|is|are"
    r"|(?:did|does|do|can|could|should|would) (?:i|it|you|the|my|a|this|that|heat|we|ms)"
    r"|(?:was|were) (?:it|my|the|i|there|that)|(?:have|has) (?:i|you|my|it)|tell me|show me|explain|read|which)\b"
)
_STATES = re.compile(
    r"(?<!did )(?<!do )(?<!have )(?<!am )(?<!can )(?<!was )\b(?:i (?:cant|have|am|feel|keep|just|think)|im|ive)\b"
    r"|\bme my \w+ (?:hurts?|aches?|is|are|has)\b"
)
_ASIDE = re.compile(
    r"^(?:if|in case|what if|so i dont|when(?:ever)? i)\b"
    r"|\b(?:years? ago|last year|when i was (?:a|young|little)|as a child"
    r"|in (?:19|20)\d\d|history of|afraid of|scared of|worried about|in case i)\b"
)
"""What might be, or was long ago."""
_PASSED = re.compile(
    r"^ (?:(?:is|has|was|have|its|all|now|just|s) )*(?:gone|over|away|finished|better|stopped|normal|down)\b"
)
_MAY_PASS = frozenset({"fever", "swollen", "urine", "skin", "relapse", "sudden", "breathing"})
_SORE_THROAT = re.compile(r"\bsore throat\b|\bthroat (?:is |feels )*sore\b")
_LIKE_A_HUG = re.compile(r"\b(?:hug|band|ribs?|girdle|spasm|squeez\w+)\b")
_IS = re.compile(r"(?<=[a-z]{3})['\N{RIGHT SINGLE QUOTATION MARK}]s\b", re.IGNORECASE)
"""Like "my catheter's blocked"; it may be somebody's as well, so both ways are read."""
_TIGHT_CHEST = re.compile(
    r"\b(?:tight(?:ness)?|pressure) (?:(?:in|on|across|my|the|around) )*chest\b"
    r"|\bchest (?:(?:is|feels|really|so|very|gone|a|bit) )*tight(?:ness)?\b"
)


# -- words


def normal(text: str) -> list[str]:
    """The clauses of a text without capitals, apostrophes and punctuation."""
    low = text.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").replace("'", "")
    low = re.sub(r"(?<=\d)[.,](?=\d)", " ", low)
    clauses = re.split(r"[.,;:!?\n]+|\bbut\b", low)
    plain = (" ".join(re.sub(r"[^\w]+", " ", clause).split()) for clause in clauses)
    return [_CANNOT.sub("cant", clause) for clause in plain if clause]


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def is_low_mood(text: str) -> bool:
    """Whether any words of self-harm are in it."""
    clauses = normal(text)
    return any(_compiled(pattern).search(clause) for clause in [*clauses, " ".join(clauses)] for pattern in LOW_MOOD)


def spoken_signs(text: str) -> list[tuple[Tier, str]]:
    """The red flags in what was said about the person themselves: (tier, reason), the most urgent first."""
    clauses = normal(text)
    read = [*clauses, *(clause for clause in normal(_IS.sub(" is", text)) if clause not in clauses)]
    found = dict.fromkeys(sign for clause in read for sign in _in_clause(clause))
    whole = " ".join(clauses)
    for tier, reason, patterns in TOGETHER:
        if all(_counts_somewhere(clauses, pattern) for pattern in patterns):
            found.setdefault((cast("Tier", tier), reason))
    tight = any(_counts(clause, match, "chest") for clause in clauses for match in _TIGHT_CHEST.finditer(clause))
    if tight and not _LIKE_A_HUG.search(whole):
        found.setdefault(("call_now", "chest"))
    return sorted(found, key=lambda sign: TIERS.index(sign[0]))


def _in_clause(clause: str) -> Iterator[tuple[Tier, str]]:
    for tier, table in TABLES:
        for reason, pattern in table:
            if any(_counts(clause, match, reason) for match in islice(_compiled(pattern).finditer(clause), _LOOKED_AT)):
                yield cast("Tier", tier), reason


def _counts_somewhere(clauses: Iterable[str], pattern: str) -> bool:
    return any(
        _counts(clause, match, "")
        for clause in clauses
        for match in islice(_compiled(pattern).finditer(clause), _LOOKED_AT)
    )


def _counts(clause: str, match: re.Match[str], reason: str) -> bool:
    """Whether a sign is there: not denied, not somebody else's, not asked about, not long past."""
    before = clause[max(0, match.start() - _LOOKED_BACK) : match.start()]
    if _denied(before, match.group().split()[0] if match.group().split() else "") or _ASIDE.search(clause):
        return False
    if _QUESTION.search(clause) and not _STATES.search(clause):
        return False
    other = list(_OTHERS.finditer(before))
    if other and not _ME.search(before[other[-1].end() :] + match.group()):
        return False
    return not (reason in _MAY_PASS and _PASSED.search(clause[match.end() :]))


def _denied(before: str, first: str) -> bool:
    """Whether what stands before a sign says that it is not there."""
    for _, table in TABLES:
        for _, pattern in table:
            before = _compiled(pattern).sub("or", before)
    after = first
    for word in reversed(before.split()):
        if word in _NEGATORS:
            return word != "no" or after not in _SUBJECTS  # "no I can't": an answer, and no denial
        if word not in _BETWEEN:
            return False
        after = word
    return False


# -- what was logged


def logged_signs(entries: Sequence[Entry], book: Book, now: datetime, *, text: str = "") -> list[tuple[Tier, str]]:
    """The red flags in what is being written now, seen with what the journal holds."""
    found: list[tuple[Tier, str]] = []
    sore = any(_SORE_THROAT.search(clause) for clause in normal(text))
    for entry in entries:
        if entry.deleted:
            continue
        if entry.kind == "symptom" and entry.place == "throat" and not sore:
            found.append(("call_now", "throat"))
        if entry.kind == "report":
            found += _reported(entry)
        if entry.kind == "symptom":
            found += _symptom(entry, entries, book, now)
    if _is_far_above_usual(entries, book, now):
        found.append(("next_days", "more_than_usual"))
    return found


def _reported(entry: Entry) -> list[tuple[Tier, str]]:
    if entry.over:
        return []
    warm = entry.what == "fever" and (entry.celsius is None or entry.celsius >= FEVER_C)
    return [("today", entry.what)] if warm or entry.what == "fall" else []


def _symptom(entry: Entry, entries: Sequence[Entry], book: Book, now: datetime) -> list[tuple[Tier, str]]:
    found: list[tuple[Tier, str]] = []
    if _is_strong(entry) and _strong_near(entry, entries, book):
        found.append(("today", "twice_strong"))
    open_for = now - entry.occurred_at if entry.going_on and entry.ended_at is None else timedelta()
    if open_for > LASTING or timedelta(minutes=entry.duration_minutes or 0) > LASTING:
        found.append(("next_days", "lasting"))
    return found


def _is_strong(entry: Entry) -> bool:
    return entry.kind == "symptom" and entry.severity is not None and entry.severity >= _STRONG


def _strong_near(entry: Entry, entries: Sequence[Entry], book: Book) -> bool:
    """Whether another one as strong was within the hour."""
    if entry.precision in ("part_of_day", "day"):
        return False
    ids = {each.id for each in entries}
    start, end = entry.occurred_at - _STRONG_WITHIN, entry.occurred_at + _STRONG_WITHIN
    stored = [each for each in book.between(entry.person, start, end, kinds=("symptom",)) if each.id not in ids]
    fresh = [each for each in entries if each.id != entry.id and not each.deleted and start <= each.occurred_at <= end]
    return entry.count > 1 or any(
        _is_strong(each) and each.precision in ("minute", "hour") for each in [*stored, *fresh]
    )


def _is_far_above_usual(entries: Sequence[Entry], book: Book, now: datetime) -> bool:
    """More spasms in 24 h than on nearly any day before, and three times the usual."""
    new = [each for each in entries if each.kind == "symptom" and each.what == "spasm" and not each.deleted]
    recent = [each for each in new if now - each.occurred_at < timedelta(hours=24)]
    if not recent:
        return False
    end = now + timedelta(microseconds=1)  # with what was logged at this very moment
    spans = book.daily_counts(recent[0].person, "spasm", end - timedelta(days=_HISTORY_DAYS + 1), end)
    history = sorted(count for _, count in spans[1:] if count)
    if len(history) < _ENOUGH_DAYS:
        return False
    stored = [each.id for each in recent if (old := book.get(each.id)) is not None and not old.deleted]
    today = spans[0][1] + sum(each.count for each in recent if each.id not in stored)
    usual_most = history[min(len(history) - 1, int(_USUAL_SHARE * len(history)))]
    return today > usual_most and today >= _TIMES_USUAL * median(history)


# -- what is said


def low_mood_flag(profile: Profile) -> Flag:
    """The fixed message. Nothing else is made of such words, and nothing is kept."""
    call = profile.help.emergency or "your emergency number"
    line = profile.help.crisis_line
    talk = (
        f"Please talk to somebody now: call {line}." if line else "Please talk to somebody now, or call a crisis line."
    )
    says = f"{talk} If you are in danger, call {call}."
    return Flag(tier="low_mood", reason="low_mood", says=says, kept=False)


def flags_of(
    signs: Iterable[tuple[Tier, str]], profile: Profile, person: str, book: Book, now: datetime
) -> tuple[Flag, ...]:
    """The flags of these signs. The most urgent that is due is shown; the others count, and are not said."""
    ordered = sorted(dict.fromkeys(signs), key=lambda sign: TIERS.index(sign[0]))
    flags: list[Flag] = []
    reasons: set[str] = set()
    for tier, reason in ordered:
        if reason in reasons:
            continue
        reasons.add(reason)
        last = None if tier in ("call_now", "pump_or_sudden_stop") else book.flagged_at(person, reason)
        due = last is None or not last <= now < last + QUIET_FOR  # of a clock that was ahead, it is shown again
        shown = due and not any(flag.shown for flag in flags)
        flags.append(Flag(tier=tier, reason=reason, says=words_of(tier, reason, profile), shown=shown))
    return tuple(flags)


def words_of(tier: Tier, reason: str, profile: Profile) -> str:
    """At most two short sentences, with the numbers of the profile."""
    call = profile.help.emergency or "your emergency number"
    if tier == "call_now":
        return f"This may be an emergency. Call {call} now."
    if tier == "pump_or_sudden_stop":
        team = _named(profile, "pump_team", "your pump team")
        return f"Stopping this kind of medicine suddenly can be dangerous. Call {call} or {team} now."
    if tier == "today":
        return f"This needs a nurse or doctor today. Call {_today(profile).rstrip(',')}."
    nurse = _named(profile, "ms_team", "your MS nurse")
    if reason == "lasting":
        return f"This has lasted more than a day. Let {nurse} know."
    return f"Let {nurse} know in the next day or two."


def _today(profile: Profile) -> str:
    roles = {"ms_team": "your MS team", "doctor": "GP", "advice_line": "advice line"}
    if not any(contact.role in roles for contact in profile.contacts):
        return "your MS team, GP or advice line"
    full = {"ms_team": "your MS team", "doctor": "your GP", "advice_line": "your advice line"}
    named = [_named(profile, role, name) for role, name in full.items() if _contact(profile, role)]
    return " or ".join(
        [*named, *(["your GP or advice line"] if len(named) == 1 and _contact(profile, "ms_team") else [])]
    )


def _contact(profile: Profile, role: str) -> Contact | None:
    return next((contact for contact in profile.contacts if contact.role == role), None)


def _named(profile: Profile, role: str, name: str) -> str:
    contact = _contact(profile, role)
    if contact is None:
        return name
    return f"{name}, {contact.name}" + (f", {contact.phone}," if contact.phone else ",")
