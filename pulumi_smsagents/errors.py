"""Every exception of the package, one class for each thing a caller would do differently.

::

    SmsAgentsError
    ├── ConfigurationError        a key, a vendor or a setting is missing or wrong
    ├── PromptError               a prompt file is missing or wrong
    ├── UnsupportedError          this vendor cannot do what was asked
    ├── JournalError              the journal of what was begun cannot be kept or read
    ├── UncertainError            whether an object exists has to be settled by a person first
    └── VendorError               the vendor was asked, and it did not work out
        ├── UnreachableError      no answer
        │   └── LostReplyError    no answer, and it may have been carried out
        ├── UnexpectedBodyError   a 2xx that is not what the vendor documents
        └── ResponseError         a 4xx or 5xx, or a 2xx that says it failed
            ├── AuthenticationError   401, 403
            ├── NotFoundError         404, or proof from a complete list
            ├── ConflictError         409
            ├── InvalidError          400, 422
            ├── RateLimitError        429
            └── ServerError           5xx

The text of each is one line for a person: what was asked, what the vendor said, what to do next.
"""

from __future__ import annotations

import os
from pathlib import Path


class SmsAgentsError(Exception):
    """The root of the tree."""


class ConfigurationError(SmsAgentsError):
    """A key, a vendor or a setting is missing or wrong; nothing was sent."""


class PromptError(SmsAgentsError):
    """A prompt file is missing or wrong: the file, the line, what is wrong and how to mend it."""


class UnsupportedError(SmsAgentsError):
    """The vendor cannot do what was asked; nothing was sent."""


class JournalError(SmsAgentsError):
    """The journal of what was begun at the vendors cannot be kept or read; nothing was sent."""


class UncertainError(SmsAgentsError):
    """An earlier create may have made the object, and nothing that can be asked tells; nothing was sent."""


class VendorError(SmsAgentsError):
    """The vendor was asked, and it did not work out.

    ``asked`` is ``"teli: POST /v1/agents"``, ``said`` the vendor's words (cleaned and cut), ``advice`` the next step.
    ``may_have_arrived`` is true where the vendor may have carried the request out all the same.
    """

    may_have_arrived = False

    def __init__(self, asked: str, said: str, *, status: int | None = None, request_id: str = "", advice: str = "") -> None:
        self.asked = asked
        self.said = said
        self.status = status
        self.request_id = request_id
        self.advice = advice
        super().__init__(str(self))

    def __str__(self) -> str:
        code = "" if self.status is None else f"{self.status}: "
        request = f" (request {self.request_id})" if self.request_id else ""
        advice = f". {self.advice}" if self.advice else ""
        return f"{self.asked} -> {code}{self.said}{request}{advice}"

    def advise(self, advice: str) -> VendorError:
        """The same error with another next step; for callers that know more than the client."""
        self.advice = advice
        self.args = (str(self),)
        return self


class UnreachableError(VendorError):
    """No answer: refused, cut off or timed out."""


class LostReplyError(UnreachableError):
    """The request went out and no answer came back: the vendor may have carried it out."""

    may_have_arrived = True


class UnexpectedBodyError(VendorError):
    """A 2xx whose body is not what the vendor documents: an HTML page, cut JSON, no id."""

    may_have_arrived = True


class ResponseError(VendorError):
    """The vendor refused, with a status or with words."""


class AuthenticationError(ResponseError):
    """401 or 403: the key is missing, wrong, or lacks the permission."""


class NotFoundError(ResponseError):
    """The vendor says, by the rules of its own documentation, that there is no such object."""


class ConflictError(ResponseError):
    """409."""


class InvalidError(ResponseError):
    """400 or 422: the vendor does not accept what was sent."""


class RateLimitError(ResponseError):
    """429, after waiting as long as the limits allow."""


class ServerError(ResponseError):
    """5xx: whether the request was carried out is not known."""

    may_have_arrived = True


BY_STATUS: dict[int, type[ResponseError]] = {
    400: InvalidError,
    401: AuthenticationError,
    403: AuthenticationError,
    404: NotFoundError,
    409: ConflictError,
    422: InvalidError,
    429: RateLimitError,
}


def for_status(status: int) -> type[ResponseError]:
    """The class for an HTTP status of 300 or more."""
    return BY_STATUS.get(status, ServerError if status >= 500 else ResponseError)


def debugging() -> bool:
    """Whether the person asked for Python's tracebacks: SMSAGENTS_DEBUG=1."""
    return os.environ.get("SMSAGENTS_DEBUG", "") not in ("", "0")


def internal(doing: str, error: BaseException) -> str:
    """The line for an exception that is none of ours. Its text may hold anything; type and place are enough to report it."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else ""
    return f"internal error in {doing}: {type(error).__name__}{where}; set SMSAGENTS_DEBUG=1 for more"
