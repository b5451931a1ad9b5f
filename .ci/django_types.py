"""
What this project knows of requests and forms and Django's type stubs cannot: a plugin for mypy.

`LoginRequiredMiddleware` lets only signed-in people past, but for the public addresses listed in a test: so
`request.user` is a `Person` (a public view asks `is_authenticated` first). Middleware adds `received_at` and `htmx`.
"""

from collections.abc import Callable

from mypy.nodes import MDEF, SymbolTableNode, Var
from mypy.plugin import AttributeContext, ClassDefContext, Plugin
from mypy.types import AnyType, Instance, Type, TypeOfAny, UnionType, get_proper_type

REQUEST = "django.http.request.HttpRequest"
ADDED = ("received_at", "htmx")
ANY = AnyType(TypeOfAny.explicit)


class RequestTypes(Plugin):
    def get_attribute_hook(self, fullname: str) -> Callable[[AttributeContext], Type] | None:
        hooks = {f"{REQUEST}.user": _a_person, "django.forms.forms.BaseForm.fields": _fields_of_any_kind}
        return hooks.get(fullname)

    def get_customize_class_mro_hook(self, fullname: str) -> Callable[[ClassDefContext], None] | None:
        return _add_attributes if fullname == REQUEST else None


def _a_person(context: AttributeContext) -> Type:
    """Return the type that the stubs give to `user`, without the anonymous one."""
    given = get_proper_type(context.default_attr_type)
    if not isinstance(given, UnionType):
        return given
    known = [get_proper_type(item) for item in given.items]
    return UnionType.make_union([each for each in known if not _is_anonymous(each)])


def _fields_of_any_kind(context: AttributeContext) -> Type:
    """`self.fields["region"].queryset`: the stubs know a Field, the form knows which kind it declared."""
    api = context.api
    return api.named_generic_type("builtins.dict", [api.named_generic_type("builtins.str", []), ANY])


def _is_anonymous(given: Type) -> bool:
    return isinstance(given, Instance) and given.type.name == "AnonymousUser"


def _add_attributes(context: ClassDefContext) -> None:
    for name in ADDED:
        attribute = Var(name, ANY)
        attribute.info = context.cls.info
        context.cls.info.names[name] = SymbolTableNode(MDEF, attribute, plugin_generated=True)


def plugin(version: str) -> type[Plugin]:
    """Called by mypy with its version."""
    return RequestTypes
