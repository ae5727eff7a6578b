"""``contactswing.SmsAgent``: an SMS assistant at ContactSwing
(https://docs.contactswing.ai/api-reference/endpoint/sms-ai, checked 2026-11-20)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack, overload

from pulumi import Input, Output, ResourceOptions

from . import base


class ApiKey(TypedDict):
    """A messaging credential kept in ContactSwing's dashboard. The number is no secret, the credential never passes here."""

    api_key_id: Input[int | str]
    """Its number, e.g. ``134``."""

    type: NotRequired[Input[Literal["SMS"]]]
    """Default ``SMS``, the only one for an SMS assistant."""


class Prompts(TypedDict):
    """Both parts are optional."""

    agent: NotRequired[Input[str]]
    """Who the assistant is."""

    goal: NotRequired[Input[str]]
    """What it is to reach."""


class AdditionalSettings(TypedDict):
    """Limits of a conversation, under plain names: ``idle_time``, not ``additional_settings.idle_time``."""

    idle_time: NotRequired[Input[int]]
    """Seconds, 1 or more; a day is 86400."""

    max_messages: NotRequired[Input[int]]
    """Messages in a conversation, 1 or more."""


class SmsAgentArgsDict(TypedDict):
    """The fields of `SmsAgent`, under the names of ContactSwing's create page."""

    name: Input[str]
    """Display name, sent as written. A change needs ``smsagents:contactswingUpdatePath``."""

    instructions: Input[str]
    """What the assistant is to do. A change replaces the assistant."""

    api_keys: Input[Sequence[Input[ApiKey]]]
    """At least one. The order has no meaning. A change replaces the assistant."""

    sms_type: Input[str]
    """``OUTBOUND`` is the only documented value. A change replaces the assistant."""

    model: NotRequired[Input[str]]
    """Default ``cw-llm-1``. A change needs ``smsagents:contactswingUpdatePath``."""

    prompts: NotRequired[Input[Prompts]]
    """A change replaces the assistant."""

    phone_number: NotRequired[Input[str]]
    """The number to bind, with its country code. A change replaces the assistant."""

    kb_id: NotRequired[Input[str]]
    """Id of a knowledge base. A change replaces the assistant."""

    action_ids: NotRequired[Input[Sequence[Input[str]]]]
    """Ids of actions; the order has no meaning. A change needs ``smsagents:contactswingUpdatePath``."""

    additional_settings: NotRequired[Input[AdditionalSettings]]
    """A change replaces the assistant."""

    force: NotRequired[Input[bool]]
    """Sent once, at creation: **may overwrite an assistant that this program does not manage.** Never compared afterwards."""

    adopt: NotRequired[Input[str]]
    """``assistant_id`` of an existing assistant to take over instead of creating one. Nothing is sent and, since ContactSwing
    documents no read, nothing is compared."""

    on_delete: NotRequired[Input[Literal["delete", "retain"]]]
    """``delete`` (default): fails with instructions until ``smsagents:contactswingDeletePath`` is set, because ContactSwing
    documents no deletion. ``retain``: the assistant stays alive, with a warning."""


class SmsAgentArgs(base.Args):
    """The fields of `SmsAgent` as an object; the same names and types as `SmsAgentArgsDict`."""

    def __init__(self, **fields: Unpack[SmsAgentArgsDict]) -> None:
        super().__init__(**fields)


class SmsAgent(
    base.SmsAgent,
    vendor="contactswing",
    kind="SmsAgent",
    args=SmsAgentArgs,
    fields=SmsAgentArgsDict.__annotations__,
    outputs=("assistant_id",),
    defaulted=("model",),
):
    """An SMS assistant at ContactSwing.

    Create is ``POST /v2/_new_assistants``. ContactSwing documents no read and no deletion, and an update without its path:
    nothing is read back (`unverified` lists every field), ``.get()`` is an error, and updates, reads and deletions go
    through the paths in the stack's settings, where somebody knows them.
    """

    name: Output[str]
    instructions: Output[str]
    api_keys: Output[list[dict[str, Any]]]
    sms_type: Output[str]
    model: Output[str]
    prompts: Output[dict[str, str] | None]
    phone_number: Output[str | None]
    kb_id: Output[str | None]
    action_ids: Output[list[str] | None]
    additional_settings: Output[dict[str, int] | None]
    force: Output[bool | None]

    assistant_id: Output[str]
    """ContactSwing's id of the assistant, also the Pulumi resource id. Campaigns refer to it."""

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
