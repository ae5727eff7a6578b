"""`smsagents drift`: exactly what differs, nothing that does not, nothing written, and no tick on faith."""

from __future__ import annotations

import json
from typing import Any

import pytest
from cli.states import SIGNATURE, Recorder
from markdown_it import MarkdownIt
from samples import SAMPLES

from pulumi_smsagents import connect
from pulumi_smsagents.vendors import VENDORS

Plain = dict[str, Any]

TELI, FLUENTS, BLAND = "teli:SmsAgent", "fluents:PhoneNumber", "bland:SmsConfiguration"
SHOWN = {"teli": {"extraction_in_get": "present"}, "bland": {}, "fluents": {}}


class Project:
    """A state in a file, and the command on it."""

    def __init__(self, smsagents, emulator, folder) -> None:
        self.emulator, self._smsagents, self.file = emulator, smsagents, folder / "state.json"
        self.recorder = Recorder(emulator, connect.Settings(lambda key: None))
        for name, switch in (("teli", "extraction_in_get"), ("bland", "unlisted_fields")):
            if switch in emulator.modes[name]:
                emulator.modes[name].set(**{switch: "present"})

    def write(self, state: Plain | None = None) -> None:
        self.file.write_text(json.dumps(state or self.recorder.exported()))

    def drift(self, *options: str, write: bool = True):
        """What the command says of the state; that it only reads is looked at every time."""
        if write:
            self.write()
        kept = self.file.read_text()
        before = len(self.emulator.calls)
        objects = {name: [item.as_json() for item in store] for name, store in self.emulator.stores.items()}
        ended = self._smsagents("drift", "--file", str(self.file), *options)
        self.calls = list(self.emulator.calls)[before:]
        assert {call.method for call in self.calls} <= {"GET"}
        assert {name: [item.as_json() for item in store] for name, store in self.emulator.stores.items()} == objects
        assert self.file.read_text() == kept
        return ended

    def states(self, *options: str, write: bool = True) -> dict[str, str]:
        return {each["name"]: each["state"] for each in self.drift("--json", *options, write=write).json["resources"]}


@pytest.fixture
def project(smsagents, vendors, tmp_path) -> Project:
    return Project(smsagents, vendors, tmp_path)


def planted(vendor: str) -> list[tuple[int, Plain]]:
    """Edits in the vendor's dashboard, by the number of the object."""
    return {
        "teli": [
            (0, {"prompt": "Be friendly.\nAlways promise a price."}),
            (1, {"agent_name": "Sales!"}),
            (2, {"starting_message": "Hello  {{first_name}}"}),
            (3, {"drip_schedule": []}),
            (4, {"extraction_fields": ["credit_score"]}),
            (5, {"prompt": SAMPLES[TELI].inputs["prompt"] + "\n"}),
            (6, {"prompt": SAMPLES[TELI].inputs["prompt"].replace("Be", "Be ")}),
        ],
        "fluents": [(0, {"label": "Mine"}), (1, {"description": ""}), (2, {"outbound_only": False}), (3, {"example_context": {}})],
        "bland": [
            (0, {"objective": "Sell."}),
            (1, {"webhook": "https://elsewhere.example/sms"}),
            (2, {"temperature": 0.8}),
            (3, {"time_out": 301}),
            (4, {"tools": []}),
            (5, {"request_data": {"ref": "campaign_123", "limits": [1, 2.5], "vip": False}}),
            (6, {"pathway_version": 4}),
            (7, {"restart_after_end_call": True}),
            (8, {"timezone": "Europe/Berlin"}),
        ],
    }[vendor]


def test_twenty_planted_edits_among_fifty_objects_are_found_and_no_other(project):
    """At every vendor that can be read, whatever the field."""
    wanted = {}
    for tag, count in ((TELI, 20), (FLUENTS, 14), (BLAND, 16)):
        vendor = tag.partition(":")[0]
        items = project.recorder.objects(tag, count)
        for n, fields in planted(vendor):
            project.emulator.edit(vendor, items[n].id, fields)
            wanted[f"{vendor}-{n}"] = list(fields)
    assert len(project.recorder.resources) == 50
    assert len(wanted) == 20
    ended = project.drift("--json", "--accept-unreadable")
    found = {each["name"]: [field["name"] for field in each["fields"]] for each in ended.json["resources"] if each["fields"]}
    assert found == wanted
    assert ended.code == 2


def test_without_an_edit_nothing_is_found(project):
    for tag in (TELI, FLUENTS, BLAND):
        project.recorder.objects(tag, 5)
    ended = project.drift("--accept-unreadable")
    assert (ended.code, ended.said) == (0, "")
    assert ended.out.splitlines()[-1].startswith("15 resources: ")
    assert "drifted" not in ended.out


def test_many_of_one_account_share_a_list(project):
    """As a refresh does: 40 agents of one organisation do not take 40 calls."""
    project.emulator.modes["teli"].set(extraction_in_list="present")
    project.recorder.objects(TELI, 40)
    project.drift()
    assert len(project.calls) < 10


# ---- what a person reads ----


def test_a_text_is_compared_line_by_line(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, prompt="Be friendly.\nAlways promise a price. ", agent_name="Sales")
    ended = project.drift()
    assert ended.code == 2
    assert ended.out.splitlines() == [
        f"teli-0 (teli.SmsAgent {item.id}): drifted",
        '  agent_name: "Agent 0" -> "Sales"',
        "  prompt:",
        "    --- recorded",
        "    +++ at Teli",
        "    @@ -1,2 +1,2 @@",
        "     Be friendly.",
        "    -Never promise a price.",
        "    +Always promise a price.\\x20",
        "1 resource: 1 drifted",
    ]
    assert ended.said == (
        "Next: to put the recorded values back: pulumi up --refresh; to keep the vendor's: write them into the program first\n"
    )


def test_what_is_gone_is_told_as_gone(project):
    kept, gone = project.recorder.objects(TELI, 2)
    project.emulator.remove("teli", gone.id)
    ended = project.drift()
    assert ended.code == 2
    assert f"teli-1 (teli.SmsAgent {gone.id}): gone: Teli no longer has it" in ended.out
    assert kept.id not in ended.out
    assert "pulumi up --refresh" in ended.said


def test_a_final_line_end_is_a_difference(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, prompt=item.data["prompt"] + "\n")
    assert project.drift().out.splitlines()[2:-1] == [
        "    --- recorded",
        "    +++ at Teli",
        "    @@ -1,2 +1,3 @@",
        "     Be friendly.",
        "     Never promise a price.",
        "    +",
    ]


def test_no_text_of_a_vendor_drives_the_terminal(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, agent_name="\x1b[2J\u202eevil [bold]", prompt="a\x1b[31m\nb\u200b")
    out = project.drift().out
    assert '"Agent 0" -> "\\u001b[2J\\u202eevil [bold]"' in out
    assert "    +a\\x1b[31m\n    +b\\u200b\n" in out


def test_a_field_that_cannot_change_any_more_has_drifted_all_the_same(project):
    """A refresh keeps the recorded value and only warns; here it may not pass for clean."""
    (item,) = project.recorder.objects(FLUENTS, 1)
    project.emulator.edit("fluents", item.id, telephony_provider="vonage")
    ended = project.drift("--json")
    (found,) = ended.json["resources"]
    assert ended.code == 2
    assert found["fields"] == [{"name": "telephony_provider", "secret": False, "recorded": "twilio", "live": "vonage"}]
    assert found["notes"] == []


def test_what_the_vendor_computes_is_a_note_and_no_drift(project):
    """No program could put it back."""
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, agent_status="paused")
    ended = project.drift()
    assert ended.code == 0
    assert "  note: agent_status, which the vendor computes, has changed: was " in ended.out


# ---- what cannot be told ----


def test_a_vendor_that_cannot_be_read_is_no_green_tick(project):
    project.recorder.create("desk", "cleartalk:SmsConfiguration", SAMPLES["cleartalk:SmsConfiguration"].inputs)
    project.recorder.create("bot", "contactswing:SmsAgent", SAMPLES["contactswing:SmsAgent"].inputs)
    ended = project.drift()
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "cleartalk.SmsConfiguration: nothing verified: ClearTalk documents no way to read an SMS configuration (desk)",
        "contactswing.SmsAgent: nothing verified: ContactSwing documents no way to read an assistant (bot)",
        "2 resources: 2 unverified",
    ]
    assert ended.said == "Next: to accept what a vendor never shows: smsagents drift --accept-unreadable\n"
    assert project.calls == []


def test_who_accepts_it_says_so(project):
    """It is still listed, and nothing else is accepted with it."""
    project.recorder.create("desk", "cleartalk:SmsConfiguration", SAMPLES["cleartalk:SmsConfiguration"].inputs)
    ended = project.drift("--accept-unreadable")
    assert (ended.code, ended.said) == (0, "")
    assert "nothing verified" in ended.out
    assert "1 unverified" in ended.out


def test_a_field_that_nobody_shows_is_named(project):
    project.emulator.modes["teli"].set(extraction_in_get=None)
    project.recorder.objects(TELI, 7)
    ended = project.drift()
    assert ended.code == 1
    assert ended.out.splitlines() == [
        "teli.SmsAgent: not verified, because Teli never shows it: extraction_fields (teli-0, teli-1, teli-2, teli-3, teli-4 and 2 more)",
        "7 resources: 7 unverified",
    ]
    assert project.drift("--accept-unreadable").code == 0


def test_drift_is_told_before_doubt(project):
    """2 where something has drifted for certain, whatever else is not known."""
    (item,) = project.recorder.objects(TELI, 1)
    project.recorder.create("desk", "cleartalk:SmsConfiguration", SAMPLES["cleartalk:SmsConfiguration"].inputs)
    project.emulator.edit("teli", item.id, agent_name="Sales")
    assert project.drift().code == 2


@pytest.mark.parametrize("kind", ["status", "reset", "html"])
def test_an_outage_is_neither_clean_nor_gone(project, monkeypatch, kind):
    monkeypatch.setenv("SMSAGENTS_ATTEMPTS", "1")
    project.recorder.objects(TELI, 3)
    project.recorder.objects(BLAND, 1)
    project.write()
    fault(project.emulator, kind)
    ended = project.drift("--accept-unreadable", write=False)
    assert ended.code == 1
    assert "gone" not in ended.out
    assert "teli.SmsAgent: failed: teli: GET " in ended.out
    assert "4 resources: 1 unverified, 3 failed" in ended.out
    assert ended.said == "Next: to see which vendor does not answer, and why: smsagents doctor\n"


def fault(emulator, kind: str) -> None:
    settings = {"status": {"status": 503}}.get(kind, {})
    emulator.faults.add(kind, vendor="teli", operation="*", times=None, **settings)


def test_a_wrong_key_is_told_once_for_all(project, monkeypatch):
    project.recorder.objects(TELI, 12)
    monkeypatch.setenv("TELI_API_KEY", "another-key-than-yours")
    ended = project.drift()
    assert ended.code == 1
    assert ended.out.count("401") == 1
    assert "(teli-0, teli-1, teli-2, teli-3, teli-4 and 7 more)" in ended.out


def test_a_resource_of_a_newer_release_is_not_passed_over(project):
    project.recorder.objects(TELI, 1)
    state = project.recorder.exported()
    state["deployment"]["resources"][-1]["type"] += "2"
    project.write(state)
    ended = project.drift(write=False)
    assert ended.code == 1
    assert "the installed pulumi-smsagents has no teli.SmsAgent2; install the release that made it, or a newer one" in ended.out


# ---- secrets ----


def sealed(state: Plain, field: str, **value: str) -> Plain:
    """With one field of the last resource secret, in the inputs and the outputs."""
    resource = state["deployment"]["resources"][-1]
    for part in ("inputs", "outputs"):
        resource[part][field] = {**SIGNATURE, **(value or {"plaintext": json.dumps(resource[part][field])})}
    return state


def test_a_secret_value_is_compared_and_never_shown(project):
    (item,) = project.recorder.objects(BLAND, 1)
    project.write(sealed(project.recorder.exported(), "webhook"))
    assert project.states(write=False) == {"bland-0": "unverified"}
    project.emulator.edit("bland", item.id, webhook="https://hooks.example.com/canary-live")
    for options in ((), ("--json",), ("--markdown",)):
        ended = project.drift(*options, write=False)
        assert ended.code == 2
        assert "webhook" in ended.out
        assert "hooks.example.com" not in ended.out + ended.said
    assert "  webhook: differs; its values are secret\n" in project.drift(write=False).out


def test_what_is_encrypted_in_a_file_is_not_compared(project):
    """And no option accepts that: the vendor shows it."""
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, prompt="another")
    project.write(sealed(project.recorder.exported(), "prompt", ciphertext="v1:abc"))
    ended = project.drift("--accept-unreadable", write=False)
    assert ended.code == 1
    assert "not verified, because it is encrypted in the state's file: prompt; use --stack in its place (teli-0)" in ended.out


def test_a_key_that_a_vendor_echoes_is_not_shown(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, prompt="The key is canary-key-A9xk2Zq81LmN0p")
    for options in ((), ("--json",), ("--markdown",)):
        assert project.drift(*options).code == 2


# ---- which state ----


def test_a_state_as_a_file_backend_keeps_it_will_do(project):
    project.recorder.objects(TELI, 1)
    exported = project.recorder.exported()
    project.write({"version": 3, "checkpoint": {"latest": exported["deployment"]}})
    assert list(project.states(write=False)) == ["teli-0"]


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"version": 3}', '{"deployment": {"resources": {}}}', '{"checkpoint": null}'])
def test_what_is_no_state_is_an_error_and_not_an_empty_stack(project, text):
    project.file.write_text(text)
    ended = project.drift(write=False)
    assert (ended.code, ended.out) == (1, "")
    assert ended.said.startswith(f"error: {project.file}: is not ")
    assert "pulumi stack export --file" in ended.said


def test_a_file_that_is_not_there_is_one_line(smsagents, tmp_path):
    ended = smsagents("drift", "--file", str(tmp_path / "none.json"))
    assert (ended.code, ended.said) == (1, f"error: {tmp_path / 'none.json'}: No such file or directory\n")


def test_an_empty_stack_is_clean(project):
    ended = project.drift()
    assert (ended.code, ended.out) == (0, "no resources of pulumi-smsagents\n")


def test_without_a_project_it_asks_for_one(smsagents):
    ended = smsagents("drift")
    assert ended.code == 1
    assert ended.said == "error: there is no Pulumi.yaml here or above; go to the project's folder, or give a state with --file\n"


def test_what_is_looked_up_or_about_to_go_is_not_compared(project):
    project.recorder.objects(TELI, 3)
    state = project.recorder.exported()
    *_, looked_up, going = state["deployment"]["resources"]
    looked_up["external"], going["delete"] = True, True
    state["deployment"]["pending_operations"] = [{"type": "creating"}]
    project.write(state)
    ended = project.drift("--json", write=False)
    assert [each["name"] for each in ended.json["resources"]] == ["teli-0"]
    assert ended.said == (
        "warning: an earlier run was cut off (operations without an end: 1); see: smsagents resolve\n"
        f"warning: {going['id']} waits to be deleted by the next pulumi up and was not compared\n"
    )


def test_a_file_settles_nothing_in_the_journal(project):
    """It may be older than the state: only the engine's own tells that a create has arrived there."""
    project.recorder.create("sales", TELI, SAMPLES[TELI].inputs)
    (journal,) = connect.journals().all()
    assert len(journal.unfinished()) == 1
    before = journal.path.read_bytes()
    assert project.states() == {"sales": "clean"}
    assert journal.path.read_bytes() == before


# ---- for programs and pull requests ----


def test_json_says_it_all(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, agent_name="Sales 👋")
    found = project.drift("--json").json
    (resource,) = project.recorder.resources
    assert found == {
        "source": str(project.file),
        "code": 2,
        "summary": {"clean": 0, "drifted": 1, "gone": 0, "unverified": 0, "failed": 0},
        "resources": [
            {
                "name": "teli-0",
                "type": "teli.SmsAgent",
                "id": item.id,
                "urn": resource["urn"],
                "state": "drifted",
                "fields": [{"name": "agent_name", "secret": False, "recorded": "Agent 0", "live": "Sales 👋"}],
                "unverified": [],
                "notes": [],
                "why": "",
            }
        ],
    }


def test_a_comment_shows_each_difference_and_no_vendor_writes_markup(project):
    (item,) = project.recorder.objects(TELI, 1)
    project.emulator.edit("teli", item.id, prompt="````\n# heading\n<script>\n@somebody | x", agent_name="a | `b` <b>")
    ended = project.drift("--markdown")
    tokens = MarkdownIt().enable("table").parse(ended.out)
    assert next(token.content for token in tokens if token.type == "inline") == "SMS agents: 1 resource: 1 drifted"
    assert [token.type for token in tokens if "html" in token.type] == []
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h3"]
    fences = [token.content for token in tokens if token.type == "fence"]
    assert len(fences) == 2
    assert fences[0].endswith("-Agent 0\n+a | `b` <b>\n")
    assert "+# heading\n+<script>\n+@somebody | x\n" in fences[1]


def test_a_comment_stays_whole_whatever_is_in_it(project):
    """A text that both sides have may hold the end of a block, and a name the end of a cell."""
    text = "one\n```\n````\n| x |\n"
    item = project.emulator.add("teli", {**SAMPLES[TELI].inputs, "prompt": f"{text}two"})
    project.recorder.adopt("a|b `c`", TELI, {**SAMPLES[TELI].inputs, "prompt": f"{text}two"}, item.id)
    project.emulator.edit("teli", item.id, prompt=f"{text}three")
    tokens = MarkdownIt().enable("table").parse(project.drift("--markdown").out)
    assert [token.content for token in tokens if token.type == "fence"] == [
        "--- recorded\n+++ at Teli\n@@ -2,4 +2,4 @@\n ```\n ````\n | x |\n-two\n+three\n"
    ]
    cells = [token.content for token in tokens if token.type == "inline"][2:]
    assert cells[4:8] == ["`` a|b `c` ``", "`teli.SmsAgent`", f"`{item.id}`", "drifted: `prompt`"]


def test_a_comment_fits_where_it_goes(project):
    """GitHub refuses more than 65,536 letters."""
    for item in project.recorder.objects(TELI, 12):
        project.emulator.edit("teli", item.id, prompt="\n".join(f"{'long line ' * 30}{n}" for n in range(200)))
    text = project.drift("--markdown").out
    assert len(text) < 65_000
    assert "more differences are not shown" in text
    assert "more lines" in text


def test_one_form_at_a_time(smsagents):
    assert smsagents("drift", "--json", "--markdown").said == "error: --json and --markdown: give one of the two\n"


def test_every_vendor_is_tried_here():
    """A new one has to be put among those that can be read, or those that cannot."""
    assert {vendor.name for vendor in VENDORS} == {"teli", "fluents", "bland", "cleartalk", "contactswing"}
