"""What the command ends with. Scripts and service managers may rely on these numbers."""

from __future__ import annotations

FINE = 0
WRONG = 1
"""Something is wrong with what was asked for, or with what was found."""
USAGE = 2
"""The command line itself cannot be understood."""
PEER_UNAVAILABLE = 69
"""The broker or Home Assistant cannot be reached. sysexits.h: EX_UNAVAILABLE."""
INTERNAL = 70
"""A fault in Unclench itself. sysexits.h: EX_SOFTWARE."""

EXPLAINED = (
    "Exit codes: 0 all is well, 1 something is wrong with what was asked for or found, 2 the command was not "
    "understood, 69 the broker or Home Assistant cannot be reached, 70 a fault in Unclench itself."
)
