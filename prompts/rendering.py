"""What a model is told: the templates in `model/`, strict about names, filled with values, foreign ones as data.

A file has two parts, below the headings `## system` and `## user`, each a Jinja template
(https://jinja.palletsprojects.com/en/stable/templates/) in a sandbox that knows the names in `VARIABLES` and no other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from jinja2 import StrictUndefined, Template, TemplateError, TemplateSyntaxError, nodes
from jinja2.meta import find_undeclared_variables
from jinja2.sandbox import ImmutableSandboxedEnvironment

from prompts import fencing
from prompts.fencing import Fenced
from prompts.variants import PromptError

if TYPE_CHECKING:
    from prompts import Prompt, Prompts

NAMES = ("draft", "redraft", "holding", "summary", "opinion", "themes")
_HEADING = re.compile(r"^##\s+(system|user)\s*$", re.MULTILINE)
_REPEATS = (nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)


def _as_it_is(value: Any) -> Any:
    return value


def _fenced(label: str) -> Callable[[Any], Fenced]:
    return lambda value: Fenced((label, value or ""))


VARIABLES: Mapping[str, Callable[[Any], Any]] = MappingProxyType(
    {
        # Ours, or the team's own words: they are part of what the model is told.
        "policy": _as_it_is,
        "voice": _as_it_is,
        "language": _as_it_is,
        "formality": _as_it_is,
        "kind": _as_it_is,
        "severity": _as_it_is,
        "visibility": _as_it_is,
        "brand": _as_it_is,
        "signature": _as_it_is,
        "max_length": _as_it_is,
        "alternatives": _as_it_is,
        # Foreign, or made from what is foreign: data.
        "name": _fenced("name of the commenter"),
        "comment": _fenced("comment"),
        "conversation": fencing.conversation,
        "facts": lambda known: fencing.facts("fact", known),
        "saved": lambda known: fencing.facts("saved reply", known),
        "examples": fencing.examples,
        "themes": fencing.themes,
        "hint": _fenced("wish of the team"),
        "previous": _fenced("draft so far"),
    }
)
"""What a template may name, and how each value is put in. `README.md` in this folder says what they hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """What a model is told. `name` and `hash` are those of the file (`model/draft.md`, SHA-256 in hexadecimal)."""

    system: str
    user: str
    name: str
    hash: str


@dataclass(frozen=True, slots=True)
class _Compiled:
    prompt: Prompt
    parts: Mapping[str, Template]
    needs: Mapping[str, int]


class Templates:
    """The templates in force, parsed and checked when this is made. Raises PromptError, with file and line."""

    def __init__(self, prompts: Prompts) -> None:
        self._compiled: dict[str, _Compiled] = {}
        for prompt in prompts.all:
            if prompt.name.startswith("model/"):
                self._compiled[prompt.name.removeprefix("model/")] = _compile(prompt)

    @property
    def names(self) -> tuple[str, ...]:
        """What `render` takes."""
        return tuple(sorted(self._compiled))

    def render(self, template: str, /, **values: Any) -> Rendered:
        """A template filled in.

        Args:
            template: one of `names`.
            values: by the names in `VARIABLES`; a template takes those that it names.

        Raises:
            KeyError: there is no such template.
            PromptError: a value that the template names is missing, one has a name that there is not, or a template
                does with a value what cannot be done; with file and line.
        """
        return _render(self._compiled[template], values)


def render(prompt: Prompt, /, **values: Any) -> Rendered:
    """A file that is in nobody's folder yet, filled in; see `Templates.render`."""
    return _render(_compile(prompt), values)


def _render(compiled: _Compiled, values: Mapping[str, Any]) -> Rendered:
    path = compiled.prompt.path
    for name in values:
        if name not in VARIABLES:
            raise PromptError(path, 1, f"there is no value {name!r}; there are {', '.join(VARIABLES)}")
    for name, line in compiled.needs.items():
        if name not in values:
            raise PromptError(path, line, f"the value {name!r} is needed and was not given")
    filled = {name: VARIABLES[name](values[name]) for name in compiled.needs}
    told = {part: _filled(compiled, part, filled) for part in compiled.parts}
    return Rendered(system=told["system"], user=told["user"], name=path, hash=compiled.prompt.hash)


def _filled(compiled: _Compiled, part: str, values: Mapping[str, Any]) -> str:
    try:
        text = compiled.parts[part].render(values)
    except (TemplateError, ArithmeticError, TypeError, ValueError, LookupError, AttributeError) as error:
        line = _shifted(compiled.prompt, _line_of(error, part))
        raise PromptError(compiled.prompt.path, line, str(error)) from error
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"


def _line_of(error: BaseException, part: str) -> int:
    """Where in the template it went wrong: Jinja's own frames carry the file's name."""
    line, trace = 1, error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == _source(part):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def _source(part: str) -> str:
    return f"<prompt {part}>"


def _environment() -> ImmutableSandboxedEnvironment:
    """No escaping, since a model reads this and no browser; no files, no names but those that are passed in."""
    made = ImmutableSandboxedEnvironment(
        undefined=StrictUndefined, autoescape=False, trim_blocks=True, lstrip_blocks=True
    )
    made.globals.clear()
    return made


_ENVIRONMENT = _environment()


def _compile(prompt: Prompt) -> _Compiled:
    parts: dict[str, Template] = {}
    needs: dict[str, int] = {}
    for part, source in _parts(prompt).items():
        try:
            tree = _ENVIRONMENT.parse(source)
            _check(tree, prompt, needs)
            code = _ENVIRONMENT.compile(source, name=part, filename=_source(part))
        except TemplateSyntaxError as error:
            raise PromptError(prompt.path, _shifted(prompt, error.lineno), error.message or "not understood") from error
        parts[part] = Template.from_code(_ENVIRONMENT, code, dict(_ENVIRONMENT.globals))
    return _Compiled(prompt, parts, {name: _shifted(prompt, line) for name, line in needs.items()})


def _shifted(prompt: Prompt, line: int) -> int:
    """The line in the file: the one that names the base is no part of the text."""
    return line + bool(prompt.base)


def _parts(prompt: Prompt) -> dict[str, str]:
    """The two parts, each behind as many empty lines as stand before it, so that lines keep their numbers."""
    found = list(_HEADING.finditer(prompt.text))
    names = [hit[1] for hit in found]
    if sorted(names) != ["system", "user"]:
        raise PromptError(prompt.path, 1, "two headings are expected, each once: '## system' and '## user'")
    ends = [hit.start() for hit in found[1:]] + [len(prompt.text)]
    return {
        hit[1]: "\n" * prompt.text.count("\n", 0, hit.end()) + prompt.text[hit.end() : end]
        for hit, end in zip(found, ends, strict=True)
    }


def _check(tree: nodes.Template, prompt: Prompt, needs: dict[str, int]) -> None:
    """Every name is one that there is; nothing is fetched from elsewhere."""
    for node in tree.find_all(_REPEATS):
        raise PromptError(prompt.path, _shifted(prompt, node.lineno), "a template takes nothing in from other files")
    wanted = find_undeclared_variables(tree)
    for name in tree.find_all(nodes.Name):
        if name.name not in wanted:
            continue
        if name.name not in VARIABLES:
            line = _shifted(prompt, name.lineno)
            raise PromptError(prompt.path, line, f"there is no value {name.name!r}; there are {', '.join(VARIABLES)}")
        needs[name.name] = min(needs.get(name.name, name.lineno), name.lineno)
