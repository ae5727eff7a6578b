"""``acme.SmsAgent``: an SMS agent at Acme, a vendor that is made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack, overload

from pulumi import Input, Output, ResourceOptions

from . import base


class SmsAgentArgsDict(TypedDict):
    """The fields of `SmsAgent`, under the names of Acme's page."""

    team: Input[str]
    """Who owns it. A change replaces the agent."""

    title: Input[str]
    """Display name."""

    prompt: Input[str]
    """What the agent is to do."""

    tone: NotRequired[Input[Literal["plain", "warm"]]]
    """``plain`` where it is not set."""

    labels: NotRequired[Input[Sequence[Input[str]]]]
    """In any order."""

    adopt: NotRequired[Input[str]]
    """``agent_id`` of an existing agent to take over."""

    on_delete: NotRequired[Input[Literal["delete", "retain"]]]
    """``delete`` (default) or ``retain``."""


class SmsAgentArgs(base.Args):
    """The fields of `SmsAgent` as an object."""

    def __init__(self, **fields: Unpack[SmsAgentArgsDict]) -> None:
        super().__init__(**fields)


class SmsAgent(
    base.SmsAgent,
    vendor="acme",
    kind="SmsAgent",
    args=SmsAgentArgs,
    fields=SmsAgentArgsDict.__annotations__,
    outputs=("agent_id", "version"),
):
    """An SMS agent at Acme."""

    team: Output[str]
    title: Output[str]
    prompt: Output[str]
    tone: Output[str | None]
    labels: Output[list[str] | None]

    agent_id: Output[str]
    """Acme's id of the agent."""

    version: Output[int | None]
    """Counts the writes."""

    @overload
    def __init__(self, resource_name: str, /, args: SmsAgentArgs | SmsAgentArgsDict, opts: ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(self, resource_name: str, /, *, opts: ResourceOptions | None = None, **fields: Unpack[SmsAgentArgsDict]) -> None: ...

    def __init__(
        self,
        resource_name: str,
        /,
        args: SmsAgentArgs | SmsAgentArgsDict | None = None,
        opts: ResourceOptions | None = None,
        **fields: Any,
    ) -> None:
        self._register(resource_name, args, opts, fields)
