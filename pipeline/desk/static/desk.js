"use strict";
// What the desk adds to pages that work without it: both sides of a form tied together, keys, zoom, counting.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);

// -- 核对: a cell and its place --------------------------------------------------------------------------------

function reveal(element) {
  // Within the paper only the paper scrolls: the rest of the page stays where the person reads.
  const paper = element.closest(".paper");
  if (!paper) return element.scrollIntoView({ block: "nearest" });
  const inside = element.getBoundingClientRect(), frame = paper.getBoundingClientRect();
  paper.scrollTop += inside.top - frame.top - (frame.height - inside.height) / 2;
  paper.scrollLeft += inside.left - frame.left - (frame.width - inside.width) / 2;
}

const bare = (text) => (text || "").replace(/\s/g, "");

function choose(key, from) {
  all(".current").forEach((element) => element.classList.remove("current"));
  all(`[data-cell="${CSS.escape(key)}"]`).forEach((element) => {
    element.classList.add("current");
    if (!from || !from.contains(element)) reveal(element);
  });
  const button = one(`button[data-cell="${CSS.escape(key)}"]`);
  if (button) {
    chooseRow(button, from);
    openCorrection(button);
  }
}

function chooseRow(button, from) {
  const { locator, raw } = button.dataset;
  if (!locator) return;
  // Of several cells of a row that print the same, the one that stands as many places along as on the right.
  const alike = all(`button.cell[data-locator="${CSS.escape(locator)}"]`).filter((each) => each.dataset.raw === raw);
  all(`.paper [data-locator="${CSS.escape(locator)}"]`).forEach((row) => {
    row.classList.add("current");
    if (row.matches("td")) row.closest("tr").classList.add("current");
    const cells = all("td", row).filter((each) => raw && bare(each.textContent) === bare(raw));
    const cell = cells[Math.min(alike.indexOf(button), cells.length - 1)];
    if (cell) cell.classList.add("current");
    if (!from || !from.contains(row)) reveal(row);
  });
}

function openCorrection(button) {
  const form = one("#correct");
  if (!form) return;
  for (const name of ["table", "ordinal", "column"]) form.elements[name].value = button.dataset[name];
  one("#correct-what").textContent = button.dataset.title;
  one("#correct-raw").textContent = button.dataset.raw || "（空）";
  form.elements.value.value = "";
  form.hidden = false;
}

all("button.cell").forEach((button) =>
  button.addEventListener("click", () => choose(button.dataset.cell, one(".understood"))));
all("svg.page rect").forEach((rect) =>
  rect.addEventListener("click", () => choose(rect.dataset.cell, one(".source"))));
all(".paper [data-locator]").forEach((row) =>
  row.addEventListener("click", (event) => {
    const text = bare(event.target.textContent);
    if (row.matches("td")) {
      // A cell whose place is named; one that no value was read from leads to its row.
      const own = one(`button.cell[data-locator="${CSS.escape(row.dataset.locator)}"]`);
      if (own) { event.stopPropagation(); choose(own.dataset.cell, one(".source")); }
      return;
    }
    const there = all("button.cell").filter((button) => button.dataset.locator === row.dataset.locator);
    const alike = there.filter((button) => bare(button.dataset.raw || button.textContent) === text);
    const same = all("td", row).filter((cell) => bare(cell.textContent) === text);
    const beside = one(`.read tr[data-locator="${CSS.escape(row.dataset.locator)}"] button.cell`);
    const cell = alike[Math.min(same.indexOf(event.target), alike.length - 1)] || alike[0] || there[0] || beside;
    if (cell) choose(cell.dataset.cell, one(".source"));
  }));
if (one("#correct-cancel")) one("#correct-cancel").addEventListener("click", () => { one("#correct").hidden = true; });

all("button.cell.marked").forEach((button) =>
  all(`.paper td[data-locator="${CSS.escape(button.dataset.locator)}"]`).forEach((cell) => cell.classList.add("marked")));
if (one("svg.page rect.marked")) reveal(one("svg.page rect.marked"));
if (one("button.cell.marked")) chooseRow(one("button.cell.marked"), null);

let zoom = 1;
function setZoom(value) {
  zoom = Math.min(6, Math.max(0.4, value));
  all("svg.page").forEach((page) => { page.style.width = `${zoom * 100}%`; });
  all("table.grid").forEach((grid) => { grid.style.fontSize = `${0.85 * zoom}rem`; });
}
if (one("#larger")) {
  one("#larger").addEventListener("click", () => setZoom(zoom * 1.25));
  one("#smaller").addEventListener("click", () => setZoom(zoom / 1.25));
  one("#fit").addEventListener("click", () => setZoom(1));
}

// -- 清单: choosing rows ----------------------------------------------------------------------------------------

const rows = all("tr[data-row]");
let at = -1;
function count() {
  if (one("#chosen")) one("#chosen").textContent = `已选 ${all('input[name="id"]:checked').length} 项`;
}
function go(step) {
  if (!rows.length) return;
  if (at >= 0) rows[at].classList.remove("current");
  at = Math.min(rows.length - 1, Math.max(0, at + step));
  rows[at].classList.add("current");
  rows[at].focus();
  rows[at].scrollIntoView({ block: "nearest" });
}
if (one("#all")) {
  one("#all").addEventListener("change", (event) => {
    all('input[name="id"]').forEach((box) => { box.checked = event.target.checked; });
    count();
  });
  all('input[name="id"]').forEach((box) => box.addEventListener("change", count));
}

// -- keys -------------------------------------------------------------------------------------------------------

const VERDICTS = { c: "accepted", d: "dismissed", m: "misread" };
function decide(verdict) {
  const form = one("#decide");
  const button = form && one(`button[value="${verdict}"]`, form);
  if (!button) return;
  const boxes = all('input[type="checkbox"][name="id"]', form);
  if (boxes.length && !boxes.some((box) => box.checked)) {
    if (at < 0) return;
    one('input[name="id"]', rows[at]).checked = true;
  }
  button.click();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const follow = (id) => { const link = one(id); if (link) link.click(); };
  if (rows.length) {
    if (event.key === "j") go(1);
    else if (event.key === "k") go(-1);
    else if (event.key === "x" && at >= 0) { one('input[name="id"]', rows[at]).click(); }
    else if (event.key === "Enter" && at >= 0 && event.target === rows[at]) one("a", rows[at]).click();
  } else if (event.key === "j") follow("#after");
  else if (event.key === "k") follow("#before");
  else if (event.key === "u") follow("#to-list");
  if (VERDICTS[event.key]) decide(VERDICTS[event.key]);
  if (event.key === "Escape" && one("#correct")) one("#correct").hidden = true;
});
