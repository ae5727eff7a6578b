"""A number's configuration at Bland on the real Pulumi: taken over, kept secret, given back."""

from __future__ import annotations

import pytest
from e2e.engine import Stack

from pulumi_smsagents.emulator.bland import DEFAULTS

NUMBER = "+14155550123"
THEIRS = {
    "objective": "Theirs.",
    "webhook": "https://theirs.example.com/canary-found",
    "request_data": {"token": "canary-data"},
    "timezone": "Europe/Berlin",
}
KIND = "bland.SmsConfiguration"

SECRETS = """
import pulumi
from pulumi_smsagents import bland

desk = bland.SmsConfiguration(
    "desk",
    phone_number="{number}",
    objective="{objective}",
    webhook=pulumi.Output.secret("https://ours.example.com/canary-hook"),
    request_data={{"plain": "shown", "token": pulumi.Output.secret("canary-token")}},
    response_data=pulumi.Output.secret({{"token": "canary-answer"}}),
)
pulumi.export("objective", desk.objective)
"""
SECRET = "4dabf18193072939515e22adb298388d"
"""The mark of an encrypted value in a state."""


def at(stack: Stack, id: str = NUMBER) -> dict[str, object]:
    data = stack.emulator.object("bland", id).data
    return {name: data[name] for name in DEFAULTS}


def never_shown(stack: Stack) -> None:
    assert "canary" not in stack.state_file.read_text("utf-8")


def test_secrets_stay_secret_through_a_whole_life(stack: Stack) -> None:
    """In the state after every command, and in all that is printed."""
    stack.emulator.add("bland", {"phone_number": NUMBER, **THEIRS})
    before = at(stack)
    stack.program(SECRETS.format(number=NUMBER, objective="Ours."))
    runs = [stack.preview(), stack.up()]
    held = stack.outputs("desk")
    assert all(SECRET in held[name] for name in ("webhook", "response_data", "found"))
    assert held["request_data"]["plain"] == "shown"
    assert SECRET in held["request_data"]["token"]
    assert at(stack)["webhook"] == "https://ours.example.com/canary-hook"
    never_shown(stack)

    stack.emulator.edit("bland", NUMBER, timezone="Asia/Kolkata", webhook="https://others.example.com/canary-edit")
    runs.append(stack.refresh())
    assert all(SECRET in stack.outputs("desk")[name] for name in ("webhook", "response_data", "found"))
    never_shown(stack)

    stack.program(SECRETS.format(number=NUMBER, objective="Ours, again."))
    runs += [stack.preview("--diff"), stack.up(), stack.up("--expect-no-changes")]
    assert SECRET in stack.outputs("desk")["found"]
    never_shown(stack)

    runs.append(stack.destroy())
    assert [run.code for run in runs] == [0] * len(runs), [run.report() for run in runs if run.code]
    assert not [run.command for run in runs if "canary" in run.stdout + run.stderr]
    assert at(stack) == {**before, "timezone": "Asia/Kolkata"}


def test_an_unchanged_program_is_unchanged_after_everything(stack: Stack) -> None:
    stack.emulator.add("bland", {"phone_number": NUMBER, **THEIRS})
    stack.program(
        {
            "desk": (
                KIND,
                {"phone_number": NUMBER, "objective": "Ours.", "time_out": 300, "warning_time": 60.5, "pathway_version": "3", "tools": []},
            ),
            "late": (
                KIND,
                {"phone_number": NUMBER, "channel": "whatsapp", "time_out": 0, "request_data": {}, "use_candidate_model": False},
            ),
        }
    )
    assert stack.preview().ok().asked == {}
    assert stack.up().ok().asked == {"numbers": 3, "update": 2}
    assert {name: stack.id(name) for name in ("desk", "late")} == {"desk": NUMBER, "late": f"{NUMBER}/whatsapp"}
    assert stack.up("--expect-no-changes").ok().asked == {}
    assert stack.refresh("--expect-no-changes").ok().asked == {"numbers": 2}
    assert stack.preview("--refresh", "--expect-no-changes").ok().asked == {"numbers": 2}


def test_a_colleagues_edit_stops_the_update_until_it_was_seen(stack: Stack) -> None:
    stack.program({"desk": (KIND, {"phone_number": NUMBER, "objective": "One."})})
    stack.up().ok()
    stack.emulator.edit("bland", NUMBER, objective="By hand.", summary_prompt="By hand.")
    stack.program({"desk": (KIND, {"phone_number": NUMBER, "objective": "Two."})})
    stopped = stack.up().failed()
    assert "objective -> was changed by someone else since the last run" in "\n".join(stopped.errors)
    assert stopped.asked == {"numbers": 1}
    assert at(stack)["objective"] == "By hand."
    assert stack.refresh().ok().asked == {"numbers": 1}
    assert stack.up().ok().asked == {"numbers": 1, "update": 1}
    assert (at(stack)["objective"], at(stack)["summary_prompt"]) == ("Two.", "By hand.")


def test_a_stack_may_say_that_its_program_wins(stack: Stack) -> None:
    stack.configure({"onConflict": "overwrite"})
    stack.program({"desk": (KIND, {"phone_number": NUMBER, "objective": "One."})})
    stack.up().ok()
    stack.emulator.edit("bland", NUMBER, objective="By hand.", summary_prompt="By hand.")
    stack.program({"desk": (KIND, {"phone_number": NUMBER, "objective": "Two."})})
    assert stack.up().ok().asked == {"numbers": 1, "update": 1}
    assert (at(stack)["objective"], at(stack)["summary_prompt"]) == ("Two.", "By hand.")


@pytest.mark.parametrize("how", ["renamed", "replaced by hand"])
def test_a_resource_that_is_made_anew_does_not_undo_itself(stack: Stack, how: str) -> None:
    """The engine creates first and deletes then: the delete must not put back what was there before."""
    fields = {"phone_number": NUMBER, "objective": "Ours."}
    stack.program({"desk": (KIND, fields)})
    stack.up().ok()
    if how == "renamed":
        stack.program({"table": (KIND, fields)})
        run = stack.up().ok()
    else:
        run = stack.up("--replace", str(stack.resources()["desk"]["urn"])).ok()
    assert run.asked == {"numbers": 1, "update": 1}
    assert len([line for line in run.warnings if "so nothing was sent" in line]) == 1
    assert at(stack)["objective"] == "Ours."


def test_two_resources_for_one_configuration_are_refused_in_the_preview(stack: Stack) -> None:
    stack.program({name: (KIND, {"phone_number": NUMBER, "objective": name}) for name in ("one", "two")})
    refused = stack.preview().failed()
    assert refused.asked == {}
    assert f"{NUMBER} is set by the resource e2e/dev/" in "\n".join(refused.errors)


def test_a_configuration_is_looked_up_by_its_id(stack: Stack) -> None:
    stack.emulator.add("bland", {"phone_number": NUMBER, "channel": "whatsapp", "objective": "Theirs."})
    stack.program(
        "import pulumi\nfrom pulumi_smsagents import bland\n"
        f'pulumi.export("objective", bland.SmsConfiguration.get("desk", "{NUMBER}/whatsapp").objective)\n'
    )
    assert stack.up().ok().asked == {"numbers": 1}
    assert next(each for each in stack.export() if each["type"] == "pulumi:pulumi:Stack")["outputs"]["objective"] == "Theirs."
