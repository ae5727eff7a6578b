"""The dynamic provider: Pulumi's dicts and unknowns in, Pulumi's results out. A thin front on `lifecycle`.

No instance state is ever pickled: the state holds a reference (`loader`), and this object is made afresh in the
provider process, where `configure` runs once before any verb.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from pulumi.dynamic import CheckFailure, CheckResult, ConfigureRequest, CreateResult, DiffResult, ReadResult, ResourceProvider, UpdateResult
from pulumi.output import Unknown

from .. import errors
from . import engine_log, threads

if TYPE_CHECKING:
    from ..connect import Settings
    from ..lifecycle import Lifecycle

PROVIDER_KEY = "__provider"
_Verb = TypeVar("_Verb", bound=Callable[..., Any])


class smsagents(Exception):  # noqa: N801, N818 - the engine prints "<class name>: <message>", and this is our name there
    """What the engine shows a person: one line, no traceback."""

    __module__ = "builtins"  # without it the engine prints the module's path in front


def _one_line(verb: _Verb) -> _Verb:
    """Every failure of `verb` as one line for a person; with SMSAGENTS_DEBUG=1 as Python prints it."""

    @functools.wraps(verb)
    def speak(self: Provider, *args: Any) -> Any:
        try:
            return verb(self, *args)
        except errors.SmsAgentsError as error:
            raise smsagents(str(error)) from (error if errors.debugging() else None)
        except Exception as error:
            if errors.debugging():
                raise
            raise smsagents(errors.internal(verb.__name__, error)) from None

    return speak  # type: ignore[return-value]


class Provider(ResourceProvider):
    """Answers the engine for every resource of one tag, on several threads."""

    serialize_as_secret_always = False

    def __init__(self, tag: str) -> None:
        super().__init__()
        self._tag = tag
        self._refreshed: set[str] = set()

    def configure(self, req: ConfigureRequest) -> None:
        """Called once per process, before any verb."""
        from .. import connect

        if not errors.debugging():
            # The SDK sends Python's whole traceback to the person; the last line says everything.
            sys.tracebacklimit = 0
        settings = connect.Settings(req.config.get)
        threads.widen(connect.threads(settings))
        self._lifecycle = _lifecycle_for(self._tag, settings)
        # Neither the environment nor the stack's configuration changes while a process lives.
        self._wrong = [str(problem) for problem in connect.problems(self._lifecycle.vendor, settings)]

    @_one_line
    def check(self, _olds: dict[str, Any], news: dict[str, Any]) -> CheckResult:
        """No call, and all problems at once."""
        checked = self._lifecycle.check(_door(_olds), _door(news))
        for warning in checked.warnings:
            self._warn(news, str(warning))
        # The field stands in the text: with a property name the engine would print the value, which may be secret.
        return CheckResult(_out(checked.inputs), [CheckFailure("", problem) for problem in (*map(str, checked.problems), *self._wrong)])

    @_one_line
    def diff(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> DiffResult:
        """No call. Ignores `__provider`, so that no upgrade of anything touches a resource."""
        state, new = _door(_olds), _door(_news)
        # A refresh asks for a diff right after its read, with the program's side as the old one: nothing is about to
        # happen then, so nothing is announced or refused.
        if _id in self._refreshed:
            self._refreshed.discard(_id)
            difference = self._lifecycle.compare(state, new)
        else:
            difference = self._lifecycle.diff(_id, state, new)
            for line in self._lifecycle.announcements(_id, state, difference):
                self._warn(_olds, line)
        return DiffResult(
            changes=bool(difference),
            replaces=list(difference.replaces),
            delete_before_replace=self._lifecycle.replace_first(_id, state, new, difference),
        )

    @_one_line
    def create(self, props: dict[str, Any]) -> CreateResult:
        """At most one object, whatever happens."""
        result = self._lifecycle.create(_door(props))
        self._warn_all(props, result.warnings)
        return CreateResult(result.id, result.outputs)

    @_one_line
    def read(self, id_: str, props: dict[str, Any]) -> ReadResult:
        """Gone only on proof; an empty id tells the engine so."""
        state = _door(props)
        result = self._lifecycle.read(id_, state)
        if result is None:
            return ReadResult("", {})
        if "unverified" in state:
            self._refreshed.add(id_)
        self._warn_all(props, result.warnings)
        self._warn_all({}, list(result.notes))
        return ReadResult(id_, result.outputs, result.inputs)

    @_one_line
    def update(self, _id: str, _olds: dict[str, Any], _news: dict[str, Any]) -> UpdateResult:
        """Complete outputs: what is left out would be lost."""
        result = self._lifecycle.update(_id, _door(_olds), _door(_news))
        self._warn_all(_news, result.warnings)
        return UpdateResult(result.outputs)

    @_one_line
    def delete(self, _id: str, _props: dict[str, Any]) -> None:
        """By the recorded `on_delete`."""
        self._warn_all(_props, self._lifecycle.delete(_id, _door(_props)))

    def _warn_all(self, props: Mapping[str, Any], lines: list[str]) -> None:
        for line in lines:
            self._warn(props, line)

    def _warn(self, props: Mapping[str, Any], line: str) -> None:
        name = str(props.get("key", "")).rpartition("/")[2]
        engine_log.warn(f"{self._lifecycle.type_name} {name}: {line}" if name else f"{self._lifecycle.type_name}: {line}")


def _lifecycle_for(tag: str, settings: Settings) -> Lifecycle:
    from .. import connect
    from ..vendors import find

    try:
        vendor, offer = find(tag)
    except KeyError:
        raise smsagents(f"the installed pulumi-smsagents has no {tag}; install the release that made it, or a newer one") from None
    return connect.lifecycle(vendor, offer, settings)


def _door(props: Mapping[str, Any]) -> dict[str, Any]:
    """Pulumi's values as the life cycle knows them."""
    from ..values import plain

    known: dict[str, Any] = plain({name: _enter(value) for name, value in props.items() if name != PROVIDER_KEY})
    return known


def _enter(value: Any) -> Any:
    from ..values import UNKNOWN

    if isinstance(value, Unknown):
        return UNKNOWN
    if isinstance(value, Mapping):
        return {key: _enter(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_enter(item) for item in value]
    return value


def _out(value: Any) -> Any:
    from ..values import UNKNOWN

    if value is UNKNOWN:
        return Unknown()  # type: ignore[no-untyped-call]
    if isinstance(value, Mapping):
        return {key: _out(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_out(item) for item in value]
    return value
