"""ContactSwing's quirks, one by one, and every sentence of its checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from samples.contactswing import INPUTS, OTHERS, PATH
from worlds import KEY, World

from pulumi_smsagents import connect
from pulumi_smsagents.emulator.wire import Reply
from pulumi_smsagents.errors import (
    AuthenticationError,
    ConfigurationError,
    InvalidError,
    NotFoundError,
    ResponseError,
    UnexpectedBodyError,
    UnsupportedError,
    VendorError,
)
from pulumi_smsagents.lifecycle import Result
from pulumi_smsagents.values import UNKNOWN
from pulumi_smsagents.vendors import contactswing as vendor

Plain = dict[str, Any]

LOST = (
    "The assistant may exist, and no call can find it: look in ContactSwing's dashboard; if it is there, set adopt='<its id>'; if not, "
    "run: smsagents resolve shop/dev/1 --not-created"
)
NEEDED = ("name", "instructions", "api_keys", "sms_type")
LEAST: Plain = {name: INPUTS[name] for name in NEEDED}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """As the settings are by default: only the create has a path."""
    made = World("contactswing:SmsAgent", monkeypatch)
    settings(made)
    made.modes(delete_call=None)
    yield made
    made.emulator.close()


def settings(world: World, **options: str) -> None:
    """From now on these settings, and no others."""
    world.sample = replace(world.sample, options=options)


def told(world: World, made: Result, fields: Plain, **state: Any) -> tuple[Any, list[str]]:
    """The diff of a preview and what it announces."""
    recorded = {**world.state(made), **state}
    process = world.process()
    diff = process.diff(made.id, recorded, world.checked(fields, recorded))
    return diff, process.announcements(made.id, recorded, diff)


def refusal(world: World, made: Result, fields: Plain, **state: Any) -> str:
    with pytest.raises(UnsupportedError) as caught:
        told(world, made, fields, **state)
    return str(caught.value)


def warnings(world: World, fields: Plain, old: Plain | None = None) -> list[str]:
    return [str(warning) for warning in world.process().check(old or {}, fields).warnings]


# ---- create ----


def test_a_create_sends_plain_nested_settings_and_nothing_of_ours(world: World) -> None:
    world.create(on_delete="retain", key="project/stack/orders")
    (call,) = world.calls("create")
    assert call.body == {"type": "SMS", **INPUTS}
    assert call.query == {}
    assert not [name for name in call.body["additional_settings"] if "." in name]


def test_a_create_of_the_least_sends_the_documented_model(world: World) -> None:
    made = world.create(LEAST)
    (call,) = world.calls("create")
    assert call.body == {"type": "SMS", "model": "cw-llm-1", **LEAST}
    assert made.outputs["model"] == "cw-llm-1"


def test_a_number_for_an_id_becomes_the_same_digits(world: World) -> None:
    """Also beyond what a float can count."""
    world.modes(ids="integer")
    made = world.create()
    assert made.id == made.outputs["assistant_id"] == "9007199254740994"
    settings(world, UpdatePath=PATH)
    world.update(made, {**INPUTS, "name": "Other"})
    assert [item.data["name"] for item in world.items()] == ["Other"]


@pytest.mark.parametrize("id", [None, "", "  ", True, 1.5, [], {}])
def test_an_answer_without_a_usable_id_is_not_a_success(world: World, id: Any) -> None:
    answer = {"ctx_id": "c-1", "data": {"assistant_id": id, "name": "Orders"}}
    world.fault("rewrite", "create", rewrite=lambda reply: Reply(201, answer))
    with pytest.raises(UnexpectedBodyError) as caught:
        world.create()
    assert str(caught.value) == (
        "contactswing: POST /v2/_new_assistants -> 201: the answer holds no assistant_id; the assistant may have been created "
        f"(request c-1). {LOST}"
    )
    assert len(world.calls()) == 1


def test_either_name_of_the_id_will_do(world: World) -> None:
    world.fault("rewrite", "create", rewrite=lambda reply: Reply(201, {"data": {"id": 7}}))
    assert world.create().id == "7"


@pytest.mark.parametrize("status", [404, 405])
def test_a_create_that_has_moved_names_the_setting_and_posts_nowhere_else(world: World, status: int) -> None:
    world.fault("status", "create", status=status, body={"detail": "Not Found"})
    with pytest.raises(ResponseError) as caught:
        world.create()
    assert str(caught.value).endswith("Not Found. The call seems to have moved: set smsagents:contactswingCreatePath to its present path")
    assert not isinstance(caught.value, NotFoundError)
    assert world.counts() == {"create": 1}


def test_the_create_path_is_a_setting(world: World) -> None:
    settings(world, CreatePath="/v3/assistants")
    with pytest.raises(ResponseError):
        world.create()
    assert [(call.method, call.path) for call in world.calls()] == [("POST", "/v3/assistants")]


@pytest.mark.parametrize("kind", [{"kind": "reset", "when": "after"}, {"kind": "hang"}, {"kind": "status", "status": 500}])
def test_a_create_that_may_have_arrived_is_never_repeated(world: World, kind: Plain) -> None:
    world.fault(**kind, operation="create")
    with pytest.raises(VendorError) as caught:
        world.create()
    assert str(caught.value).endswith(f". {LOST}")
    assert world.counts() == {"create": 1}


# ---- force ----


def test_force_goes_into_the_query_once_and_is_never_compared(world: World) -> None:
    made = world.create(force=True)
    (call,) = world.calls("create")
    assert call.query == {"force": "true"}
    assert "force" not in call.body
    assert not told(world, made, INPUTS)[0]
    assert not told(world, made, {**INPUTS, "force": False})[0]


def test_force_that_is_off_is_not_sent(world: World) -> None:
    world.create(force=False)
    assert world.calls("create")[0].query == {}


def test_the_preview_of_a_forced_create_warns_of_others(world: World) -> None:
    said = warnings(world, {**LEAST, "force": True})
    overwrites = (
        "force: may overwrite an existing assistant of this account, also one that this program does not manage; "
        "no page says which one, or whether its id survives"
    )
    assert said == [overwrites]
    assert warnings(world, {**LEAST, "force": True}, {"name": "exists already"}) == []


@pytest.mark.parametrize("id", ["same_id", "new_id"])
def test_a_forced_create_records_the_id_it_is_given(world: World, id: str) -> None:
    world.modes(force=id)
    stranger = world.by_hand()
    made = world.create(force=True)
    assert [item.id for item in world.items()] == [made.id]
    assert (made.id == stranger.id) == (id == "same_id")


def test_a_forced_replacement_cannot_delete_its_own_assistant(world: World) -> None:
    """The new one may get the id of the old one, which the engine deletes afterwards."""
    settings(world, DeletePath=PATH)
    made = world.create(force=True)
    assert refusal(world, made, {**INPUTS, "kb_id": "other", "force": True}) == (
        f"contactswing.SmsAgent: changing kb_id makes a new assistant in place of {made.id}, and force may give the new one the id "
        f"{made.id}, which would then be deleted as the old one; remove force, or set on_delete='retain' and run pulumi up first"
    )
    assert told(world, made, {**INPUTS, "kb_id": "other"})[0].replaces == ("kb_id",)
    assert told(world, made, {**INPUTS, "kb_id": "other", "force": True}, on_delete="retain")[0].replaces == ("kb_id",)


# ---- update ----


@pytest.mark.parametrize("name", ["name", "model", "action_ids"])
def test_without_its_path_an_update_is_refused_in_the_preview(world: World, name: str) -> None:
    """And does not turn into a replacement."""
    made = world.create()
    since = world.mark()
    assert refusal(world, made, world.changed(name)) == (
        f"contactswing.SmsAgent: {name} of {made.id} can only be changed by a PUT whose path ContactSwing's documentation did not show us. "
        "Look at the header of https://docs.contactswing.ai/api-reference/endpoint/assistants-put, then run: "
        "pulumi config set smsagents:contactswingUpdatePath '<path with {assistant_id}>'"
    )
    with pytest.raises(UnsupportedError):
        world.update(made, world.changed(name))
    assert world.counts(since) == {}


@pytest.mark.parametrize("leaves", ["kept", "blanked"])
@pytest.mark.parametrize("name", ["name", "model", "action_ids"])
def test_an_update_is_right_whatever_the_vendor_does_with_fields_left_out(world: World, name: str, leaves: str) -> None:
    settings(world, UpdatePath=PATH)
    world.modes(update_leaves=leaves)
    made = world.create()
    world.update(made, world.changed(name))
    assert world.records() == {made.id: world.changed(name)}
    (call,) = world.calls("update")
    assert set(call.body) == {"name", "model", "actions"}


@pytest.mark.parametrize("leaves", ["kept", "blanked"])
def test_actions_that_are_removed_are_emptied_and_stay_so(world: World, leaves: str) -> None:
    settings(world, UpdatePath=PATH)
    world.modes(update_leaves=leaves)
    without = {name: value for name, value in INPUTS.items() if name != "action_ids"}
    made = world.update(world.create(), without)
    assert world.calls("update")[0].body["actions"] == []
    world.update(made, {**without, "name": "Other"})
    assert "actions" not in world.calls("update")[1].body
    assert world.items()[0].data["action_ids"] == []


def test_the_order_of_actions_and_keys_is_no_difference(world: World) -> None:
    keys = [{"api_key_id": 2}, {"api_key_id": "1", "type": "SMS"}]
    made = world.create({**INPUTS, "api_keys": keys})
    turned = {**INPUTS, "api_keys": keys[::-1], "action_ids": INPUTS["action_ids"][::-1]}
    assert not told(world, made, turned)[0]


def test_an_update_that_answers_for_another_assistant_is_no_success(world: World) -> None:
    settings(world, UpdatePath=PATH)
    made = world.create()
    world.fault("rewrite", "update", rewrite=lambda reply: Reply(200, {"ctx_id": "c-2", "data": {"id": 1, "name": "x"}}))
    with pytest.raises(UnexpectedBodyError, match="the answer is about another assistant than 9007199254740994; check"):
        world.update(made, world.changed("name"))


def test_an_id_cannot_lead_elsewhere(world: World) -> None:
    """It is one segment of the path, whatever it holds."""
    settings(world, UpdatePath=PATH)
    for id in ("a/b?c=d#e", "..", "x y%2F"):
        made = Result(id, {**world.checked(), "assistant_id": id, "unverified": []}, {})
        with pytest.raises(ResponseError):
            world.update(made, world.changed("name"))
        assert world.calls()[-1].path == f"/v2/path-not-shown/{id}"
        assert world.calls()[-1].query == {}


def test_what_is_not_known_yet_is_refused_only_once_it_is_known(world: World) -> None:
    """In a preview, outputs of a resource that is being updated are unknown, though most will not change."""
    made = world.create()
    state = world.state(made)
    for name in ("name", "kb_id"):
        assert world.process().diff(made.id, state, {**world.checked(), name: UNKNOWN})
    assert "changing kb_id" in refusal(world, made, {**INPUTS, "kb_id": "other", "name": "Other"})


# ---- replacement ----


@pytest.mark.parametrize("name", sorted(set(INPUTS) - set(vendor.UPDATED)))
def test_a_replacement_that_could_not_delete_the_old_one_is_refused_in_the_preview(world: World, name: str) -> None:
    made = world.create()
    said = refusal(world, made, world.changed(name))
    assert said == (
        f"contactswing.SmsAgent: changing {name} makes a new assistant in place of {made.id}, which would go on texting beside it: "
        "ContactSwing documents no deletion. To accept that, set on_delete='retain' and run pulumi up before the change; or set "
        "smsagents:contactswingDeletePath"
    )
    # What counts is the choice in the state: the old assistant is deleted by that one.
    assert refusal(world, made, {**world.changed(name), "on_delete": "retain"}) == said


def test_a_replacement_names_the_assistant_that_stays_alive(world: World) -> None:
    made = world.create(on_delete="retain")
    diff, said = told(world, made, {**INPUTS, "instructions": "Other.", "on_delete": "retain"})
    assert diff.replaces == ("instructions",)
    stays = (
        f"changing instructions makes a new one; assistant {made.id} stays alive at ContactSwing and may go on texting; "
        f"delete it in ContactSwing's dashboard; campaigns refer to assistants by id and keep {made.id}; "
        "which one answers where both hold the same phone_number is not documented"
    )
    assert said == [stays]


def test_a_replacement_does_not_adopt_what_it_replaces(world: World) -> None:
    """The engine would delete it as the old one."""
    settings(world, DeletePath=PATH)
    item = world.by_hand()
    made = world.create(adopt=item.id)
    said = refusal(world, made, {**INPUTS, "kb_id": "other", "adopt": item.id})
    assert said.endswith(f"but adopt would take over {item.id} again; remove adopt, which has done its work")


# ---- delete ----


def test_a_delete_fails_by_default_and_says_what_to_do(world: World) -> None:
    made = world.create()
    since = world.mark()
    with pytest.raises(UnsupportedError) as caught:
        world.process().delete(made.id, world.state(made))
    assert str(caught.value) == (
        f"contactswing.SmsAgent: ContactSwing documents no way to delete an assistant, so {made.id} is still alive. Delete it in "
        "ContactSwing's dashboard and then run: pulumi state delete <urn>; or, to leave it alive, set on_delete='retain' "
        "and run pulumi up first; or set smsagents:contactswingDeletePath"
    )
    assert world.counts(since) == {}
    assert list(world.records()) == [made.id]


@pytest.mark.parametrize("answer", ["204", "200"])
def test_with_a_path_a_delete_deletes(world: World, answer: str) -> None:
    settings(world, DeletePath=PATH)
    world.modes(delete_call=answer)
    made = world.create()
    for _ in range(2):  # the second one is told that there is no such assistant
        assert world.process().delete(made.id, world.state(made)) == []
    assert world.records() == {}


def test_a_wrong_delete_path_is_not_a_deletion(world: World) -> None:
    """The server says "Not Found" of the path; the assistant goes on texting."""
    settings(world, DeletePath=PATH)
    made = world.create()
    with pytest.raises(ResponseError) as caught:
        world.process().delete(made.id, world.state(made))
    assert str(caught.value) == (
        f"contactswing: DELETE /v2/path-not-shown/{made.id} -> 404: Not Found. Either {made.id} does not exist, or the configured "
        "path is wrong. Look in ContactSwing's dashboard; if it is gone, run: pulumi state delete <urn>"
    )
    assert list(world.records()) == [made.id]


# ---- reading, where somebody knows the path ----


def test_a_refresh_checks_nothing_and_says_so_once_for_all(world: World) -> None:
    made = [world.create() for _ in range(2)]
    since = world.mark()
    seen = [world.refreshed(result) for result in made]
    assert world.counts(since) == {}
    assert [result.outputs for result in seen] == [result.outputs for result in made]
    assert {result.notes for result in seen} == {
        ("refresh checked nothing and kept the recorded state: ContactSwing documents no way to read an assistant",)
    }
    assert [result.warnings for result in seen] == [[], []]
    assert seen[0].outputs["unverified"] == sorted(INPUTS)


def test_a_lookup_is_an_error_without_a_read_path(world: World) -> None:
    with pytest.raises(UnsupportedError, match=r"^contactswing\.SmsAgent\.get: ContactSwing documents no way to read an assistant$"):
        world.process().read("1", {})


@pytest.mark.parametrize("place", ["data", "data.data"])
@pytest.mark.parametrize("ids", ["text", "integer"])
def test_with_a_path_everything_is_read(world: World, place: str, ids: str) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call=place, ids=ids)
    made = world.create()
    assert made.outputs["unverified"] == []
    world.emulator.edit("contactswing", made.id, name="By hand", model="gpt-4o", action_ids=[])
    seen = world.refreshed(made)
    assert (seen.outputs["name"], seen.outputs["model"], seen.outputs["action_ids"]) == ("By hand", "gpt-4o", [])
    assert seen.notes == ()
    world.emulator.edit("contactswing", made.id, kb_id="by hand")
    assert world.refreshed(made).warnings == [f"{made.id} shows another kb_id, which cannot change; the recorded one is kept"]


def test_a_drift_that_cannot_be_mended_does_not_break_the_refresh(world: World) -> None:
    """Only the preview refuses: nothing is about to happen in a refresh."""
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    made = world.create()
    world.emulator.edit("contactswing", made.id, name="By hand")
    seen = world.refreshed(made)
    state = world.state(seen)
    assert world.process().compare(state, world.checked(INPUTS, state)).changed == {"name": "Orders"}
    assert "can only be changed by a PUT" in refusal(world, seen, INPUTS)


def test_what_an_answer_leaves_out_or_shows_oddly_stays_as_recorded(world: World) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    made = world.create()
    odd = {"name": 7, "prompts": "x", "action_ids": [{}], "api_keys": [5], "additional_settings": None, "phone_number": "+1 (346) 550-7166"}
    world.fault("rewrite", "read", rewrite=lambda reply: Reply(200, {"data": {"id": made.id, **odd}}))
    seen = world.refreshed(made)
    assert {name: seen.outputs[name] for name in INPUTS} == INPUTS
    assert seen.outputs["unverified"] == sorted(set(INPUTS) - {"phone_number"})


def test_more_than_the_program_says_is_no_difference(world: World) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    made = world.create({**LEAST, "prompts": {"goal": "Sell."}, "additional_settings": {"max_messages": 5}})
    world.emulator.edit(
        "contactswing", made.id, prompts={"goal": "Sell.", "agent": "x"}, additional_settings={"max_messages": 5, "idle_time": 9}
    )
    assert world.refreshed(made).outputs == made.outputs


@pytest.mark.parametrize("answer", [{"detail": "Assistant not found"}, {"detail": "Not Found"}])
def test_nothing_that_a_read_says_means_gone(world: World, answer: Plain) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    made = world.create()
    world.fault("status", "read", status=404, body=answer)
    with pytest.raises(ResponseError, match="or the configured path is wrong") as caught:
        world.refresh(made)
    assert not isinstance(caught.value, NotFoundError)


def test_an_answer_about_another_assistant_is_not_believed(world: World) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    made, other = world.create(), world.create()
    world.fault("rewrite", "read", rewrite=lambda reply: Reply(200, {"data": {"id": other.id, "name": "x"}}))
    with pytest.raises(UnexpectedBodyError, match="check smsagents:contactswingReadPath"):
        world.refresh(made)


def test_an_assistant_of_another_kind_is_not_adopted(world: World) -> None:
    settings(world, ReadPath=PATH)
    world.modes(read_call="data")
    item = world.by_hand({"type": "VOICE_INCOMING"})
    with pytest.raises(UnsupportedError, match=f"adopt: {item.id} is not an SMS assistant"):
        world.create(adopt=item.id)
    assert world.counts() == {"read": 1}


def test_an_adoption_without_a_read_path_says_that_nothing_was_compared(world: World) -> None:
    item = world.by_hand()
    made = world.create(adopt=item.id)
    assert world.calls() == []
    assert made.outputs["assistant_id"] == item.id
    assert made.outputs["unverified"] == sorted(INPUTS)
    assert made.warnings == [f"{item.id} was adopted without being compared: ContactSwing documents no way to read an assistant"]


# ---- errors ----


@pytest.mark.parametrize("shape", ["detail", "message", "text"])
def test_an_error_of_any_shape_shows_its_words_and_ctx_id(world: World, shape: str) -> None:
    world.modes(errors=shape, error_ctx_id="present", same_name="400")
    world.create()
    with pytest.raises(InvalidError) as caught:
        world.create()
    id = "" if shape == "text" else " (request c0000000-0000-4000-8000-000000000002)"
    assert str(caught.value) == f"contactswing: POST /v2/_new_assistants -> 400: An assistant with this name exists{id}"


def test_an_expired_token_says_so_and_what_to_do(world: World) -> None:
    world.emulator.auth.accept("contactswing", ["a newer one"])
    with pytest.raises(AuthenticationError) as caught:
        world.create()
    assert str(caught.value).endswith("401: Invalid token. The token is expired or wrong; supply a new one. Set another key")


# ---- settings ----


def stack(**values: str) -> connect.Settings:
    return connect.Settings({f"smsagents:contactswing{name}": value for name, value in values.items()}.get, {})


def wrong(**values: str) -> list[str]:
    return [str(problem) for problem in connect.problems(vendor.VENDOR, stack(ApiKey="k", **values))]


@pytest.mark.parametrize(
    "path", ["/v2/x/{assistant_id}", "/v2/{assistant_id}/update", "/{assistant_id}", "/v2/_assistants-2.0/{assistant_id}/", ""]
)
@pytest.mark.parametrize("name", ["UpdatePath", "ReadPath", "DeletePath"])
def test_a_path_that_will_do(name: str, path: str) -> None:
    assert wrong(**{name: path}) == []


@pytest.mark.parametrize(
    "path",
    [
        "v2/{assistant_id}",
        "https://elsewhere.example/{assistant_id}",
        "//elsewhere.example/{assistant_id}",
        "/v2/../{assistant_id}",
        "/v2/./{assistant_id}",
        "/v2/{assistant_id}?force=true",
        "/v2/{assistant_id}#x",
        "/v2/{other}/{assistant_id}",
        "/v2/ /{assistant_id}",
        "/v2\\{assistant_id}",
        "/v2/%2e%2e/{assistant_id}",
        "@elsewhere.example/{assistant_id}",
    ],
)
def test_a_path_that_leaves_the_host_or_is_none_is_refused(path: str) -> None:
    assert wrong(DeletePath=path) == [
        "smsagents:contactswingDeletePath: is not a path on ContactSwing's host; write it as /v2/…, with {assistant_id} where the id stands"
    ]


@pytest.mark.parametrize("path", ["/v2/assistants", "/v2/{assistant_id}/{assistant_id}"])
def test_a_path_holds_the_place_of_the_id_exactly_once(path: str) -> None:
    assert wrong(UpdatePath=path) == ["smsagents:contactswingUpdatePath: must hold {assistant_id} exactly once, where the id stands"]


def test_a_create_path_holds_no_id() -> None:
    assert wrong(CreatePath="/v2/{assistant_id}") == [
        "smsagents:contactswingCreatePath: names an assistant, but a create has none yet; remove the placeholder"
    ]
    assert len(wrong(CreatePath="")) == 1


@pytest.mark.parametrize("pasted", [f"Bearer {KEY}", f"bearer  {KEY}", f" Bearer {KEY}", KEY])
def test_a_pasted_bearer_is_taken_off(pasted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connect, "_clients", {})
    client = connect.client_for(vendor.VENDOR, stack(ApiKey=pasted, BaseUrl="http://127.0.0.1:9"))
    assert client.account.headers == {"authorization": f"Bearer {KEY}"}
    assert client.account.secrets == (KEY,)
    client.close()


def test_a_bearer_alone_is_no_token() -> None:
    with pytest.raises(ConfigurationError, match="no API key for ContactSwing"):
        connect.client_for(vendor.VENDOR, stack(ApiKey="Bearer "))


def test_a_probe_asks_for_one_action(world: World) -> None:
    assert vendor.Assistants(world.client()).probe() == "contactswing: GET /v2/_actions"
    assert [call.query for call in world.calls("actions")] == [{"page": "1", "per_page": "1"}]


# ---- checks ----

SECRET = "canary-value"

DOTTED = (
    "additional_settings.additional_settings.idle_time: is the page's way to print it, not a name; "
    "write idle_time inside additional_settings"
)

BAD = [
    ({"name": " "}, "name: is blank; write some text"),
    ({"instructions": 5}, "instructions: must be text"),
    ({"api_keys": []}, "api_keys: is empty, and ContactSwing refuses that; name at least one key, e.g. {'api_key_id': 134}"),
    ({"api_keys": SECRET}, "api_keys: must be a list"),
    (
        {"api_keys": [{"api_key_id": True}]},
        "api_keys[0].api_key_id: must be the number of a key that ContactSwing's dashboard shows, e.g. 134",
    ),
    (
        {"api_keys": [{"api_key_id": SECRET}]},
        "api_keys[0].api_key_id: must be the number of a key that ContactSwing's dashboard shows, e.g. 134",
    ),
    (
        {"api_keys": [{"api_key_id": 0}]},
        "api_keys[0].api_key_id: must be the number of a key that ContactSwing's dashboard shows, e.g. 134",
    ),
    ({"api_keys": [{"api_key_id": 1, "type": "MODEL"}]}, "api_keys[0].type: must be 'SMS'"),
    ({"api_keys": [{"type": "SMS"}]}, "api_keys[0].api_key_id: is required; set it"),
    ({"api_keys": [{"api_key_id": 1}, {"api_key_id": "1"}]}, "api_keys: names the same api_key_id twice; keep one of them"),
    ({"prompts": {"tone": SECRET}}, "prompts.tone: is not a field that the vendor documents here; remove it or correct its name"),
    ({"prompts": {"goal": 7}}, "prompts.goal: must be text"),
    ({"phone_number": "3465507166"}, "phone_number: is not a phone number with its country code; write it as in +14155550123"),
    ({"action_ids": ["a", "a"]}, "action_ids: names the same action twice; keep one of them"),
    ({"action_ids": [""]}, "action_ids[0]: is blank; write some text"),
    ({"additional_settings": {"idle_time": True}}, "additional_settings.idle_time: must be a whole number"),
    ({"additional_settings": {"idle_time": 1.5}}, "additional_settings.idle_time: must be a whole number"),
    ({"additional_settings": {"max_messages": 0}}, "additional_settings.max_messages: must be 1 or more"),
    ({"additional_settings": {"additional_settings.idle_time": 86400}}, DOTTED),
    ({"force": "yes"}, "force: must be true or false"),
    ({"type": "SMS"}, "type: is always 'SMS' for this resource; remove it"),
    ({"description": SECRET}, "description: can be set by the update only, not on creation; remove it"),
    ({"actions": []}, "actions: is what the update calls it; write action_ids"),
    ({"instruction": SECRET}, "instruction: is not a field of contactswing.SmsAgent; did you mean instructions?"),
    ({"on_delete": "cancel"}, "on_delete: must be one of 'delete', 'retain'"),
]


@pytest.mark.parametrize(("fields", "sentence"), BAD, ids=[sentence.partition(":")[0] for _, sentence in BAD])
def test_a_bad_input_is_told_with_its_place_and_its_mending(world: World, fields: Plain, sentence: str) -> None:
    found = world.process().check({}, {**INPUTS, **fields})
    assert [str(problem) for problem in found.problems] == [sentence]
    assert SECRET not in sentence
    assert world.calls() == []


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (
            {"model": "gpt-4o"},
            "model: is not the one that the create page names (cw-llm-1); ContactSwing's dashboard shows which there are",
        ),
        ({"sms_type": "INBOUND"}, "sms_type: is not a documented value; the only one is OUTBOUND"),
        ({"action_ids": ["one"]}, "action_ids[0]: is not shaped like the ids on ContactSwing's pages (UUIDs); check it"),
        (
            {"additional_settings": {"idle_time": 24}},
            "additional_settings.idle_time: is in seconds for an SMS assistant (hours are WhatsApp's); a day is 86400",
        ),
        (
            {"phone_number": "+15550001111"},
            "phone_number: is possible as a number, but is not one that is given out; check the digits",
        ),
        ({"force": True, "adopt": "1"}, "force: has no effect together with adopt, which creates nothing; remove it"),
    ],
)
def test_a_doubtful_input_is_a_warning(world: World, fields: Plain, sentence: str) -> None:
    assert sentence in warnings(world, {**LEAST, **fields})
    assert world.process().check({}, {**LEAST, **fields}).problems == []


def test_a_create_with_a_number_says_what_it_may_do_to_another(world: World) -> None:
    fields = {**LEAST, "phone_number": INPUTS["phone_number"]}
    bound = "phone_number: is bound to the new assistant; what becomes of one that uses it already is not documented"
    assert warnings(world, fields) == [bound]
    assert warnings(world, fields, {"name": "exists already"}) == []
    assert warnings(world, {**fields, "adopt": "1"}) == []
    assert warnings(world, {**fields, "phone_number": UNKNOWN}) == []


def test_valid_values_go_on_in_one_form(world: World) -> None:
    given = {**LEAST, "phone_number": "+1 (346) 550-7166", "api_keys": [{"api_key_id": "134"}]}
    found = world.process().check({}, given)
    assert found.problems == []
    assert (found.inputs["phone_number"], found.inputs["api_keys"]) == ("+13465507166", [{"api_key_id": 134, "type": "SMS"}])


def test_the_other_values_of_the_sample_are_those_that_replace() -> None:
    """The table of the vendor's update page is the only place that says which fields change in place."""
    replacing = {name for name, rule in vendor.VENDOR.offers[0].fields.items() if rule.replace}
    assert (
        replacing
        == {"instructions", "api_keys", "sms_type", "prompts", "phone_number", "kb_id", "additional_settings"}
        == set(OTHERS) - set(vendor.UPDATED)
    )
