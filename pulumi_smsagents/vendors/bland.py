"""SMS configurations at Bland: how a number that exists answers texts.

Pages (checked 2026-11-20): https://docs.bland.ai/api-v1/post/sms-update (the reference page),
https://docs.bland.ai/api-v1/get/sms-numbers (the only read), https://docs.bland.ai/api-v1/get/me and, for errors in
general, https://docs.bland.ai/api-v1/post/calls. No page documents a read of one number, a create or a delete.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import errors
from ..client import MAX_LIST, Call, Client, Reply
from ..values import Plain
from .base import FOUND, SMS_CONFIGURATION, Listing, Live, Made, Offer, Vendor
from .bland_bodies import defaults, emptied, not_empty, overlay, restored
from .bland_fields import (
    CHANNELS,
    FIELDS,
    FOREIGN,
    SETTINGS,
    SMS,
    ConfigurationArgs,
    judge,
    on_create,
    place_id,
    problems,
    warnings,
    wordings,
)
from .checks import is_id

LISTED = frozenset(name for name in FIELDS if not FIELDS[name].write_only)
"""What the page of the list shows of them (…/get/sms-numbers)."""

_LIST, _UPDATE = "/v1/sms/numbers", "/v1/sms/number/update"
_NOT_OURS = "INBOUND_NUMBER_NOT_FOUND"

# ---- the verbs ----


@dataclass(frozen=True)
class _Place:
    """One of the three configurations that a number has."""

    number: str
    channel: str

    @property
    def id(self) -> str:
        return place_id({"phone_number": self.number, "channel": self.channel}) or self.number


def _place(id: str) -> _Place:
    number, _, channel = id.partition("/")
    return _Place(number, channel or SMS)


class Configurations:
    """SMS configurations of one organisation."""

    cannot_read = ""

    def __init__(self, client: Client) -> None:
        self._client = client

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """Take over the number's configuration: list, overlay, POST. No call makes a number or a configuration."""
        place = _Place(new["phone_number"], new.get("channel", SMS))
        try:
            shown = self._write(place, overlay(before, new, new), before)
        except errors.VendorError as error:
            shown = self._arrived(place, new, error)
        return Made(place.id, shown)

    def prior(self, new: Plain, /) -> Live | None:
        """What is there before us. A number that nobody configured is in no list; the write tells whether it is ours."""
        place = _Place(new["phone_number"], new.get("channel", SMS))
        try:
            return _row(place, self.list(place.channel))
        except errors.NotFoundError:
            self._refuse_imessage(place)
            return None

    def _refuse_imessage(self, place: _Place) -> None:
        """A number provisioned for iMessage is written as iMessage, whatever stands there (…/post/sms-update)."""
        if place.channel != SMS:
            return
        try:
            provisioned = any(live.id == f"{place.number}/imessage" for live in self.list("imessage"))
        except errors.InvalidError:
            return  # A server from before the channels.
        if provisioned:
            raise errors.UnsupportedError(f"bland.{SMS_CONFIGURATION}: {place.id} {_IMESSAGE}")

    def _arrived(self, place: _Place, new: Plain, error: errors.VendorError) -> Live:
        """The configuration, where a write without a proper answer shows all of it; the error otherwise."""
        if not error.may_have_arrived:
            raise error
        try:
            live = _row(place, self.list(place.channel))
        except errors.VendorError:
            raise error from None
        if not all(name in live.fields and FIELDS[name].same(value, live.fields[name]) for name, value in new.items()):
            raise error
        return live

    def _completed(self, place: _Place, shown: Live | None, before: Live | None) -> Live | None:
        """The answer to a write together with what only the list shows; asked again where that is not known."""
        if shown is None:
            return None
        if before is not None and before.fields.keys() <= shown.fields.keys():
            return _beside(shown, before)
        try:
            row = _row(place, self.list(place.channel))
        except errors.VendorError:
            return _beside(shown, before)
        return _beside(replace(shown, fields={**row.fields, **shown.fields}), row)

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> Live | None:
        """POST /v1/sms/number/update with all that is known of the configuration."""
        # An adoption leaves alone what it could not compare: then it is in neither.
        ours = {name: value for name, value in new.items() if name in state}
        return self._write(_place(id), overlay(live, ours, changed), live)

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """There is no delete: POST what was found before (`restore`), or the defaults (`reset`)."""
        place = _place(id)
        live = _row(place, self.list(place.channel))
        targets = restored(state, live) if how == "restore" else defaults(state)
        self._write(place, overlay(live, {}, targets), live)

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """The row of the list; a number without a row has no configuration (…/get/sms-numbers)."""
        place = _place(id)
        return _row(place, listing() if self.scope(state) == place.channel else self.list(place.channel))

    def scope(self, state: Plain, /) -> Hashable | None:
        """The channel: each has a list of its own."""
        return str(state.get("channel", SMS))

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """GET /v1/sms/numbers, not paged (…/get/sms-numbers)."""
        channel = str(scope)
        try:
            reply = self._client.send(Call("GET", _LIST, query=_named(channel), repeatable=True, most=MAX_LIST))
        except errors.NotFoundError as error:
            # An address that has no list says nothing about any number: most likely the base URL is wrong.
            raise errors.ResponseError(error.asked, error.said, status=error.status, advice="Check the base URL") from None
        rows = reply.object().get("data")
        if not isinstance(rows, list):
            raise reply.unexpected("the answer holds no list of numbers")
        if len(rows) < _announced(reply.object()):
            raise reply.unexpected("the list of numbers is not complete")
        yield from [_live(reply, row, channel) for row in rows]

    def probe(self) -> str:
        """GET /v1/me (…/get/me)."""
        return self._client.send(Call("GET", "/v1/me", repeatable=True)).asked

    # ---- writing ----

    def _write(self, place: _Place, body: Plain, before: Live | None) -> Live | None:
        """One POST, and at most one more where null did not empty a field; what an empty value does is documented nowhere."""
        if before is not None and before.mismatch:
            raise errors.UnsupportedError(f"bland.{SMS_CONFIGURATION}: {place.id} {before.mismatch}")
        nulls = [name for name, value in body.items() if value is None]
        try:
            shown, first = self._post(place, body), True
        except (errors.InvalidError, errors.ServerError) as error:
            if not nulls or error.status not in (400, 422, 500):
                raise
            shown, first = self._post(place, emptied(body, nulls)), False
        left = not_empty(shown, nulls)
        if left and first:
            shown = self._post(place, emptied(body, left))
            left = not_empty(shown, left)
        if left:
            raise errors.ResponseError(
                f"{self._client.account.vendor}: POST {_UPDATE}",
                f"{', '.join(left)} cannot be emptied: Bland kept the old value after null and after an empty one",
                advice="Empty it in Bland's dashboard and run it again",
            )
        return self._completed(place, shown, before)

    def _post(self, place: _Place, body: Plain) -> Live | None:
        # The same body twice leaves the same configuration, so it may be sent again. Named only off sms: the field is as
        # new as the other channels.
        whole = {"phone_number": place.number, **_named(place.channel), **body}
        try:
            reply = self._client.send(Call("POST", _UPDATE, body=whole, repeatable=True))
        except errors.ResponseError as error:
            raise _explained(error) from None
        return _answer(reply, place)


def _named(channel: str) -> dict[str, str]:
    return {} if channel == SMS else {"channel": channel}


def _explained(error: errors.ResponseError) -> errors.VendorError:
    """The documented errors with what to do about them (…/post/sms-update)."""
    if _NOT_OURS in error.said:
        gone = errors.NotFoundError(error.asked, error.said, status=error.status, request_id=error.request_id)
        return gone.advise("The number is not on this Bland account, or not in the Twilio account behind it; buy or import it there")
    if error.status == 404:
        return errors.ResponseError(error.asked, error.said, status=404, request_id=error.request_id, advice="Check the base URL")
    if "ENTERPRISE_REQUIRED" in error.said:
        return error.advise("SMS needs Bland's Enterprise plan (or, by newer pages, its Agent Phone Plan)")
    if "ERROR_UPDATING" in error.said:
        return error.advise(
            "Bland says so also where warning_time is not less than time_out; one of them may have been set in the dashboard"
        )
    return error


# ---- from the wire ----

_IMESSAGE = "is provisioned for iMessage, so that Bland would write its iMessage configuration instead; set channel='imessage'"


def _announced(body: Mapping[str, Any]) -> int:
    """How many rows there are in all, where an answer says so as that of the conversations does (…/get/sms-conversations)."""
    extra = body.get("extra")
    pagination = extra.get("pagination") if isinstance(extra, Mapping) else None
    counts = [body.get("count"), pagination.get("totalItems") if isinstance(pagination, Mapping) else None]
    return max((count for count in counts if isinstance(count, int)), default=0)


def _row(place: _Place, rows: Any) -> Live:
    for live in rows:
        if live.id == place.id:
            found: Live = live
            return found
    raise errors.NotFoundError(f"bland: GET {_LIST}", f"the list holds no {place.channel} configuration of {place.number}")


def _live(reply: Reply, row: Any, channel: str) -> Live:
    number = row.get("phone_number") if isinstance(row, Mapping) else None
    if not isinstance(row, Mapping) or not is_id(number):
        # Who looks for a number and does not find it may only conclude something where every one was shown.
        raise reply.unexpected("the list of numbers holds a row without a phone_number")
    if channel != SMS and _config(channel) not in row and any(_config(other) in row for other in CHANNELS):
        raise reply.unexpected(f"the list shows the configurations of another channel than {channel}")
    computed = {name: row[name] for name in ("label", "messaging_service") if isinstance(row.get(name), str)}
    elsewhere = channel == SMS and (computed.get("messaging_service") == "linq" or _config("imessage") in row)
    place = _Place(number if number.startswith("+") else f"+{number}", channel)
    return replace(_shown(place, row.get(_config(channel))), computed=computed, mismatch=_IMESSAGE if elsewhere else "")


def _answer(reply: Reply, place: _Place) -> Live | None:
    """The configuration in the answer to a write; None where it holds none of any channel."""
    data = reply.object().get("data")
    if not isinstance(data, Mapping):
        return None
    if isinstance(data.get(_config(place.channel)), Mapping):
        return _shown(place, data[_config(place.channel)])
    other = next((channel for channel in CHANNELS if _config(channel) in data and channel != place.channel), None)
    if other is None:
        return None
    raise errors.ResponseError(
        reply.asked,
        f"the {other} configuration of {place.number} was written, not the one for {place.channel}",
        status=reply.status,
        request_id=reply.request_id,
        advice=f"Look at it in Bland's dashboard; to manage it, set channel={other!r}",
    )


def _config(channel: str) -> str:
    return f"{channel}_config"


def _shown(place: _Place, config: Any) -> Live:
    """A configuration as it stands there, unknown keys left out: null is a value, an absent key is not."""
    fields = {name: config[name] for name in SETTINGS if name in config} if isinstance(config, Mapping) else {}
    return Live(place.id, fields={"phone_number": place.number, "channel": place.channel, **fields})


def _beside(shown: Live, listed: Live | None) -> Live:
    """The answer to a write together with a row of the list, which shows other things."""
    if listed is None:
        return replace(shown, passing=frozenset(shown.fields) - LISTED)
    passing = frozenset(shown.fields) - LISTED - frozenset(listed.fields)
    return replace(shown, computed=listed.computed, passing=passing)


VENDOR = Vendor(
    name="bland",
    title="Bland",
    base_url="https://api.bland.ai",
    # The raw key; pages that show a scheme word are about other products.
    sign=lambda key: {"authorization": key},
    clean_key=lambda key: key.removeprefix("Bearer ").strip(),
    docs="https://docs.bland.ai",
    offers=(
        Offer(
            kind=SMS_CONFIGURATION,
            args=ConfigurationArgs,
            fields=FIELDS,
            adapter=Configurations,
            on_delete={
                "restore": "the SMS settings of {id} that this resource named go back to what they were before it",
                "reset": "the SMS settings of {id} go back to Bland's defaults; texts are answered with the objective 'Chat with the user'",
                "retain": "the SMS settings of {id} stay as they are at Bland, and it goes on answering with them",
            },
            leaves=("reset", "retain"),
            calls={
                "create": f"POST {_UPDATE}",
                "read": f"GET {_LIST}",
                "list": f"GET {_LIST}",
                "update": f"POST {_UPDATE}",
                "delete": f"POST {_UPDATE}",
                "probe": "GET /v1/me",
            },
            called="label",
            lists=tuple({"channel": channel} for channel in CHANNELS),
            foreign=FOREIGN,
            judge=judge,
            check=problems,
            warn=warnings,
            wordings=wordings,
            on_create=on_create,
            # The count of conversations is left out: it grows with every text, and each refresh would show a change.
            computed=("label", "messaging_service"),
            kept=(FOUND,),
            secret_outputs=(FOUND,),
            whole_body=True,
            list_only=True,
            identity=place_id,
            prior=Configurations.prior,
            lost_create="The configuration may have been applied; running it again is safe, because the whole of it is sent again",
        ),
    ),
)
