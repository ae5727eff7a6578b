"""What a person reads when the program or the settings are wrong: in the preview, all of a resource at once, before any call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from e2e.engine import Stack
from e2e.programs.teli import CASE

WRONG: Mapping[str, Any] = {
    "promt": "Be brief.",
    "agent_name": 5,
    "prompt": "  \n ",
    "starting_message": "Hi {{first_name",
    "extraction_fields": ["budget", "budget"],
    "drip_schedule": [
        {"type": "ai"},
        {"delay_hours": 4, "type": "custom"},
        {"delay_hours": -4, "type": "ai"},
        {"delay_hours": 4, "type": "sms"},
        {"delay_hours": 4, "type": "ai", "mesage": "Hi"},
        "tomorrow",
    ],
    "on_delete": "keep",
    "adopt": "an agent",
}

SAID = {
    "promt": "did you mean prompt?",
    "agent_name": "must be text",
    "prompt": "is blank; write some text",
    "starting_message": "has a '{{' without its '}}'; write variables as {{first_name}}",
    "extraction_fields[1]": "has the name of an earlier one; keep one of them",
    "drip_schedule[0].delay_hours": "is required; set it",
    "drip_schedule[1]": "message is required when type is 'custom'; write it, or use type 'ai'",
    "drip_schedule[2]": "delay_hours must be above 0; write the hours to wait, e.g. 24",
    "drip_schedule[3].type": "must be 'ai' or 'custom'",
    "drip_schedule[4].mesage": "remove it or correct its name",
    "drip_schedule[5]": "must be an object",
    "on_delete": "must be one of 'delete', 'retain'",
    "adopt": "as text without spaces",
}


def test_all_that_is_wrong_with_a_resource_is_said_at_once(stack: Stack) -> None:
    stack.program({"wrong": (CASE.type, {**CASE.fields, **WRONG}), "fine": (CASE.type, CASE.fields)})
    refused = stack.preview().failed()
    assert refused.calls == []
    found = dict(each.partition("has a problem: ")[2].split(": ", 1) for each in refused.errors)
    assert found.keys() == SAID.keys()
    for path, words in SAID.items():
        assert words in found[path]
    assert all("resource 'wrong'" in line for line in refused.errors)
    # The engine prints the value of a property that fails; it may be secret, so it is told none.
    assert "value {" not in refused.report()

    # An `up` that is not previewed is no way around it.
    assert stack.up().failed().errors
    assert "wrong" not in stack.resources()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"SMSAGENTS_TELI_BASE_URL": "http://teli.example"}, "SMSAGENTS_TELI_BASE_URL: http would send the key in clear; use https"),
        ({"SMSAGENTS_TELI_API_KEY": ""}, "no API key for Teli; set it with: pulumi config set --secret smsagents:teliApiKey"),
        ({"SMSAGENTS_TELI_API_KEY": "half of a key"}, "SMSAGENTS_TELI_API_KEY: the API key contains white space"),
    ],
)
def test_wrong_settings_are_said_in_the_preview(stack: Stack, settings: dict[str, str], said: str) -> None:
    stack.program({"sales": (CASE.type, CASE.fields)})
    refused = stack.preview(**settings).failed()
    (line,) = refused.errors
    assert said in line
    assert "half of a key" not in refused.report()
    assert refused.calls == []
