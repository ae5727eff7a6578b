"""The kind bases. A vendor's class adds its typed fields and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Self, cast

import pulumi

from . import only
from .loader import reference

only.watch()


class Args:
    """Base of the argument objects: the fields of one resource, by keyword, under the vendor's own names."""

    _resource: ClassVar[type[VendorResource] | None] = None

    def __init__(self, **fields: Any) -> None:
        self.__dict__.update(fields)

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"{type(self).__name__} has no {name!r} set")

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(vars(self))})"  # names only: a value may be secret


class VendorResource(pulumi.CustomResource):
    """A resource of any kind at any vendor.

    Inputs that every resource has: ``adopt``, the vendor's id of an existing object to take over at creation instead of
    creating one; ``on_delete``, what happens to it when the resource goes. Outputs that every resource has:
    ``unverified``, the fields whose live value the vendor's API did not let us read; ``key``,
    ``<project>/<stack>/<name>``, by which messages name the resource.
    """

    unverified: pulumi.Output[list[str]]
    key: pulumi.Output[str]
    on_delete: pulumi.Output[str]
    adopt: pulumi.Output[str | None]

    _tag: ClassVar[str] = ""
    _fields: ClassVar[tuple[str, ...]] = ()
    _outputs: ClassVar[tuple[str, ...]] = ()
    _defaulted: ClassVar[tuple[str, ...]] = ()
    _secret_outputs: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(  # noqa: PLR0913 - each is said by its name
        cls,
        *,
        vendor: str = "",
        kind: str = "",
        args: type[Args] | None = None,
        fields: Mapping[str, Any] | None = None,
        outputs: tuple[str, ...] = (),
        defaulted: tuple[str, ...] = (),
        secret_outputs: tuple[str, ...] = (),
        **rest: Any,
    ) -> None:
        """A user's own subclass gives none of these and so keeps its parent's token. `defaulted` names the fields that
        have a value in the state although the program does not set them."""
        super().__init_subclass__(**rest)
        if vendor and args and fields is not None:
            cls._tag = f"{vendor}:{kind}"
            cls._fields, cls._defaulted = tuple(fields), ("on_delete", *defaulted)
            cls._outputs, cls._secret_outputs = outputs, secret_outputs
            args._resource = cls  # noqa: SLF001 - one room

    def __init__(
        self,
        resource_name: str,
        /,
        args: Args | Mapping[str, Any] | None = None,
        opts: pulumi.ResourceOptions | None = None,
        **fields: Any,
    ) -> None:
        self._register(resource_name, args, opts, fields)

    def _register(
        self, resource_name: str, args: Args | Mapping[str, Any] | None, opts: pulumi.ResourceOptions | None, fields: Mapping[str, Any]
    ) -> None:
        """The constructor. Not by that name: the SDK counts `__init__` frames, of which a vendor's class has one, to find the
        line of the program that an error or the state then names."""
        if not self._tag:
            raise TypeError(f"{type(self).__name__} needs an argument object of a vendor, e.g. teli.SmsAgentArgs(...)")
        # A property costs a program 0.1 ms and 3 KB, set or not; what nothing can stand in is made when somebody asks.
        also = self._fields if _set_elsewhere(opts) else self._defaulted
        props: dict[str, Any] = dict.fromkeys((*also, *self._outputs, "unverified"))
        props.update(_given(type(self).__name__, args, fields))
        props["key"] = f"{pulumi.get_project()}/{pulumi.get_stack()}/{resource_name}"
        props["__provider"] = reference(self._tag)
        if self._secret_outputs:
            opts = pulumi.ResourceOptions.merge(pulumi.ResourceOptions(additional_secret_outputs=list(self._secret_outputs)), opts)
        super().__init__(f"pulumi-python:dynamic/smsagents/{self._tag}", resource_name, props, opts)

    if not TYPE_CHECKING:  # a checker knows the fields by their annotations, and every other name is a mistake

        def __getattr__(self, name: str) -> pulumi.Output[None]:
            if name in self._fields:
                return pulumi.Output.from_input(None)  # not set, so there is nothing to wait for
            raise AttributeError(f"{type(self).__name__!r} object has no attribute {name!r}")

    @classmethod
    def get(
        cls,
        resource_name: str,
        id: pulumi.Input[str],
        opts: pulumi.ResourceOptions | None = None,
        **scope: Any,
    ) -> Self:
        """An object that this program does not manage, looked up by the vendor's id (in previews too).

        `scope` takes inputs that help the vendor to find it. Needs the Pulumi SDK 3.268 or newer. An id that does not
        exist is an error.
        """
        return cls(resource_name, None, pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(id=id)), **scope)


def _set_elsewhere(opts: pulumi.ResourceOptions | None) -> bool:
    """Whether fields may have values that the program does not give: of what is looked up, of the last run, of a transform."""
    return opts is not None and bool(opts.id is not None or opts.ignore_changes or opts.transforms)


def _given(cls: str, args: Args | Mapping[str, Any] | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    if args is None:
        return dict(fields)
    if fields:
        raise TypeError(f"{cls}: give the fields either as keywords or in an argument object, not both ({', '.join(fields)})")
    if isinstance(args, Args):
        return dict(vars(args))
    if isinstance(args, Mapping):
        return dict(args)
    raise TypeError(f"{cls}: args must be a {cls}Args or a dict, not {type(args).__name__}")


class SmsAgent(VendorResource):
    """An AI agent that texts. Called with a vendor's argument object it builds that vendor's resource."""

    def __new__(cls, resource_name: str, /, args: Any = None, *rest: Any, **fields: Any) -> Self:
        """The vendor's class, where the kind itself is called."""
        return cast("Self", super().__new__(_vendor_class(cls, SmsAgent, args)))


class PhoneNumber(VendorResource):
    """A phone number held at a vendor. Called with a vendor's argument object it builds that vendor's resource."""

    def __new__(cls, resource_name: str, /, args: Any = None, *rest: Any, **fields: Any) -> Self:
        """The vendor's class, where the kind itself is called."""
        return cast("Self", super().__new__(_vendor_class(cls, PhoneNumber, args)))


class SmsConfiguration(VendorResource):
    """How a number that exists answers texts. Called with a vendor's argument object it builds that vendor's resource."""

    def __new__(cls, resource_name: str, /, args: Any = None, *rest: Any, **fields: Any) -> Self:
        """The vendor's class, where the kind itself is called."""
        return cast("Self", super().__new__(_vendor_class(cls, SmsConfiguration, args)))


def _vendor_class(cls: type[Any], kind: type[Any], args: Any) -> type[Any]:
    """The class to build: `cls`, or the vendor's where the kind's base was called with a vendor's argument object."""
    if cls is not kind:
        return cls
    made = args._resource if isinstance(args, Args) else None  # noqa: SLF001 - one room
    if made is None or not issubclass(made, kind):
        raise TypeError(f"{kind.__name__} needs a vendor's argument object, e.g. teli.SmsAgentArgs(...)")
    return made
