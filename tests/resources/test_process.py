"""The real provider process, over gRPC, against the emulator on loopback."""

from __future__ import annotations

import base64
import itertools
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from pulumi.runtime.proto import engine_pb2, provider_pb2
from pulumi.runtime.rpc import UNKNOWN
from resources.engines import FailedError, Process, processes

from pulumi_smsagents.emulator import Emulator

KEY = "canary+key/A9xk2Zq81LmN0p"
TAG = "teli:SmsAgent"
CONFIGURATION = {"smsagents:teliApiKey": KEY, "shop:teliApiKey": "of another namespace", "pulumi:tags": '{"a": "b"}'}
AGENT = {
    "organization_id": "1763070568417x631086913669115287",
    "user_id": "1763070568417x100000000000000001",
    "agent_name": "Sales",
    "starting_message": "Hi {{first_name}}, reply STOP to opt out",
    "prompt": "Sell.\nPolitely.\n",
    "extraction_fields": ["email", {"name": "budget", "description": "in dollars", "type": "number"}],
    "drip_schedule": [{"delay_hours": 24.0, "type": "custom", "message": "Still there?"}, {"delay_hours": 72.0, "type": "ai"}],
    "key": "shop/dev/sales",
    # As the SDK hands it over: what the program did not set is there, as null.
    "adopt": None,
    "on_delete": None,
    "agent_id": None,
    "unverified": None,
}
OUTPUTS = {"agent_id", "unverified", "unique_id", "agent_status", "created_at"}
NUMBERS = itertools.count()
PROMPT = {**AGENT, "prompt": "Sell more."}
DRIPS = {**AGENT, "drip_schedule": [{"delay_hours": 4.0, "type": "ai"}]}
ELSEWHERE = {**AGENT, "organization_id": "1763070568417x999999999999999999"}


@pytest.fixture
def emulator(served) -> Emulator:
    served[0].reset()
    served[0].auth.accept("teli", [KEY])
    return served[0]


@pytest.fixture(scope="module")
def environ(served, tmp_path_factory) -> dict[str, str]:
    """One attempt, so that nothing waits."""
    return {
        "SMSAGENTS_TELI_BASE_URL": f"{served[1]}/teli",
        "SMSAGENTS_ATTEMPTS": "1",
        "SMSAGENTS_LISTING_LAG": "0.01",
        "SMSAGENTS_JOURNAL_DIR": str(tmp_path_factory.mktemp("journal")),
        "PULUMI_PROJECT": "shop",
    }


@pytest.fixture(scope="module")
def long_running(environ) -> Iterator[Process]:
    with processes(TAG, environ) as process:
        process.configure(CONFIGURATION)
        yield process


@pytest.fixture
def process(long_running, emulator) -> Process:
    """Shared by the tests that leave nothing behind but what was said."""
    long_running.engine.said.clear()
    long_running.answers.clear()
    return long_running


@pytest.fixture
def fresh(environ, emulator) -> Iterator[Process]:
    with processes(TAG, environ) as made:
        made.configure(CONFIGURATION)
        yield made


def created(process: Process, **fields: object) -> tuple[str, dict[str, object]]:
    inputs, failures = process.check({**AGENT, "key": unused(), **fields})
    assert failures == []
    return process.create(inputs)


def unused() -> str:
    """The key of a resource that is new to the run: each test begins with an empty vendor, in the same process."""
    return f"shop/dev/sales-{next(NUMBERS)}"


def changes(answer: object) -> bool:
    assert answer.changes in (provider_pb2.DiffResponse.DIFF_SOME, provider_pb2.DiffResponse.DIFF_NONE)
    return answer.changes == provider_pb2.DiffResponse.DIFF_SOME


# ---- the life of an agent ----


def test_a_whole_life(process, emulator):
    inputs, failures = process.check(AGENT)
    assert failures == []
    assert inputs == {**{k: v for k, v in AGENT.items() if v is not None}, "on_delete": "delete"}
    assert emulator.calls.counts.total() == 0

    id, state = process.create(inputs)
    assert emulator.object("teli", id).data["prompt"] == AGENT["prompt"]
    assert {name: state[name] for name in inputs} == inputs
    assert state["agent_id"] == id
    assert state.keys() <= inputs.keys() | OUTPUTS

    assert not changes(process.diff(id, state, inputs))
    assert process.read(id, state) == (id, state, inputs)
    assert not changes(process.diff(id, state, inputs))

    news, failures = process.check(PROMPT, inputs)
    assert failures == []
    answer = process.diff(id, state, news)
    assert changes(answer)
    assert not answer.replaces
    updated = process.update(id, state, news)
    assert updated == {**state, "prompt": "Sell more."}
    assert emulator.object("teli", id).data["prompt"] == "Sell more."
    assert not changes(process.diff(id, updated, news))

    process.delete(id, updated)
    assert emulator.objects("teli") == []
    assert process.read(id, updated) == ("", {}, {})
    process.delete(id, updated)
    assert process.engine.said == []


def test_check_and_diff_make_no_call(process, emulator):
    process.check(AGENT)
    process.check({**AGENT, "prompt": "", "nonsense": 1.0})
    process.diff("agent_1", {**AGENT, "agent_id": "agent_1", "unverified": []}, DRIPS)
    process.diff("agent_1", {**AGENT, "agent_id": "agent_1", "unverified": []}, ELSEWHERE)
    assert emulator.calls.counts.total() == 0


def test_whole_numbers_reach_the_vendor_whole(process, emulator):
    created(process)
    sent = emulator.calls.select("teli", "create")[0].body["drip_schedule"][0]["delay_hours"]
    assert (sent, type(sent)) == (24, int)


def test_the_provider_string_never_counts(fresh):
    """An upgrade of anything must not touch a resource: states hold other strings than programs."""
    id, state = created(fresh)
    inputs, _ = fresh.check({**AGENT, "key": state["key"]})
    stub, ours = fresh._stub, fresh.reference
    other = base64.b64encode(base64.b64decode(ours) + b"\0").decode()
    assert other != ours
    request = provider_pb2.DiffRequest(id=id)
    request.olds.update({**state, "__provider": other})
    request.news.update({**inputs, "__provider": ours})
    assert not changes(stub.Diff(request))


def test_a_change_of_owner_replaces(process):
    id, state = created(process)
    news, _ = process.check(ELSEWHERE, state)
    answer = process.diff(id, state, news)
    assert changes(answer)
    assert list(answer.replaces) == ["organization_id"]
    assert not answer.deleteBeforeReplace


def test_an_existing_agent_is_adopted(fresh, emulator):
    item = emulator.add("teli", {name: AGENT[name] for name in ("organization_id", "user_id", "agent_name", "starting_message", "prompt")})
    id, state = created(fresh, adopt=item.id)
    assert id == item.id
    assert state["agent_id"] == item.id
    assert emulator.calls.select("teli", "create") == []


def test_a_lookup_gives_the_agent_and_an_unknown_id_is_an_error(process, emulator):
    item = emulator.add("teli", {name: AGENT[name] for name in ("organization_id", "user_id", "agent_name", "starting_message", "prompt")})
    inputs = {"key": "shop/dev/found", "organization_id": AGENT["organization_id"]}
    id, outputs, _ = process.look_up(item.id, inputs)
    assert (id, outputs["agent_id"], outputs["agent_name"]) == (item.id, item.id, "Sales")
    with pytest.raises(FailedError, match="404"):
        process.look_up("agent_none", inputs)


def test_a_retained_agent_stays_and_a_person_is_told(fresh, emulator):
    id, state = created(fresh, on_delete="retain")
    fresh.delete(id, state)
    assert [item.id for item in emulator.objects("teli")] == [id]
    assert len(fresh.engine.said) == 1
    assert id in fresh.engine.said[0]


# ---- check ----


def test_all_problems_are_told_at_once_and_no_value_is_shown(process):
    """With a property name the engine would print the value beside the reason."""
    wrong = {**AGENT, "prompt": " ", "agent_nam": "x", "drip_schedule": [{"delay_hours": -1.0, "type": "custom"}], "on_delete": KEY}
    del wrong["user_id"]
    _, failures = process.check(wrong)
    assert {name for name, _ in failures} == {""}
    assert {reason.split(":")[0] for _, reason in failures} == {"prompt", "agent_nam", "drip_schedule[0]", "on_delete", "user_id"}
    assert all("\n" not in reason and KEY not in reason for _, reason in failures)


@pytest.mark.parametrize(
    "unknown",
    [
        {"prompt": UNKNOWN},
        {"organization_id": UNKNOWN, "user_id": UNKNOWN},
        {"drip_schedule": UNKNOWN},
        {"drip_schedule": [UNKNOWN]},
        {"drip_schedule": [{"delay_hours": UNKNOWN, "type": "custom", "message": UNKNOWN}]},
        {"drip_schedule": [{"delay_hours": 1.0, "type": UNKNOWN, "message": "x"}]},
        {"extraction_fields": UNKNOWN},
        {"extraction_fields": [UNKNOWN, "email"]},
        {"extraction_fields": [{"name": UNKNOWN, "description": UNKNOWN, "type": UNKNOWN}]},
        {"adopt": UNKNOWN},
        {"on_delete": UNKNOWN},
        {"key": UNKNOWN},
    ],
    ids=str,
)
def test_what_is_not_known_yet_is_no_problem_and_stays_unknown(process, unknown):
    inputs, failures = process.check({**AGENT, **unknown})
    assert failures == []
    assert {name: inputs[name] for name in unknown} == unknown
    state = {**{k: v for k, v in AGENT.items() if v is not None}, "on_delete": "delete", "agent_id": "agent_1", "unverified": []}
    answer = process.diff("agent_1", state, inputs)
    assert changes(answer) == ("key" not in unknown)
    assert set(answer.replaces) == set(unknown) & {"organization_id", "user_id"}


def test_what_is_known_is_judged_beside_what_is_not(process):
    _, failures = process.check(
        {**AGENT, "prompt": UNKNOWN, "starting_message": "", "drip_schedule": [{"delay_hours": UNKNOWN, "type": "x"}]}
    )
    assert sorted(reason.split(":")[0] for _, reason in failures) == ["drip_schedule[0].type", "starting_message"]


def test_missing_settings_are_told_in_the_preview(environ, emulator):
    with processes(TAG, environ) as made:
        made.configure({"smsagents:attempts": "many", "smsagents:teliBaseUrl": "ignored: the environment has one"})
        _, failures = made.check(AGENT)
        reasons = [reason for _, reason in failures]
        assert reasons[0].startswith("smsagents:teliApiKey: no API key for Teli; set it with: pulumi config set --secret")
        assert len(reasons) == 1  # SMSAGENTS_ATTEMPTS outranks the stack's own
        state = {**AGENT, "agent_id": "agent_1", "unverified": []}
        assert not changes(made.diff("agent_1", {**state, "on_delete": "delete"}, {**AGENT, "on_delete": "delete"}))
        with pytest.raises(FailedError, match="no API key for Teli"):
            made.create(AGENT)
        assert emulator.calls.counts.total() == 0


def test_the_environments_key_outranks_the_stacks(environ, emulator):
    with processes(TAG, {**environ, "SMSAGENTS_TELI_API_KEY": KEY}) as made:
        made.configure({"smsagents:teliApiKey": "rotated since"})
        id, _ = created(made)
        assert emulator.object("teli", id)


# ---- what a person is told ----


def test_a_warning_is_said_once_and_names_the_resource(fresh):
    for _ in range(2):
        fresh.check({**AGENT, "prompt": "Use {{favourite_colour}}"})
    assert len(fresh.engine.said) == 1
    assert fresh.engine.said[0].startswith("teli.SmsAgent sales: prompt: {{favourite_colour}} is not a documented variable")
    assert fresh.engine.severities == {engine_pb2.WARNING}


def test_a_side_effect_is_announced_once_in_a_preview(fresh):
    id, state = created(fresh)
    news, _ = fresh.check(DRIPS, state)
    for _ in range(2):
        fresh.diff(id, state, news)
    assert len(fresh.engine.said) == 1
    assert "restarts the follow-up timer" in fresh.engine.said[0]


def test_a_replacement_is_announced_with_the_id(fresh):
    id, state = created(fresh)
    news, _ = fresh.check(ELSEWHERE, state)
    fresh.diff(id, state, news)
    assert len(fresh.engine.said) == 1
    assert id in fresh.engine.said[0]


def test_a_refresh_announces_nothing(fresh, emulator):
    """The engine asks for a diff with the sides exchanged: nothing is about to happen."""
    id, state = created(fresh)
    inputs, _ = fresh.check(AGENT)
    emulator.edit("teli", id, drip_schedule=[{"delay_hours": 1, "type": "ai"}], prompt="By hand.")
    found, outputs, live = fresh.read(id, state)
    assert (found, outputs["prompt"], live["prompt"]) == (id, "By hand.", "By hand.")
    assert changes(fresh.diff(id, outputs, inputs))
    assert [said for said in fresh.engine.said if "restarts" in said] == []
    # The next one is a preview again, and speaks.
    assert changes(fresh.diff(id, outputs, inputs))
    assert len([said for said in fresh.engine.said if "restarts" in said]) == 1


def test_an_agent_that_is_gone_answers_an_empty_id(process, emulator):
    id, state = created(process)
    emulator.remove("teli", id)
    assert process.read(id, state) == ("", {}, {})


def test_without_an_engine_a_warning_goes_to_the_output_and_nothing_breaks(environ, emulator):
    """The engine shows what the provider process prints."""
    with processes(TAG, environ, deaf=True) as made:
        made.configure(CONFIGURATION)
        assert made.check({**AGENT, "prompt": "Use {{favourite_colour}}"})[1] == []
    assert "".join(made.complaints).startswith("warning: teli.SmsAgent sales: prompt: {{favourite_colour}} ")


# ---- errors ----


@pytest.mark.parametrize(
    ("fault", "settings", "line"),
    [
        ("status", {"status": 500}, "smsagents: teli: POST /v1/agents -> 500: Injected by the emulator"),
        (
            "status",
            {"status": 403},
            "smsagents: teli: POST /v1/agents -> 403: Injected by the emulator. The key came from smsagents:teliApiKey",
        ),
        ("status", {"status": 429}, "smsagents: teli: POST /v1/agents -> 429: Injected by the emulator"),
        ("html", {}, "smsagents: teli: POST /v1/agents -> 200: expected JSON, got an HTML page"),
        ("malformed", {}, "smsagents: teli: POST /v1/agents -> "),
        ("empty", {}, "smsagents: teli: POST /v1/agents -> 200: expected a JSON object, got an empty answer"),
        ("reset", {}, "smsagents: teli: POST /v1/agents -> the connection to 127.0.0.1:"),
        ("redirect", {}, "smsagents: teli: POST /v1/agents -> 307: a redirect, which is not followed. Check the base URL"),
        ("endless", {}, "smsagents: teli: POST /v1/agents -> the answer is longer than 5 MB"),
    ],
    ids=lambda value: value if isinstance(value, str) and " " not in value else "",
)
def test_a_failure_is_one_line(process, emulator, fault, settings, line):
    inputs, _ = process.check({**AGENT, "key": unused()})
    emulator.faults.add(fault, vendor="teli", operation="create", times=None, **{"when": "before", **settings})
    told = failed(lambda: process.create(inputs))
    assert told.startswith(line)


def failed(action) -> str:
    with pytest.raises(FailedError) as caught:
        action()
    told = str(caught.value).rstrip("\n")
    assert "\n" not in told
    assert "Traceback" not in told
    assert 'File "' not in told
    assert KEY not in told
    return told


def test_a_wrong_key_is_one_line_that_says_what_to_do(process, emulator):
    emulator.auth.accept("teli", ["another"])
    told = failed(lambda: created(process))
    assert told.startswith("smsagents: teli: POST /v1/agents -> 401: Invalid API key")
    assert "smsagents:teliApiKey" in told
    assert "SMSAGENTS_TELI_API_KEY" in told
    assert emulator.objects("teli") == []


def test_a_failed_read_is_an_error_and_not_gone(process, emulator):
    id, state = created(process)
    emulator.faults.add("status", status=503, vendor="teli", times=None)
    assert "503" in failed(lambda: process.read(id, state))
    emulator.auth.accept("teli", ["another"])
    emulator.faults.clear()
    assert "401" in failed(lambda: process.read(id, state))


def test_a_vendor_that_does_not_answer_is_one_line(environ, emulator):
    emulator.faults.add("hang", vendor="teli", operation="create", times=None, when="before")
    with processes(TAG, {**environ, "SMSAGENTS_REQUEST_TIMEOUT": "0.2"}) as made:
        made.configure(CONFIGURATION)
        told = failed(lambda: created(made))
    assert "within 0.2 s; it may have been carried out" in told
    assert "it may have been carried out. Whether shop/dev/sales-" in told
    assert "settle it with: smsagents resolve shop/dev/sales-" in told


def test_a_vendor_that_is_not_there_is_one_line(environ):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with processes(TAG, {**environ, "SMSAGENTS_TELI_BASE_URL": f"http://127.0.0.1:{port}"}) as made:
        made.configure(CONFIGURATION)
        told = failed(lambda: created(made))
    assert told.startswith(f"smsagents: teli: POST /v1/agents -> no connection to 127.0.0.1:{port}: ")


BROKEN = {**AGENT, "extraction_fields": [[KEY]], "agent_id": "agent_1", "unverified": []}
"""No state of ours: what a bug would leave."""


def test_a_bug_of_ours_is_one_line_without_a_value(process):
    told = failed(lambda: process.diff("agent_1", BROKEN, AGENT))
    assert told.startswith("smsagents: internal error in diff: ")
    assert told.endswith("; set SMSAGENTS_DEBUG=1 for more")


def test_whoever_debugs_sees_the_traceback(environ, emulator):
    with processes(TAG, {**environ, "SMSAGENTS_DEBUG": "1"}) as made:
        made.configure(CONFIGURATION)
        with pytest.raises(FailedError, match="Traceback") as caught:
            made.diff("agent_1", BROKEN, AGENT)
        assert "teli.py" in str(caught.value)
        emulator.auth.accept("teli", ["another"])
        with pytest.raises(FailedError, match="Traceback") as caught:
            created(made)
        assert "AuthenticationError" in str(caught.value)
        assert KEY not in str(caught.value)


def test_a_resource_of_another_release_is_one_line(environ):
    with processes("teli:Parrot", environ) as made:
        made.configure(CONFIGURATION)
        told = failed(lambda: made.read("x", {"key": "shop/dev/polly"}))
    assert "teli:Parrot" in told
    assert "pulumi-smsagents" in told


# ---- secrets ----


def test_the_key_is_in_no_answer_and_nothing_that_is_said(fresh, emulator):
    id, state = created(fresh)
    fresh.read(id, state)
    fresh.update(id, state, fresh.check(PROMPT, state)[0])
    for body in (f"no {KEY}", {"error": f"bad key {KEY}", "key": KEY}):
        emulator.faults.add("status", status=400, body=body, headers={"x-request-id": KEY}, vendor="teli")
        failed(lambda: fresh.update(id, state, fresh.check(DRIPS, state)[0]))
    emulator.auth.accept("teli", ["another"])
    failed(lambda: created(fresh))
    failed(lambda: fresh.delete(id, state))
    said = b"\n".join(fresh.answers) + "\n".join(fresh.engine.said).encode()
    for form in (KEY, KEY[:10], KEY[-10:], base64.b64encode(KEY.encode()).decode().rstrip("="), quote(KEY, safe="")):
        assert form.encode() not in said
    assert len(fresh.answers) > 10


# ---- many at once ----


def test_a_refresh_of_a_hundred_asks_for_one_list(fresh, emulator):
    items = [
        emulator.add("teli", {**{n: AGENT[n] for n in ("organization_id", "user_id", "starting_message", "prompt")}, "agent_name": f"a{i}"})
        for i in range(100)
    ]
    # Whatever the vendor's list shows was read before; the rest is unverified.
    unverified = ["extraction_fields", "drip_schedule", "user_id", "organization_id"]
    states = {
        item.id: {**AGENT, "agent_name": f"a{i}", "agent_id": item.id, "on_delete": "delete", "unverified": unverified}
        for i, item in enumerate(items)
    }
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda one: fresh.read(*one), states.items()))
    assert [(id, outputs["agent_name"]) for id, outputs, _ in found] == [(item.id, f"a{i}") for i, item in enumerate(items)]
    assert len(emulator.calls.select("teli", "list")) == 1
    assert len(emulator.calls.select("teli", "get")) <= 1  # the first may find itself alone


def test_several_threads_do_not_mix_anything_up(fresh, emulator):
    def life(number: int) -> str:
        name = f"agent {number}"
        inputs, failures = fresh.check({**AGENT, "key": unused(), "agent_name": name})
        assert failures == []
        id, state = fresh.create(inputs)
        assert state["agent_name"] == name
        assert not changes(fresh.diff(id, state, inputs))
        state = fresh.update(id, state, {**inputs, "prompt": name})
        assert (state["prompt"], state["agent_name"]) == (name, name)
        assert fresh.read(id, state)[1]["prompt"] == name
        if number % 2:
            fresh.delete(id, state)
        return id

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(life, range(24)))
    assert len(set(ids)) == 24
    assert {item.id for item in emulator.objects("teli")} == set(ids[::2])
    assert len(emulator.calls.select("teli", "create")) == 24
