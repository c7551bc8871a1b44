"""Addresses in the scripts of a page, found without running them (脚本里的地址).

Sites open their files by a function of their own: `down('12')` with `function down(id) { open('/f?id=' + id) }`. Sums
of strings and names are worked out; what a function does beyond that is not followed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pipeline.sourcing.links import is_address
from schemas.vocabulary import pattern

MAX_CHARACTERS = 1_000_000
_MAX_BODY = 20_000
_MOST_CALLS, _MOST_CALLS_OF_A_PAGE = 30, 3000
_TITLE_CHARACTERS, _TITLES = 120, 3
_MAX_CALLS = 3
"""A function that calls a function that calls a function: further nobody goes."""
_STRING = r""""(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`"""
_NAME = r"[A-Za-z_$][\w$]*(?:\.[A-Za-z_$][\w$]*)*"
_TERM = rf"(?:{_STRING}|encodeURI(?:Component)?\(\s*{_NAME}\s*\)|{_NAME}|\d+)"
_SUM = re.compile(rf"{_TERM}(?:\s*\+\s*{_TERM})*")
_ONE_TERM = re.compile(_TERM)
_TOKEN = re.compile(rf"(?<!:)//[^\n]*|(?P<string>{_STRING})|(?P<open>[\[({{])|(?P<close>[\])}}])")
_FUNCTION = re.compile(
    r"function\s+([\w$]+)\s*\(([^)]{0,300})\)\s*\{|\b([\w$]{1,60})\s*[:=]\s*function\s*\(([^)]{0,300})\)\s*\{"
)
_ASSIGNED = re.compile(rf"(?:\bvar|\blet|\bconst|[;{{}}\n,])\s*({_NAME})\s*=\s*({_TERM}(?:\s*\+\s*{_TERM})*)")
_CALL = re.compile(r"\b([A-Za-z_$][\w$]*)\s*\(")
_FIELD = re.compile(
    rf"""(?:["']\#?([\w.-]+)["']\s*\)|\.([\w$]+))\.(?:value\s*=\s*|val\(\s*)({_TERM}(?:\s*\+\s*{_TERM})*)"""
)
_SUBMITTED = re.compile(r"\.submit\s*\(")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))", re.DOTALL)
_LETTERS = {"n": "\n", "t": "\t", "r": "\r"}
_HAN = pattern("han")
_PLACEHOLDER = re.compile(r"\$\{\s*([^}]{1,60}?)\s*\}")


@dataclass(frozen=True)
class Function:
    """A function of a script: its parameters, and the script and place where its body begins."""

    parameters: tuple[str, ...]
    code: str
    start: int

    @cached_property
    def body(self) -> str:
        """Looked for only when the function is called: pages define hundreds."""
        return _body(self.code, self.start)


@dataclass(slots=True)
class Scripts:
    """What the scripts of a page define (脚本的定义); `calls` counts the functions that were looked into."""

    functions: dict[str, Function] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    calls: int = 0

    def learn(self, code: str) -> None:
        """Add the functions and the strings with names in `code`."""
        code = code[:MAX_CHARACTERS]
        for match in _FUNCTION.finditer(code):
            name, parameters = match[1] or match[3], match[2] if match[1] else match[4]
            plain = tuple(each.strip() for each in parameters.split(","))
            self.functions.setdefault(name, Function(plain, code, match.end()))
        for match in _ASSIGNED.finditer(code):
            value = _value(match[2], self.names)
            if value is not None and len(value) < 1000:
                self.names.setdefault(match[1], value)


@dataclass(slots=True)
class Followed:
    """Where a piece of script leads: addresses, best first, or fields of a form to be sent (脚本的去向).

    `calls` counts the functions looked into. `lost`: it calls something with a value and nobody knows where that leads.
    """

    addresses: list[str] = field(default_factory=list)
    fields: dict[str, str] = field(default_factory=dict)
    lost: bool = False
    calls: int = 0


def follow(code: str, scripts: Scripts) -> Followed:
    """Where the script of a click leads, given the functions of its page."""
    code = re.sub(r"^\s*javascript:", "", code[:_MAX_BODY], flags=re.IGNORECASE)
    found = Followed()
    _follow(code, scripts, scripts.names, found, _MAX_CALLS)
    found.addresses += [each for each in _sums(code, scripts.names) if is_address(each)]
    found.addresses = list(dict.fromkeys(found.addresses))
    found.lost = not found.addresses and not found.fields and _calls_with_value(code)
    return found


def _follow(code: str, scripts: Scripts, names: Mapping[str, str], found: Followed, depth: int) -> None:
    if not depth:
        return
    for match in _CALL.finditer(code):
        function = scripts.functions.get(match[1])
        if function is None or found.calls >= _MOST_CALLS or scripts.calls >= _MOST_CALLS_OF_A_PAGE:
            continue
        found.calls += 1
        scripts.calls += 1
        body = function.body
        if body == code:
            continue
        values = [_value(each, names) for each in _arguments(code, match.end())]
        given = {name: value for name, value in zip(function.parameters, values, strict=False) if value is not None}
        inner = {**names, **given}
        for assigned in _ASSIGNED.finditer(body):
            value = _value(assigned[2], inner)
            if value is not None:
                inner[assigned[1]] = value
        found.addresses += [each for each in _sums(body, inner) if is_address(each)]
        if _SUBMITTED.search(body):
            for each in _FIELD.finditer(body):
                value = _value(each[3], inner)
                if value is not None:
                    found.fields[each[1] or each[2]] = value
        _follow(body, scripts, inner, found, depth - 1)


def strings(code: str) -> Iterator[tuple[int, str]]:
    """The strings of a script, each with a number for the innermost brackets it stands in."""
    groups = [0]
    last = 0
    for match in _TOKEN.finditer(code[:MAX_CHARACTERS]):
        if match["string"]:
            yield groups[-1], unquoted(match["string"])
        elif match["open"]:
            last += 1
            groups.append(last)
        elif match["close"] and len(groups) > 1:
            groups.pop()


def sums(code: str, scripts: Scripts) -> list[str]:
    """Strings and sums of strings in a script, worked out."""
    return _sums(code[:MAX_CHARACTERS], scripts.names)


def unquoted(literal: str) -> str:
    """The string a literal stands for."""
    return _ESCAPE.sub(_unescaped, literal[1:-1])


def _unescaped(match: re.Match[str]) -> str:
    if match[1] or match[2]:
        return chr(int(match[1] or match[2], 16))
    return _LETTERS.get(match[3], match[3])


def _body(code: str, start: int) -> str:
    depth = 1
    for match in _TOKEN.finditer(code, start, start + _MAX_BODY):
        depth += bool(match["open"] == "{") - bool(match["close"] == "}")
        if not depth:
            return code[start : match.start()]
    return code[start : start + _MAX_BODY]


def _arguments(code: str, start: int) -> list[str]:
    """The arguments of the call whose bracket opens before `start`."""
    found, begin, depth = [], start, 1
    at = start
    while at < len(code) and depth:
        literal = re.compile(_STRING).match(code, at)
        if literal:
            at = literal.end()
            continue
        depth += (code[at] in "([{") - (code[at] in ")]}")
        if not depth or (depth == 1 and code[at] == ","):
            found.append(code[begin:at].strip())
            begin = at + 1
        at += 1
    return found


def _sums(code: str, names: Mapping[str, str]) -> list[str]:
    values = (_value(match[0], names) for match in _SUM.finditer(code) if match[0][0] in "\"'`" or "+" in match[0])
    known = [names[match[0]] for match in _SUM.finditer(code) if match[0] in names]
    return [*(value for value in values if value), *known]


def _value(expression: str, names: Mapping[str, str]) -> str | None:
    """What a sum comes to. An unknown name is nothing before a path and behind a parameter, else there is no value."""
    terms = _ONE_TERM.findall(expression)
    parts: list[str] = []
    for at, term in enumerate(terms):
        value = _term(term, names)
        if value is None:
            before_path = at == 0 and len(terms) > 1 and terms[1][1:2] == "/"
            behind_parameter = bool(parts) and "?" in "".join(parts) and at == len(terms) - 1 and len(terms) > 3
            if not before_path and not behind_parameter:
                return None
            value = ""
        parts.append(value)
    return "".join(parts) if parts else None


def _term(term: str, names: Mapping[str, str]) -> str | None:
    if term[0] in "\"'":
        return unquoted(term)
    if term[0] == "`":
        return _PLACEHOLDER.sub(lambda match: names.get(match[1], ""), term[1:-1])
    if term[0].isdigit():
        return term
    name = term.partition("(")[2].rstrip(") ").strip() if term.startswith("encodeURI") else term
    return names.get(name)


def _calls_with_value(code: str) -> bool:
    return any(
        any((each[:1] in "\"'" and len(each) > 2) or each.isdigit() for each in _arguments(code, match.end()))
        for match in _CALL.finditer(code)
    )


def named_strings(code: str) -> list[tuple[str, str]]:
    """The strings of a script, each with the Chinese ones in the same brackets: what it is called, if anything.

    The order is that of the script: `{"title": "自评表", "url": "/f/1.pdf"}` gives `("/f/1.pdf", "自评表")`. A file's
    name beside its path is no address of its own.
    """
    found = list(strings(code))
    placed = {group for group, text in found if "/" in text and is_address(text)}
    found = [(group, text) for group, text in found if group not in placed or not _is_bare_file(text)]
    titles: dict[int, list[str]] = {}
    for group, text in found:
        if _HAN.search(text) and "<" not in text and len(text) <= _TITLE_CHARACTERS:
            titles.setdefault(group, []).append(text)
    return [(text, " ".join(titles.get(group, [])[:_TITLES])) for group, text in found]


def _is_bare_file(text: str) -> bool:
    return "/" not in text and is_address(text) and _HAN.search(text) is not None
