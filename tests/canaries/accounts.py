"""All vendors on loopback, each with a secret of its own for a key, and answers that repeat it wherever they can."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from canaries.hunt import FOUND, KEYS, TOKEN
from samples import SAMPLES
from worlds import as_pulumi

from pulumi_smsagents import connect
from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.lifecycle import Lifecycle, Result
from pulumi_smsagents.values import plain
from pulumi_smsagents.vendors import find

Plain = dict[str, Any]

TEXTS = frozenset({"agent_status", "label", "messaging_service", "inbound_agent_name"})
"""What vendors show besides our fields, and the state keeps."""

HOOK = f"https://hooks.example.com/sms?token={TOKEN}"
THEIR_HOOK = f"https://theirs.example.com/sms?token={FOUND}"


def echoing(key: str) -> Callable[[Reply], Reply]:
    """Repeats the key in every object of the answer, under new names and in what is there, and in the headers."""

    def told(value: Any) -> Any:
        if isinstance(value, list):
            return [told(each) for each in value]
        if not isinstance(value, dict):
            return value
        known = {name: f"{each} of {key}" if name in TEXTS else told(each) for name, each in value.items()}
        return {**known, "tags": ["a", key], "api_key": key, "debug": {"authorization": f"Bearer {key}", key: 1}}

    headers = {"x-request-id": key, "set-cookie": f"session={key}", "x-debug": key, "link": f"<https://elsewhere.example/?key={key}>"}
    return lambda reply: Reply(reply.status, told(reply.body), {**reply.headers, **headers})


def refusal(key: str, status: int) -> Plain:
    """The settings of a fault: it repeats key and webhook in every shape that vendors use."""
    words = f"Cannot use {key} with {HOOK}"
    body = {"error": words, "message": [words], "errors": [{"error": words, "message": words}], "detail": words, key: key}
    return {"status": status, "body": body, "headers": {"x-request-id": key, "retry-after": f"key={key}"}}


@dataclass
class Accounts:
    """Lives of resources at the served vendors, and all that was said meanwhile."""

    emulator: Emulator
    settings: connect.Settings
    said: list[str] = field(default_factory=list)
    states: list[Plain] = field(default_factory=list)

    def lifecycle(self, tag: str) -> Lifecycle:
        vendor, offer = find(tag)
        rules = connect.rules(vendor, self.settings)
        return Lifecycle(
            vendor, offer, lambda: connect.client_for(vendor, self.settings), connect.journals(), rules, pause=lambda seconds: None
        )

    def echo(self, tag: str) -> None:
        """The vendor is well, but for what it repeats."""
        vendor = tag.partition(":")[0]
        self.emulator.faults.clear()
        self.emulator.faults.add("rewrite", vendor=vendor, times=None, rewrite=echoing(KEYS[vendor]))

    def refuse(self, tag: str, operation: str, status: int) -> None:
        """Such calls fail from now on, and their answers tell all they were told."""
        vendor = tag.partition(":")[0]
        self.emulator.faults.clear()
        self.emulator.faults.add("status", vendor=vendor, operation=operation, times=None, **refusal(KEYS[vendor], status))

    @staticmethod
    def fields(tag: str) -> Plain:
        """A resource with all fields; a webhook has a token."""
        return {name: HOOK if name == "webhook" else value for name, value in SAMPLES[tag].inputs.items()}

    def checked(self, tag: str, fields: Plain, old: Plain | None = None, key: str = "shop/dev/one") -> Plain:
        fate = {"on_delete": SAMPLES[tag].removes} if SAMPLES[tag].removes else {}
        found = self.lifecycle(tag).check(old or {}, as_pulumi({**fate, "key": key, **fields}))
        assert found.problems == []
        self.said += map(str, found.warnings)
        return found.inputs

    def kept(self, result: Result) -> Plain:
        """The state after a verb, by way of Pulumi."""
        self.said += [*result.warnings, *result.notes]
        self.states.append(result.outputs)
        state: Plain = plain(as_pulumi(result.outputs))
        return state


def settings_of(url: str) -> dict[str, str]:
    """All keys, addresses and paths, as a stack's configuration has them. One attempt, so that nothing waits."""
    stack = {"smsagents:attempts": "1", "smsagents:listingLag": "0.01"}
    for tag, sample in SAMPLES.items():
        vendor = tag.partition(":")[0]
        stack |= {f"smsagents:{vendor}ApiKey": KEYS[vendor], f"smsagents:{vendor}BaseUrl": f"{url}/{vendor}"}
        stack |= {f"smsagents:{vendor}{name}": value for name, value in sample.options.items()}
    return stack


def variables_of(url: str) -> Iterator[tuple[str, str]]:
    """The same for the environment."""
    for key, value in settings_of(url).items():
        name = key.removeprefix("smsagents:")
        yield "SMSAGENTS_" + "".join(f"_{each}" if each.isupper() else each for each in name).upper(), value
