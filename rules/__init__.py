"""The engine: facts, triggers, conditions, rules, arbitration, explanations. No I/O, no clock."""
