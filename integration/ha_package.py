"""What Home Assistant needs so that Assist can talk to Unclench: the text of one package file. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

MARK = "# Written by `unclench ha install`."
"""Begins the first line of each file of ours; what begins otherwise is somebody else's."""
FIRST_LINE = f"{MARK} It writes the file anew, so change nothing here. `unclench ha remove` takes it away.\n"
NOT_SAVED = "Unclench does not answer, so this is not saved yet."
"""What is heard when no reply comes. The broker keeps the message, and it is saved when Unclench is back."""
TIMEOUT_S = 3
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SLOT = re.compile(r"\{([A-Za-z0-9_]+)(?::([A-Za-z0-9_]+))?[^}]*\}")
_RULE = re.compile(r"<([A-Za-z0-9_]+)>")

_HEAD = """\
# Assist hands what it understood to Unclench and speaks its reply. For Home Assistant 2025.4 to 2026.11.
# No text of yours stays here: no state, no helper, no trace and no line in the log holds any.

"""
_RECORDER = """\
# The recorder keeps the data of every service call. Your words are in two of them for each sentence, so it leaves out
# the calls; what your devices do is recorded as before.
recorder:
  exclude:
    event_types:
      - call_service

"""
_MIDDLE = """\
automation:
  # Never runs. It keeps Home Assistant subscribed to the replies: a subscription that is made with the question
  # would miss the quickest ones.
  - id: unclench_voice_replies
    alias: Unclench voice replies
    initial_state: true
    trace:
      stored_traces: 0
    triggers:
      - trigger: mqtt
        topic: @REPLY@
        payload: this is never sent
        qos: 1
    conditions: []
    actions: []

script:
  unclench_ask:
    alias: Ask Unclench
    description: Hands over what Assist understood, and waits for the words of the reply.
    mode: parallel
    max: 20
    trace:
      stored_traces: 0
    fields:
      intent:
        description: The name of the intent.
        required: true
        selector:
          text:
      slots:
        description: "Its slots as JSON, with json: in front, so that nothing makes another value of them."
        required: true
        selector:
          text:
    sequence:
      - variables:
          request_id: "{{ context.id }}"
      # First the ear, then the question: at once, so that no reply is too quick.
      - parallel:
          - sequence:
              - wait_for_trigger:
                  - trigger: mqtt
                    topic: @REPLY@
                    payload: "{{ request_id }}"
                    value_template: >-
                      {{ (value_json | default({}, true)).request_id | default('') }}
                    qos: 1
                timeout: "00:00:0@TIMEOUT@"
                continue_on_timeout: true
              - variables:
                  reply:
                    text: >-
                      {{ 'text:' ~ (wait.trigger.payload_json.text | default('', true) if wait.trigger
                         else @NOT_SAVED@) }}
              - stop: The reply, or that there is none.
                response_variable: reply
          # Without a broker this fails; then the wait above ends without a reply, and that is said.
          - action: mqtt.publish
            continue_on_error: true
            data:
              topic: @INTENT@
              payload: >-
                {{ {'intent': intent, 'slots': slots[5:] | from_json, 'request_id': request_id,
                    'id': request_id, 'at': utcnow().isoformat()} | to_json }}
              qos: 1
              retain: false

"""
_INTENT = """\
  @NAME@:
    description: Unclench
    mode: parallel
    action:
      - action: script.unclench_ask
        data:
          intent: @NAME@
          slots: >-
            @SLOTS@
        response_variable: reply
      - stop: The reply.
        response_variable: reply
    speech:
      text: "{{ action_response.text[5:] if action_response is defined else @NOT_SAVED@ }}"
"""
_ALL_SLOTS = "json:{{ dict({@PAIRS@}.items() | rejectattr(1, 'none') | rejectattr(1, 'callable')) | to_json }}"
"""A slot that is not there must not become a function of Home Assistant's that happens to have its name."""


def package(sentences: Mapping[str, Any], *, person: str, prefix: str, recorder: bool) -> str:
    """The package for one person. ``recorder``: whether that Home Assistant records (nothing of this is to be).

    Raises ValueError where a topic or a name would be taken for a template.
    """
    voice = f"{prefix}/{person}/voice"
    if "{" in voice:
        message = f"{voice} holds a brace, which Home Assistant would take for a template"
        raise ValueError(message)
    values = {
        "REPLY": json.dumps(f"{voice}/reply"),
        "INTENT": json.dumps(f"{voice}/intent"),
        "NOT_SAVED": f"'{NOT_SAVED}'",
        "TIMEOUT": str(TIMEOUT_S),
    }
    scripts = "".join(
        _filled(_INTENT, {**values, "NAME": name, "SLOTS": _slots_as_json(slots)})
        for name, slots in routed(sentences).items()
    )
    head = FIRST_LINE + _HEAD + (_RECORDER if recorder else "")
    return head + _filled(_MIDDLE, values) + (f"intent_script:\n{scripts}" if scripts else "intent_script: {}\n")


def sentence_file(text: str) -> str:
    """The sentence file as it is written for Home Assistant: with our mark in front."""
    return FIRST_LINE + text


def routed(sentences: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    """The intents that Home Assistant hands to us, with the slots that each can have.

    An intent whose sentences all need a context (``requires_context``) is a fragment for our own parser.
    Raises ValueError where a name cannot stand in a template.
    """
    rules = sentences.get("expansion_rules") or {}
    found: dict[str, tuple[str, ...]] = {}
    for intent, body in (sentences.get("intents") or {}).items():
        blocks = [block for block in body.get("data") or () if not block.get("requires_context")]
        if not blocks:
            continue
        names = {name for block in blocks for name in _slots_of_block(block, rules)}
        for name in (str(intent), *names):
            if not _NAME.fullmatch(name):
                message = f"{name} cannot be the name of an intent or a slot"
                raise ValueError(message)
        found[str(intent)] = tuple(sorted(names))
    return found


def _slots_of_block(block: Mapping[str, Any], rules: Mapping[str, Any]) -> Iterator[str]:
    yield from block.get("slots") or ()
    local = {**rules, **(block.get("expansion_rules") or {})}
    yield from _slots_of_templates(block.get("sentences") or (), local, set())


def _slots_of_templates(templates: Iterable[Any], rules: Mapping[str, Any], seen: set[str]) -> Iterator[str]:
    """The slots that stand in sentence templates, and in the rules that they name. ``seen`` grows."""
    for template in map(str, templates):
        for listed, slot in _SLOT.findall(template):
            yield slot or listed
        for rule in _RULE.findall(template):
            if rule not in seen:
                seen.add(rule)
                yield from _slots_of_templates([rules.get(rule, "")], rules, seen)


def _slots_as_json(slots: Iterable[str]) -> str:
    """A template for the slots that are there. The words in front keep Home Assistant from reading a value in it."""
    pairs = ", ".join(f"'{slot}': {slot} | default(none)" for slot in slots)
    return _filled(_ALL_SLOTS, {"PAIRS": pairs})


def _filled(template: str, values: Mapping[str, str]) -> str:
    return re.sub(r"@([A-Z_]+)@", lambda found: values[found[1]], template)
