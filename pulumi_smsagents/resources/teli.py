"""``teli.SmsAgent``: an SMS agent at Teli (https://docs.teli.ai/partner-api/agents/update-sms, checked 2026-11-20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, Self, TypedDict, Unpack, overload

import pulumi
from pulumi import Input, Output, ResourceOptions

from . import base


class ExtractionField(TypedDict):
    """A value to extract from the conversation. A plain name does for the ones Teli describes itself
    (``credit_score``, ``interest_rate``, ``loan_balance``, ``scheduled_time``, ``appointment_date``, ``phone_number``,
    ``email``)."""

    name: Input[str]
    description: NotRequired[Input[str]]
    type: NotRequired[Input[Literal["string", "number", "boolean"]]]
    """Default ``string``."""


class Drip(TypedDict):
    """A follow-up message."""

    delay_hours: Input[float]
    """Hours to wait, above 0."""

    type: Input[Literal["ai", "custom"]]
    """``ai``: Teli writes the message; ``custom``: `message` is sent."""

    message: NotRequired[Input[str]]
    """Required with ``custom``, refused with ``ai``. Variables as in `starting_message`."""


class SmsAgentArgsDict(TypedDict):
    """The fields of `SmsAgent`, under the names of Teli's page."""

    organization_id: Input[str]
    """``unique_id`` of the organisation, e.g. ``1763070568417x631086913669115287``. A change replaces the agent."""

    user_id: Input[str]
    """``unique_id`` of the user who owns the agent. A change replaces the agent."""

    agent_name: Input[str]
    """Display name, sent as written."""

    starting_message: Input[str]
    """First text to a lead. ``{{first_name}}``, ``{{last_name}}``, ``{{phone_number}}``, ``{{email}}``, ``{{company}}``
    and the lead's own fields are filled in by Teli."""

    prompt: Input[str]
    """What the agent is to do; variables as in `starting_message`."""

    extraction_fields: NotRequired[Input[Sequence[Input[str | ExtractionField]]]]
    """Values to extract from each conversation: names, or `ExtractionField` objects. The order has no meaning."""

    drip_schedule: NotRequired[Input[Sequence[Input[Drip]]]]
    """Follow-up messages, in order. **Any change restarts the timer of every active lead.**"""

    adopt: NotRequired[Input[str]]
    """``agent_id`` of an existing agent to take over instead of creating one. Only what differs is sent."""

    on_delete: NotRequired[Input[Literal["delete", "retain"]]]
    """``delete`` (default): the agent is deleted for good. ``retain``: it stays at Teli."""


class SmsAgentArgs(base.Args):
    """The fields of `SmsAgent` as an object; the same names and types as `SmsAgentArgsDict`."""

    def __init__(self, **fields: Unpack[SmsAgentArgsDict]) -> None:
        super().__init__(**fields)


class SmsAgent(
    base.SmsAgent,
    vendor="teli",
    kind="SmsAgent",
    args=SmsAgentArgs,
    fields=SmsAgentArgsDict.__annotations__,
    outputs=("agent_id", "unique_id", "agent_status", "created_at"),
):
    """An SMS agent at Teli.

    Create is ``POST /v1/agents``, update ``PATCH /v1/agents/{agent_id}`` with the changed fields only, delete
    ``DELETE /v1/agents/{agent_id}``; each write is followed by a read. Wrong fields are reported in `pulumi preview`,
    all at once and before any call.
    """

    organization_id: Output[str]
    user_id: Output[str]
    agent_name: Output[str]
    starting_message: Output[str]
    prompt: Output[str]
    extraction_fields: Output[list[Any] | None]
    drip_schedule: Output[list[dict[str, Any]] | None]

    agent_id: Output[str]
    """Teli's id of the agent, also the Pulumi resource id. Campaigns refer to it."""

    unique_id: Output[str | None]
    """Teli's second identifier, where it shows one."""

    agent_status: Output[str | None]
    """As Teli shows it; its values are not documented."""

    created_at: Output[str | None]
    """As Teli shows it."""

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

    @classmethod
    def get(  # type: ignore[override]  # its own scope, by name
        cls,
        resource_name: str,
        id: Input[str],
        opts: pulumi.ResourceOptions | None = None,
        *,
        organization_id: Input[str] | None = None,
        user_id: Input[str] | None = None,
    ) -> Self:
        """An agent that this program does not manage. The owners are needed only where Teli's answer about the one
        agent leaves doubt and its list has to be asked."""
        return super().get(resource_name, id, opts, organization_id=organization_id, user_id=user_id)
