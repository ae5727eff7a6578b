"""A state as `pulumi stack export` gives it, of objects that stand at the emulator and were taken over as they are."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from samples import SAMPLES

from pulumi_smsagents.connect import Settings, client_for, journals
from pulumi_smsagents.emulator import Emulator
from pulumi_smsagents.emulator.store import Item
from pulumi_smsagents.lifecycle import Lifecycle, Result
from pulumi_smsagents.vendors import find

Plain = dict[str, Any]

TYPE = "pulumi-python:dynamic/smsagents/"
SIGNATURE = {"4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270"}

MAKERS: dict[str, Callable[[int], Plain]] = {
    "teli:SmsAgent": lambda n: {"agent_name": f"Agent {n}"},
    "fluents:PhoneNumber": lambda n: {"phone_number": f"+1415555{n:04d}"},
    "bland:SmsConfiguration": lambda n: {"phone_number": f"+1555000{n:04d}"},
}
"""What makes the nth object of a kind another one than the first."""


@dataclass
class Recorder:
    """Takes over objects and keeps what the state then holds."""

    emulator: Emulator
    settings: Settings
    resources: list[Plain] = field(default_factory=list)

    def objects(self, tag: str, count: int) -> list[Item]:
        """New objects at the vendor, made by hand, and taken over as ``teli-0``, ``teli-1``, …."""
        made = []
        for n in range(count):
            vendor = tag.partition(":")[0]
            item = self.emulator.add(vendor, {**SAMPLES[tag].inputs, **MAKERS[tag](n)})
            self.adopt(f"{vendor}-{n}", tag, {**SAMPLES[tag].inputs, **MAKERS[tag](n)}, item.id)
            made.append(item)
        return made

    def adopt(self, name: str, tag: str, inputs: Plain, id: str) -> None:
        self.create(name, tag, {**inputs, "adopt": id})

    def create(self, name: str, tag: str, inputs: Plain) -> Result:
        vendor, offer = find(tag)
        lifecycle = Lifecycle(vendor, offer, lambda: client_for(vendor, self.settings), journals(), pause=lambda seconds: None)
        checked = lifecycle.check({}, {**inputs, "key": f"e2e/dev/{name}"})
        assert checked.problems == []
        result = lifecycle.create(checked.inputs)
        self.resources.append(
            {
                "urn": f"urn:pulumi:dev::e2e::{TYPE}{tag}::{name}",
                "custom": True,
                "id": result.id,
                "type": f"{TYPE}{tag}",
                "inputs": {"__provider": "gAJj", **checked.inputs},
                "outputs": {"__provider": "gAJj", **result.outputs},
            }
        )
        return result

    def exported(self) -> Plain:
        """The whole state; numbers and all as JSON has them."""
        stack = {"urn": "urn:pulumi:dev::e2e::pulumi:pulumi:Stack::e2e-dev", "custom": False, "type": "pulumi:pulumi:Stack"}
        other = {"urn": "urn:pulumi:dev::e2e::aws:s3:Bucket::b", "custom": True, "id": "b", "type": "aws:s3:Bucket", "outputs": {"a": 1}}
        return {"version": 3, "deployment": {"manifest": {}, "resources": [stack, other, *copy.deepcopy(self.resources)]}}
