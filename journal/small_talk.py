"""What is no entry, and deserves better than "not understood": thanks, fear, and questions about medicine."""

from __future__ import annotations

import re
from typing import Final

THANKED = "You are welcome."
GOOD_NIGHT = "Good night."
HELLO = "Hello."
KEPT = "I kept it as a note."
NO_ADVICE = "I cannot say anything about medicine. Please ask your MS team or a pharmacist."
HARD = "That sounds hard. I kept it as a note; somebody you trust may be good to call."
_THANKS: Final = re.compile(
    r"^(?:ok |okay |great |lovely |oh )*"
    r"(?P<greeting>thank you|thanks|cheers|ta|good night|goodnight|night night|good morning|hello|hi)"
    r"(?: (?:very much|so much|a lot|then|unclench|again|everyone))*$"
)
_MEDICINE: Final = re.compile(
    r"\b(?:baclof[ei]n|tizanidine|gabapentin|pregabalin|dantrolene|diazepam|sativex|paracetamol|ibuprofen|"
    r"tablets?|pills?|meds|medicines?|medication|dose|dosage|painkillers?)\b"
)
_ASKS: Final = re.compile(
    r"^(?:so |and |please |ok )*(?:should|shall|can|could|may|must|do|does|is it|how (?:much|many)|"
    r"what (?:if|about|dose)|when|would it|will it|am i|are)\b"
)
_TOOK: Final = re.compile(r"^(?:i |ive |i've |i have |just |have )*(?:took|taken|had|forgot|missed)\b")
_SCARED: Final = re.compile(
    r"\b(?:scared|frightened|afraid|terrified|panick\w*|cant cope|can't cope|cannot cope|overwhelmed|"
    r"feel (?:awful|terrible|dreadful)|had enough|so lonely|fed up)\b"
)


def reply_to(raw: str) -> str:
    """A fixed reply to words that are no entry; empty where there is none. It never advises and never reassures."""
    text = " ".join(re.sub(r"[^\w' ]", " ", raw.lower().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")).split())
    if greeting := _THANKS.match(text):
        word = greeting["greeting"]
        return GOOD_NIGHT if "night" in word else HELLO if word in ("good morning", "hello", "hi") else THANKED
    if _MEDICINE.search(text) and _ASKS.match(text):
        return NO_ADVICE
    if _MEDICINE.search(text) and _TOOK.match(text):
        return KEPT
    return HARD if _SCARED.search(text) else ""


def is_for_nobody(raw: str) -> bool:
    """Whether there is nothing in it to keep."""
    return reply_to(raw) in (THANKED, GOOD_NIGHT, HELLO)
