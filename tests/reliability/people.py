"""What a person does when a command fails: as the error says, after a look at the vendor, where every object is known or strange."""

from __future__ import annotations

from reliability.commands import Plain, Program, Run, Stack
from reliability.judging import assert_clean

from pulumi_smsagents.errors import SmsAgentsError, VendorError


class Person:
    """Runs `up` until nothing is wrong, and does what the errors say in between."""

    def __init__(self, stack: Stack, others: set[str]) -> None:
        self.stack = stack
        self.others = others
        self.adopted: list[str] = []
        self.resolved: list[str] = []

    def bring(self, program: Program, attempts: int = 4) -> Run:
        """`up` until it is clean, and once more without the `adopt` that has done its work."""
        asked = dict(program)
        run = Run()
        for _ in range(attempts):
            run = self.stack.up(asked)
            assert_clean(run, self.stack)
            if not run.errors:
                break
            for name, error in run.errors.items():
                self.follow(asked, name, error)
        run.ok()
        return self.stack.up(program).ok() if asked != program else run

    def follow(self, asked: dict[str, Plain], name: str, error: SmsAgentsError) -> None:
        """The next step that this error names; where it names none and nothing can have happened, it is to run it again."""
        said = str(error)
        world, entry = self.stack.world, self.stack.state.get(name)
        strange = self._like(asked[name]) if name in asked else []
        if "adopt=" in said and strange:
            asked[name] = {**asked[name], "adopt": strange[0]}
            self.adopted.append(name)
            self.others.add(strange[0])  # accounted for, until it is in the state
        elif "run pulumi up again" in said:
            return
        elif "smsagents resolve" in said:
            world.resolve_as_not_created(f"{self.stack.name}/{name}")
            self.resolved.append(name)
        elif "pulumi state delete" in said and entry is not None:
            if entry.id not in world.records():
                del self.stack.state[name]
        elif "pulumi refresh" in said:
            self.stack.refresh()
        elif entry is None and isinstance(error, VendorError) and error.may_have_arrived and ": GET " not in error.asked:
            assert error.advice, f"{name}: nobody could know what to do now: {said}"

    def _like(self, fields: Plain) -> list[str]:
        """The objects that nobody has accounted for and that can be what the program asks for, the most alike first."""
        records, rules = self.stack.world.records(), self.stack.world.offer.fields
        strange = sorted(set(records) - self.stack.ids - self.others)
        # What is adopted where nothing can be read is never compared again: there a person looks at all of it.
        fixed = [name for name in fields if name in rules and (rules[name].replace or not self.stack.world.reads)]
        strange = [id for id in strange if all(records[id].get(name, fields[name]) == fields[name] for name in fixed)]

        def unlike(id: str) -> int:
            return -sum(records[id].get(name) == value for name, value in fields.items())

        return sorted(strange, key=unlike)
