"""What else a program may do with a resource: secrets, unknown values, options, subclasses, lookups."""

from __future__ import annotations

from textwrap import dedent

from e2e.engine import Stack
from e2e.programs.teli import CASE

SECRET = "4dabf18193072939515e22adb298388d"
"""The key that marks an encrypted value in a state."""

HEAD = f"""
import pulumi
from pulumi import Output, ResourceOptions
from pulumi_smsagents import SmsAgent, teli

BASE = {dict(CASE.fields)!r}

def agent(name, opts=None, **more):
    return teli.SmsAgent(name, BASE | more, opts)
"""


def program(stack: Stack, text: str) -> None:
    stack.program(HEAD + dedent(text))


def test_secret_inputs_stay_encrypted(stack: Stack) -> None:
    text = """
        agent("sales", prompt=Output.secret("Hush: the margin is 40 %"), agent_name="NAME",
              drip_schedule=[{"delay_hours": 4, "type": "custom", "message": Output.secret("Hush: 40 % off")}])
        hidden = agent("hidden", ResourceOptions(additional_secret_outputs=["unique_id"]))
        pulumi.export("hidden", hidden.unique_id)
    """
    program(stack, text)
    runs = [stack.up("--diff", preview=True).ok()]
    hidden(stack)
    assert stack.emulator.object("teli", stack.id("sales")).data["prompt"] == "Hush: the margin is 40 %"

    program(stack, text.replace("NAME", "Other"))
    runs.append(stack.up("--diff").ok())
    assert runs[-1].sent("update") == [{"agent_name": "Other"}]
    hidden(stack)

    stack.emulator.edit("teli", stack.id("sales"), prompt="Hush: by hand")
    runs.append(stack.refresh("--diff").ok())
    assert runs[-1].ops == {"sales": "update"}
    hidden(stack)

    for run in runs:
        assert "Hush" not in run.report()
    assert stack.up().ok().sent("update") == [{"prompt": "Hush: the margin is 40 %"}]
    hidden(stack)


def hidden(stack: Stack) -> None:
    assert "Hush" not in stack.state_file.read_text("utf-8")
    agents = stack.resources()
    for half in ("inputs", "outputs"):
        assert SECRET in agents["sales"][half]["prompt"]
        assert SECRET in repr(agents["sales"][half]["drip_schedule"])
        assert "agent_name" in agents["sales"][half]
        assert SECRET not in agents["sales"][half]["agent_name"]
    assert SECRET in agents["hidden"]["outputs"]["unique_id"]


def test_values_that_a_preview_cannot_know(stack: Stack) -> None:
    text = """
        first = agent("first", agent_name="FIRST")
        later = first.agent_id
        agent("name", agent_name=Output.concat("After ", later))
        agent("message", drip_schedule=[{"delay_hours": 4, "type": "custom", "message": Output.concat("As ", later)}])
        agent("owner", organization_id=later.apply(lambda _: BASE["organization_id"]))
        agent("drip", drip_schedule=later.apply(lambda _: BASE["drip_schedule"]), extraction_fields=later.apply(lambda _: ["a", "b"]))
        agent("adopts", adopt=later.apply(lambda _: OTHER))
        agent("doubtful", starting_message="Hi {{nickname}}, {{nickname}}! Reply STOP to opt out.", prompt=Output.concat("Ask for ", later))
    """
    other = stack.emulator.add("teli", CASE.fields).id
    text = text.replace("OTHER", repr(other))
    program(stack, text)
    first = stack.preview().ok()
    assert set(first.ops.values()) == {"create"}
    assert first.asked == {}
    (said,) = first.warnings  # of what is known, and once
    assert said.startswith("teli.SmsAgent doubtful: starting_message: {{nickname}} is not a documented variable")

    made = stack.up().ok()
    assert made.asked["create"] == 6
    assert stack.id("adopts") == other
    assert stack.outputs("name")["agent_name"] == f"After {stack.id('first')}"
    stack.preview("--expect-no-changes").ok()

    # In the preview of an update the engine forgets the outputs of what is updated: the others look changed, and are not.
    before = {name: each["id"] for name, each in stack.resources().items()}
    program(stack, text.replace("FIRST", "Renamed"))
    assert stack.preview().ok().asked == {}
    renamed = stack.up().ok()
    assert renamed.ops == {"first": "update"}
    assert renamed.asked == {"update": 1, "get": 1}
    assert {name: each["id"] for name, each in stack.resources().items()} == before


def test_every_way_to_write_a_resource(stack: Stack) -> None:
    known = stack.emulator.add("teli", {**CASE.fields, "agent_name": "Somebody else's"}).id
    text = f"""
        class Ours(teli.SmsAgent):
            def __init__(self, name, opts=None, **more):
                super().__init__(name, opts=opts, **(BASE | more))

        class Team(pulumi.ComponentResource):
            def __init__(self, name):
                super().__init__("ours:index:Team", name)
                self.agent = agent("member", ResourceOptions(parent=self))
                self.register_outputs({{"agent_id": self.agent.agent_id}})

        one = teli.SmsAgent("keywords", **BASE)
        teli.SmsAgent("dict", dict(BASE), ResourceOptions(depends_on=[one]))
        teli.SmsAgent("args", teli.SmsAgentArgs(**BASE))
        kind = SmsAgent("kind", teli.SmsAgentArgs(**BASE))
        assert isinstance(kind, teli.SmsAgent)
        Ours("subclass", agent_name="Ours")
        Team("team")
        found = teli.SmsAgent.get("found", {known!r})
        agent("copy", agent_name=Output.concat(found.agent_name, " copied"))
        pulumi.export("found", found.prompt)
    """
    program(stack, text)
    made = stack.up(preview=True).ok()
    assert made.asked == {"create": 7, "get": 9}  # each is read back; the lookup is asked in the preview too
    tokens = {each["type"] for each in stack.resources().values() if not each["type"].startswith("ours:")}
    assert tokens == {"pulumi-python:dynamic/smsagents/teli:SmsAgent"}
    assert stack.resources()["member"]["parent"].endswith("::ours:index:Team::team")
    assert stack.outputs("copy")["agent_name"] == "Somebody else's copied"
    created = [call.body["agent_name"] for call in made.calls if call.operation == "teli.create"]
    assert "Ours" in created
    order = [item.id for item in stack.emulator.objects("teli")]
    assert order.index(stack.id("keywords")) < order.index(stack.id("dict"))
    stack.preview("--expect-no-changes").ok()

    assert stack.destroy().ok().asked == {"delete": 7}
    assert [item.id for item in stack.emulator.objects("teli")] == [known]

    program(stack, 'teli.SmsAgent.get("found", "1763070568417x404")')
    missing = stack.preview().failed()
    (said,) = missing.errors
    assert "1763070568417x404" in said
    assert "404" in said


def test_options_that_keep_things(stack: Stack) -> None:
    text = """
        agent("guarded", ResourceOptions(protect=True))
        agent("NEW", ResourceOptions(aliases=[pulumi.Alias(name="old")]))
        agent("theirs", ResourceOptions(ignore_changes=["prompt"]), prompt="PROMPT")
    """
    program(stack, text.replace("NEW", "old"))
    stack.up().ok()
    was = {name: each["id"] for name, each in stack.resources().items()}

    # A new name is no new agent, and what is ignored is not sent.
    program(stack, text.replace("PROMPT", "Something else"))
    same = stack.up("--expect-no-changes").ok()
    assert same.asked == {}
    assert stack.id("NEW") == was["old"]
    assert stack.outputs("NEW")["key"] == "e2e/dev/old"

    # Also where a refresh has seen the other side change.
    stack.emulator.edit("teli", was["theirs"], prompt="Tuned by hand")
    assert stack.refresh().ok().differs("theirs") == ["prompt"]
    stack.up("--expect-no-changes").ok()
    assert stack.emulator.object("teli", was["theirs"]).data["prompt"] == "Tuned by hand"

    program(stack, "")
    refused = stack.up().failed()
    assert any("protect" in line for line in refused.errors)
    assert stack.emulator.object("teli", was["guarded"])
    refused = stack.destroy().failed()
    assert stack.emulator.object("teli", was["guarded"])
    assert "guarded" in stack.resources()
