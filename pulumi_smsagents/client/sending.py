"""Sending a call: what of the client loads httpx, which takes 0.1 s that most processes of a run do not need."""

from __future__ import annotations

from collections.abc import Callable

import httpx
from httpx_retries import RetryTransport

from .. import errors
from ..redaction import Redactor
from .calls import Account, Call, Limits, Reply
from .course import Course, GaveUpError, Shared
from .outcomes import CHECK_URL, Outcomes, with_earlier
from .pace import Pace
from .quota import Quota
from .retries import policy
from .transport import COURSE, MOST, WholeAnswers, transport_for

_HEADERS = {"accept": "application/json", "accept-encoding": "identity", "connection": "keep-alive", "user-agent": "pulumi-smsagents"}


class Sender:
    """Thread-safe; made once per account and process (a new one costs about 20 ms of CPU)."""

    def __init__(
        self,
        account: Account,
        limits: Limits,
        redactor: Redactor,
        transport: httpx.BaseTransport | None,
        sleep: Callable[[float], None],
        clock: Callable[[], float],
    ) -> None:
        self._account, self._limits, self._redactor = account, limits, redactor
        self._shared = Shared(limits, Pace(limits, clock), Quota(limits.quota), clock, sleep)
        self._outcomes = Outcomes(account, limits, redactor)
        # Straight to the transport: of what an httpx.Client does before and after it, nothing is wanted here (cookies, redirects,
        # sign-in by the address), and it is a tenth of the time of a create.
        self._transport = RetryTransport(WholeAnswers(transport or transport_for(account.base_url)))
        self._base_url = account.base_url.rstrip("/")
        self._headers = httpx.Headers({**account.headers, **_HEADERS})
        self._timeout = httpx.Timeout(limits.read, connect=limits.connect).as_dict()

    def close(self) -> None:
        """Close the kept connections."""
        self._transport.close()

    def send(self, call: Call) -> Reply:
        """Send `call`, again where :func:`policy` allows it; the answer decoded, or a `VendorError`."""
        asked = f"{self._account.vendor}: {call.method} {self._redactor.hide(call.path)}"
        course = Course(self._shared)
        try:
            response = self._send(call, course)
        except (httpx.InvalidURL, UnicodeError):
            raise errors.ConfigurationError(f"{asked}: the base URL is not one that can be called. {CHECK_URL}") from None
        except GaveUpError as why:
            raise self._given_up(asked, call, course, str(why)) from None
        except httpx.HTTPError as error:
            raise with_earlier(self._outcomes.of_silence(asked, call, error, late=course.late), call, unsure=course.unsure) from None
        found = self._outcomes.of_answer(asked, call, response)
        if isinstance(found, Reply):
            return found
        raise with_earlier(found, call, unsure=course.unsure)

    def _send(self, call: Call, course: Course) -> httpx.Response:
        request = httpx.Request(
            call.method,
            self._base_url + call.path,
            params=dict(call.query) or None,
            headers=self._headers,
            json=call.body,
            extensions={"timeout": self._timeout, "retry": policy(call, self._limits, course), COURSE: course, MOST: call.most},
        )
        course.begin()
        return self._transport.handle_request(request)

    def _given_up(self, asked: str, call: Call, course: Course, why: str) -> errors.VendorError:
        """The error of the last attempt, with the reason why there was none after it."""
        last = course.last
        if last is None:
            return errors.UnreachableError(asked, "not sent: the rate limit gave it no turn", advice=why)
        of_answer, of_silence = self._outcomes.of_answer, self._outcomes.of_silence
        found = of_answer(asked, call, last) if isinstance(last, httpx.Response) else of_silence(asked, call, last)
        assert not isinstance(found, Reply)  # what is tried again has failed
        return with_earlier(found.advise(why), call, unsure=course.unsure)
