"""``fluents.PhoneNumber``: a phone number at Fluents, or in the older dialect of its API at Vocode
(https://docs.fluents.ai/api-reference/numbers/update-number, checked 2026-11-20)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NotRequired, TypedDict, Unpack, overload

import pulumi
from pulumi import Input, Output, ResourceOptions

from . import base


class PhoneNumberArgsDict(TypedDict):
    """The fields of `PhoneNumber`, under the names of Fluents' pages; `link` is ours. All are optional: without any, the
    vendor picks the number. A change of the first five asks for another number, see `on_delete`."""

    phone_number: NotRequired[Input[str]]
    """The number to buy, or with ``link=True`` to link: ``+14155550123``. The vendor picks one where it is not set (in
    the dialect ``vocode`` always when buying). Setting it later to the number that was picked changes nothing."""

    area_code: NotRequired[Input[str]]
    """Buy in this area, e.g. ``415``; not together with `phone_number`. No read shows it. Removing it changes nothing."""

    telephony_provider: NotRequired[Input[str]]
    """Buy at this provider, e.g. ``twilio``; ``vonage`` or ``twilio`` in the dialect ``vocode``."""

    telephony_account_connection: NotRequired[Input[str]]
    """Id of the connection to an account of your own at the carrier. Required with ``link=True``."""

    link: NotRequired[Input[bool]]
    """True: link a number that you hold at the carrier already; nothing is bought. False, and where it is not set: buy.
    Has to be set when both `phone_number` and `telephony_account_connection` are, as either could be meant."""

    label: NotRequired[Input[str]]
    """Name in the dashboard. Removed from the program it is cleared, as are the following fields."""

    description: NotRequired[Input[str]]
    """Not in the dialect ``vocode``."""

    outbound_only: NotRequired[Input[bool]]
    """Whether the number answers no calls."""

    example_context: NotRequired[Input[Mapping[str, Input[str]]]]
    """Sample values for the variables of the agent's prompt. Empty is the same as not set."""

    inbound_agent: NotRequired[Input[str]]
    """Id of the agent that answers; a UUID in the dialect ``vocode``."""

    adopt: NotRequired[Input[str]]
    """A number that the account holds already, as ``+14155550123``, to take over instead of buying or linking one. Only
    what differs is sent."""

    on_delete: NotRequired[Input[Literal["retain", "cancel"]]]
    """``retain`` (default): the number stays held and goes on costing money. ``cancel``: it is cancelled and lost; only
    if ``cancel`` was recorded by an earlier ``pulumi up``. A replacement goes through only where the program sets this,
    to the value that is recorded."""


class PhoneNumberArgs(base.Args):
    """The fields of `PhoneNumber` as an object; the same names and types as `PhoneNumberArgsDict`."""

    def __init__(self, **fields: Unpack[PhoneNumberArgsDict]) -> None:
        super().__init__(**fields)


class PhoneNumber(
    base.PhoneNumber,
    vendor="fluents",
    kind="PhoneNumber",
    args=PhoneNumberArgs,
    fields=PhoneNumberArgsDict.__annotations__,
    outputs=("number", "number_id", "user_id", "inbound_agent_name", "tags", "active", "sms_enabled", "is_routing_number"),
):
    """A phone number at Fluents. **Creating it buys one, which costs money**, unless ``link`` or ``adopt`` says otherwise.

    Create is ``POST /v1/numbers/buy`` or ``…/link``, followed by at most one ``POST /v1/numbers/update``; a purchase is
    never sent twice. Wrong fields are reported in `pulumi preview`, all at once and before any call. The resource id is
    the number, as ``+`` and digits. Protect it: ``opts=pulumi.ResourceOptions(protect=True)``.
    """

    phone_number: Output[str | None]
    area_code: Output[str | None]
    telephony_provider: Output[str | None]
    telephony_account_connection: Output[str | None]
    link: Output[bool | None]
    label: Output[str | None]
    description: Output[str | None]
    outbound_only: Output[bool | None]
    example_context: Output[dict[str, str] | None]
    inbound_agent: Output[str | None]

    number: Output[str]
    """The number, as ``+`` and digits; also the Pulumi resource id."""

    number_id: Output[str | None]
    """The vendor's own ``id`` of the number, a UUID. Pulumi keeps the name ``id`` for the id of the resource."""

    user_id: Output[str | None]
    """The owner, as the vendor shows it."""

    inbound_agent_name: Output[str | None]
    """Name of the agent that answers. Not in the dialect ``vocode``."""

    tags: Output[list[str] | None]
    """Set in the dashboard only; not every answer shows them."""

    active: Output[bool | None]
    """False: out of service. A refresh warns of it; no call makes the number active again."""

    sms_enabled: Output[bool | None]
    """Where the vendor shows it; no page documents it."""

    is_routing_number: Output[bool | None]
    """Where the vendor shows it; no page documents it."""

    @overload
    def __init__(self, resource_name: str, /, args: PhoneNumberArgs | PhoneNumberArgsDict, opts: ResourceOptions | None = None) -> None: ...

    @overload
    def __init__(self, resource_name: str, /, *, opts: ResourceOptions | None = None, **fields: Unpack[PhoneNumberArgsDict]) -> None: ...

    def __init__(
        self,
        resource_name: str,
        /,
        args: PhoneNumberArgs | PhoneNumberArgsDict | None = None,
        opts: ResourceOptions | None = None,
        **fields: Any,
    ) -> None:
        self._register(resource_name, args, opts, fields)
        # Only now it is known what the parent and transforms made of the option.
        if not self._protect and not (opts and opts.id is not None):
            given = args if isinstance(args, Mapping) else vars(args) if args is not None else fields
            pulumi.log.warn(_unprotected(resource_name, given.get("on_delete")), resource=self)


def _unprotected(name: str, on_delete: object) -> str:
    if on_delete == "cancel":
        fate = "gives the number up for good (on_delete='cancel')"
    else:
        fate = "only forgets the number, which stays held and goes on costing money"
    return (
        f"fluents.PhoneNumber {name} is not protected: pulumi destroy, or removing it from the program, {fate}. "
        "Protect it with opts=pulumi.ResourceOptions(protect=True)"
    )
