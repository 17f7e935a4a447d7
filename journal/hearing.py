"""From a sentence to what it means: the sentence file says which words, this module what they come to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hassil import Intents, recognize_all
from hassil.errors import HassilError
from hassil.intents import Intent
from hassil.models import MatchEntity
from hassil.recognize import RecognizeResult

from journal.hear.closed import Closed, contrast, meaning
from journal.hear.lexicon import Lexicon
from journal.hear.limits import beyond_the_scale, is_believable
from journal.hear.log import NOT_MEANT, Logged, log
from journal.hear.questions import question
from journal.hear.reports import reports
from journal.hear.words import LONGEST, Word, split, text_of, tidy
from journal.meaning import Meaning, Moment, Said

_CLOSED_WORDS = 14
"""Closed sentences are short: longer ones are not tried, which bounds the time that a sentence can take."""
_TORN = re.compile(r"(n't|'s|s|es|ed|e|n|p|ing)\b")
_SLOT = re.compile(r"w\d")
_ZERO = re.compile(
    r"^(nothing|no symptoms|symptom free|symptomless|all (good|quiet|clear|fine)|a good day|no problems|no trouble|"
    r"nothing happened)"
    r"( (to (log|report)|at all|so far))*"
    r"( (today|all (day|night|morning)|tonight|this (morning|evening|afternoon)|so far today|last night|so far|"
    r"yesterday))$"
)
_CORRECTS = re.compile(
    r"^(please |sorry |oh |no )*(make|change|set|correct|edit|update|actually|i meant|i mean|should|it should|"
    r"that should|sorry|call (it|that)|not (the|my|left|right|in)|instead|same|the same|add|i said|correction|rather|"
    r"note (for|on) that|remind|snooze|pause|start|begin)\b|^(it|that) (was|is) .* not "
)
"""With these words in front a symptom's name is a correction's, and no new entry's."""
_SAME = {"heat": "too_hot", "cold": "too_cold", "poor_sleep": "slept_badly", "hot_bath": "bath", "menstrual": "period"}
"""A cause that is also a report: blamed, it is not told twice."""
_LEADS = frozenset(
    {"no", "no wait", "wait", "oh no", "oops", "sorry", "wait no", "oh", "no no", "yes", "no sorry", "actually"}
)
_THAT = frozenset({"it", "that"})
_STOPPED_BEFORE = re.compile(r"\b(had|got|lasted|log|note)\b")


class Ear:
    """Understands sentences. Made once from the sentence file; holds no memory."""

    def __init__(self, sentences: Mapping[str, Any]) -> None:
        """``sentences``: ``journal/sentences/en.yaml`` as YAML gives it. Raises ValueError where hassil refuses it."""
        try:
            self._intents = Intents.from_dict(dict(sentences))
            self._lexicon = Lexicon(self._intents)
            for intent in self._intents.intents.values():
                for data in intent.data:
                    _ = data.sentences
        except (HassilError, KeyError, AttributeError) as error:
            msg = "the sentence file cannot be read"
            raise ValueError(msg) from error
        self._closed = self._only_closed()
        self._symptom_words = self._lexicon.words(("symptom", "symptom_maybe", "symptom_weak"))

    def _only_closed(self) -> Intents:
        """The sentences that mean something by themselves, without those that only lead to the words."""
        kept = {
            name: Intent(
                name=name, data=[data for data in intent.data if not str(data.slots.get("means")).startswith("log")]
            )
            for name, intent in self._intents.intents.items()
        }
        return Intents(
            language=self._intents.language,
            intents=kept,
            slot_lists=self._intents.slot_lists,
            expansion_rules=self._intents.expansion_rules,
            skip_words=[],
            settings=self._intents.settings,
        )

    def hear(self, text: str, moment: Moment) -> Meaning:
        """What somebody said, in full. Never raises; what is not understood is a note."""
        raw = text.strip()
        if not raw:
            return Meaning(purpose="nothing", raw="")
        if len(raw) > LONGEST:
            return Meaning(purpose="note", raw=raw)
        words = tidy(self._whole_words(split(raw)))
        if not words:
            return Meaning(purpose="note" if re.search(r"\w", raw) else "nothing", raw=raw)
        try:
            meant = self._understood(words, raw, moment)
            return meant if is_believable(meant, moment) else Meaning(purpose="note", raw=raw)
        except (ArithmeticError, LookupError, ValueError):
            # A time out of range or the like: the words are worth more than an explanation.
            return Meaning(purpose="note", raw=raw)

    def _whole_words(self, words: list[Word]) -> list[Word]:
        """Words that a recogniser tore ("spas um") or a mouth cut short ("jumpin"), where it makes a symptom's word."""
        found: list[Word] = []
        for word in words:
            last = found[-1] if found else None
            if last is not None and last.key + word.key in self._symptom_words and not word.pause and word.key != "s":
                found[-1] = replace(last, key=last.key + word.key, end=word.end)
            elif word.key.endswith("in") and word.key + "g" in self._symptom_words:
                found.append(replace(word, key=word.key + "g"))
            else:
                found.append(word)
        return found

    def take(self, intent: str, slots: Mapping[str, object], moment: Moment) -> Meaning:
        """The same, where Home Assistant (or Rhasspy) has matched the sentence file already and sends what it found."""
        said = ""
        for name in sorted(slots):
            if _SLOT.fullmatch(name) and slots[name]:
                piece = str(slots[name]).strip()
                # hassil may end a slot within a word ("spasm", "s today"): the word is put together again
                said = f"{said}{piece}" if _TORN.match(piece) else f"{said} {piece}"
        if said:
            return self.hear(said, moment)
        return self.hear(self._canonical(str(slots.get("means") or self._default(intent))), moment)

    def _default(self, intent: str) -> str:
        found = self._intents.intents.get(intent)
        return str(found.data[0].slots.get("means", "")) if found is not None and len(found.data) == 1 else ""

    def _canonical(self, means: str) -> str:
        """A plain form of a sentence without free words."""
        for intent in self._intents.intents.values():
            for data in intent.data:
                if means and data.slots.get("means") == means:
                    phrases = (next(iter(self._lexicon.phrases(one.expression)), "") for one in data.sentences)
                    return next((" ".join(phrase.split()) for phrase in phrases if phrase and "#" not in phrase), "")
        return ""

    def _understood(self, words: list[Word], raw: str, moment: Moment) -> Meaning:
        text = text_of(words)
        if NOT_MEANT.search(text):
            return Meaning(purpose="note", raw=raw)
        closed = self._closed_meaning(text, raw, moment, certain=True)
        if closed is not None:
            return closed
        asked = question(words, raw, self._lexicon)
        if asked is not None:
            return asked
        logged = log(words, raw, self._lexicon, moment)
        if logged.unsure:
            return Meaning(purpose="note", raw=raw, unsure=True)
        ended = self._ended(words, logged, raw)
        if ended is not None:
            return ended
        return self._open(words, text, raw, logged, moment)

    def _open(self, words: list[Word], text: str, raw: str, logged: Logged, moment: Moment) -> Meaning:
        said: list[Said] = list(logged.said)
        if said and logged.scan is not None:
            blamed = {_SAME.get(cause, cause) for one in said for cause in one.suspected}
            beside = reports(words, self._lexicon, moment, beside=logged.scan)
            said += [one for one in beside if one.what not in blamed]
            corrects = _CORRECTS.match(text) and any(one.kind != "none" for one in said)
            closed = self._closed_meaning(text, raw, moment, certain=False) if corrects else None
            return closed or Meaning(purpose="log", raw=raw, said=_with_beyond(said, raw), about_late=logged.late)
        closed = self._closed_meaning(text, raw, moment, certain=False)
        if closed is not None:
            return closed
        if not logged.blocked:
            said = reports(words, self._lexicon, moment)
            if said:
                return Meaning(purpose="log", raw=raw, said=tuple(said))
            zero = _ZERO.match(text)
            if zero:
                return Meaning(purpose="log", raw=raw, said=(Said(kind="none", what="", precision="day"),))
            part = contrast(text, raw, self._lexicon, moment) or self._one_clause(words, raw, moment)
            if part is not None:
                return part
        return Meaning(purpose="note", raw=raw)

    def _one_clause(self, words: list[Word], raw: str, moment: Moment) -> Meaning | None:
        """Like "no wait, undo that", "later, I am busy": the clause that is a closed sentence, the last first."""
        gaps = [index for index, word in enumerate(words) if index and word.pause]
        lead = next((n for n in (2, 1) if len(words) > n and " ".join(w.key for w in words[:n]) in _LEADS), 0)
        parts = [words[gaps[-1] :], words[: gaps[0]]] if gaps else []
        parts += [words[i:] for i in range(1, len(words) - 2) if words[i].key == "make" and words[i + 1].key in _THAT]
        for part in [*parts, words[lead:] if lead else []]:
            text = text_of(part)
            if len(text) > 1:
                made = self._closed_meaning(text, raw, moment, certain=True) or self._closed_meaning(
                    text, raw, moment, certain=False
                )
                if (
                    made is not None
                    and (made.purpose in {"change", "answer"} or made.control == "begin")
                    and made.rating is None
                ):
                    return made
        return None

    def _closed_meaning(self, text: str, raw: str, moment: Moment, *, certain: bool) -> Meaning | None:
        """The closed sentence that this is. ``certain``: only those without free words; else only those with."""
        if len(text.split()) > _CLOSED_WORDS:
            return None
        results: list[tuple[bool, int, int, int, RecognizeResult, list[MatchEntity]]] = []
        spoken = set(text.split())
        for result in recognize_all(text, self._closed, intent_context={"unclench": True}, language="en"):
            if any(set(str(entity.text).split()) - spoken for entity in result.entities_list):
                continue  # the "2" of "20" is no word
            free = [entity for entity in result.entities_list if _SLOT.fullmatch(entity.name) and not entity.metadata]
            length = sum(len(entity.text) for entity in free if entity.is_wildcard)
            if bool(length) != certain:
                rated = result.intent_data.slots.get("means") != "rating"
                results.append((rated, length, -result.text_chunks_matched, len(results), result, free))
        for _, _, _, _, result, free in sorted(results, key=lambda one: one[:4]):
            means = str(result.intent_data.slots.get("means", ""))
            said = " ".join(str(entity.text).strip() for entity in free)
            made = meaning(Closed(means, said, text, raw), self._lexicon, moment)
            if made is not None:
                return made
        return None

    def _ended(self, words: list[Word], logged: Logged, raw: str) -> Meaning | None:
        """Like "the pain has gone": what was there is over."""
        text = text_of(words)
        if not logged.said or len(logged.said) > 1 or _STOPPED_BEFORE.search(text):
            return None
        scan = logged.scan
        if (
            scan is None
            or scan.ratings
            or logged.said[0].count is not None
            or logged.said[0].duration_minutes is not None
        ):
            return None
        last = max(piece.end for piece in scan.symptoms)
        timed = {piece.start for piece in scan.when}
        ended_at = [piece for piece in self._lexicon.find(words, ("ended",)) if piece.end not in timed]
        first_at = min(piece.start for piece in scan.symptoms)
        found = [
            piece
            for piece in ended_at
            if (piece.start >= last and [word.key for word in words[piece.end : piece.end + 1]] not in (["me"], ["us"]))
            or (piece.end == first_at and words[piece.end - 1].key == "stopped" and not re.search(r"\bnot\b", text))
        ]
        rest = re.split(r"\b(?:when|after|as) ", text_of(words[last:]))[0].split()
        if not found or any(
            key in {"into", "and", "up", "down", "off", "again", "then"} for key in rest if key != "off"
        ):
            return None
        if "not" in rest:
            return None
        first = logged.said[0]
        ended = Said(kind="symptom", what=first.what, place=first.place, side=first.side, occurred_at=first.occurred_at)
        return Meaning(purpose="change", raw=raw, op="stopped", to=ended)


def _with_beyond(said: list[Said], raw: str) -> tuple[Said, ...]:
    """A strength beyond the scale stays as words, beside what it was said of."""
    beyond, first = beyond_the_scale(raw), said[0]
    if beyond and first.severity is None:
        said = [replace(first, note=" ".join(filter(None, (first.note, beyond)))), *said[1:]]
    return tuple(said)
