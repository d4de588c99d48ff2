// Planes of numbers that can be met with the pointer or with arrow keys, and edited.

import { inCell, show, typed } from "./numbers.js";
import { h, svg } from "./elements.js";

const KINDS_OF_MARKS = "window target met unused source right swapped extra absent".split(" ");

/**
 * A plane of numbers: cells that can be met with the pointer or with arrow keys, and edited.
 *
 * `on` has hover(at), leave(), pin(at), edit(at, number), refuse(text), draw(at): those that are there are called. Cells
 * outside `inside` are padding. Values are set by `fill`, what is lit by `mark`.
 */
export class Grid {
  constructor({ label, title, editable = false, on = {} }) {
    Object.assign(this, { label, editable, on, cells: [], marked: [], active: null, from: [0, 0], to: [0, 0] });
    this.table = h("div", { class: "table", role: "grid", "aria-label": label });
    this.caption = h("figcaption", {}, ...[title].flat());
    this.many = svg("path", { class: "many" });
    this.overlay = svg("svg", { class: "overlay", preserveAspectRatio: "none", "aria-hidden": "true" }, this.many);
    this.element = h(
      "figure",
      { class: "plane" },
      this.caption,
      h("div", { class: "frame" }, this.table, this.overlay),
    );
    this.listen();
  }

  /** Lay out cells from `from` to before `to`, those outside `inside` as padding; nothing happens where they lie so already. */
  shape(from, to, inside) {
    const key = JSON.stringify([from, to, inside]);
    if (key === this.key) return;
    Object.assign(this, { key, from, to, inside, marked: [] });
    this.columns = to[1] - from[1];
    this.cells = [];
    const rows = [];
    for (let y = from[0]; y < to[0]; y++) {
      const row = h("div", { role: "row", class: "row" });
      for (let x = from[1]; x < to[1]; x++) row.append(this.cell(y, x));
      rows.push(row);
    }
    this.table.replaceChildren(...rows);
    this.table.style.setProperty("--columns", this.columns);
    this.overlay.setAttribute("viewBox", `0 0 ${this.columns} ${to[0] - from[0]}`);
    this.table.setAttribute("aria-rowcount", to[0] - from[0]);
    this.table.setAttribute("aria-colcount", this.columns);
    if (this.editable) this.table.removeAttribute("aria-readonly");
    else this.table.setAttribute("aria-readonly", "true");
    this.activate(this.active && this.has(this.active) ? this.active : [Math.max(0, from[0]), Math.max(0, from[1])]);
  }

  cell(y, x) {
    const pad = y < 0 || x < 0 || y >= this.inside[0] || x >= this.inside[1];
    const text = h("span", {});
    const cell = h("div", { role: "gridcell", tabindex: "-1", class: pad ? "cell pad" : "cell" }, text);
    Object.assign(cell, { at: [y, x], text: text.firstChild ?? text.appendChild(document.createTextNode("")), pad });
    this.cells.push(cell);
    return cell;
  }

  has([y, x]) {
    return y >= this.from[0] && x >= this.from[1] && y < this.to[0] && x < this.to[1];
  }

  get([y, x]) {
    return this.cells[(y - this.from[0]) * this.columns + x - this.from[1]];
  }

  /**
   * Show value(y, x) in every cell, coloured by sign and size; name(y, x) begins what a screen reader says. There is room
   * for so many characters at least.
   */
  fill(value, { name, largest = null, digits = 3, room = 1 } = {}) {
    const values = this.cells.map((cell) => value(...cell.at));
    const known = values.filter(Number.isFinite);
    const top = largest ?? Math.max(1e-300, ...known.map(Math.abs));
    this.cells.forEach((cell, n) => {
      const v = values[n];
      const text = v == null ? "" : inCell(v, top, digits);
      if (cell.text.data !== text) cell.text.data = text;
      cell.style.setProperty(
        "--share",
        v == null || !Number.isFinite(v) ? 0 : Math.min(1, Math.abs(v) / top).toFixed(3),
      );
      cell.classList.toggle("negative", v < 0);
      cell.setAttribute("aria-label", `${name(...cell.at)}${v == null ? "" : `: ${show(v)}`}`);
    });
    this.longest = Math.max(room, ...this.cells.map((cell) => cell.text.length));
    this.fit(this.size);
  }

  /** The width of a cell in pixels; numbers that would be too small to read are left out. */
  fit(size) {
    if (!size) return;
    this.size = size;
    const font = Math.min(size * 0.42, (size * 1.2) / Math.max(1, this.longest ?? 1), 20);
    this.table.style.setProperty("--cell", `${size}px`);
    this.table.style.setProperty("--font", `${font.toFixed(1)}px`);
    this.table.classList.toggle("wordless", font < 8);
    this.table.classList.toggle("small", size < 34);
  }

  /** Light cells: {at, kinds, tap, badge}; what was lit before is not any more. */
  mark(marks) {
    for (const cell of this.marked) {
      cell.classList.remove(...KINDS_OF_MARKS);
      cell.removeAttribute("data-badge");
      cell.removeAttribute("aria-selected");
      cell.style.removeProperty("--tap");
    }
    this.marked = [];
    const boxes = [];
    for (const { at, kind, tap, badge } of marks) {
      if (!this.has(at)) continue;
      const cell = this.get(at);
      cell.classList.add(kind);
      if (kind === "target") cell.setAttribute("aria-selected", "true");
      if (kind === "met") {
        // Of what may be a thousand cells one path is drawn; no rule of the style sheet knows this class.
        if (!boxes.length) this.many.style.setProperty("--tap", `var(--tap-${tap})`);
        boxes.push(`M${at[1] - this.from[1] + 0.06} ${at[0] - this.from[0] + 0.06}h.88v.88h-.88z`);
      } else if (tap != null) cell.style.setProperty("--tap", `var(--tap-${tap})`);
      if (badge != null) cell.dataset.badge = badge;
      this.marked.push(cell);
    }
    if (boxes.length || this.boxes) this.many.setAttribute("d", boxes.join(""));
    this.boxes = boxes.length;
  }

  activate(at) {
    if (this.active && this.has(this.active)) this.get(this.active)?.setAttribute("tabindex", "-1");
    this.active = at;
    this.get(at)?.setAttribute("tabindex", "0");
  }

  focus(at) {
    this.activate(at);
    this.get(at).focus({ preventScroll: false });
  }

  listen() {
    const cellOf = (event) => event.target.closest?.(".cell");
    const table = this.table;
    table.addEventListener("pointerover", (event) => {
      const cell = cellOf(event);
      if (!cell || event.pointerType === "touch") return;
      if (this.drawing && event.buttons) this.on.draw?.(cell.at, cell);
      else this.on.hover?.(cell.at, cell);
    });
    table.addEventListener("pointerleave", () => this.on.leave?.());
    table.addEventListener("pointerdown", (event) => this.press(event, cellOf(event)));
    table.addEventListener("pointermove", (event) => {
      if (!this.drawing || event.pointerType !== "touch") return;
      const cell = table.getRootNode().elementFromPoint(event.clientX, event.clientY)?.closest?.(".cell");
      if (cell && table.contains(cell)) this.on.draw?.(cell.at, cell);
    });
    table.addEventListener("dblclick", (event) => {
      const cell = cellOf(event);
      if (cell) this.edit(cell);
    });
    table.addEventListener("keydown", (event) => this.key_(event, cellOf(event)));
    table.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (!cell || cell === event.target.closest(".editing")) return;
      this.activate(cell.at);
      if (!this.drawing) this.on.pin?.(cell.at, cell);
    });
  }

  press(event, cell) {
    if (!cell || event.button > 0 || cell.classList.contains("editing")) return;
    if (this.drawing && !cell.pad) {
      event.preventDefault();
      this.on.draw?.(cell.at, cell);
    } else if (cell.classList.contains("target") && event.pointerType === "touch") this.edit(cell);
  }

  key_(event, cell) {
    if (!cell || cell.classList.contains("editing")) return;
    const [y, x] = cell.at;
    const to = {
      ArrowUp: [y - 1, x],
      ArrowDown: [y + 1, x],
      ArrowLeft: [y, x - 1],
      ArrowRight: [y, x + 1],
      Home: [event.ctrlKey ? this.from[0] : y, this.from[1]],
      End: [event.ctrlKey ? this.to[0] - 1 : y, this.to[1] - 1],
    }[event.key];
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if (to) {
      event.preventDefault();
      if (this.has(to)) this.focus(to);
    } else if (event.key === "Enter" || event.key === "F2") {
      event.preventDefault();
      this.edit(cell);
    } else if (plain && /^[-−+.\d]$/.test(event.key)) {
      event.preventDefault();
      this.edit(cell, event.key);
    }
  }

  /** Let a number be typed in a cell: Enter or leaving keeps it, Escape does not. */
  edit(cell, first = null) {
    if (!this.editable || cell.pad || cell.classList.contains("editing")) return;
    const before = cell.text.data;
    const field = h("input", {
      class: "edit",
      type: "text",
      "aria-label": cell.getAttribute("aria-label"),
      autocomplete: "off",
    });
    field.value = first ?? before;
    let open = true;
    const close = (keep, again) => {
      if (!open) return;
      open = false;
      const value = typed(field.value);
      field.remove();
      cell.classList.remove("editing");
      if (again) cell.focus();
      if (!keep || field.value === before) return;
      if (Number.isFinite(value)) this.on.edit?.(cell.at, value);
      else this.on.refuse?.(`“${field.value}” is no number. The cell keeps ${before}.`);
    };
    field.addEventListener("keydown", (event) => {
      event.stopPropagation();
      if (event.key === "Enter" || event.key === "Escape") {
        event.preventDefault();
        close(event.key === "Enter", true);
      }
    });
    field.addEventListener("blur", () => close(true, false));
    cell.classList.add("editing");
    cell.append(field);
    field.focus();
    if (first == null) field.select();
  }
}
