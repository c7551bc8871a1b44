"""Whether a text is a self-evaluation, and the line that says so (是不是自评)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.not_reports import opening, unquoted
from parsers.interpret.prose_sections import heading_rank
from parsers.interpret.prose_words import prose_words
from parsers.interpret.titles import may_publish, offices_named, title_parts
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import fold
from schemas.traditional import simplified
from schemas.vocabulary import pattern

_TITLE_CHARS = 60
_PROSE_CHARS = 15
"""Characters of a line from which it is the text below a heading."""
_REACH = 2
"""Lines below a heading among which its text begins: a heading of the next level may stand between."""
_FEWEST_SCORED = 2
"""Parts with a score of their own from which they are no example."""
_CLAUSES = regex.compile(r"[。；;，,]")
_HEADING_END = "。.:："
_NUMBERED = pattern("list_number")
_BRACKETED = regex.compile(r"[(（][^()（）]*[)）]")


@dataclass(frozen=True, slots=True)
class NamedSelf:
    """The line in which a text names itself a self-evaluation."""

    text: str
    place: Place


def names_itself(lines: Sequence[Paragraph], lexicon: Lexicon) -> NamedSelf | None:
    """The title, heading or sentence that says this is a self-evaluation; None where none does.

    What is quoted in 《》 names another paper, and 自评工作 is work that somebody speaks of. A score of the text's own
    (自评得分) says so wherever it stands; the outline of the reports on transfers does without the word.
    """
    for line in _titles(lines, lexicon):
        return NamedSelf(squeeze(line.text), line.place)
    said = [line for line in opening(lines) if _is_said(_plain(line))]
    scored = (line for line in lines if _scored().search(_plain(line)))
    digests = (line for line in lines if pattern("self_digest").search(_plain(line)))
    outlined = (*_wrote_its_own(lines), *_transfer_outline(lines), *_sections_of_its_own(lines), *_own_whole(lines))
    for line in (*said, *scored, *digests, *_scored_parts(lines), *outlined):
        return NamedSelf(squeeze(line.text)[:_TITLE_CHARS], line.place)
    return None


def tells_its_score(line: Paragraph) -> NamedSelf | None:
    """A sentence in which a text tells a score of its own (本部门开展绩效自评，自评得分90分); None for other lines."""
    is_told = _CLAUSES.search(line.text) is not None and _scored().search(_plain(line)) is not None
    return NamedSelf(squeeze(line.text)[:_TITLE_CHARS], line.place) if is_told else None


def _titles(lines: Sequence[Paragraph], lexicon: Lexicon) -> Iterator[Paragraph]:
    """The lines that are a title or a heading with 自评 in it; a heading counts where text stands below it."""
    for index, line in enumerate(lines):
        text = squeeze(line.text)
        if len(text) > _TITLE_CHARS or _CLAUSES.search(_BRACKETED.sub("", text)):
            continue
        plain = _plain(line)
        if not lexicon.title_has("self", plain) or _speaks_of_work(plain):
            continue
        if not _NUMBERED.match(text) or _has_text(text, lines[index + 1 : index + 1 + _REACH]):
            yield line


def _has_text(heading: str, below: Sequence[Paragraph]) -> bool:
    """Whether text stands below a heading before the next of its kind: in a list of contents none does."""
    own = heading_rank(heading)
    for line in below:
        text = squeeze(line.text)
        rank = heading_rank(text)
        if rank is not None and own is not None and rank <= own:
            return False
        if len(text) > _PROSE_CHARS and (rank is None or _CLAUSES.search(text)):
            return True
    return False


def _speaks_of_work(plain: str) -> bool:
    """Whether the words around 自评 make it a piece of work (自评工作, 自评的通知, 启动自评), not a report."""
    words = prose_words().gate
    if pattern("work_done", self_word=words.self_words).search(plain):
        return True
    at, word = max((plain.rfind(word), word) for word in words.self_words)
    if at < 0:
        return False
    return pattern("work_only", work_word=words.work_only).match(plain, at + len(word)) is not None


def _is_said(plain: str) -> bool:
    words = prose_words().gate
    return any(
        pattern(name, self_word=words.self_words, own_word=words.own_words).search(plain)
        for name in ("self_reported", "self_done", "self_own")
    )


def _scored_parts(lines: Sequence[Paragraph]) -> list[Paragraph]:
    """The sentences that give one part after the other a score of the own evaluation (自评得3分)."""
    scored = [line for line in lines if pattern("self_part_scored").search(_plain(line))]
    return scored if len(scored) >= _FEWEST_SCORED else []


def _wrote_its_own(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The title of a 绩效评价报告 of which a unit says that it wrote its 自评报告, and tells of nobody else."""
    titles = [line for line in opening(lines) if pattern("evaluation_title").search(_plain(line))]
    wrote = any(pattern("self_report_written").search(_plain(line)) for line in lines) if titles else False
    if wrote and _says_we(lines) and not _tells_of_evaluators(lines):
        yield from titles


def _transfer_outline(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The first heading of the outline that reports on transfers follow: at the beginning, or its others below it."""
    words = prose_words().gate
    headings = [line for line in lines if len(line.text) <= _TITLE_CHARS and _is_heading(line)]
    first = [line for line in headings if any(word in _plain(line) for word in words.transfer_headings)]
    begins = bool(first) and first[0] in list(opening(lines))[:_REACH]
    if begins or _holds_any(lines, words.transfer_results):
        yield from first


def _is_heading(line: Paragraph) -> bool:
    """Whether a short line is a heading: it has a number, or nothing else in it."""
    numbered = _NUMBERED.match(squeeze(line.text)) is not None
    return numbered or _plain(line).rstrip(_HEADING_END) in prose_words().gate.transfer_headings


def _sections_of_its_own(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Headings that only reports on the own work have: how the 自评 was done, what it came to by the own check."""
    words = prose_words().gate
    for index, line in enumerate(lines):
        heading = _plain(line)
        if not _NUMBERED.match(heading) or len(squeeze(line.text)) > _TITLE_CHARS:
            continue
        below = lines[index + 1 : index + 1 + _REACH]
        tells_how = heading.endswith(words.work_headings)
        concludes = heading.rstrip(_HEADING_END).endswith(words.conclusion_headings)
        if tells_how and _has_text(heading, below):
            yield line
        if concludes and _speaks_of_itself(lines):
            yield line


def _own_whole(lines: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """The title of a report on the spending of a whole unit by the unit itself: it says 绩效评价 only.

    The unit published it, or the text speaks as its own (我局, 本项目) and tells of nobody else who evaluated.
    """
    words = prose_words().gate
    titles = [line for line in opening(lines) if _plain(line).endswith(words.whole_reports)]
    published = {office for line in opening(lines) for office in offices_named(line.text)} if titles else set()
    publishers = set(filter(may_publish, published))
    elsewhere = bool(published) and not publishers  # the finance office publishes everybody's
    own = bool(titles) and not elsewhere and _holds_any(lines, words.own_words) and not _tells_of_evaluators(lines)
    for line in titles:
        parts = title_parts(squeeze(line.text))
        if own or (parts is not None and parts.office in publishers):
            yield line


def _speaks_of_itself(lines: Sequence[Paragraph]) -> bool:
    """Whether a text says `we` and speaks of an own check."""
    return _says_we(lines) and _holds_any(lines, prose_words().gate.own_checks)


def _says_we(lines: Sequence[Paragraph]) -> bool:
    words = prose_words().gate
    return _holds_any(lines, [word for word in words.own_words if word not in words.not_we])


def _tells_of_evaluators(lines: Sequence[Paragraph]) -> bool:
    """Whether a text tells of others who evaluated (会计师事务所、第三方)."""
    return _holds_any(lines, prose_words().gate.evaluator_traces)


def _holds_any(lines: Sequence[Paragraph], words: Sequence[str]) -> bool:
    return any(word in _plain(line) for line in lines for word in words)


def _plain(line: Paragraph) -> str:
    return simplified(fold(unquoted(squeeze(line.text))))


@cache
def _scored() -> regex.Pattern[str]:
    return pattern("self_scored", self_score=prose_words().gate.self_scores)
