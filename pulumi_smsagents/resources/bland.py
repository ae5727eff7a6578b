"""``bland.SmsConfiguration``: how a number at Bland answers texts (https://docs.bland.ai/api-v1/post/sms-update, checked
2026-11-20)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NotRequired, TypedDict, Unpack, overload

from pulumi import Input, Output, ResourceOptions

from . import base


class SmsConfigurationArgsDict(TypedDict):
    """The fields of `SmsConfiguration`, under the names of Bland's page. What is not set stays as it is at Bland."""

    phone_number: Input[str]
    """The number, with its country code. It must be on the account already. A change replaces the resource."""

    channel: NotRequired[Input[Literal["sms", "whatsapp", "imessage"]]]
    """Which of the number's three configurations this is; default ``sms``. A change replaces the resource."""

    webhook: NotRequired[Input[str]]
    """URL to which Bland posts each message. It may be secret."""

    request_data: NotRequired[Input[Mapping[str, Any] | Sequence[Any]]]
    """Variables for the agent or pathway: an object or an array. It may be secret."""

    response_data: NotRequired[Input[Mapping[str, Any] | Sequence[Any]]]
    """Added to what the webhook gets. It may be secret. Bland's list does not show it."""

    time_out: NotRequired[Input[float]]
    """Seconds of silence before the timeout: 30 or more, or 0 for none."""

    timeout_action: NotRequired[Input[str]]
    """What happens then; ``send_sms`` is the only action that Bland names. Bland's list does not show it."""

    timeout_message: NotRequired[Input[str]]
    """The text that ``send_sms`` sends. Bland's list does not show it."""

    warning_time: NotRequired[Input[float]]
    """Seconds of silence before a warning; less than `time_out`, which it needs. Bland's list does not show it."""

    warning_message: NotRequired[Input[str]]
    """The text of the warning. Bland's list does not show it."""

    messaging_service_sid: NotRequired[Input[str]]
    """Twilio's Messaging Service, ``MG…``. Removing it from the program leaves it in place: without it a number may not
    text at all."""

    objective: NotRequired[Input[str]]
    """The system prompt. A pathway goes before it."""

    tools: NotRequired[Input[Sequence[Input[str | Mapping[str, Any]]]]]
    """Names or ids of tools, or objects."""

    temperature: NotRequired[Input[float]]
    """Bland documents no range; its examples are 0 and 0.7."""

    use_candidate_model: NotRequired[Input[bool]]
    """An experimental model. No documented answer shows it."""

    pathway_id: NotRequired[Input[str]]
    """The pathway that answers. **A change decides who answers the number's texts.**"""

    pathway_version: NotRequired[Input[int | str]]
    """Its version: a whole number, or ``latest``."""

    start_node_id: NotRequired[Input[str]]
    """Its entry node."""

    restart_after_end_call: NotRequired[Input[bool]]
    """Whether a text after the end opens a new conversation; Bland's default is true."""

    timezone: NotRequired[Input[str]]
    """A zone of the IANA database, e.g. ``America/New_York``."""

    summary_prompt: NotRequired[Input[str]]
    """With it, a summary is made at the end of a conversation."""

    disposition_ids: NotRequired[Input[Sequence[Input[str]]]]
    """Outcomes to decide at the end of a conversation, compared in the order given."""

    citation_schema_ids: NotRequired[Input[Sequence[Input[str]]]]
    """Citation schemas to extract at the end of a conversation, compared in the order given."""

    adopt: NotRequired[Input[str]]
    """The resource's own id (the number, or ``<number>/<channel>``). Every create takes the number over; with `adopt`
    nothing is sent where it is already as the program says, and a number without a configuration is an error."""

    on_delete: NotRequired[Input[Literal["restore", "reset", "retain"]]]
    """``restore`` (default): the fields that this resource set go back to what they were before. ``reset``: all fields go
    to Bland's defaults. ``retain``: nothing is sent."""


class SmsConfigurationArgs(base.Args):
    """The fields of `SmsConfiguration` as an object; the same names and types as `SmsConfigurationArgsDict`."""

    def __init__(self, **fields: Unpack[SmsConfigurationArgsDict]) -> None:
        super().__init__(**fields)


class SmsConfiguration(
    base.SmsConfiguration,
    vendor="bland",
    kind="SmsConfiguration",
    args=SmsConfigurationArgs,
    fields=SmsConfigurationArgsDict.__annotations__,
    outputs=("label", "messaging_service", "found"),
    defaulted=("channel",),
    secret_outputs=("found",),
):
    """How a number at Bland answers texts. The number itself is neither bought nor released.

    Create and update read ``GET /v1/sms/numbers``, lay the program's fields over what is there and send all of it with
    ``POST /v1/sms/number/update``; delete sends what was found before, or the defaults. Wrong fields are reported in
    `pulumi preview`, all at once and before any call: Bland itself ignores unknown ones without a word.
    """

    phone_number: Output[str]
    channel: Output[str]
    webhook: Output[str | None]
    request_data: Output[Any | None]
    response_data: Output[Any | None]
    time_out: Output[float | None]
    timeout_action: Output[str | None]
    timeout_message: Output[str | None]
    warning_time: Output[float | None]
    warning_message: Output[str | None]
    messaging_service_sid: Output[str | None]
    objective: Output[str | None]
    tools: Output[list[Any] | None]
    temperature: Output[float | None]
    use_candidate_model: Output[bool | None]
    pathway_id: Output[str | None]
    pathway_version: Output[int | str | None]
    start_node_id: Output[str | None]
    restart_after_end_call: Output[bool | None]
    timezone: Output[str | None]
    summary_prompt: Output[str | None]
    disposition_ids: Output[list[str] | None]
    citation_schema_ids: Output[list[str] | None]

    label: Output[str | None]
    """The number's name in Bland's dashboard."""

    messaging_service: Output[str | None]
    """What carries the texts, e.g. ``linq`` for iMessage; nothing for Twilio."""

    found: Output[dict[str, Any]]
    """Always secret: what this resource replaced, field by field, which is what ``on_delete="restore"`` writes back."""

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
