"""SMS agents at Acme, a vendor that is made up.

Page (checked 2026-11-20): https://docs.acme.example/agents.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from typing import Any, Literal
from urllib.parse import quote

from .. import errors
from ..client import Call, Client
from ..values import Plain
from .base import SMS_AGENT, Field, Listing, Live, Made, Model, Offer, Once, Vendor
from .checks import Text


class AgentArgs(Model):
    """The inputs of an agent."""

    team: Text
    title: Text
    prompt: Text
    tone: Literal["plain", "warm"] | None = None
    labels: list[Text] | None = None


class Agents:
    """SMS agents of one account."""

    cannot_read = ""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """POST /v1/agents. Not idempotent."""
        reply = self._client.send(Call("POST", "/v1/agents", body=new))
        live = _live(reply.object().get("agent"))
        if live is None:
            raise reply.unexpected("the answer holds no agent; it may have been created")
        return Made(live.id)

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> None:
        """PATCH /v1/agents/{id} with the changed fields only."""
        self._client.send(Call("PATCH", _path(id), body=changed, repeatable=True))

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """DELETE /v1/agents/{id}."""
        try:
            self._client.send(Call("DELETE", _path(id), repeatable=True))
        except errors.NotFoundError as error:
            if not _says_gone(error):
                raise

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """GET /v1/agents/{id}."""
        try:
            reply = self._client.send(Call("GET", _path(id), repeatable=True))
        except errors.NotFoundError as error:
            if _says_gone(error):
                raise
            raise errors.ResponseError(error.asked, error.said, status=error.status, advice="Check the base URL") from None
        live = _live(reply.object().get("agent"))
        if live is None or live.id != id:
            raise reply.unexpected("the answer does not hold the agent that was asked for")
        return live

    def scope(self, state: Plain, /) -> Hashable | None:
        """One list holds them all."""
        return "all"

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """GET /v1/agents, not paged."""
        try:
            reply = self._client.send(Call("GET", "/v1/agents", repeatable=True))
        except errors.NotFoundError as error:
            raise errors.ResponseError(error.asked, error.said, status=error.status, advice="Check the base URL") from None
        agents = reply.object().get("agents")
        known = [_live(agent) for agent in agents] if isinstance(agents, list) else [None]
        yield from filter(None, known)
        if None in known:
            raise reply.unexpected("the list of agents is not complete")

    def probe(self) -> str:
        """GET /v1/agents."""
        return self._client.send(Call("GET", "/v1/agents", repeatable=True)).asked


def _path(id: str) -> str:
    return "/v1/agents/" + quote(id, safe="")


def _says_gone(error: errors.NotFoundError) -> bool:
    return "no such agent" in error.said.lower()


_TYPES: Mapping[str, type] = dict.fromkeys(("team", "title", "prompt", "tone"), str) | {"labels": list}


def _live(agent: Any) -> Live | None:
    if not isinstance(agent, Mapping) or not isinstance(agent.get("agent_id"), str):
        return None
    fields = {name: agent[name] for name, type in _TYPES.items() if isinstance(agent.get(name), type)}
    computed = {name: agent[name] for name in ("version", "created_at") if isinstance(agent.get(name), int | float)}
    return Live(agent["agent_id"], frozenset({agent["agent_id"]}), fields, computed)


VENDOR = Vendor(
    name="acme",
    title="Acme",
    base_url="https://api.acme.example",
    sign=lambda key: {"x-api-key": key},
    docs="https://docs.acme.example",
    offers=(
        Offer(
            kind=SMS_AGENT,
            args=AgentArgs,
            fields={
                "team": Field(replace=True),
                "title": Field(),
                "prompt": Field(announce="is heard in conversations that are under way"),
                "tone": Field(clear="plain"),
                "labels": Field(clear=[], canonical=sorted),
            },
            adapter=Agents,
            on_delete={"delete": "agent {id} is deleted for good", "retain": "agent {id} stays at Acme"},
            id_output="agent_id",
            calls={
                "create": "POST /v1/agents",
                "read": "GET /v1/agents/{id}",
                "list": "GET /v1/agents",
                "update": "PATCH /v1/agents/{id}",
                "delete": "DELETE /v1/agents/{id}",
            },
            computed=("version",),
            once=Once(again=1, named=("title",), born=lambda live: live.computed.get("created_at")),
        ),
    ),
)
