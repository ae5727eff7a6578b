"""SMS configurations at ClearTalk: how a number that exists answers texts.

Page (checked 2026-11-20): https://docs.cleartalk.ai/api-reference/cleartalk-sms/update-sms-configuration, the only
documented call about a configuration. It is a write: nothing can be read, listed or deleted, so every field is write-only.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from .. import errors
from ..client import Call, Client
from ..values import Plain
from .base import SMS_CONFIGURATION, Field, Listing, Live, Made, Offer, Option, Vendor, unchanged
from .checks import e164
from .cleartalk_fields import (
    FOREIGN,
    NORMAL,
    OFF,
    ConfigurationArgs,
    missing,
    normal_body,
    on_create,
    problems,
    refuse,
    warnings,
    wordings,
)

PATH = "/cleartalk-sms/update-sms-configuration"

EMPTY: Plain = {
    "request_data": [],
    "tools": [],
    "messaging_service_sid": "",
    "pathway_id": "",
    "pathway_version": "",
    "start_node_id": "",
}
"""The fields that the page prints as required and describes as optional, with the value that fits the printed type."""

UNSET = ("empty", "null", "omit")
"""How such a field goes over the wire while the program does not set it (setting ``cleartalkUnset``). No page says which
one ClearTalk takes: this is the first thing that real use may prove wrong."""


def _unset_problem(value: str) -> str:
    return "" if value in UNSET else f"must be one of {', '.join(UNSET)}"


OPTIONS = {"Unset": Option(UNSET[0], _unset_problem)}

# ---- the verbs ----


class Configurations:
    """SMS configurations of one account; the number is the id."""

    cannot_read = "ClearTalk documents no way to read an SMS configuration"

    def __init__(self, client: Client) -> None:
        self._client = client
        self._unset = client.account.options.get("Unset", UNSET[0])

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """The same call as an update: it makes no number, it sets one up."""
        number = new["phone_number"]
        self._send(_body(number, new, {}, self._unset))
        return Made(number)

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> None:
        """Always the whole body: right whether fields that are left out are kept or not, which the page does not say."""
        self._send(_body(id, new, state, self._unset))

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """There is no deletion. ``park`` sends the body that the program declared for the time after it."""
        parked = state.get("parked")
        if how != "park" or not parked:
            raise errors.UnsupportedError(
                f"cleartalk.SmsConfiguration: {id} cannot be parked, because the state holds no body for it; set parked and run pulumi up "
                "first, or set on_delete='retain'"
            )
        # A body that says nothing about follow-ups must not leave them running.
        self._send(_body(id, {"follow_up_config": OFF, **parked}, state, self._unset))

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """No page documents a read."""
        raise errors.UnsupportedError(f"cleartalk.SmsConfiguration: {self.cannot_read}")

    def scope(self, state: Plain, /) -> Hashable | None:
        """None: there is no list."""
        return None

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """No page documents a list."""
        raise errors.UnsupportedError("cleartalk.SmsConfiguration: ClearTalk documents no list of SMS configurations")

    def probe(self) -> str:
        """Both documented calls change something or text somebody."""
        raise errors.UnsupportedError("cleartalk.SmsConfiguration: ClearTalk documents no call that could be tried without doing something")

    def _send(self, body: Plain) -> None:
        # The answer is printed as "201 - undefined": any 2xx that does not itself speak of failure is success.
        call = Call("POST", PATH, body=body, repeatable=True, any_answer=True)
        try:
            self._client.send(call)
        except errors.NotFoundError as error:
            # Not proof of anything: no page shows an error.
            advice = "The number may not belong to this account, or the base URL is wrong"
            raise errors.ResponseError(error.asked, error.said, status=error.status, request_id=error.request_id, advice=advice) from None
        except errors.InvalidError as error:
            raise self._explained(error, body) from None

    def _explained(self, error: errors.InvalidError, body: Plain) -> errors.VendorError:
        """A refusal that names a field which the program leaves out is about our way to say so."""
        blank = [name for name, empty in EMPTY.items() if name in error.said and body.get(name) in (empty, None)]
        if not blank:
            return error
        other = " or ".join(way for way in UNSET if way != self._unset)
        return error.advise(
            f"Set {' and '.join(blank)}; or try another way to say that there is none: pulumi config set smsagents:cleartalkUnset {other}"
        )


# ---- to the wire ----


def _body(number: str, given: Plain, before: Plain, unset: str) -> Plain:
    """The whole body. The one place that decides what goes over the wire for a value that is not set. What was set
    before is emptied and never just left out, because that may keep it."""
    body = {"phone_number": number, **{name: given[name] for name in _SENT if name in given}}
    for name, empty in EMPTY.items():
        if name not in given and (unset != "omit" or name in before):
            body[name] = None if unset == "null" else empty
    if "follow_up_config" in given:
        body["follow_up_config"] = _follow_ups(given["follow_up_config"], before.get("follow_up_config", {}))
    elif "follow_up_config" in before:
        body["follow_up_config"] = OFF
    return body


_NOTHING: Plain = {"enable_smart_follow_ups": False, "repeat_final_follow_up": False, "extra_follow_up_prompt": ""}


def _follow_ups(config: Plain, before: Plain) -> Plain:
    gone = {name: empty for name, empty in _NOTHING.items() if name in before}
    return {**gone, "follow_up_schedule": [], **config}


_CLEAR: Plain = {
    **EMPTY,
    # No value means "not set": `refuse` looks for this one.
    "webhook_trigger_on": "",
    "follow_up_config": OFF,
}
_SENT = ("webhook", "agent_name", "objective", "time_out", "temperature", *_CLEAR)


def _rule(name: str) -> Field:
    clear = {"clear": _CLEAR[name]} if name in _CLEAR else {}
    return Field(write_only=True, normal=NORMAL.get(name, unchanged), **clear)


VENDOR = Vendor(
    name="cleartalk",
    title="ClearTalk",
    base_url="https://api.cleartalk.ai",
    sign=lambda key: {"x-api-key": key},
    docs="https://docs.cleartalk.ai",
    options=OPTIONS,
    offers=(
        Offer(
            kind=SMS_CONFIGURATION,
            args=ConfigurationArgs,
            fields={
                "phone_number": Field(replace=True, write_only=True, normal=e164, number=True),
                **{name: _rule(name) for name in _SENT},
                "reapply": Field(role="trigger"),
                "parked": Field(role="local", normal=normal_body),
            },
            adapter=Configurations,
            on_delete={
                "retain": "the configuration of {id} stays at ClearTalk, and its agent keeps answering",
                "park": "the configuration of {id} is not removed: the number answers with the one declared in parked",
            },
            leaves=("retain", "park"),
            identity=lambda values: values.get("phone_number"),
            number_ids=True,
            calls={"create": f"POST {PATH}", "update": f"POST {PATH}"},
            foreign=FOREIGN,
            check=problems,
            judge=missing,
            warn=warnings,
            wordings=wordings,
            on_create=on_create,
            refuse=refuse,
            lost_create="The configuration may have been applied; running it again is safe, because the whole of it is sent again",
        ),
    ),
)
