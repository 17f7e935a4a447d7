"""Every sentence of this folder means what it should: the forty, their variants, the misheard, and what is none."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from integration.sentences import load_ear
from journal.hearing import Ear
from journal.meaning import OPS, QUERIES, REPLIES, Meaning, Said
from journal.vocabulary import PLACES, SELF_REPORTS, SIDES, SUBTYPES, SYMPTOMS, TRIGGERS
from tests.voice.dress import DRESSES
from tests.voice.expect import Sentence, differences, files, local, sentences

FORTY = {
    1: ["log a leg spasm"],
    2: ["spasm, left calf, seven"],
    3: ["I just had a bad spasm in my right leg"],
    4: ["my legs are really stiff"],
    5: ["stiffness six out of ten this morning"],
    6: ["my foot won't stop bouncing"],
    7: ["leg shot out straight about ten minutes ago"],
    8: ["cramp in both thighs, lasted five minutes"],
    9: ["had a spasm at three a.m., woke me up"],
    10: ["three spasms in the last hour, left leg"],
    11: ["pain in my lower back, four, it's been there since lunch"],
    12: ["I'm wiped out, fatigue eight"],
    13: ["ribs squeezing again, mild"],
    14: ["knees clamped together, maybe a six"],
    15: ["another one"],
    16: ["same as before but the other leg"],
    17: ["spasm seven, note I'd been sitting too long"],
    18: ["stiff hands, I think it's the heat"],
    19: ["spasms after the bath, probably too hot"],
    20: ["no spasms today"],
    21: ["it's stopped", "still going"],
    22: ["I slept badly"],
    23: ["stress is about a seven"],
    24: ["had a coffee at four"],
    25: ["I've had my water", "I took my evening tablets"],
    26: ["I've got a temperature"],
    27: ["I'm too hot", "I'm cold"],
    28: ["how many spasms this week"],
    29: ["when was my last bad one"],
    30: ["was last night better than usual"],
    31: ["what did I log today"],
    32: ["what seems to set them off"],
    33: ["read me the summary for my nurse"],
    34: ["undo that", "delete the last one"],
    35: ["make that a seven", "no, left, not right"],
    36: ["that was an hour ago, not now"],
    37: ["done", "yes", "finished"],
    38: ["later", "remind me in twenty minutes", "snooze till nine"],
    39: ["skip", "not tonight", "no"],
    40: ["stop reminding me tonight", "pause everything till Monday"],
    41: ["stop"],
}
"""What people must be able to say, word by word."""
IDS = {
    "symptom": set(SYMPTOMS),
    "self_report": set(SELF_REPORTS),
    "none": {*SYMPTOMS, "all"},
    "subtype": set(SUBTYPES),
    "place": {*PLACES, ""},
    "side": {*SIDES, ""},
    "op": set(OPS),
    "query": set(QUERIES),
    "reply": set(REPLIES),
    "suspected": set(TRIGGERS),
    "suspected_has": set(TRIGGERS),
}
"""Which ids a file may name."""


@cache
def ear() -> Ear:
    """Made once: it holds no memory."""
    return load_ear()


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_sentence_means_what_it_should(path: Path) -> None:
    """Those that do not are listed with what was wanted and what was understood."""
    wrong = [
        f"{item.say!r}: {'; '.join(found)}"
        for item in sentences(path)
        if (found := differences(item, ear().hear(item.say, item.moment())))
    ]
    assert not wrong, "\n".join(["", *wrong])


@pytest.mark.parametrize("dress", DRESSES)
def test_how_it_is_written_does_not_change_what_it_means(dress: str) -> None:
    """Punctuation, capitals, spaces, an "um" and a "please"; notes are free text and keep theirs."""
    wrong = [
        f"{other!r}: {'; '.join(found)}"
        for path in files()
        for item in sentences(path)
        if "note" not in item.means
        and (other := DRESSES[dress](item.say)) != item.say
        and (found := differences(item, ear().hear(other, item.moment())))
    ]
    assert not wrong, "\n".join(["", *wrong])


def test_there_are_enough_sentences_and_none_stands_twice() -> None:
    said = [(item.say, item.now, item.reminders) for path in files() for item in sentences(path)]
    assert len(said) >= 800
    assert sorted({pair for pair in said if said.count(pair) > 1}) == []


def test_the_forty_are_there_word_by_word() -> None:
    marked = [item for path in files() for item in sentences(path) if item.domain is not None]
    assert {number: [item.say for item in marked if item.domain == number] for number in FORTY} == FORTY


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_a_file_names_only_ids_that_exist(path: Path) -> None:
    """A misspelt id would be a sentence that nothing can get right."""
    for item in sentences(path):
        for part in (item.means, *item.means.get("and", ())):
            for name, known in IDS.items():
                value = part.get(name, [])
                named = value if isinstance(value, list) else [value]
                assert set(named) <= known, f"{item.say!r}: {name} {value!r}"


def test_the_comparison_notices_what_is_wrong() -> None:
    """A test of the test: each of these must be seen."""
    now = local("2026-11-20 15:00")
    wanted = Sentence("x", {"symptom": "spasm", "place": "leg", "severity": 7, "ago_minutes": 10}, now)
    at = local("2026-11-20 14:50")

    def heard(said: Said, **more: str) -> list[str]:
        return differences(wanted, Meaning(purpose="log", raw="x", said=(said,), **more))  # type: ignore[arg-type]

    right = Said(kind="symptom", what="spasm", place="leg", severity=7.0, occurred_at=at)
    assert heard(right) == []
    assert len(heard(right, reply="done")) == 1
    assert len(heard(Said(kind="symptom", what="pain", place="leg", severity=7.0, occurred_at=at))) == 1
    assert len(heard(Said(kind="report", what="spasm", place="arm", severity=6.0, occurred_at=at))) == 3
    later = local("2026-11-20 16:00").astimezone(ZoneInfo("Asia/Tokyo"))
    assert len(heard(Said(kind="symptom", what="spasm", place="leg", severity=7.0, occurred_at=later))) == 2
    assert differences(wanted, Meaning(purpose="note", raw="x")) == ["said: wanted 1, got 0 ()"]
    assert differences(Sentence("x", {}, now), Meaning(purpose="log", raw="x", said=(right,)))
