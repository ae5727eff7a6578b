"""`smsagents resolve`: creates whose end no state holds, and what becomes of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from . import console

if TYPE_CHECKING:
    from ..journal import Entry, Journal
    from . import project


def resolve(
    key: Annotated[str, typer.Argument(metavar="KEY", help="One resource: <project>/<stack>/<name>, or its name alone in a project.")] = "",
    *,
    adopt: Annotated[str, typer.Option("--adopt", metavar="ID", help="This is what the create made: the next run takes it over.")] = "",
    not_created: Annotated[bool, typer.Option("--not-created", help="It made nothing, or what it made is to be left alone.")] = False,
    stack: Annotated[str, typer.Option("--stack", "-s", metavar="NAME", help="The stack; the selected one if not given.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print what was found as JSON.")] = False,
) -> None:
    """List creates that were cut off, or settle one.

    Before a create that must not happen twice, a line is written to a journal; after it, what came of it. What is listed
    here has no end, or an object that the stack's state does not hold. In a project's folder it lists those of the stack;
    elsewhere those of all stacks that have no end. It asks no vendor.

    Exit code: 0 nothing is unfinished, or it is settled now; 2 something is; 1 an error.
    """
    from .. import errors
    from . import project

    if adopt and not_created:
        raise errors.ConfigurationError("--adopt and --not-created exclude one another; give one of the two")
    if (adopt or not_created) and not key:
        raise errors.ConfigurationError("name the resource to settle; smsagents resolve lists them")
    here = project.stack(stack)
    found = _unfinished(key, here)
    if adopt or not_created:
        _settle(key, found, adopt)
        return
    if key and not found:
        raise _unknown(key)
    _list(found, as_json=as_json)
    raise typer.Exit(console.FOUND if found else console.CLEAN)


# ---- what there is ----


def _unfinished(key: str, here: project.Stack | None) -> list[tuple[Journal, Entry]]:
    """The creates in question, oldest first, without those whose object the stack's state holds after all."""
    from ..connect import journals

    prefix = _prefix(here)
    wanted = {key, f"{prefix}{key}"}
    found = [(journal, entry) for journal in journals().all() for entry in journal.unfinished()]
    found = [(journal, entry) for journal, entry in found if (entry.target.key in wanted if key else entry.target.key.startswith(prefix))]
    if here is None and not key:
        # What was made is in some stack's state, as a rule; which, cannot be seen from here.
        return [(journal, entry) for journal, entry in found if not entry.id]
    held = _held(here) if here and any(entry.id and entry.target.key.startswith(prefix) for _, entry in found) else set()
    left = []
    for journal, entry in found:
        if (entry.target.key, entry.id) in held:
            journal.settle(entry.target.key, entry.target.vendor, entry.target.kind, entry.id)
        else:
            left.append((journal, entry))
    return left


def _prefix(here: project.Stack | None) -> str:
    """What the keys of this stack begin with; empty outside of a project."""
    from . import project

    if here is None:
        return ""
    said = project.description(here.folder)
    name = said.get("name", "") if isinstance(said, dict) else ""
    return f"{name}/{here.selected().rpartition('/')[2]}/"


def _held(here: project.Stack) -> set[tuple[Any, Any]]:
    """Key and id of each of our resources in the stack's state."""
    resources = here.state().get("deployment", {}).get("resources") or []
    return {(each.get("outputs", {}).get("key"), each.get("id")) for each in resources if "dynamic/smsagents/" in each.get("type", "")}


def _unknown(key: str) -> Exception:
    from .. import errors
    from ..connect import journals

    return errors.ConfigurationError(
        f"nothing is unfinished about {key}; smsagents resolve lists what is (the journal is in {journals().folder}; is it the one of the "
        "run that was cut off?)"
    )


# ---- settling ----


def _settle(key: str, found: list[tuple[Journal, Entry]], adopt: str) -> None:
    from .. import errors
    from ..connect import journals

    if not found:
        raise _unknown(key)
    keys = {entry.target.key for _, entry in found}
    if len(keys) > 1:
        raise errors.ConfigurationError(f"{key} may be {' or '.join(sorted(keys))}; name one in full")
    other = next((entry.id for _, entry in found if adopt and entry.id not in ("", adopt)), "")
    if other:
        raise errors.ConfigurationError(
            f"{key}: the journal says that {other} was made; to take another one over all the same, first run: smsagents resolve {key} "
            "--not-created"
        )
    for journal, entry in found:
        with journals().alone(str(entry.target)):  # a run may be at it this moment
            if (entry.name, entry.state, entry.id) not in _now(journal, entry):
                raise errors.ConfigurationError(
                    f"{entry.target.key}: a run has gone on with it meanwhile; look again: smsagents resolve {key}"
                )
            if adopt:
                journal.created(entry, adopt)
            else:
                journal.not_created(entry)
            console.say(_done(entry, adopt))


def _now(journal: Journal, entry: Entry) -> list[tuple[str, str, str]]:
    return [(each.name, each.state, each.id) for each in journal.unfinished(entry.target)]


def _done(entry: Entry, adopt: str) -> str:
    if adopt:
        return f"{entry.target.key}: the next pulumi up takes over {adopt} and makes nothing."
    if entry.found is not None:
        return f"{entry.target.key}: what {entry.id} was set to before is forgotten; the next pulumi up takes what it finds."
    left = f" {entry.id} stays at {entry.target.vendor}, and nothing refers to it." if entry.id else ""
    return f"{entry.target.key}: the next pulumi up makes a new one.{left}"


# ---- for a person ----


def _list(found: list[tuple[Journal, Entry]], *, as_json: bool) -> None:
    from rich.text import Text

    from ..journal import spoken

    if as_json:
        console.show_json([_as_json(entry) for _, entry in found])
        return
    for _, entry in found:
        target = entry.target
        head = Text.assemble((console.clean(target.key), "bold"), f" ({target.vendor}.{target.kind} at {console.clean(target.where)})")
        console.show(head, f"  begun  {spoken(entry.begun)}", f"  state  {_state(entry)}", f"  to do  {_to_do(entry)}")
    if not found:
        console.say("Nothing is unfinished.")


def _state(entry: Entry) -> str:
    if entry.found is not None:
        return f"what {entry.id} was set to before is kept here until a state holds it"
    if entry.id:
        return f"{console.clean(entry.id)} was made, and no state is known to hold it"
    return "whether anything was made is not known"


def _to_do(entry: Entry) -> str:
    if entry.found is not None or entry.id:
        more = "" if entry.found is not None else f"; or leave it alone: smsagents resolve {entry.target.key} --not-created"
        return f"pulumi up, which takes it over{more}"
    if _is_listed(entry):
        return "pulumi up, which looks for it before it makes another"
    key = entry.target.key
    return f"look for it at {entry.target.vendor}; then: smsagents resolve {key} --adopt ID, or: smsagents resolve {key} --not-created"


def _is_listed(entry: Entry) -> bool:
    from ..vendors import find

    try:
        _, offer = find(f"{entry.target.vendor}:{entry.target.kind}")
    except KeyError:
        return False
    return offer.once is not None and offer.once.listed


def _as_json(entry: Entry) -> dict[str, Any]:
    from ..journal import spoken

    target = entry.target
    return {
        "key": target.key,
        "resource": f"{target.vendor}.{target.kind}",
        "where": target.where,
        "begun": spoken(entry.begun),
        "id": entry.id or None,
        "state": "found" if entry.found is not None else entry.state,
        "to_do": _to_do(entry),
    }
