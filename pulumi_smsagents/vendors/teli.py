"""SMS agents at Teli.

Pages (checked 2026-11-20): https://docs.teli.ai/partner-api/agents/create-sms, …/agents/update-sms (the reference page),
…/agents/list, …/agents/delete, …/errors, …/authentication, and
https://docs.teli.ai/partner-api1/agents/extraction-fields. No page shows the body of ``GET /v1/agents/{id}``.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import quote

from .. import errors
from ..client import MAX_LIST, Call, Client
from ..values import Plain, plain
from .base import SMS_AGENT, Field, Listing, Live, Made, Offer, Once, Vendor
from .checks import is_id
from .teli_fields import VARIABLES, AgentArgs, name_of, problems, warnings, wordings

# ---- the verbs ----


@dataclass(frozen=True)
class _Organization:
    """Whose list to ask for, and on whose behalf; the list is the same for every user."""

    id: str
    user: str = field(compare=False)


class Agents:
    """SMS agents of one account."""

    cannot_read = ""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """POST /v1/agents. Not idempotent, and no key makes it so: never repeated when it may have arrived."""
        reply = self._client.send(Call("POST", "/v1/agents", body={"agent_type": "sms", **new}))
        id = reply.object().get("agent_id")
        if not is_id(id):
            raise reply.unexpected("the answer holds no agent_id; the agent may have been created")
        return Made(id)

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> None:
        """PATCH /v1/agents/{agent_id} with the changed fields only."""
        # A PATCH that carries drip_schedule restarts the timer of every active lead, changed or not, so it may not be
        # repeated blindly. …/agents/update-sms, checked 2026-11-20.
        repeatable = "drip_schedule" not in changed
        self._client.send(Call("PATCH", _path(id), body=changed, repeatable=repeatable))

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """DELETE /v1/agents/{agent_id}. 404 is success; a 500 is settled by reading. …/agents/delete."""
        try:
            self._client.send(Call("DELETE", _path(id), repeatable=True))
        except errors.ResponseError as error:
            settled = _says_gone(error) or (error.status in (404, 500) and self._is_gone(id, state))
            if not settled:
                raise

    def _is_gone(self, id: str, state: Plain) -> bool:
        try:
            self.read(id, state, lambda: self.list(self.scope(state)))
        except errors.NotFoundError:
            return True
        except errors.VendorError:
            return False
        return False

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """GET /v1/agents/{agent_id}, its doubts settled by the list.

        No page shows the body, so an agent is taken from ``agent`` or from the top level, and only under our own id.
        """
        try:
            # 500 "Failed to get agent - agent may not exist" is an answer here, not a fault (…/errors).
            reply = self._client.send(Call("GET", _path(id), repeatable=True, final=frozenset({500})))
        except errors.ResponseError as doubt:
            if doubt.status not in (404, 405, 500) or _says_gone(doubt):
                raise
            return self._settle(id, state, listing, doubt)
        live = _agent_in(reply.body, id)
        if live is None:
            return self._in_list(id, state, listing) or Live(id)
        return live

    def _settle(self, id: str, state: Plain, listing: Listing, doubt: errors.ResponseError) -> Live:
        """A 500, a 405, or a 404 in other words means "gone" only together with a complete list that lacks the id."""
        if self.scope(state) is None:
            raise doubt.advise("Without organization_id the list cannot be asked whether the agent exists")
        live = self._in_list(id, state, listing)
        if live is None:
            raise errors.NotFoundError(doubt.asked, f"{doubt.said}; the organisation's list does not hold it either", status=doubt.status)
        return live

    def _in_list(self, id: str, state: Plain, listing: Listing) -> Live | None:
        if self.scope(state) is None:
            return None
        return next((live for live in listing() if id == live.id or id in live.aliases), None)

    def scope(self, state: Plain, /) -> Hashable | None:
        """The organisation."""
        organization = state.get("organization_id")
        return _Organization(organization, state.get("user_id", "")) if organization else None

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """GET /v1/agents?organization_id=…, not paged (…/agents/list)."""
        assert isinstance(scope, _Organization)
        # Without is_admin the list shows the agents of one user only.
        query = {"organization_id": scope.id, "user_id": scope.user, "is_admin": "true"}
        query = {name: value for name, value in query.items() if value}
        try:
            reply = self._client.send(Call("GET", "/v1/agents", query=query, repeatable=True, most=MAX_LIST))
        except errors.NotFoundError as error:
            # An address that has no list says nothing about any agent: most likely the base URL is wrong.
            raise errors.ResponseError(error.asked, error.said, status=error.status, advice="Check the base URL") from None
        agents, count = reply.object().get("agents"), reply.object().get("count")
        if not isinstance(agents, list):
            raise reply.unexpected("the answer holds no list of agents")
        known = [_live(agent) for agent in agents]
        yield from filter(None, known)
        # Who looks for an agent and does not find it may only conclude something where every one was shown.
        if None in known or (isinstance(count, int) and count > len(agents)):
            raise reply.unexpected("the list of agents is not complete")

    def probe(self) -> str:
        """GET /v1/organizations (…/organizations/list)."""
        return self._client.send(Call("GET", "/v1/organizations", repeatable=True)).asked


def _says_gone(error: errors.ResponseError) -> bool:
    """The documented words (…/errors). Any other 404 may come from a wrong base URL, where everything is "not found"."""
    return error.status == 404 and "agent not found" in error.said.lower()


# ---- from the wire: names, shapes and id spaces of reads differ from those of writes ----

_UNIQUE_ID = re.compile(r"\d{13}x\d+")
_COMPUTED = ("unique_id", "agent_status", "created_at")


def _path(id: str) -> str:
    return "/v1/agents/" + quote(id, safe="")


def _agent_in(body: Any, id: str) -> Live | None:
    if not isinstance(body, Mapping):
        return None
    for candidate in (body.get("agent"), body):
        live = _live(candidate)
        if live and (id == live.id or id in live.aliases):
            return live
    return None


def _live(agent: Any) -> Live | None:
    """An agent object of a read; None where it carries no id of any kind."""
    if not isinstance(agent, Mapping):
        return None
    ids = [agent[key] for key in ("agent_id", "unique_id", "id") if is_id(agent.get(key))]
    if not ids:
        return None
    computed = {key: agent[key] for key in _COMPUTED if isinstance(agent.get(key), str | int | float)}
    voice = agent.get("agent_type") == "voice"
    fields = {name: plain(value) for name, value in _fields(agent)}
    return Live(ids[0], frozenset(ids), fields, computed, "is a voice agent, not an SMS agent" if voice else "")


def _fields(agent: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    # The list shows the storage names greeting_prompt and general_prompt (…/agents/list); that they hold
    # starting_message and prompt is inferred.
    for name, keys in (
        ("agent_name", ("agent_name",)),
        ("starting_message", ("starting_message", "greeting_prompt")),
        ("prompt", ("prompt", "general_prompt")),
    ):
        text = next((agent[key] for key in keys if isinstance(agent.get(key), str)), None)
        if text is not None:
            yield name, text
    for name, owner_keys in (("organization_id", ("organization_id",)), ("user_id", ("created_by_user_id", "created_by", "user_id"))):
        owner = next((agent[key] for key in owner_keys if isinstance(agent.get(key), str)), "")
        # Reads may show the UUID of the same organisation: another id space, not another value (…/users/list).
        if _UNIQUE_ID.fullmatch(owner):
            yield name, owner
    for name, recognise in (("extraction_fields", _extraction_field), ("drip_schedule", _drip)):
        items = _all([] if agent[name] is None else agent[name], recognise) if name in agent else None
        if items is not None:
            yield name, items


def _born(live: Live) -> float | None:
    """When it was made. The list's created_at (…/agents/list) is null in the documented example, and its form is not told:
    ISO 8601, or seconds or milliseconds since 1970. Ids of the form {milliseconds}x{digits} begin with the time."""
    shown = live.computed.get("created_at") or next((int(id[:13]) for id in (live.id, *live.aliases) if _UNIQUE_ID.fullmatch(id)), None)
    if isinstance(shown, int | float):
        return shown / 1000 if shown > _SECONDS else float(shown)
    try:
        when = datetime.fromisoformat(str(shown))
    except ValueError:
        return None
    return when.timestamp() if when.tzinfo else None


_SECONDS = 1e11
"""No time in seconds is so late, and none in milliseconds so early."""


def _all(items: Any, recognise: Any) -> list[Any] | None:
    """Each item recognised, or None where one is not: half a list would be a false one."""
    if not isinstance(items, list):
        return None
    known = [recognise(item) for item in items]
    return None if None in known else known


def _extraction_field(item: Any) -> Any:
    if isinstance(item, str) and item:
        return item
    if isinstance(item, Mapping) and isinstance(item.get("name"), str):
        return {key: item[key] for key in ("name", "description", "type") if isinstance(item.get(key), str)}
    return None


def _drip(item: Any) -> Plain | None:
    """An item of either documented shape: {delay_hours, type, message}, or the older {day, message}."""
    if not isinstance(item, Mapping):
        return None
    message = item.get("message") or ""
    if not isinstance(message, str):
        return None
    if _is_number(item.get("delay_hours")) and item.get("type") in ("ai", "custom"):
        type, hours = item["type"], item["delay_hours"]
    elif _is_number(item.get("day")) and "delay_hours" not in item:
        type, hours = "custom" if message else "ai", 24 * item["day"]
    else:
        return None
    drip = {"delay_hours": int(hours) if hours == int(hours) else hours, "type": type}
    return {**drip, "message": message} if type == "custom" else drip


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _by_name(fields: Iterable[Any]) -> list[Any]:
    return sorted(fields, key=lambda item: str(name_of(item)))


def _same_extraction(wanted: list[Any], found: list[Any]) -> bool:
    """The server may turn a plain name into an object with a description of its own: compare what was given."""
    if len(wanted) != len(found):
        return False
    return all(_same_field(one, other) for one, other in zip(_by_name(wanted), _by_name(found), strict=True))


def _same_field(wanted: Any, found: Any) -> bool:
    if isinstance(wanted, str):
        return bool(wanted == name_of(found))
    # A plain name is an object without a description and of the default type.
    shown = {"name": found} if isinstance(found, str) else found
    return all({"type": "string", **shown}.get(key) == wanted[key] for key in wanted)


def _same_drips(wanted: list[Plain], found: list[Plain]) -> bool:
    if len(wanted) != len(found):
        return False
    return all(
        abs(one["delay_hours"] - other["delay_hours"]) < 1e-6 and {**one, "delay_hours": 0} == {**other, "delay_hours": 0}
        for one, other in zip(wanted, found, strict=True)
    )


VENDOR = Vendor(
    name="teli",
    title="Teli",
    base_url="https://api.teli.ai",
    sign=lambda key: {"x-api-key": key},
    docs="https://docs.teli.ai",
    offers=(
        Offer(
            kind=SMS_AGENT,
            args=AgentArgs,
            fields={
                "organization_id": Field(replace=True),
                "user_id": Field(replace=True),
                "agent_name": Field(),
                "starting_message": Field(),
                "prompt": Field(prose=True),
                "extraction_fields": Field(write_only=True, clear=[], canonical=_by_name, same=_same_extraction),
                "drip_schedule": Field(
                    clear=[],
                    same=_same_drips,
                    announce="restarts the follow-up timer of every active lead in every campaign that uses the agent",
                ),
            },
            adapter=Agents,
            on_delete={
                "delete": "agent {id} is deleted for good",
                "retain": "agent {id} stays at Teli and keeps answering in its campaigns",
            },
            id_output="agent_id",
            called="agent_name",
            listed_by=("organization_id", "user_id"),
            calls={
                "create": "POST /v1/agents",
                "read": "GET /v1/agents/{id}",
                "list": "GET /v1/agents",
                "update": "PATCH /v1/agents/{id}",
                "delete": "DELETE /v1/agents/{id}",
            },
            check=problems,
            warn=warnings,
            wordings=wordings,
            variables=VARIABLES,
            computed=_COMPUTED,
            on_replace="campaigns that use it keep the old id and have to be pointed at the new one by hand",
            once=Once(again=2, born=_born, named=("agent_name",)),
        ),
    ),
)
