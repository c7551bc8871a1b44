"""Settings of the finder of tables without cell borders (无框线表格识别的参数)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class UnruledSettings:
    """Weights and limits of the judgement. Lengths are shares of the em (字号) unless a name says points or lines."""

    # characters to fragments
    baseline_share: float = 0.15
    """Characters whose baselines differ by no more stand on one baseline."""
    fragment_gap: float = 0.3
    """A gap of this width ends a fragment: typesetters put up to 0.25 em between scripts inside one text."""
    figure_gap: float = 0.08
    """So does a gap of this width between a figure and words: they may be two cells, if a column's edge is there."""
    figure_words: int = 6
    """Characters after a figure from which they are no unit."""
    solid_gap: float = 0.05
    """Characters of a text set solid are nearer than this."""
    apart_gap: float = 0.12
    """In such a text, two Chinese characters this far apart may stand in two cells."""
    apart_words: int = 3
    """There are at least this many characters on either side then."""
    touching: float = 0.1
    """Characters nearer than this touch."""
    spaced_blanks: int = 4
    """Blanks between the characters of a word set wide, at most."""
    order_share: float = 0.9
    """Share of touching characters that must follow each other in the file before its order is believed."""
    order_jump: int = 3
    """Characters further apart than this in the file do not follow each other (blanks may stand between)."""
    jump_gap: float = 0.05
    """A jump in the file's order parts two fragments only where there is at least this much room."""

    # columns
    full_gap: float = 1.0
    """A gap of this width surely parts two cells; one of `fragment_gap` not at all; between, proportionally."""
    wide_gap: float = 6.0
    """A gap of this width is not left open by any text, and weighs `wide_bonus` more."""
    wide_bonus: float = 0.8
    word_weight: float = 0.8
    """A gap beside a whole word of the lexicon weighs at least this."""
    band_cost: float = 1.3
    """What a new band must gain, in gaps that the band before could not keep open."""
    band_loss: float = 6.0
    """A band that lost gaps of this weight is not drawn out further."""
    band_rows: int = 150
    """Rows of text in one band at most; bounds the work on endless pages."""
    cut_strip: float = 4.0
    strip_lines: float = 5.0
    """Against a cut between two rows of text that stand between the same two rules, as many lines apart at most."""
    cut_cost: float = 0.4
    """What it costs to end a band between two fragments that stand side by side."""
    support: float = 0.6
    """Gaps that must run through a white strip, by weight, before it parts two columns."""
    header_words: int = 3
    """Whole words of the lexicon on one line that make a header."""
    header_gain: float = 0.3
    """What a band gains that begins with a header."""
    closing_rows: int = 3
    """Rows at the end of a band that may close strips which are open above them."""
    run_on_cost: float = 1.0
    """What it costs to end a band between two lines the second of which follows the first in the file, just below."""
    long_line: float = 12.0
    """A line of this length is likely to run on in the line below that begins at the same place."""
    run_on_pitch: float = 1.6
    """Lines further apart than this do not run on, for that purpose."""
    label_gap: float = 0.4
    """Room right of a label that stands beside nothing, at least."""
    near_weight: float = 0.25
    """Weight of a place where two full cells may nearly touch, as support of a column's edge."""
    side_by_side: float = 0.8
    """Fragments whose middles differ by less stand side by side."""

    # rows
    core_share: float = 0.35
    """Half the height of a line that no other line of its cell touches, even set solid."""
    value_share: float = 0.5
    """Share of a column's lines that look like values before it is a column of values."""
    dense_share: float = 0.8
    """A column with this share of the lines of the fullest column of values has a cell in every row."""
    solid_pitch: float = 2.0
    """Baselines further apart than this are never two lines of one cell."""
    order_joins: float = 2.0
    """Evidence for one cell where one line follows the other in a file written cell by cell."""
    order_parts: float = 2.5
    """Evidence for two cells where it does not."""
    known_words: float = 4.0
    """Evidence for two cells where both lines are whole headers or labels by the lexicon."""
    word_lines: int = 9
    """Lines of one such word at most."""
    running_on: float = 0.03
    """Share of the lines below each other that must run on in the file before its order is believed."""
    sure_link: float = 2.5
    """Evidence from which a pair of lines counts as decided when the pitch is learned."""
    pitch_slack: float = 1.25
    """Lines of one cell stand at the text's pitch, at most this share above it."""
    room_left: float = 3.0
    """Evidence for two cells where the next word would have had room on the line above."""
    line_full: float = 1.5
    """Evidence for one cell where it would not."""
    padding: float = 0.8
    """White space a cell keeps at its sides at least, both together."""
    too_far: float = 5.0
    """Evidence for two cells where the lines stand further apart than that."""
    pitch_trust: float = 3.0
    """Evidence that the distance of two lines is, where distances inside cells and between rows differ."""
    pitch_errors: float = 0.06
    """They differ where a limit between them is wrong for no more than this share of the decided pairs."""
    nameless: float = 1.0
    """What it costs that a label covers a row without a name: a total, or a header."""
    baseline_play: float = 0.25
    """Cells that begin together differ by this share of the pitch where their fonts differ."""
    uncovered: float = 5.0
    """What a row costs, per line pitch, that is higher than its highest cell."""
    max_join: float = 12.0
    """A row that joins lines against evidence of this weight is not drawn out further."""
    row_cost: float = 0.2
    """What a row costs by itself."""
    no_value: float = 2.0
    """What a row costs that has nothing in the columns of values."""
    first_discount: float = 0.25
    """The first row of a page may be the rest of a row: what is missing there counts this much."""
    no_first: float = 1.0
    """What a row costs that has nothing in its first column."""
    lone_cell: float = 1.0
    """What a row costs that has one cell only."""
    max_lines: int = 60
    """Lines of one row at most."""

    # labels of several rows
    bare_row: float = 0.4
    """What a row costs that no label covers."""
    bare_lead: float = 0.02
    """The same before the first label: on a later page these rows belong to a label of the page before."""
    mode_margin: float = 1.5
    """Labels of one band stand alike, in the middle or at the top, unless one column differs by more than this."""
    cut_label: float = 0.6
    """What it costs that a label at the edge of the page stands off the middle of its rows there: its cell may go on
    on the next page, or come from the one before."""
    headless: float = 2.0
    """What it costs, where labels stand at the top, that the first row under a header has none."""
    page_edge: float = 0.2
    """Share of the page's height that is its edge, for that purpose."""
    unnested: float = 1.0
    """What it costs that a label begins or ends inside a label of the next column."""
    foreign: float = 1.0
    """What it costs, per row, that a label covers a finer one that never stands under it by the lexicon."""
    several_labels: float = 4.0
    """What a label costs whose lines are several whole labels by the lexicon."""
    uneven: float = 1.3
    """Spaces between rows differ where the largest is this many times the least."""
    label_lines: int = 12
    """Lines of one label at most (labels set downwards have a line per character)."""
    label_off: float = 4.0
    """What a label costs at most that stands off the middle (or the top) of its rows; half a row off costs 2."""
    label_order: float = 1.5
    """What it costs, per row, that a label does not begin with the row it was written before."""
    label_doubt: float = 1.0
    """A label that costs more than this is doubtful."""
    ruled_share: float = 0.6
    """Rules between this share of the rows say which rows a label spans."""

    # tables
    heading_size: float = 1.2
    """A line alone that is this much larger than the page's text is a heading, and ends a table."""
    single_rows: int = 2
    """More lines than this without columns are prose, and end a table."""
    least_rows: int = 3
    """Rows with at least three cells that make a table; one row can go on a table of the page before."""


SETTINGS = UnruledSettings()
