"""One HTTP client per vendor account: sign, send, retry, limit, decode, redact. The only module that knows httpx.

Retries happen here and nowhere else. What may be sent again is decided by :func:`policy`: a call that may have reached
the vendor is repeated only where the adapter says that repeating it does no harm.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from httpx_retries import Retry, RetryTransport
from pyrate_limiter import Limiter, Rate

from . import errors
from .redaction import Redactor, quiet_loggers

MAX_BODY = 5 * 1024 * 1024
"""Bytes of an answer that are read at most; a longer one is refused."""

_NEVER_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_MAYBE_SENT = (httpx.TimeoutException, httpx.NetworkError, httpx.RemoteProtocolError)
_REQUEST_ID_HEADERS = ("x-request-id", "request-id", "x-correlation-id")
_REQUEST_ID_MEMBERS = ("ctx_id",)
"""Where a vendor documents the request id in the body."""


@dataclass(frozen=True)
class Limits:
    """How long and how often the client tries. Seconds; all settable (see docs/configuration.md)."""

    connect: float = 5.0
    read: float = 30.0
    operation: float = 120.0
    attempts: int = 4
    base_wait: float = 0.2
    longest_wait: float = 20.0
    longest_retry_after: float = 60.0
    requests_per_second: float | None = None


@dataclass(frozen=True)
class Account:
    """One vendor account: where it is and how a request is signed."""

    vendor: str
    base_url: str
    headers: Mapping[str, str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False, default=())
    key_advice: str = ""
    options: Mapping[str, str] = field(default_factory=dict)
    """The vendor's own settings, for its adapter."""


@dataclass(frozen=True)
class Call:
    """One request. `repeatable`: sending it twice leaves the vendor as sending it once would."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    repeatable: bool = False
    final: frozenset[int] = frozenset()
    """Statuses that are an answer at this endpoint, not a passing fault: never retried."""

    any_answer: bool = False
    """The vendor documents no body of a 2xx: text is as good as JSON or nothing. A web page never is."""


@dataclass(frozen=True)
class Reply:
    """A 2xx. `body` is the decoded JSON, or None where the answer was empty."""

    asked: str
    status: int
    body: Any
    request_id: str

    def object(self) -> dict[str, Any]:
        """The body as a JSON object; anything else is an error that says so."""
        if isinstance(self.body, dict):
            return self.body
        seen = "an empty answer" if self.body is None else f"a JSON {type(self.body).__name__}"
        raise self.unexpected(f"expected a JSON object, got {seen}")

    def unexpected(self, what: str) -> errors.UnexpectedBodyError:
        """The error for an answer that is not what the vendor documents."""
        return errors.UnexpectedBodyError(self.asked, what, status=self.status, request_id=self.request_id)


class Client:
    """Thread-safe; made once per account and process (a new one costs about 20 ms of CPU)."""

    def __init__(
        self,
        account: Account,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.account = account
        self.limits = limits or Limits()
        self.redactor = Redactor(account.secrets)
        self._sleep = sleep
        quiet_loggers(self.redactor)
        inner = transport or _transport(account.base_url)
        self._http = httpx.Client(
            transport=RetryTransport(_WholeAnswers(inner, _limiter(self.limits))),
            headers={**account.headers, "accept": "application/json", "accept-encoding": "identity"},
            follow_redirects=False,
            timeout=httpx.Timeout(self.limits.read, connect=self.limits.connect),
        )

    def __repr__(self) -> str:
        return f"Client({self.account.vendor}, {self.account.base_url})"

    def close(self) -> None:
        """Close the kept connections."""
        self._http.close()

    def send(self, call: Call) -> Reply:
        """Send `call`, again where :func:`policy` allows it; the answer decoded, or a `VendorError`."""
        asked = f"{self.account.vendor}: {call.method} {self.redactor.hide(call.path)}"
        try:
            response = self._http.request(
                call.method,
                self.account.base_url.rstrip("/") + call.path,
                params=dict(call.query) or None,
                json=call.body,
                extensions=self._extensions(call),
            )
        except (httpx.InvalidURL, UnicodeError):
            raise errors.ConfigurationError(f"{asked}: the base URL is not one that can be called. {_CHECK_URL}") from None
        except httpx.HTTPError as error:
            raise self._no_answer(asked, call, error) from None
        return self._decode(asked, response, call)

    def _extensions(self, call: Call) -> dict[str, Any]:
        deadline = time.monotonic() + self.limits.operation

        def pause(seconds: float) -> None:
            if seconds >= deadline - time.monotonic():
                raise _NoTimeLeftError(f"gave up: the whole operation may take {self.limits.operation:g} s")
            self._sleep(seconds)

        return {"retry": policy(call, self.limits, pause), "smsagents.deadline": deadline}

    def _no_answer(self, asked: str, call: Call, error: httpx.HTTPError) -> errors.VendorError:
        host = urlsplit(self.account.base_url).netloc
        if isinstance(error, _UnreadableError):
            return errors.UnexpectedBodyError(asked, str(error))
        if isinstance(error, _NoTimeLeftError) and not call.repeatable:
            # What was tried before was surely not carried out, or it would not have been tried again.
            return errors.UnreachableError(asked, str(error), advice="Nothing was changed; run it again later")
        if isinstance(error, (*_NEVER_SENT, httpx.ProxyError, httpx.UnsupportedProtocol)):
            said = f"no connection to {host}: {self._words(error)}"
            return errors.UnreachableError(asked, said, advice="Check the network and the base URL, then run it again")
        if isinstance(error, _NoTimeLeftError):
            said = str(error)
        elif isinstance(error, httpx.TimeoutException):
            said = f"no answer from {host} within {self.limits.read:g} s"
        else:
            said = f"the connection to {host} broke: {self._words(error)}"
        if call.method == "GET":
            return errors.UnreachableError(asked, said, advice="Nothing was changed; run it again")
        return errors.LostReplyError(asked, f"{said}; it may have been carried out")

    def _words(self, error: Exception) -> str:
        return self.redactor.show(str(error)) or type(error).__name__

    def _decode(self, asked: str, response: httpx.Response, call: Call) -> Reply:
        status = response.status_code
        body, broken = _json(response)
        request_id = self.redactor.show(_request_id(response, body))
        if not 200 <= status < 300:
            said = self.redactor.show(words(body) or _plain_text(response, broken))
            said = said or broken or self.redactor.show(response.reason_phrase) or "no explanation"
            raise self._refusal(asked, status, said, request_id)
        if broken and not (call.any_answer and broken != _WEB_PAGE):
            raise errors.UnexpectedBodyError(asked, f"expected JSON, got {broken}", status=status, request_id=request_id, advice=_CHECK_URL)
        if refused(body):
            said = self.redactor.show(words(body)) or "the answer says that it failed"
            raise errors.ResponseError(asked, said, status=status, request_id=request_id)
        return Reply(asked, status, body, request_id)

    def _refusal(self, asked: str, status: int, said: str, request_id: str) -> errors.ResponseError:
        advice = ""
        if status in (401, 403):
            advice = self.account.key_advice
        elif 300 <= status < 400:
            said, advice = "a redirect, which is not followed", _CHECK_URL
        return errors.for_status(status)(asked, said, status=status, request_id=request_id, advice=advice)


_CHECK_URL = "Check the base URL"


def policy(call: Call, limits: Limits, sleep: Callable[[float], None] = time.sleep) -> Retry:
    """What may be sent again. A create that may have arrived is not in it.

    Never sent (no connection) and 429 (refused before processing) are always tried again; everything else only where
    the call is `repeatable`. 500 is tried again for reads only: elsewhere vendors use it for bad input.
    """
    statuses = {429}
    exceptions: tuple[type[Exception], ...] = _NEVER_SENT
    if call.repeatable:
        statuses |= {502, 503, 504}
        exceptions = _MAYBE_SENT
        if call.method == "GET":
            statuses.add(500)
    return _Waits(
        total=limits.attempts - 1,
        allowed_methods=[call.method],
        status_forcelist=statuses - call.final or {0},
        retry_on_exceptions=exceptions,
        backoff_factor=limits.base_wait,
        max_backoff_wait=limits.longest_retry_after,
        total_timeout=limits.operation,
        longest=limits.longest_wait,
        pause=sleep,
    )


class _Waits(Retry):
    """httpx-retries with our own cap on the back-off, and a clock that tests can replace."""

    def __init__(self, *, longest: float = 20.0, pause: Callable[[float], None] = time.sleep, **options: Any) -> None:
        super().__init__(**options)
        self._longest = longest
        self._pause = pause

    def copy_with(self, **options: Any) -> Retry:  # type: ignore[override]
        # The library rebuilds the object on each attempt with its own arguments only.
        maker = partial(_Waits, longest=self._longest, pause=self._pause)
        kept = {name: getattr(self, name) for name in _KEPT} | {"retry_on_exceptions": self.retryable_exceptions}
        return maker(**{**kept, **options})

    def backoff_strategy(self) -> float:
        return min(super().backoff_strategy(), self._longest)

    def sleep(self, response: httpx.Response | Exception) -> None:
        wait = self._calculate_sleep(response.headers if isinstance(response, httpx.Response) else {})
        self._pause(wait)
        self.elapsed_sleep += wait


_KEPT = (
    "total",
    "allowed_methods",
    "status_forcelist",
    "backoff_factor",
    "respect_retry_after_header",
    "max_backoff_wait",
    "backoff_jitter",
    "attempts_made",
    "total_timeout",
    "elapsed_sleep",
)


class _UnreadableError(httpx.DecodingError):
    """An answer that is too long or oddly packed. Not a fault of the network: never retried."""


class _NoTimeLeftError(httpx.TransportError):
    """The time for the whole operation is over before the next attempt could be sent: never retried."""


_NOT_PASSED_ON = (b"content-encoding", b"transfer-encoding", b"location", b"set-cookie")
"""Headers that httpx would act on: the body is unpacked by now, and neither redirects nor cookies are followed."""


class _WholeAnswers(httpx.BaseTransport):
    """Reads each answer to its end, within the deadline and the size cap, so that a body that breaks off is a failed
    attempt like any other, and waits for the account's rate limit before each attempt."""

    def __init__(self, inner: httpx.BaseTransport, limiter: Limiter | None) -> None:
        self._inner = inner
        self._limiter = limiter

    def close(self) -> None:
        self._inner.close()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        deadline: float = request.extensions["smsagents.deadline"]
        if self._limiter is not None:
            self._limiter.try_acquire("request", timeout=max(0.0, deadline - time.monotonic()))
        self._shorten_timeouts(request, deadline)
        with closing(self._inner.handle_request(request)) as response:
            body = self._read(request, response, deadline)
        headers = [(name, value) for name, value in response.headers.raw if name.lower() not in _NOT_PASSED_ON]
        return httpx.Response(response.status_code, headers=headers, content=body, request=request)

    @staticmethod
    def _shorten_timeouts(request: httpx.Request, deadline: float) -> None:
        left = deadline - time.monotonic()
        if left <= 0:
            raise _NoTimeLeftError("gave up: the time for the whole operation is over", request=request)
        timeouts: dict[str, float] = request.extensions.get("timeout", {})
        request.extensions["timeout"] = {k: v if v is None else min(v, left) for k, v in timeouts.items()}

    @staticmethod
    def _read(request: httpx.Request, response: httpx.Response, deadline: float) -> bytes:
        if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity", "gzip", "deflate"):
            # Not asked for, and packed several times over a few bytes could unpack to more than memory holds.
            raise _UnreadableError("the answer is packed in a way that was not asked for and was not read", request=request)
        body = bytearray()
        for chunk in response.iter_bytes():
            body += chunk
            if len(body) > MAX_BODY:
                raise _UnreadableError(f"the answer is longer than {MAX_BODY // 1024 // 1024} MB and was not read", request=request)
            if time.monotonic() > deadline:
                raise httpx.ReadTimeout("the answer took too long", request=request)
        return bytes(body)


def _transport(base_url: str) -> httpx.HTTPTransport:
    """Real connections, through the proxy that HTTPS_PROXY, ALL_PROXY and NO_PROXY name for this address, as any client would.

    httpx looks at them only where it makes the transport itself; ours is made here, to be wrapped. Plain http is for
    loopback only and never goes to a proxy, which would read the key.
    """
    parts, proxies, proxy = urlsplit(base_url), getproxies(), None
    if parts.scheme == "https" and not proxy_bypass(parts.hostname or ""):
        proxy = proxies.get("https") or proxies.get("all")
    if proxy and "://" not in proxy:
        proxy = f"http://{proxy}"
    # HTTP/1.1 only: a sync HTTP/2 connection is not safe across threads (measured with httpx 0.28).
    return httpx.HTTPTransport(http2=False, limits=httpx.Limits(max_connections=64), proxy=proxy)


def _limiter(limits: Limits) -> Limiter | None:
    rate = limits.requests_per_second
    if not rate:
        return None
    # As many as fit into a second, and the time that so many may take: 1.5 a second is 1 in 667 ms, not 2 in 1000.
    at_once = max(1, int(rate))
    return Limiter(Rate(at_once, math.ceil(1000 * at_once / rate)))


def _json(response: httpx.Response) -> tuple[Any, str]:
    """The decoded body and an empty string, or None and what stands there instead."""
    text = _text(response)
    if not text.strip():
        return None, ""
    try:
        return json.loads(text, parse_constant=_no_constant), ""
    except (ValueError, RecursionError):
        if text.lstrip()[:1] == "<":
            return None, _WEB_PAGE
        return None, _NOT_JSON if text.lstrip()[:1] not in "{[" else "JSON that is cut off or damaged"


def _request_id(response: httpx.Response, body: Any) -> str:
    held = body if isinstance(body, Mapping) else {}
    found = [response.headers.get(name) for name in _REQUEST_ID_HEADERS] + [held.get(name) for name in _REQUEST_ID_MEMBERS]
    return next((id for id in found if isinstance(id, str) and id), "")


def _text(response: httpx.Response) -> str:
    # JSON is UTF-8 (RFC 8259); what the answer says of its own encoding may be wrong, or a codec that raises.
    return response.content.decode("utf-8-sig", errors="replace")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _plain_text(response: httpx.Response, broken: str) -> str:
    """The words of an answer that is plain text; damaged JSON and pages are not shown."""
    return _text(response)[:_PLAIN_TEXT] if broken == _NOT_JSON else ""


_WEB_PAGE = "an HTML page"
_NOT_JSON = "something that is not JSON"
_PLAIN_TEXT = 2000


def words(body: Any, depth: int = 0) -> str:
    """What a vendor's error body says, in any of the shapes the five vendors document; "" where it says nothing.

    Only the members that vendors document for messages are taken: an unknown body may hold anything, secrets included.
    """
    if isinstance(body, str) or depth > _DEEPEST_WORDS:
        return body if isinstance(body, str) else ""
    if isinstance(body, list):
        return "; ".join(filter(None, (words(item, depth + 1) for item in body[:_SHOWN_ERRORS])))
    if not isinstance(body, Mapping):
        return ""
    if isinstance(body.get("msg"), str):  # FastAPI's {"loc": [...], "msg": "...", "type": "..."}
        where = body.get("loc")
        place = [str(part) for part in where if isinstance(part, str | int)] if isinstance(where, list) else []
        return ".".join(place) + ": " + body["msg"] if place else str(body["msg"])
    for name in ("errors", "error", "Error", "detail", "message"):
        said = words(body.get(name), depth + 1)
        if said:
            # A short code or class of error, explained by its neighbour: {"error": "Bad Request", "message": ["…"]}.
            first, second = (body.get("code"), said) if name == "message" else (said, words(body.get("message"), depth + 1))
            parts = [first, second] if name in ("error", "message") else [said]
            return ": ".join(dict.fromkeys(part for part in parts if isinstance(part, str) and part))
    return ""


_SHOWN_ERRORS = 10
_DEEPEST_WORDS = 8


def refused(body: Any) -> bool:
    """Whether a 2xx body says that it failed: `success: false`, `status: "error"`, or a list of errors."""
    if not isinstance(body, Mapping):
        return False
    return body.get("success") is False or body.get("status") == "error" or bool(body.get("errors"))
