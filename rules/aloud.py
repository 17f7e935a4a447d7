"""What is spoken step by step, once the person began it: guided movement, and the checks during a bath."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from config.profile import Profile
from devices.actions import Action
from devices.control.bath import KEY as BATH
from devices.control.bath import OUT, STILL_IN, Bath, BathMemory
from devices.control.channels import Say
from devices.control.guided import KEY as STRETCH
from devices.control.guided import Guided, GuidedMemory
from devices.control.memory import Note
from devices.control.prompts import Moment, PromptDesk, Spoken
from devices.events import ActionReturned, PromptAnswered

WASH = "wash"
SESSION = frozenset({"pause", "resume", "next", "stop"})
NOT_SENT = frozenset({"refused", "unreachable", "expired"})
SOUNDS = timedelta(seconds=30)
"""How long after it was sent something may still be heard. Later than this a speaker plays what is not ours."""
STOP_KEEPS = timedelta(seconds=10)
SENT_KEPT = 20


@dataclass(slots=True)
class AloudMemory:
    """All that is remembered of both: plain data, for the snapshot."""

    guided: GuidedMemory = field(default_factory=GuidedMemory)
    bath: BathMemory = field(default_factory=BathMemory)
    player: str = ""  # the speaker that the last step was sent to
    spoken_at: datetime | None = None  # and when
    sent: dict[str, str] = field(default_factory=dict)  # action -> "step" or "contact", without the edge's word yet


_ADAPTER = TypeAdapter(AloudMemory)


class Aloud:
    """One person's guided movement and bath checks."""

    def __init__(self, profile: Profile, desk: PromptDesk, clock: Callable[[datetime], str]) -> None:
        stretch = profile.prompts.stretch
        contact = next((each for each in profile.contacts if each.bath and each.notify), None)
        self._desk = desk
        self.guided = Guided(stretch.moves, stretch.minutes)
        self.bath = Bath(profile.name, contact, clock)
        self._memory = AloudMemory()
        self._silence = False  # within a step: what sounds is to stop

    @property
    def due(self) -> datetime | None:
        """When to look next."""
        return min((at for at in (self.guided.due, self.bath.due) if at is not None), default=None)

    # -- what the person says

    def answered(self, event: PromptAnswered, now: datetime) -> tuple[bool, list[Note]]:
        """Whether the answer was meant for what is spoken here and for nothing else, and what it did."""
        if self._is_for_session(event):
            self._silence = event.answer in ("stop", "done")
            return True, self.guided.command(event.answer, now)
        if self._is_for_bath(event):
            if not self.bath.running:
                return True, [Note("bath", f"you answered {event.answer}; the checks had ended")]
            return True, self.bath.answer(event.answer, now)
        return False, []

    def _is_for_session(self, event: PromptAnswered) -> bool:
        if not self.guided.running or event.prompt not in ("", STRETCH):
            return False
        if event.answer == "done":
            return event.prompt == STRETCH or (not self.bath.running and self._last_offered() is None)
        return event.answer in SESSION

    def _is_for_bath(self, event: PromptAnswered) -> bool:
        if event.answer not in OUT | STILL_IN:
            return False
        if event.prompt == BATH:
            return True
        if event.prompt == WASH:  # its message still stands on the phone, with its button
            return self.bath.running and event.answer in ("done", "stop")
        said_at, offered_at = self.bath.memory.said_at, self._last_offered()
        return (
            not event.prompt
            and self.bath.running
            and said_at is not None
            and (offered_at is None or said_at >= offered_at)
        )

    def _last_offered(self) -> datetime | None:
        """When the latest of the prompts that wait for an answer was offered."""
        waiting = [each for each in self._desk.memory.prompts.values() if not each.ended_at and not each.later_at]
        return max((each.offered_at for each in waiting if each.offered_at), default=None)

    def begins(self, event: PromptAnswered) -> str:
        """Which of the two a "begin" is for; to be asked before the desk takes the answer."""
        if event.answer != "begin":
            return ""
        name = self._desk.meant(event)
        return name if name in (STRETCH, WASH) else ""

    def began(self, prompt: str, now: datetime) -> list[Note]:
        """The person began ``prompt``; nothing for any other."""
        if prompt == STRETCH:
            return self.guided.command("begin", now)
        return self.bath.begin(now) if prompt == WASH else []

    def paused(self, now: datetime) -> list[Note]:
        """The person paused everything, or the prompts: movement pauses too. The checks of a bath go on."""
        return self.guided.command("pause", now) if self.guided.running else []

    def stop_actions(self, moment: Moment) -> list[Action]:
        """What silences a voice at once, after the person said stop. It waits behind no words: it is a device's."""
        silence, self._silence = self._silence, False
        memory = self._memory
        if not silence or not memory.player or memory.spoken_at is None or moment.now - memory.spoken_at > SOUNDS:
            return []
        return [
            Action(
                id=moment.mint(),
                at=moment.now,
                expires_at=moment.now + STOP_KEEPS,
                service="media_player.media_stop",
                entity=memory.player,
                data={},
                reason="you said stop",
            )
        ]

    # -- what the time brings

    def look(self, moment: Moment) -> Spoken:
        """Say what is due now. With Home Assistant away movement pauses, and the checks wait for its return."""
        spoken, now = Spoken(), moment.now
        if not moment.peer_up:
            self.guided.lose("Home Assistant is away, and nothing can speak", now)
        for say in self.guided.look(now):
            if moment.peer_up and not self._say(say, "step", moment, spoken):
                self.guided.lose("nothing could speak", now)
        dues = [self.guided.due]
        if moment.peer_up:
            self._look_at_bath(moment, spoken)
            dues.append(self.bath.due)
        spoken.notes += [*self.guided.notes(), *self.bath.notes()]
        for due in dues:
            if due is not None:
                spoken.look_at(due)
        return spoken

    def _look_at_bath(self, moment: Moment, spoken: Spoken) -> None:
        for say in self.bath.look(moment.now):
            if say.notify is not None and not self._say(say, "contact", moment, spoken):
                spoken.notes += self.bath.unreached(moment.now)
                break
            if say.notify is None:
                self._say_somehow(say, moment, spoken)
        else:
            return
        for say in self.bath.look(moment.now):
            self._say_somehow(say, moment, spoken)

    def _say_somehow(self, say: Say, moment: Moment, spoken: Spoken) -> None:
        """Better heard; better read than not known at all."""
        if not self._say(say, "", moment, spoken) and say.speech_only:
            self._say(replace(say, speech_only=False), "", moment, spoken)

    def _say(self, say: Say, kind: str, moment: Moment, spoken: Spoken) -> bool:
        said = self._desk.say(say, moment)
        spoken.actions += said.actions
        spoken.notes += said.notes
        if said.due is not None:
            spoken.look_at(said.due)
        self._keep(said, kind, moment.now)
        return bool(said.actions)

    def _keep(self, said: Spoken, kind: str, now: datetime) -> None:
        """Remember what was sent, to hear from the edge what became of it, and where it sounds."""
        memory = self._memory
        for action in said.actions if kind else ():
            if "message" in action.data:
                memory.sent[action.id] = kind
            if kind == "step" and "media_player_entity_id" in action.data:
                memory.player, memory.spoken_at = str(action.data["media_player_entity_id"]), now
        while len(memory.sent) > SENT_KEPT:
            del memory.sent[next(iter(memory.sent))]

    def returned(self, event: ActionReturned, instead: Spoken, now: datetime) -> list[Note]:
        """The edge's word on what was said here. ``instead``: what the desk sent by another way, where there is one."""
        kind = self._memory.sent.pop(event.action, "")
        if not kind or event.result not in NOT_SENT:
            return []
        if instead.actions:
            self._keep(instead, kind, now)
            return []
        if kind == "contact":
            return self.bath.unreached(now)
        self.guided.lose("nothing could speak", now)
        return self.guided.notes()

    def is_for_contact(self, action: Action) -> bool:
        """Whether it is the message to the contact."""
        return self._memory.sent.get(action.id) == "contact"

    # -- memory

    def dump(self) -> Any:  # noqa: ANN401 (a JSON value)
        """The memory of both, for the snapshot."""
        memory = replace(self._memory, guided=self.guided.memory, bath=self.bath.memory)
        return _ADAPTER.dump_python(memory, mode="json")

    def load(self, dumped: Any) -> None:  # noqa: ANN401
        """The memory as ``dump`` gave it."""
        self._memory = _ADAPTER.validate_python(dumped)
        self.guided.memory, self.bath.memory = self._memory.guided, self._memory.bath
