"""``cleartalk.SmsConfiguration``: how a number answers texts at ClearTalk
(https://docs.cleartalk.ai/api-reference/cleartalk-sms/update-sms-configuration, checked 2026-11-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack, overload

from pulumi import Input, Output, ResourceOptions

from . import base


class FollowUp(TypedDict):
    """One follow-up; the page shows these names in an example and explains none."""

    time: Input[float]
    """How many of `unit`, above 0, and before ``time_out``."""

    unit: Input[str]
    """``minutes`` is the only unit on the page."""

    repeat_forever: NotRequired[Input[bool]]
    """Not explained by the page."""


class FollowUpConfig(TypedDict):
    """Automatic follow-ups; the page shows these names in an example and explains none."""

    enable_follow_ups: Input[bool]
    """The main switch."""

    enable_smart_follow_ups: NotRequired[Input[bool]]
    """Not explained by the page."""

    repeat_final_follow_up: NotRequired[Input[bool]]
    """Not explained by the page."""

    follow_up_schedule: NotRequired[Input[Sequence[Input[FollowUp]]]]
    """In order; empty where it is left out."""

    extra_follow_up_prompt: NotRequired[Input[str]]
    """An extra prompt."""


class Body(TypedDict):
    """All that can be set for a number. Whatever is left out is sent as "not set", never kept from before."""

    webhook: Input[str]
    """Where ClearTalk posts message details and history. Make it a secret if its path is one."""

    agent_name: Input[str]
    """Name of the agent."""

    objective: Input[str]
    """System prompt or goal."""

    time_out: Input[float]
    """Seconds to wait for a reply; follow-ups come before it."""

    temperature: Input[float]
    """0 or more; no range is documented."""

    request_data: NotRequired[Input[Mapping[str, Any] | Sequence[Input[Mapping[str, Any] | str]]]]
    """Data for the agent: objects or texts. An object alone is a list of one."""

    tools: NotRequired[Input[Sequence[Input[Mapping[str, Any] | str]]]]
    """Tools for the agent: objects with a ``name``, or texts."""

    messaging_service_sid: NotRequired[Input[str]]
    """Twilio Messaging Service SID: ``MG`` and 32 hexadecimal digits."""

    pathway_id: NotRequired[Input[str]]
    """Linked pathway."""

    pathway_version: NotRequired[Input[str]]
    """E.g. ``v1.0.0``."""

    start_node_id: NotRequired[Input[str]]
    """Entry node of the pathway."""

    webhook_trigger_on: NotRequired[Input[Literal["each_message", "final_disposition"]]]
    """Set it: no default is documented. Once set it can be changed, but not unset."""

    follow_up_config: NotRequired[Input[FollowUpConfig]]
    """Removing it switches follow-ups off."""


class SmsConfigurationArgsDict(Body):
    """The fields of `SmsConfiguration`, under the names of ClearTalk's page."""

    phone_number: Input[str]
    """A number of this account, with its country code; also the Pulumi resource id. A change sets up the other number and
    leaves this one to `on_delete`."""

    reapply: NotRequired[Input[str]]
    """Any text; another one sends the whole configuration again, e.g. to undo edits in the dashboard that cannot be seen."""

    parked: NotRequired[Input[Body]]
    """With ``on_delete="park"``: the whole configuration that is sent in place of a deletion."""

    adopt: NotRequired[Input[str]]
    """The same number as `phone_number`: records the configuration without sending it. Nothing is compared."""

    on_delete: NotRequired[Input[Literal["retain", "park"]]]
    """``retain`` (default): the configuration stays and the agent keeps answering. ``park``: `parked` is sent."""


class SmsConfigurationArgs(base.Args):
    """The fields of `SmsConfiguration` as an object; the same names and types as `SmsConfigurationArgsDict`."""

    def __init__(self, **fields: Unpack[SmsConfigurationArgsDict]) -> None:
        super().__init__(**fields)


class SmsConfiguration(
    base.SmsConfiguration,
    vendor="cleartalk",
    kind="SmsConfiguration",
    args=SmsConfigurationArgs,
    fields=SmsConfigurationArgsDict.__annotations__,
):
    """The SMS configuration of a number at ClearTalk.

    Create and update are ``POST /cleartalk-sms/update-sms-configuration`` with the whole body. ClearTalk documents no read
    and no deletion: nothing is read back (`unverified` lists every field), edits in the dashboard stay unseen, and
    ``.get()`` is an error.
    """

    phone_number: Output[str]
    webhook: Output[str]
    agent_name: Output[str]
    objective: Output[str]
    time_out: Output[float]
    temperature: Output[float]
    request_data: Output[list[Any] | None]
    tools: Output[list[Any] | None]
    messaging_service_sid: Output[str | None]
    pathway_id: Output[str | None]
    pathway_version: Output[str | None]
    start_node_id: Output[str | None]
    webhook_trigger_on: Output[str | None]
    follow_up_config: Output[dict[str, Any] | None]
    reapply: Output[str | None]
    parked: Output[dict[str, Any] | None]

    @overload
    def __init__(
        self, resource_name: str, /, args: SmsConfigurationArgs | SmsConfigurationArgsDict, opts: ResourceOptions | None = None
    ) -> None: ...

    @overload
    def __init__(
        self, resource_name: str, /, *, opts: ResourceOptions | None = None, **fields: Unpack[SmsConfigurationArgsDict]
    ) -> None: ...

    def __init__(
        self,
        resource_name: str,
        /,
        args: SmsConfigurationArgs | SmsConfigurationArgsDict | None = None,
        opts: ResourceOptions | None = None,
        **fields: Any,
    ) -> None:
        self._register(resource_name, args, opts, fields)
