"""Arbitrary input from a seed: known good input, broken in every way that was thought of, and pure noise."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

NUMBERS = (
    b"1e999", b"-1e999", b"NaN", b"-Infinity", b"9" * 400, b"9" * 5_000, b"0.0000000000001", b"-0", b"1_0", b"0x10",
    b"1.7976931348623157e308", b"9007199254740993", b"-1", b"\xd9\xa2\xd9\xa1", b'"21,5"', b'"21.5 \xc2\xb0C"',
)  # fmt: skip
OTHERS = (
    b"null", b"true", b"[]", b"{}", b'""', b'"\\ud800"', b'"\\u0000"', b"[" * 3_000, b'{"a":' * 3_000, b"\x00" * 50,
    b"\xff\xfe", b"\xf0\x9f\x9b\x8c", b"\xed\xa0\x80", b"x" * 2_000, b'"unavailable"', b'{"value":{"value":{}}}',
)  # fmt: skip


class Mutator:
    """Makes arbitrary bytes and texts, the same ones for the same seed."""

    def __init__(self, seed: str, corpus: Sequence[bytes]) -> None:
        self.random = Random(seed)
        self._corpus = list(corpus)

    def payload(self) -> bytes:
        """A known payload with up to three faults; one in ten is noise."""
        random = self.random
        if random.random() < 0.1:
            return random.randbytes(random.randrange(60))
        data = random.choice(self._corpus)
        for _ in range(random.randrange(4)):
            data = self._broken(data)
        return data

    def _broken(self, data: bytes) -> bytes:  # noqa: PLR0911 (one return for each fault)
        random, size = self.random, len(data)
        at = random.randrange(size + 1)
        match random.randrange(8):
            case 0:
                return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]
            case 1:
                return data[:at] + random.choice(NUMBERS) + data[at:]
            case 2:
                return data[:at] + random.choice(OTHERS) + data[at:]
            case 3:
                return data[:at]
            case 4:
                return data[:at] + data[random.randrange(size + 1) :]
            case 5:
                return self._with_another_value(data)
            case 6:
                return data[:at] + random.choice(self._corpus) + data[at:]
            case _:
                return random.choice(NUMBERS + OTHERS)

    def _with_another_value(self, data: bytes) -> bytes:
        """What follows a colon is replaced: valid JSON of the wrong kind."""
        head, colon, tail = data.partition(b":")
        rest = tail.find(b",") if b"," in tail else tail.find(b"}")
        return head + colon + self.random.choice(NUMBERS + OTHERS) + tail[max(rest, 0) :]

    def text(self) -> str:
        """The same as a text, with surrogates where the bytes are no UTF-8."""
        return self.payload().decode("utf-8", self.random.choice(["surrogateescape", "replace", "ignore"]))

    def value(self, depth: int = 0) -> object:
        """A JSON-like value."""
        random = self.random
        kind = random.randrange(9 if depth < 4 else 7)
        if kind == 7:
            return [self.value(depth + 1) for _ in range(random.randrange(4))]
        if kind == 8:
            return {self.text(): self.value(depth + 1) for _ in range(random.randrange(4))}
        numbers = (10**400, -(10**30), 1e308, float("inf"), float("nan"), -0.0, 0, 21.5, True, None)
        return random.choice(numbers) if kind < 4 else self.text()[:200]


VALUES = (
    "", "null", "yes", "-1", "1e999", ".nan", ".inf", "9" * 30, "9" * 900, "0x" + "f" * 900, "[" * 60, "{a: 1}",
    "2026-02-30", "24:61", "99999999999 days", "1 min 1 min", "-5 C", "21,5", "é\u202e", "!!python/object:os.system ls",
    "&a [*a]", "*a", "<<", "| \n x", "'", '"', "\t", "\x00", "😴" * 100, "a.b.c", "sensor.x", "+/#", "a" * 900,
    "bedtime - 1 h", "rise + 99999999999999 h", "Europe/../../etc/passwd", "00:00", "0", "0.1", "true", "~", "? x",
)  # fmt: skip


def broken_yaml(random: Random, text: str) -> bytes:
    """A configuration with up to four faults."""
    lines = text.split("\n")
    for _ in range(random.randrange(1, 5)):
        _break_line(random, lines)
    data = "\n".join(lines).encode("utf-8", "surrogatepass")
    if random.random() < 0.1:
        at = random.randrange(len(data) + 1)
        data = data[:at] + random.randbytes(4) + data[at:]
    return data


def _break_line(random: Random, lines: list[str]) -> None:
    at = random.randrange(len(lines))
    key, colon, _ = lines[at].partition(":")
    match random.randrange(8):
        case 0:
            del lines[at : at + random.randrange(1, 4)]
            lines.append("")
        case 1:
            lines.insert(at, lines[at])
        case 2 | 3 | 4:
            lines[at] = f"{key}{colon or ':'} {random.choice(VALUES)}"
        case 5:
            lines[at] = " " * random.randrange(4) + lines[at]
        case 6:
            other = random.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        case _:
            lines[at] = f"{key[: len(key) - len(key.lstrip())]}{random.choice(VALUES)}: {random.choice(VALUES)}"
