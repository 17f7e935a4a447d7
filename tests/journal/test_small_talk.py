"""What is no entry is answered kindly, never with advice, never with comfort that nobody can give."""

from __future__ import annotations

import pytest

from journal.small_talk import GOOD_NIGHT, HARD, HELLO, KEPT, NO_ADVICE, THANKED, is_for_nobody, reply_to


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("Thank you", THANKED),
        ("ok thanks very much", THANKED),
        ("good night", GOOD_NIGHT),
        ("Hello", HELLO),
        ("Should I take more baclofen?", NO_ADVICE),
        ("can I skip my tablets tonight", NO_ADVICE),
        ("how much tizanidine is too much", NO_ADVICE),
        ("I feel awful tonight and I'm scared", HARD),
        ("I can\N{RIGHT SINGLE QUOTATION MARK}t cope with this", HARD),
        ("I took my baclofen", KEPT),
        ("good night's sleep, eight", ""),
        ("the soup is too hot", ""),
        ("", ""),
    ],
)
def test_replies(text: str, reply: str) -> None:
    assert reply_to(text) == reply
    assert is_for_nobody(text) is (reply in (THANKED, GOOD_NIGHT, HELLO))


def test_no_reply_speaks_of_doses_or_says_that_all_is_well() -> None:
    for text in (THANKED, NO_ADVICE, HARD):
        assert not any(word in text.lower() for word in ("dose", "fine", "normal", "worry", "take more", "safe"))
        assert text.count(".") <= 2
