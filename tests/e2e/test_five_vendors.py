"""All vendors in one program: whose key goes where, and that none of them is ever seen; and an environment's wall."""

from __future__ import annotations

import base64
import json
from pathlib import Path

from e2e.engine import KEY, KEYS, Stack
from e2e.programs import cases, laid_over

SECRET = "4dabf18193072939515e22adb298388d"
"""The mark of an encrypted value in a state."""

CASES = {case.vendor: case for case in cases()}
PROGRAM = """
import json
from pathlib import Path

import pulumi
import pulumi_smsagents

for vendor, (kind, fields, secret) in json.loads(Path("fields.json").read_text()).items():
    fields = {name: pulumi.Output.secret(value) if name in secret else value for name, value in fields.items()}
    getattr(getattr(pulumi_smsagents, vendor), kind)(vendor, fields)
"""
HIDDEN = {
    "bland": {"webhook": "https://hooks.example.com/canary-secret-1", "request_data": {"token": "canary-secret-2"}},
    "cleartalk": {
        "webhook": "https://hooks.example.com/canary-secret-3",
        "request_data": [{"token": "canary-secret-4"}],
        "parked": {**CASES["cleartalk"].needs["park"]["parked"], "webhook": "https://hooks.example.com/canary-secret-5"},
    },
}
"""What the program marks as secret."""


def program(stack: Stack) -> None:
    """One resource of each vendor, which goes by the choice of `on_delete` that needs a call."""
    rows = {}
    for vendor, case in CASES.items():
        fate = next(fate for fate, calls in case.delete.items() if calls)
        fields = laid_over(case.fields, {**case.own(1), "on_delete": fate, **case.needs.get(fate, {}), **HIDDEN.get(vendor, {})})
        rows[vendor] = (case.type.partition(".")[2], fields, list(HIDDEN.get(vendor, {})))
        stack.configure(case.settings)
        stack.emulator.modes[vendor].set(**case.modes)
    stack.program(PROGRAM)
    (stack.folder / "fields.json").write_text(json.dumps(rows), "utf-8")


def test_each_vendor_gets_its_own_key_and_nobody_sees_any(stack: Stack) -> None:
    for vendor, key in KEYS.items():
        stack.emulator.auth.accept(vendor, [key])
    program(stack)
    made = stack.up("--diff", preview=True).ok()
    assert {call.vendor for call in made.calls} == set(KEYS)
    assert "canary" not in made.report()
    nobody_sees(stack)
    for vendor, fields in HIDDEN.items():
        resource = stack.resources()[vendor]
        assert all(SECRET in resource[half][name] for half in ("inputs", "outputs") for name in fields)
        item = stack.emulator.objects(vendor)[0].data
        assert all(item[name] == value for name, value in fields.items() if name != "parked")

    # The keys in the state are not accepted any more; the environment has others.
    for vendor in KEYS:
        stack.emulator.auth.accept(vendor, [f"new-{vendor}"])
    refused = stack.destroy("--continue-on-error").failed()
    assert {call.status for call in refused.calls} == {401}
    assert set(refused.errors_by_name) == set(KEYS) == set(stack.resources())
    for vendor, (line,) in refused.errors_by_name.items():
        assert all(words in line for words in ("401", f"smsagents:{vendor}ApiKey", f"SMSAGENTS_{vendor.upper()}_API_KEY")), line
        assert "\n" not in line
    new = {f"SMSAGENTS_{vendor.upper()}_API_KEY": f"new-{vendor}" for vendor in KEYS}
    gone = stack.destroy("--refresh", **new).ok()
    assert {call.vendor for call in gone.calls} == set(KEYS)
    assert stack.resources() == {}
    # A configuration stays, as its number does.
    assert {vendor for vendor in KEYS if stack.emulator.objects(vendor)} == {vendor for vendor, case in CASES.items() if case.own(1)}
    assert "canary" not in refused.report() + gone.report()


def nobody_sees(stack: Stack) -> None:
    """Neither a key nor a secret field in any file or in what the CLI hands out."""
    folders = (stack.folder / "state", Path(stack.env["PULUMI_HOME"]))
    files = [path.read_bytes() for folder in folders for path in folder.rglob("*") if path.is_file()]
    settings = (stack.folder / "Pulumi.dev.yaml").read_bytes()
    exported = stack.run("stack", "export").ok().stdout.encode()
    for form in [*spellings(KEY), *spellings("canary-secret")]:
        assert not any(form in content for content in [*files, settings, exported]), form


def spellings(text: str) -> list[bytes]:
    """A text as it stands, and in base64 at each of the three places it may begin at in a longer one."""
    inner = [base64.b64encode(b"x" * start + text.encode())[4:-4] for start in range(3)]
    return [text.encode(), *inner]


def test_the_number_of_another_environment_is_refused_before_any_call(stack: Stack) -> None:
    stack.configure({"allowedNumbers": "+1555*,+1346550*"})
    ours = ("cleartalk.SmsConfiguration", CASES["cleartalk"].fields)
    for field, kind, fields in (
        ("phone_number", "bland.SmsConfiguration", {"phone_number": "+14155550123", "objective": "Ours?"}),
        ("adopt", "fluents.PhoneNumber", {"adopt": "+14155550123"}),
    ):
        stack.program({"theirs": (kind, fields), "ours": ours})
        refused = stack.preview().failed()
        assert refused.calls == []
        (line,) = refused.errors
        assert f"resource 'theirs' has a problem: {field}: is not among the numbers this stack may touch" in line
        assert "(smsagents:allowedNumbers)" in line
