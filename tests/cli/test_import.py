"""`smsagents import`: what it reads, what it writes, what it leaves out, and when it writes nothing."""

from __future__ import annotations

import ast
import json
import re
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from imports import deployed, importing_from, program
from markdown_it import MarkdownIt
from samples.contactswing import INPUTS as ASSISTANT
from samples.contactswing import PATH as ASSISTANT_PATH
from samples.teli import ORGANIZATION, OTHERS, USER
from worlds import OFFERS, World

from pulumi_smsagents.cli.importing.judge import Judge, LeftOutError
from pulumi_smsagents.cli.importing.requirement import requirement
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import SmsAgentsError
from pulumi_smsagents.journal import Journals
from pulumi_smsagents.lifecycle import Lifecycle
from pulumi_smsagents.vendors import VENDORS, find
from pulumi_smsagents.vendors.base import Live

Plain = dict[str, Any]

ROOT = Path(__file__).resolve().parents[2]
OWNER = ("--organization-id", ORGANIZATION)
OUT = ("--out", "shop")
NUMBER = "+14155550123"


def agent(vendors, **fields: Any) -> str:
    """An agent at Teli; its id."""
    return vendors.add("teli", {"agent_name": "Sales", "starting_message": "Hi!", "prompt": "Sell.", **fields}).id


def arguments(folder: str = "shop") -> dict[str, Plain]:
    """What the program passes to each resource, by logical name, as far as it is literal."""
    tree = ast.parse(Path(folder, "__main__.py").read_text("utf-8"))
    calls = [node.value for node in tree.body if isinstance(node, ast.Assign)]
    return {
        ast.literal_eval(call.args[0]): {
            each.arg: ast.literal_eval(each.value) if is_literal(each.value) else ast.unparse(each.value) for each in call.keywords
        }
        for call in calls
    }


def is_literal(node: ast.expr) -> bool:
    return not isinstance(node, ast.Call)


def reads_only(vendors) -> bool:
    return all(call.method == "GET" for call in vendors.calls)


# ---- what is written ----


def test_an_account_becomes_a_project(smsagents, vendors):
    """With a line a resource on stdout, and what to type next on stderr."""
    first, second = agent(vendors), agent(vendors, agent_name="Support")
    done = smsagents("import", "teli", *OWNER, *OUT)
    assert done.code == 0
    assert done.out.splitlines() == [f"teli.SmsAgent sales {first}", f"teli.SmsAgent support {second}"]
    assert done.said.splitlines() == [
        "Teli does not show extraction_fields: the program does not set what it did not see, which stays as it is.",
        "2 resources in shop. Next:",
        "  cd shop",
        "  pulumi install",
        "  pulumi stack init dev",
        "  pulumi config set --secret smsagents:teliApiKey",
        "  pulumi up",
    ]
    assert reads_only(vendors)
    assert sorted(str(path.relative_to("shop")) for path in Path("shop").rglob("*") if path.is_file()) == [
        "Pulumi.yaml",
        "__main__.py",
        "prompts/sales.md",
        "prompts/support.md",
        "requirements.txt",
    ]


def test_a_program_gets_it_as_json(smsagents, vendors):
    one = agent(vendors)
    voice = agent(vendors, agent_name="Phone", agent_type="voice")
    done = smsagents("import", "teli", *OWNER, *OUT, "--json")
    assert (done.code, done.said) == (0, "")
    assert done.json == {
        "folder": "shop",
        "files": ["Pulumi.yaml", "__main__.py", "prompts/sales.md", "requirements.txt"],
        "resources": [{"type": "teli.SmsAgent", "name": "sales", "id": one}],
        "left_out": [{"id": voice, "name": "Phone", "field": "", "reason": "is a voice agent, not an SMS agent"}],
        "notes": ["Teli does not show extraction_fields: the program does not set what it did not see, which stays as it is."],
    }


def test_what_was_there_does_not_go_with_its_resource(smsagents, vendors):
    """An agent would be deleted for good, so that is switched off. A number is kept by default: there `on_delete` stays
    unsaid, because to say it would allow a replacement. Bland gives back what it found."""
    agent(vendors)
    vendors.add("fluents", phone_number=NUMBER, label="Line")
    vendors.add("bland", phone_number=NUMBER, objective="Answer.")
    fates = {}
    for name, more in (("teli", OWNER), ("fluents", ()), ("bland", ())):
        assert smsagents("import", name, *more, "--out", name).code == 0
        (fields,) = arguments(name).values()
        fates[name] = (fields.get("on_delete"), fields.get("opts"))
    assert fates == {"teli": ("retain", None), "fluents": (None, "pulumi.ResourceOptions(protect=True)"), "bland": (None, None)}


def test_a_number_is_named_by_adopt_alone(smsagents, vendors):
    """Were it said as phone_number too, it would be bought again by whoever removes adopt one day."""
    vendors.add("fluents", phone_number=NUMBER, label="Line")
    assert smsagents("import", "fluents", *OUT).code == 0
    assert arguments() == {
        "line": {"adopt": NUMBER, "telephony_provider": "twilio", "label": "Line", "opts": "pulumi.ResourceOptions(protect=True)"}
    }


def test_each_channel_of_a_number_is_a_resource(smsagents, vendors):
    for channel in ("sms", "whatsapp", "imessage"):
        vendors.add("bland", phone_number=NUMBER, channel=channel, label="Desk", objective=channel.upper())
    assert smsagents("import", "bland", *OUT).code == 0
    assert {name: fields["adopt"] for name, fields in arguments().items()} == {
        "desk": NUMBER,
        "desk-imessage": f"{NUMBER}/imessage",
        "desk-whatsapp": f"{NUMBER}/whatsapp",
    }


def test_the_project_leads_to_the_same_account(smsagents, vendors, monkeypatch):
    """By the address and the dialect that held here. The key is in no file."""
    vendors.modes["fluents"].set(dialect="vocode")
    monkeypatch.setenv("SMSAGENTS_FLUENTS_DIALECT", "vocode")
    vendors.add("fluents", phone_number=NUMBER)
    assert smsagents("import", "fluents", *OUT).code == 0
    settings = yaml.safe_load(Path("shop/Pulumi.yaml").read_text("utf-8"))["config"]
    assert settings.keys() == {"smsagents:fluentsBaseUrl", "smsagents:fluentsDialect"}
    assert settings["smsagents:fluentsDialect"] == {"value": "vocode"}
    for path in Path("shop").rglob("*.*"):
        assert "canary" not in path.read_text("utf-8")


def test_a_webhook_that_may_hold_a_token_is_pointed_out(smsagents, vendors):
    """It is written as it stands, on the screen and in the program it is said so, and its value is on no screen."""
    vendors.add("bland", phone_number=NUMBER, webhook="https://hooks.example.com/?token=s3cret")
    done = smsagents("import", "bland", *OUT)
    line = "webhook may hold a token. If so, move it out of the program, with: pulumi config set --secret"
    assert line in done.said.splitlines()
    assert line in " ".join(Path("shop/__main__.py").read_text("utf-8").split())
    assert "s3cret" not in done.out + done.said


def test_a_second_import_says_the_same_in_whatever_order_it_is_told(smsagents, vendors):
    """So that a comparison of two imports shows what changed at the vendor."""
    ids = [agent(vendors, agent_name=name) for name in ("Sales", "sales", "A", "SALES")]
    for folder, order in (("one", ids), ("two", ids[::-1])):
        assert smsagents("import", "teli", *order, "--out", folder).code == 0
    assert Path("one/__main__.py").read_bytes() == Path("two/__main__.py").read_bytes()


def test_it_reads_each_object_itself(smsagents, vendors):
    """A list may cut texts short: adopting by it would send the short ones."""
    text = "Sell. " * 100
    agent(vendors, prompt=text)

    def cut(reply: Reply) -> Reply:
        (found,) = reply.body["agents"]
        return Reply(200, {**reply.body, "agents": [{**found, "general_prompt": found["general_prompt"][:20]}]})

    vendors.faults.add("rewrite", vendor="teli", operation="list", rewrite=cut)
    assert smsagents("import", "teli", *OWNER, *OUT).code == 0
    assert text in Path("shop/prompts/sales.md").read_text("utf-8")


def test_an_agent_that_a_list_shows_twice_is_one(smsagents, vendors):
    """Two resources for one object would be an error in the first preview."""
    agent(vendors)
    vendors.faults.add(
        "rewrite", vendor="teli", operation="list", rewrite=lambda reply: Reply(200, {**reply.body, "agents": reply.body["agents"] * 2})
    )
    assert smsagents("import", "teli", *OWNER, *OUT).code == 0
    assert arguments().keys() == {"sales"}


# ---- some of an account ----


def test_ids_that_are_named_are_all_that_is_read(smsagents, vendors):
    """Without a list, without an owner, once each."""
    _, wanted, _ = agent(vendors), agent(vendors, agent_name="Support"), agent(vendors)
    done = smsagents("import", "teli", wanted, wanted, *OUT)
    assert done.out == f"teli.SmsAgent support {wanted}\n"
    assert [call.operation for call in vendors.calls] == ["teli.get"]


def test_a_number_may_be_spelt_as_people_do(smsagents, vendors):
    vendors.add("fluents", phone_number=NUMBER, label="Line")
    assert smsagents("import", "fluents", "1 415 555 0123", *OUT).code == 0
    assert arguments()["line"]["adopt"] == NUMBER


@pytest.mark.parametrize("where", ["data", "data.data"])
def test_an_assistant_is_imported_where_its_path_is_known(where, smsagents, vendors, monkeypatch):
    """By its id: there is no list."""
    vendors.modes["contactswing"].set(read_call=where)
    monkeypatch.setenv("SMSAGENTS_CONTACTSWING_READ_PATH", ASSISTANT_PATH)
    id = vendors.add("contactswing", ASSISTANT).id
    assert smsagents("import", "contactswing", id, *OUT).code == 0
    (fields,) = arguments().values()
    assert {name for name in ASSISTANT if name not in fields} == {"model"}, "but for its default, everything is said"
    assert fields["api_keys"] == ASSISTANT["api_keys"]
    assert fields["on_delete"] == "retain"
    assert reads_only(vendors)


def test_an_assistant_is_taken_over_without_a_write(monkeypatch, tmp_path):
    world = World("contactswing:SmsAgent", monkeypatch)
    world.sample = replace(world.sample, options={**world.sample.options, "ReadPath": ASSISTANT_PATH})
    world.modes(read_call="data")
    outcome = importing_from(world, tmp_path / "shop", monkeypatch, world.by_hand().id)
    done = deployed(world, program(outcome.out))
    assert {call.method for call in world.calls()} == {"GET"}
    assert [each for each in (*done.second, *done.refreshed) if each] == []
    world.emulator.close()


def test_only_the_agents_of_one_user(smsagents, vendors):
    agent(vendors)
    other = agent(vendors, agent_name="Theirs", user_id=OTHERS["user_id"])
    done = smsagents("import", "teli", *OWNER, "--user-id", USER, *OUT)
    assert arguments().keys() == {"sales"}
    assert f"warning: Theirs ({other}): left out: it has another user_id\n" in done.said


# ---- what is left out ----

LEFT_OUT = {
    "a voice agent": ("teli", {"agent_type": "voice"}, "is a voice agent, not an SMS agent"),
    "an empty text": ("teli", {"starting_message": ""}, "starting_message: is blank; write some text"),
    "a broken text": ("teli", {"prompt": "Hi {{ first_name"}, "prompt: has a '{{' without its '}}'; write variables as {{first_name}}"),
    "a number that is not active": ("fluents", {"active": False}, "is not active (active: false)"),
    "a number of iMessage": ("bland", {"messaging_service": "linq"}, "is provisioned for iMessage"),
}


@pytest.mark.parametrize(("vendor", "fields", "reason"), LEFT_OUT.values(), ids=LEFT_OUT)
def test_what_cannot_stand_in_a_program_is_left_out_and_said(vendor, fields, reason, smsagents, vendors):
    """The rest is written; alone it is an error, and nothing is written. So it is when it was named."""
    base = {
        "teli": {"agent_name": "Odd", "starting_message": "Hi!", "prompt": "Sell."},
        "bland": {"label": "Odd"},
        "fluents": {"label": "Odd"},
    }
    bad = vendors.add(vendor, {**base[vendor], **fields}).id
    owner = OWNER if vendor == "teli" else ()
    alone = smsagents("import", vendor, *owner, *OUT)
    assert alone.code == 1
    assert f"{vendor.title()}: nothing can be imported, so nothing was written: " in alone.said
    assert reason in alone.said

    good = vendors.add(vendor, {**base[vendor], "phone_number": "+14155550199", "agent_name": "Good", "label": "Good"}).id
    done = smsagents("import", vendor, *owner, *OUT)
    assert (done.code, list(arguments())) == (0, ["good"])
    assert f"({bad}): left out: {reason}" in done.said
    assert good in done.out

    if vendor != "fluents":  # what is not at work is imported where it is named
        named = smsagents("import", vendor, bad, *owner, "--out", "named")
        assert (named.code, Path("named").exists()) == (1, False)
        assert re.search(f"error: {vendor}.Sms.*: {re.escape(reason)}.*; nothing was written", named.said)


def test_a_number_that_is_not_at_work_is_imported_where_it_is_named(smsagents, vendors):
    vendors.add("fluents", phone_number=NUMBER, active=False)
    assert smsagents("import", "fluents", NUMBER, *OUT).code == 0


FIELDS = {
    "a number too large for a double": ({"request_data": {"n": 2**60 + 1}}, "request_data", "cannot be carried by Pulumi unchanged"),
    "a private address": ({"webhook": "http://127.0.0.1/x"}, "webhook", "points to a private address"),
    "a time zone of nobody": ({"timezone": "Mars/Olympus"}, "timezone", "is not a time zone"),
    "a warning after its timeout": ({"time_out": 60, "warning_time": 90}, "warning_time", "must be less than time_out"),
}


@pytest.mark.parametrize(("fields", "name", "reason"), FIELDS.values(), ids=FIELDS)
def test_a_field_that_a_preview_would_refuse_is_left_out_and_said(fields, name, reason, smsagents, vendors):
    """The vendor allows it, our check does not. The rest of the object is written, and the field stays as it is."""
    vendors.modes["bland"].set(read_keys="all")
    vendors.add("bland", {"phone_number": NUMBER, "label": "Desk", "objective": "Answer.", **fields})
    done = smsagents("import", "bland", *OUT)
    assert done.code == 0
    assert re.search(rf"warning: Desk \({re.escape(NUMBER)}\): {name}: {reason}.*; left out, so it stays as it is", done.said)
    assert "objective" in arguments()["desk"]
    assert name not in arguments()["desk"]


def test_half_a_character_is_left_out():
    """JSON can hold one, and no program can say it."""
    judge = Judge(Lifecycle(*find("teli:SmsAgent"), connect=lambda: pytest.fail("nothing is asked"), journals=Journals(Path("nowhere"))))
    fields = {"organization_id": ORGANIZATION, "user_id": USER, "agent_name": "\ud83d", "starting_message": "Hi!", "prompt": "Sell."}
    with pytest.raises(LeftOutError, match="agent_name: cannot be carried by Pulumi unchanged"):
        judge.entry(Live("ag_1", fields=fields))


def test_the_wall_of_an_environment_holds(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_ALLOWED_NUMBERS", "+1999*")
    vendors.add("fluents", phone_number=NUMBER)
    vendors.add("fluents", phone_number="+19995550123")
    done = smsagents("import", "fluents", *OUT)
    assert [fields["adopt"] for fields in arguments().values()] == ["+19995550123"]
    assert "is not among the numbers this stack may touch" in done.said


def test_an_owner_that_is_not_shown_has_to_be_told(smsagents, vendors):
    """Reads may show another id of the same user, which no program can use."""
    vendors.modes["teli"].set(user_form="uuid")
    agent(vendors)
    told = smsagents("import", "teli", *OWNER, *OUT)
    assert told.code == 1
    assert "Teli does not show its user_id, which a program has to set; add --user-id" in told.said
    assert smsagents("import", "teli", *OWNER, "--user-id", USER, *OUT).code == 0
    assert arguments()["sales"]["user_id"] == USER


def test_a_name_cannot_play_tricks_on_a_terminal(smsagents, vendors):
    agent(vendors)
    agent(vendors, agent_name="\x1b[2J\u202eevil\nname" * 9, agent_type="voice")
    done = smsagents("import", "teli", *OWNER, *OUT)
    (line,) = (line for line in done.said.splitlines() if "voice" in line)
    assert line.startswith("warning: \\x1b[2J\\u202eevil name\\x1b[2J")
    assert len(line) < 250


# ---- when nothing is written ----

WRITE_IT = "write its fields in your program with adopt='<its id>', which takes it over and sends nothing"
SET_IT = "set smsagents:contactswingReadPath if you know one"

REFUSED = {
    "a vendor of nobody": (["telly", *OUT], "telly is not a vendor; did you mean teli?"),
    "no owner": (["teli", *OUT], "teli: there is a list for each owner only; add --organization-id, or name the ids to import"),
    "a foreign owner": (["bland", *OWNER, *OUT], "--organization-id: Bland has no such owners; leave it out"),
    "ClearTalk": (
        ["cleartalk", *OUT],
        f"cleartalk: nothing can be imported: ClearTalk documents no way to read an SMS configuration; {WRITE_IT}",
    ),
    "ContactSwing": (
        ["contactswing", "as_1", *OUT],
        f"contactswing: nothing can be imported: ContactSwing documents no way to read an assistant; {SET_IT}, or {WRITE_IT}",
    ),
    "a folder in use": (
        ["bland", "--out", "full"],
        "--out: full is not empty, and nothing is ever overwritten; name a new or an empty folder",
    ),
}


@pytest.mark.parametrize(("command", "says"), REFUSED.values(), ids=REFUSED)
def test_what_is_refused_before_any_call(command, says, smsagents, vendors):
    Path("full").mkdir()
    Path("full/mine.txt").write_text("mine")
    done = smsagents("import", *command)
    assert (done.code, done.out, done.said) == (1, "", f"error: {says}\n")
    assert len(vendors.calls) == 0
    assert sorted(path.name for path in Path().iterdir()) == ["full"]


def test_without_a_folder_it_says_where_to_look(smsagents, vendors):
    done = smsagents("import", "bland")
    assert (done.code, len(vendors.calls)) == (1, 0)
    assert re.fullmatch(r"error: Missing option '--out' / '-o'. See: .*smsagents import --help\n", done.said)


def test_without_a_key_it_says_how_to_set_one(smsagents, vendors, monkeypatch):
    monkeypatch.delenv("BLAND_API_KEY")
    done = smsagents("import", "bland", *OUT)
    assert (done.code, Path("shop").exists()) == (1, False)
    assert "error: smsagents:blandApiKey: no API key for Bland; set it with: " in done.said


def test_an_account_without_a_list_wants_ids(smsagents, vendors, monkeypatch):
    monkeypatch.setenv("SMSAGENTS_CONTACTSWING_READ_PATH", ASSISTANT_PATH)
    done = smsagents("import", "contactswing", *OUT)
    assert done.said == "error: contactswing: ContactSwing documents no list; name the ids to import\n"


def test_an_empty_account_is_an_error(smsagents, vendors):
    """The key is another's, or the owner is: an empty project would look like a success."""
    done = smsagents("import", "bland", *OUT)
    assert (done.code, Path("shop").exists()) == (1, False)
    assert done.said == "error: Bland holds nothing there, so nothing was written; check the key and the address: smsagents doctor bland\n"
    done = smsagents("import", "teli", *OWNER, *OUT)
    assert done.code == 1
    assert "check --organization-id, the key and the address: smsagents doctor teli" in done.said


def test_an_id_that_is_not_there_is_an_error(smsagents, vendors):
    done = smsagents("import", "teli", agent(vendors), "nobody", *OWNER, *OUT)
    assert (done.code, Path("shop").exists()) == (1, False)
    assert "GET /v1/agents/nobody -> 404" in done.said


def short(reply: Reply) -> Reply:
    return Reply(200, {**reply.body, "count": 9})


BROKEN: dict[str, tuple[str, Plain]] = {
    "the list fails": ("teli", {"kind": "status", "operation": "list", "status": 500}),
    "the list is cut short": ("teli", {"kind": "rewrite", "operation": "list", "rewrite": short}),
    "one read of three fails": ("teli", {"kind": "status", "operation": "get", "status": 503, "nth": 2}),
    "the second page fails": ("fluents", {"kind": "status", "operation": "list", "status": 500, "nth": 2}),
    "the list of one channel fails": ("bland", {"kind": "status", "operation": "numbers", "status": 500, "nth": 3}),
    "the key is wrong": ("bland", {"kind": "status", "operation": "*", "status": 401}),
    "an HTML page": ("fluents", {"kind": "html", "operation": "list"}),
}


@pytest.mark.parametrize(("vendor", "fault"), BROKEN.values(), ids=BROKEN)
def test_half_an_account_is_not_written(vendor, fault, smsagents, vendors, monkeypatch):
    """It would look like a whole one."""
    monkeypatch.setenv("SMSAGENTS_ATTEMPTS", "1")
    vendors.modes["fluents"].set(largest_page=1)
    for place in range(3):
        vendors.add(vendor, {"phone_number": f"+1415555012{place}", "starting_message": "Hi!", "prompt": "Sell."})
    vendors.faults.add(fault.pop("kind"), vendor=vendor, **fault)
    done = smsagents("import", vendor, *(OWNER if vendor == "teli" else ()), *OUT)
    assert (done.code, done.out, Path("shop").exists()) == (1, "", False)
    assert re.fullmatch(rf"error: {vendor}: GET /v1/\S+ -> .*\n", done.said)


# ---- the page ----


def test_the_page_shows_what_is_written(smsagents, vendors):
    """docs/adopting.md: the agent of examples/adopt, imported; each file as it stands there."""
    fields = json.loads((ROOT / "examples/adopt/existing/teli.json").read_text("utf-8"))
    vendors.add("teli", fields)
    page = (ROOT / "docs" / "adopting.md").read_text("utf-8")
    fences = [token.content for token in MarkdownIt().parse(page) if token.type == "fence"]
    command = next(line for line in page.splitlines() if line.startswith("smsagents import"))
    done = smsagents(*command.split()[1:])
    assert f"```text\n{done.out}```" in page
    assert Path("texting/__main__.py").read_text("utf-8") in fences
    assert Path("texting/prompts/sales-follow-up.md").read_text("utf-8") in fences
    assert all(line.strip() in page for line in done.said.splitlines()[2:])
    for path in Path("texting").rglob("*.*"):
        assert path.relative_to("texting").as_posix() in page


# ---- what it needs installed ----

ORIGINS = {
    "an index": (None, "pulumi-smsagents>=1.2.0"),
    "a folder": ({"url": "file:///src/x", "dir_info": {"editable": True}}, "pulumi-smsagents @ file:///src/x"),
    "a repository": (
        {"url": "https://git.example.com/x.git", "vcs_info": {"vcs": "git", "commit_id": "abc"}},
        "pulumi-smsagents @ git+https://git.example.com/x.git@abc",
    ),
}


@pytest.mark.parametrize(("origin", "line"), ORIGINS.values(), ids=ORIGINS)
def test_the_project_needs_the_package_from_where_it_came(origin, line, monkeypatch):
    """Else another one of the same name might be installed."""
    told = SimpleNamespace(version="1.2.0", read_text=lambda name: json.dumps(origin) if origin and name == "direct_url.json" else None)
    monkeypatch.setattr(metadata, "distribution", lambda name: told)
    assert requirement() == line


# ---- every vendor ----


@pytest.mark.parametrize("tag", OFFERS)
def test_every_vendor_is_imported_or_says_why_not(tag, monkeypatch, tmp_path):
    """The sample of each, as somebody made it by hand: to a program, whose first `up` sends nothing."""
    world = World(tag, monkeypatch)
    item = world.by_hand()
    owners = {name: world.sample.inputs[name] for name in world.offer.listed_by}
    if not {"read", "list"} & world.offer.calls.keys():
        with pytest.raises(SmsAgentsError, match=f"{world.vendor.name}: nothing can be imported: .*adopt="):
            importing_from(world, tmp_path / "shop", monkeypatch, **owners)
        return
    outcome = importing_from(world, tmp_path / "shop", monkeypatch, **owners)
    (resource,) = program(outcome.out)
    shown = (
        world.sample.inputs.keys()
        - world.sample.unreadable
        - {name for name, rule in world.offer.fields.items() if rule.default == world.sample.inputs.get(name)}
    )
    assert shown <= resource.fields.keys()
    done = deployed(world, [resource])
    assert (world.writes(), [each for each in (*done.second, *done.refreshed) if each]) == ([], [])
    assert done.results[0].id == item.id
    world.emulator.close()


def test_every_owner_of_a_list_is_an_option_of_the_command():
    """Or nobody could tell it."""
    from pulumi_smsagents.cli.import_ import import_

    owners = {name for vendor in VENDORS for offer in vendor.offers for name in offer.listed_by}
    assert owners <= import_.__annotations__.keys()
