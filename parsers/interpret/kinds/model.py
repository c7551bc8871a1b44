"""What a kind of row is made of (行类的定义)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from parsers.interpret.drafting import Drafting, Table
from parsers.interpret.facts import Facts, State


@dataclass(frozen=True, slots=True)
class RowKind:
    """One kind of row.

    `after` are the states it may follow (empty: any), `looks` whether a row looks like it, `take` what it does to the
    drafts. `block` names the heads it is read under.
    """

    name: str
    zh: str
    looks: Callable[[Facts], bool]
    take: Callable[[Drafting, Facts], None]
    after: frozenset[State] = frozenset()
    block: Table | None = None

    def fits(self, facts: Facts) -> bool:
        return (not self.after or facts.state in self.after) and self.looks(facts)
