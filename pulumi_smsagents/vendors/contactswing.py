"""SMS agents at ContactSwing, which calls them SMS assistants.

Pages (checked 2026-11-20), under https://docs.contactswing.ai/api-reference/endpoint/: sms-ai ("Create SMS AI Agent", the
reference page), its siblings voice-ai, chat-ai and what-ai, assistants-put.md (an update of four fields, without a
visible path), and get (actions). No page documents how to read, list or delete an assistant: those paths, and the one
of the update, are settings without a default and are never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from .. import errors
from ..client import Call, Client, Reply
from ..values import Plain, plain
from .base import SMS_AGENT, Field, Listing, Live, Made, Offer, Once, Vendor
from .checks import e164, is_id
from .contactswing_fields import (
    FOREIGN,
    MODEL,
    OPTIONS,
    PLACE,
    AdditionalSettings,
    AssistantArgs,
    Prompts,
    on_create,
    problems,
    refuse,
    warnings,
)

UPDATED = {"name": "name", "model": "model", "action_ids": "actions"}
"""The fields of the update page, with its names for them; any other field means another assistant. The page defers to a
schema that is not public: should it accept more, a line here is all (assistants-put.md)."""

# ---- the verbs ----


class Assistants:
    """SMS assistants of one account."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._options = {name: option.default for name, option in OPTIONS.items()} | dict(client.account.options)

    @property
    def cannot_read(self) -> str:
        """Nothing, unless somebody knows the path."""
        return "" if self._options["ReadPath"] else "ContactSwing documents no way to read an assistant"

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """POST /v2/_new_assistants (sms-ai). Not idempotent: never repeated when it may have arrived.

        ``?force=true`` is a parameter of the query: sms-ai prints it under Authorizations, older voice-ai under Query.
        """
        query = {"force": "true"} if new.get("force") else {}
        try:
            reply = self._send(Call("POST", self._options["CreatePath"], query=query, body=_create_body(new)))
        except errors.ResponseError as error:
            if error.status in (404, 405):  # it has moved once already: /v2/new_assistants on older pages
                raise error.advise(f"The call seems to have moved: {_set('CreatePath')} to its present path") from None
            raise
        id = _id(_data(reply))
        if not id:
            raise reply.unexpected("the answer holds no assistant_id; the assistant may have been created")
        return Made(id)

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> None:
        """PUT (assistants-put.md) with every field of the page that the program sets: right whether the fields left out
        are kept or blanked, which no page says."""
        values = {**new, **changed}
        body = {theirs: values[ours] for ours, theirs in UPDATED.items() if ours in values}
        reply = self._send(Call("PUT", self._path("UpdatePath", id), body=body, repeatable=True), id)
        if _id(_data(reply)) not in ("", id):
            raise reply.unexpected(f"the answer is about another assistant than {id}; check smsagents:contactswingUpdatePath")

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """Only where a path is configured; otherwise an error, since an assistant that goes on texting after a destroy
        that succeeded is the worst that could happen."""
        if not self._options["DeletePath"]:
            raise errors.UnsupportedError(
                f"contactswing.SmsAgent: ContactSwing documents no way to delete an assistant, so {id} is still alive. Delete it in "
                "ContactSwing's dashboard and then run: pulumi state delete <urn>; or, to leave it alive, set on_delete='retain' and run "
                "pulumi up first; or set smsagents:contactswingDeletePath"
            )
        try:
            self._send(Call("DELETE", self._path("DeletePath", id), repeatable=True), id)
        except errors.ResponseError as error:
            if error.status != 404 or not _says_gone(error):
                raise

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """Only where a path is configured. Nothing that this API says is documented to mean "gone"."""
        reply = self._send(Call("GET", self._path("ReadPath", id), repeatable=True), id)
        outer = reply.object().get("data")
        inner = outer.get("data") if isinstance(outer, Mapping) else None
        for found in (inner, outer):
            if isinstance(found, Mapping) and _id(found) == id:
                return _live(id, found)
        raise reply.unexpected(f"the answer does not show assistant {id}; check smsagents:contactswingReadPath")

    def scope(self, state: Plain, /) -> Hashable | None:
        """None: there is no list."""
        return None

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """No page documents a list."""
        raise errors.UnsupportedError("contactswing.SmsAgent: ContactSwing documents no list of assistants")

    def probe(self) -> str:
        """GET /v2/_actions (get), one row."""
        return self._send(Call("GET", "/v2/_actions", query={"page": "1", "per_page": "1"}, repeatable=True)).asked

    def _path(self, option: str, id: str) -> str:
        template = self._options[option]
        if not template:
            raise errors.UnsupportedError(f"contactswing.SmsAgent: {_set(option)}: ContactSwing's documentation does not show this path")
        # An id of dots alone would be a step up the path.
        return template.replace(PLACE, quote(id, safe="").replace(".", "%2E"))

    def _send(self, call: Call, id: str = "") -> Reply:
        try:
            return self._client.send(call)
        except errors.AuthenticationError as error:
            # There is no call to renew a token.
            raise error.advise(f"The token is expired or wrong; supply a new one. {error.advice}") from None
        except errors.NotFoundError as error:
            # Not proof of anything: no page documents a 404, and a wrong path gives one too.
            advice = (
                (
                    f"Either {id} does not exist, or the configured path is wrong. Look in ContactSwing's dashboard; if it is gone, run: "
                    "pulumi state delete <urn>"
                )
                if id
                else ""
            )
            raise errors.ResponseError(error.asked, error.said, status=error.status, request_id=error.request_id, advice=advice) from None


def _set(option: str) -> str:
    return f"set smsagents:contactswing{option}"


def _says_gone(error: errors.ResponseError) -> bool:
    """A 404 that speaks of the assistant. Any other may come from a path or an address that does not exist, while the
    assistant goes on texting; then a person has to look."""
    return "assistant" in error.said.lower()


# ---- to and from the wire ----


def _create_body(new: Plain) -> Plain:
    sent = {name: value for name, value in new.items() if name not in ("force", "additional_settings")}
    return {"type": "SMS", **sent, **_settings(new)}


def _settings(new: Plain) -> Plain:
    """Nested plain keys. sms-ai prints ``additional_settings.idle_time`` inside ``additional_settings``; what-ai prints
    ``idle_time``. The dotted form is taken for an artefact of the page; should it be right, this is the place."""
    return {"additional_settings": dict(new["additional_settings"])} if "additional_settings" in new else {}


def _data(reply: Reply) -> Mapping[str, Any]:
    data = reply.body.get("data") if isinstance(reply.body, Mapping) else None
    return data if isinstance(data, Mapping) else {}


def _id(held: Mapping[str, Any]) -> str:
    """``assistant_id`` (create) or ``id`` (update); a number becomes the same digits."""
    for name in ("assistant_id", "id"):
        value = held.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        if is_id(value):
            return value
    return ""


def _live(id: str, found: Mapping[str, Any]) -> Live:
    kind = found.get("type", "SMS")
    mismatch = "" if kind == "SMS" else "is not an SMS assistant"
    return Live(id, fields={name: plain(value) for name, value in _fields(found)}, mismatch=mismatch)


def _fields(found: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Whatever a read shows under a documented name and in a documented shape; the rest stays unverified."""
    for name in ("name", "model", "instructions", "sms_type", "kb_id", "phone_number"):
        if isinstance(found.get(name), str):
            yield name, found[name]
    for name, known in (("prompts", Prompts), ("additional_settings", AdditionalSettings)):
        if isinstance(found.get(name), Mapping):
            yield name, {key: found[name][key] for key in known.model_fields if found[name].get(key) is not None}
    actions = found.get("action_ids", found.get("actions"))
    if isinstance(actions, list) and all(isinstance(item, str) for item in actions):
        yield "action_ids", actions
    keys = found.get("api_keys")
    if isinstance(keys, list) and all(isinstance(key, Mapping) and "api_key_id" in key for key in keys):
        yield "api_keys", _api_keys(keys)


def _api_keys(keys: list[Any]) -> list[Any]:
    return [{"api_key_id": _number(key["api_key_id"]), "type": key.get("type", "SMS")} for key in keys]


def _number(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdecimal() else value


def _by_key(keys: list[Any]) -> list[Any]:
    return sorted(keys, key=lambda key: (str(key["api_key_id"]), str(key["type"])))


def _as_set(ids: list[Any]) -> list[Any]:
    return sorted(ids, key=str)


def _holds(wanted: Plain, found: Plain) -> bool:
    """What the program did not set is not compared."""
    return all(found.get(key) == value for key, value in wanted.items())


def _rule(name: str, **more: Any) -> Field:
    return Field(replace=name not in UPDATED, write_only=True, **more)


_RULES: dict[str, dict[str, Any]] = {
    "name": {},
    "instructions": {"prose": True},
    "api_keys": {"normal": _api_keys, "canonical": _by_key, "same": lambda wanted, found: _by_key(wanted) == _by_key(found)},
    "sms_type": {},
    "model": {"default": MODEL},
    "prompts": {"same": _holds},
    "phone_number": {"normal": e164, "number": True, "same": lambda wanted, found: wanted == e164(found)},
    "kb_id": {},
    # An empty list is our reading of "no actions"; never null.
    "action_ids": {"clear": [], "canonical": _as_set, "same": lambda wanted, found: _as_set(wanted) == _as_set(found)},
    "additional_settings": {"same": _holds},
}

VENDOR = Vendor(
    name="contactswing",
    title="ContactSwing",
    base_url="https://prod-contactswing-fastapi-962560522883.us-central1.run.app",
    sign=lambda key: {"authorization": f"Bearer {key}"},
    clean_key=lambda key: re.sub(r"^\s*bearer\s+", "", key, flags=re.IGNORECASE),
    docs="https://docs.contactswing.ai",
    options=OPTIONS,
    offers=(
        Offer(
            kind=SMS_AGENT,
            args=AssistantArgs,
            fields={**{name: _rule(name, **more) for name, more in _RULES.items()}, "force": Field(role="once")},
            adapter=Assistants,
            on_delete={
                "delete": "assistant {id} is deleted through the configured path",
                "retain": "assistant {id} stays alive at ContactSwing and may go on texting; delete it in ContactSwing's dashboard",
            },
            id_output="assistant_id",
            called="name",
            # The page of the update shows no path.
            calls={"create": "POST /v2/_new_assistants", "update": "PUT"},
            foreign=FOREIGN,
            check=problems,
            warn=warnings,
            on_create=on_create,
            refuse=refuse,
            on_replace="campaigns refer to assistants by id and keep {id}; which one answers where both hold the same phone_number "
            "is not documented",
            once=Once(listed=False),
            lost_create="The assistant may exist, and no call can find it: look in ContactSwing's dashboard; if it is there, set "
            "adopt='<its id>'; if not, ",
        ),
    ),
)
