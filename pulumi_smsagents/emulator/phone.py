"""A conversation as it would look on the lead's phone: what is sent unasked, scripted answers, and what carriers do to STOP and HELP.

No model answers here and nobody is texted. The words and replies are those that carriers and messaging services use by default in the
United States; a vendor may have set others.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .phone_text import Filled, Size, fill, size
from .scripts import Later, Script

LEAD = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "company": "Analytical Engines",
    "phone_number": "+12025550123",
    "email": "ada@example.com",
}
"""A sample lead, by the names that vendors document."""

ANSWERS = ("Thanks for getting back to me! What would help you most right now?", "Got it. Shall we talk tomorrow at 10?")
"""What the agent is made to say, one for each text of the lead."""

STOP = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "OPTOUT", "REVOKE"})
START = frozenset({"START", "YES", "UNSTOP"})
HELP = frozenset({"HELP", "INFO"})
STOPPED = "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe."
STARTED = "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe."
HELPED = "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
MOVES = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the conversation: by the `agent`, the `lead` or the `carrier`, or a `note` about it."""

    by: str
    text: str
    kind: str = ""
    seconds: float | None = None
    missing: tuple[str, ...] = ()
    problem: str = ""
    size: Size | None = None


@dataclass(slots=True)
class Conversation:
    """What is on the phone, what is still to come, and whether the lead has stopped it."""

    lines: list[Line] = field(default_factory=list)
    pending: list[Line] = field(default_factory=list)
    stopped: bool = False
    names: tuple[str, ...] = ()


def play(script: Script, lead: Mapping[str, str], moves: Sequence[str | None], answers: Sequence[str] = ANSWERS) -> Conversation:
    """The conversation after these moves: a text that the lead sends, or None where time passes until the next message is due."""
    stage = _Stage(script, {**script.lead, **lead}, list(answers))
    for move in moves[:MOVES]:
        stage.wait() if move is None else stage.hear(move.strip())
    return stage.conversation


class _Stage:
    def __init__(self, script: Script, lead: Mapping[str, str], answers: list[str]) -> None:
        self._script = script
        self._lead = lead
        self._answers = answers
        self._now = 0.0
        self.conversation = Conversation(names=names(script))
        self._begin_silence()
        if script.opening is not None:
            self._say(fill(script.opening, lead), "first message")

    def wait(self) -> None:
        """Until the next message is due. After STOP it passes in silence."""
        if self.conversation.stopped:
            self._note("Time passes, and nothing is sent.")
            return
        if not self.conversation.pending:
            self._note("Nothing more is due.")
            return
        due = self.conversation.pending.pop(0)
        self._now = max(self._now, due.seconds or 0)
        self.conversation.lines.append(due)

    def hear(self, text: str) -> None:
        """The lead sends a text. Carriers look at it before any agent does, and only at a text that is one of their words whole."""
        if not text:
            return
        self._line(Line("lead", text, seconds=self._now))
        if self._script.anew:
            self._begin_silence()
        word = text.upper()
        if not self._script.sms:
            self._answer(word)
        elif self.conversation.stopped:
            self._hear_stopped(word)
        elif word in STOP:
            self.conversation.stopped = True
            self._carrier(STOPPED, "The carrier blocks this number for the lead: nothing more arrives, and no agent can change that.")
        elif word in HELP:
            self._carrier(HELPED, "HELP is answered for the agent; the conversation goes on.")
        else:
            self._answer(word)

    def _hear_stopped(self, word: str) -> None:
        if word not in START:
            self._note("Nothing is sent: the lead has opted out. Only START lifts that.")
            return
        self.conversation.stopped = False
        self._carrier(STARTED, "The block is lifted; whether the vendor goes on with what was due, its pages do not say.")

    def _answer(self, word: str) -> None:
        if self._script.sms and STOP & set(word.replace(",", " ").replace(".", " ").replace("!", " ").split()):
            self._note("Carriers take only the word alone for an opt-out. This one has to be understood by the agent.")
        if self._answers:
            self._say(fill(self._answers.pop(0), self._lead), "scripted answer")
        else:
            self._note("Here the vendor’s model would answer by the prompt.")

    def _begin_silence(self) -> None:
        self.conversation.pending = [self._later(each) for each in sorted(self._script.later, key=lambda each: each.seconds)]

    def _later(self, later: Later) -> Line:
        at = self._now + later.seconds
        if later.text is None:
            return Line("note", "Written by the vendor’s model at that time.", later.kind, at)
        return self._message(fill(later.text, self._lead), later.kind, at)

    def _say(self, filled: Filled, kind: str) -> None:
        self._line(self._message(filled, kind, self._now))

    def _message(self, filled: Filled, kind: str, seconds: float) -> Line:
        cost = size(filled.text) if self._script.sms else None
        return Line("agent", filled.text, kind, seconds, filled.missing, filled.problem, cost)

    def _carrier(self, text: str, why: str) -> None:
        self._line(Line("carrier", text, "carrier’s reply", self._now, size=size(text)))
        self._note(why)

    def _note(self, text: str) -> None:
        if not self.conversation.lines or self.conversation.lines[-1].text != text:
            self._line(Line("note", text))

    def _line(self, line: Line) -> None:
        self.conversation.lines.append(line)


def names(script: Script) -> tuple[str, ...]:
    """The variables that the texts use and a sample lead has no value for."""
    texts = [script.opening, *(each.text for each in script.later)]
    found = (name for text in texts if text for name in fill(text, {**LEAD, **script.lead}).missing)
    return tuple(dict.fromkeys(found))
