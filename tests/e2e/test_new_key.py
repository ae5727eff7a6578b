"""docs/secrets.md, "A new key": Pulumi goes on with the key in its state until the next `pulumi up`, or one in the environment."""

from __future__ import annotations

from e2e.engine import KEY, Stack
from e2e.programs.teli import CASE

NEW = f"{KEY}-new"


def test_a_new_key_is_used_at_once_from_the_environment_and_from_the_stack_after_an_up(stack: Stack) -> None:
    stack.program({"sales": (CASE.type, CASE.fields)})
    stack.up().ok()
    stack.emulator.auth.accept("teli", [NEW])
    stack.run("config", "set", "--secret", "smsagents:teliApiKey", NEW).ok()
    (said,) = stack.refresh().failed().errors
    assert "401" in said
    stack.refresh(SMSAGENTS_TELI_API_KEY=NEW).ok()
    assert stack.up("--expect-no-changes").ok().calls == []
    stack.destroy().ok()
    assert [item.kind for item in stack.emulator.objects("teli", "agent")] == []
