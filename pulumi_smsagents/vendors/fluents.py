"""Phone numbers at Fluents, and in the older dialect of the same model at Vocode (setting ``smsagents:fluentsDialect``).

Pages (checked 2026-11-20): https://docs.fluents.ai/api-reference/numbers/update-number (the reference page),
…/numbers/buy-number, …/numbers/cancel-number; https://docs.vocode.dev/api-reference/numbers/get-number, …/buy-number,
…/update-number, and Vocode's OpenAPI document of 2024-08-27, which alone types lists, ``link`` and what null means.

No page of Fluents known to us shows ``GET /v1/numbers``, ``GET /v1/numbers/list`` or the body of ``link``; they are taken
to be as at Vocode. What ``cancel`` does to a number is documented by neither.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from typing import Any

from .. import errors
from ..client import Call, Client, Reply
from ..values import ABSENT, Plain
from .base import PHONE_NUMBER, Field, Listing, Live, Made, Offer, Once, Option, Vendor
from .checks import e164
from .fluents_fields import (
    CANCEL,
    DEFAULT,
    RETAIN,
    NumberArgs,
    dialect_of,
    dialect_problem,
    digits,
    judge,
    keeps_number,
    plus,
    price,
    refusal,
    warnings,
)
from .fluents_wire import COMPUTED, add_page, live_of, of_create

PAGE_SIZE = 100
MOST_PAGES = 1000

_UPDATABLE = ("label", "description", "outbound_only", "example_context", "inbound_agent")
_BUY = ("area_code", "phone_number", "telephony_provider", "telephony_account_connection", "inbound_agent")
_LINK = ("phone_number", "telephony_account_connection", "outbound_only", "inbound_agent")
_NEVER_SHOWN = ("area_code", "link")


class Numbers:
    """Phone numbers of one account. A number is always selected by the query ``phone_number``, with its plus encoded."""

    cannot_read = ""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._dialect = dialect_of(client.account.options)

    # ---- create ----

    def create(self, new: Plain, before: Live | None, /) -> Made:
        """POST /v1/numbers/buy or …/link. Neither call takes a label or a description, which need an update then."""
        if before is not None and before.computed.get("active") is not False:
            asked = f"{self._client.account.vendor}: POST /v1/numbers/{'link' if new.get('link') else 'buy'}"
            advice = f"To manage it from here set adopt='{before.id}'"
            raise errors.ConflictError(asked, f"{before.id} is already held, so nothing was sent", advice=advice)
        live = self._link(new) if new.get("link") else self._buy(new)
        late = tuple(name for name in _UPDATABLE if name in new and not _shows(live, name, new[name]))
        return Made(live.id, None if late else _whole(live, new), live.computed, late)

    def _buy(self, new: Plain) -> Live:
        """Costs money, and no key makes it idempotent: sent once, whatever the answer."""
        body = self._to_wire({name: new[name] for name in _BUY if name in new})
        # No page says that a 429 is a purchase that was not carried out.
        reply = self._client.send(Call("POST", "/v1/numbers/buy", body=body, final=frozenset({429})))
        return of_create(reply, "the answer holds no number; one may have been bought")

    def _link(self, new: Plain) -> Live:
        """Of a number that is not held: nothing says what linking another does."""
        body = self._to_wire({name: new[name] for name in _LINK if name in new})
        reply = self._client.send(Call("POST", "/v1/numbers/link", body=body))
        return of_create(reply, "the answer holds no number; it may have been linked")

    # ---- update, delete ----

    def update(self, id: str, state: Plain, new: Plain, changed: Plain, live: Live | None, /) -> Live | None:
        """POST /v1/numbers/update with the changed fields; what is left out stays as it is, null and "" clear."""
        call = Call("POST", "/v1/numbers/update", query=self._select(id), body=self._to_wire(changed), repeatable=True)
        shown = live_of(self._client.send(call).body)
        return shown if shown and shown.id == plus(id) and changed.keys() <= shown.fields.keys() else None

    def delete(self, id: str, state: Plain, how: str, /) -> None:
        """POST /v1/numbers/cancel. Anything but the number in the answer is settled by reading."""
        try:
            reply = self._client.send(Call("POST", "/v1/numbers/cancel", query=self._select(id), repeatable=True))
            shown = live_of(reply.body)
            if shown is None or shown.id != plus(id):
                raise reply.unexpected("the answer does not show the number that was to be cancelled")
        except errors.AuthenticationError:
            raise
        except errors.VendorError as error:
            if not self._is_cancelled(id, state):
                raise _not_proof(error) from None

    def _is_cancelled(self, id: str, state: Plain) -> bool:
        try:
            live = self.read(id, state, lambda: self.list(None))
        except errors.NotFoundError:
            return True
        except errors.VendorError:
            return False
        # A number that was inactive before says nothing about our own cancel.
        return live.computed.get("active") is False and state.get("active") is not False

    # ---- read ----

    def read(self, id: str, state: Plain, listing: Listing, /) -> Live:
        """GET /v1/numbers?phone_number=…; "not found" is believed once the whole list lacks the number too."""
        try:
            reply = self._client.send(Call("GET", "/v1/numbers", query=self._select(id), repeatable=True))
        except errors.ResponseError as doubt:
            if doubt.status not in self._dialect.doubts:
                raise
            return _settled(id, state, listing, doubt)
        live = live_of(reply.body)
        if live is None or live.id != plus(id):
            raise reply.unexpected("the answer does not show the number that was asked for")
        return live

    def scope(self, state: Plain, /) -> Hashable | None:
        """One list an account."""
        return "numbers"

    def list(self, scope: Hashable, /) -> Iterator[Live]:
        """GET /v1/numbers/list, page by page as long as has_more says so. A list that breaks off is no list."""
        seen: dict[str, Live] = {}
        more, page = True, 0
        while more:
            page += 1
            reply = self._page(page)
            more = add_page(reply, seen)
            if more and page == MOST_PAGES:
                raise reply.unexpected(f"the list does not end within {MOST_PAGES} pages")
        return iter(seen.values())

    def _page(self, page: int) -> Reply:
        query = {"page": str(page), "size": str(PAGE_SIZE)}
        try:
            return self._client.send(Call("GET", "/v1/numbers/list", query=query, repeatable=True))
        except errors.NotFoundError as error:
            # An address that has no list says nothing about any number.
            raise _not_proof(error) from None

    def probe(self) -> str:
        """One harmless call: GET /v1/agents/list, or GET /v1/usage at Vocode."""
        path, query = self._dialect.probe
        return self._client.send(Call("GET", path, query=query, repeatable=True)).asked

    # ---- to the wire ----

    def _select(self, id: str) -> dict[str, str]:
        return {"phone_number": self._dialect.spell(id)}

    def _to_wire(self, fields: Plain) -> Plain:
        """Ids as text, numbers as the dialect spells them. An empty example_context is null: {} is also the marker for
        leaving the field alone (Vocode's OpenAPI document, checked 2026-11-20)."""
        body = dict(fields)
        if "phone_number" in body:
            body["phone_number"] = self._dialect.spell(body["phone_number"])
        if body.get("example_context", ABSENT) == {}:
            body["example_context"] = None
        return body


def _settled(id: str, state: Plain, listing: Listing, doubt: errors.ResponseError) -> Live:
    """The number, from the whole list; or the proof that it is gone."""
    held = list(listing())
    found = next((live for live in held if live.id == plus(id)), None)
    if found is not None:
        return found
    owners = {live.computed["user_id"] for live in held if "user_id" in live.computed}
    if state.get("user_id") and owners and state["user_id"] not in owners:
        # One key an environment: with the key of another one every number of ours would seem to be gone.
        said = f"{doubt.said}; but the key shows the numbers of another user than the recorded one"
        advice = "Check that the key belongs to this stack's environment"
        raise errors.ResponseError(doubt.asked, said, status=doubt.status, request_id=doubt.request_id, advice=advice)
    said = f"{doubt.said}; the list of numbers does not hold it either"
    raise errors.NotFoundError(doubt.asked, said, status=doubt.status, request_id=doubt.request_id)


def _not_proof(error: errors.VendorError) -> errors.VendorError:
    """The same error, never of the class that means "gone"."""
    if not isinstance(error, errors.NotFoundError):
        return error
    return errors.ResponseError(error.asked, error.said, status=error.status, request_id=error.request_id, advice="Check the base URL")


def _shows(live: Live, name: str, wanted: Any) -> bool:
    return name in live.fields and FIELDS[name].same(wanted, live.fields[name])


def _asked_for(live: Live) -> Plain:
    """A number by what asks for one: itself, or its area code."""
    return {"phone_number": digits(live.id), **({"area_code": live.id[2:5]} if live.id.startswith("+1") else {})}


def _whole(live: Live | None, new: Plain) -> Live | None:
    """The object of an answer, if it shows all that a read could show."""
    if live is None:
        return None
    return live if all(name in live.fields for name in new if name not in _NEVER_SHOWN) else None


def _same_context(wanted: Any, found: Any) -> bool:
    """Missing, null and {} are one value."""
    return (wanted or None) == (found or None)


FIELDS = {
    "phone_number": Field(
        replace=True,
        loosen=True,
        unset=lambda values: values.get("number", ABSENT),
        normal=e164,
        canonical=digits,
        number=True,
    ),
    "area_code": Field(replace=True, loosen=True, write_only=True),
    "telephony_provider": Field(replace=True, loosen=True),
    "telephony_account_connection": Field(replace=True),
    "link": Field(role="way", replace=True, unset=lambda values: False),
    "label": Field(clear=""),
    "description": Field(clear=""),
    "outbound_only": Field(clear=False),
    "example_context": Field(clear=None, canonical=lambda value: value or None, same=_same_context),
    "inbound_agent": Field(clear=None),
}

VENDOR = Vendor(
    name="fluents",
    title="Fluents",
    base_url="https://api.fluents.ai",
    address=lambda options: dialect_of(options).base_url,
    sign=lambda key: {"Authorization": f"Bearer {key}"},
    clean_key=lambda key: key.strip().removeprefix("Bearer ").strip(),
    docs="https://docs.fluents.ai",
    options={"Dialect": Option(DEFAULT, dialect_problem)},
    offers=(
        Offer(
            kind=PHONE_NUMBER,
            args=NumberArgs,
            fields=FIELDS,
            adapter=Numbers,
            on_delete={
                RETAIN: "number {id} stays held at Fluents and goes on costing money",
                CANCEL: "number {id} is cancelled at Fluents, and is then lost",
            },
            number_ids=True,
            on_delete_spoken=True,
            called="label",
            calls={
                "create": "POST /v1/numbers/buy or POST /v1/numbers/link",
                "read": "GET /v1/numbers",
                "list": "GET /v1/numbers/list",
                "update": "POST /v1/numbers/update",
                "delete": "POST /v1/numbers/cancel",
            },
            judge=judge,
            warn=warnings,
            on_create=price,
            refuse=refusal,
            replace_first=keeps_number,
            computed=COMPUTED,
            on_replace="the new one has another number, unless the program asks for {id} again",
            once=Once(money=True, id_asked_for=lambda new: plus(new["phone_number"]) if "phone_number" in new else None, shown=_asked_for),
        ),
    ),
)
