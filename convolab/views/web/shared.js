// What the widgets share: numbers as text, grids of numbers, controls, a player, a chart, and the state in its address.
// Python joins relation.js and this file to each widget, and before them SCHEMA and KERNELS, read from its own tables.

// ---- Numbers and names ------------------------------------------------------------------------------------------------

const SUBSCRIPTS = { ",": "‚", "-": "₋" };
const MINUS = "−";

/** A number with a minus sign that can be seen, in so many significant digits; whole numbers are written out. */
export function show(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? `${MINUS}∞` : "∞";
  const whole = Number.isInteger(value) && Math.abs(value) < 1e7;
  const rounded = Number(value.toPrecision(digits));
  const text = whole ? String(value) : powers(Math.abs(rounded) < 1e7 ? String(rounded) : rounded.toExponential());
  return (text === "-0" ? "0" : text).replaceAll("-", MINUS);
}

/** A number in a cell beside others of which `top` is the largest: as many decimals as tell them apart. */
export function inCell(value, top, digits = 3) {
  if (Number.isInteger(value) || !Number.isFinite(value)) return show(value);
  const decimals = clamp(digits - 1 - Math.floor(Math.log10(top)), 0, 9);
  const text = decimals > 4 ? show(value, 2) : value.toFixed(decimals).replace("-", MINUS);
  return /[1-9]/.test(text) ? text : text.replace(MINUS, "");
}

const powers = (text) => text.replace(/e\+?(-?)(\d+)$/, (_, sign, n) => `·10${sign ? "⁻" : ""}${[...n].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`);

/** A number as a factor: negative ones in brackets. */
export const factor = (value, digits) => (value < 0 ? `(${show(value, digits)})` : show(value, digits));

/** A number that somebody typed, with any minus sign and a decimal point or comma; NaN for other text. */
export function typed(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

export const indexText = (at) => [...at.join(",")].map((c) => SUBSCRIPTS[c] ?? "₀₁₂₃₄₅₆₇₈₉"[c]).join("");

export const plural = (n, one, many = `${one}s`) => `${n === 1 ? "one" : n} ${n === 1 ? one : many}`;

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);

// ---- Elements ---------------------------------------------------------------------------------------------------------

/** An element with properties (`class`, `onclick`, `aria-…`, any attribute) and children; null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  back: "M11.5 2.5v11L4.5 8zM3 2.5h1.6v11H3z",
  next: "M4.5 2.5v11l7-5.5zM11.4 2.5H13v11h-1.6z",
};

const icon = (name) => svg("svg", { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" }, svg("path", { d: ICONS[name], fill: "currentColor" }));

let made = 0;
const unique = (name) => `cvl-${name}-${++made}`;

/** Elements with a sign between them. */
export const joinedBy = (parts, sign) => parts.flatMap((part, n) => (n ? [h("span", { class: "plus" }, ` ${sign} `), part] : [part]));

export const sub = (name, at) => [h("i", {}, name), h("sub", {}, at.join(","))];

// ---- The state, and its address ---------------------------------------------------------------------------------------

const FORMATS = {
  word: { write: String, read: (text) => text },
  whole: { write: String, read: Number },
  number: { write: String, read: Number },
  wholes: {
    write: (value) => (value.every((v) => v === value[0]) ? String(value[0]) : value.join(",")),
    read: (text, field) => {
      const values = text.split(",").map(Number);
      return values.length === 1 ? Array(field.default.length).fill(values[0]) : values;
    },
  },
  numbers: { write: (value) => value.join(","), read: (text) => (text ? text.split(",").map(Number) : []) },
  place: {
    write: (value) => value.join(","),
    read: (text) => text.split(",").map((part, n) => (n ? Number(part) : part)),
  },
  planes: {
    write: (value) => value.map((plane) => plane.map((row) => row.join(",")).join(";")).join("|"),
    read: (text) => text.split("|").map((plane) => plane.split(";").map((row) => row.split(",").map(Number))),
  },
};

/** The state as the text behind an address's #: what differs from the state of rest. */
export function toAddress(name, state) {
  const parts = Object.entries(SCHEMA[name]).map(([key, field]) => {
    const write = FORMATS[field.kind].write;
    const text = write(state[key] ?? field.default);
    return text === write(field.default) ? null : `${key}=${text.replaceAll(" ", "+")}`;
  });
  return parts.filter(Boolean).join("&");
}

/** The state that such a text stands for; what is unknown or unreadable in it is left as it is at rest. */
export function fromAddress(name, text) {
  const state = rest(name);
  for (const part of decodeURIComponent(text).split("&")) {
    const [key, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    const field = SCHEMA[name][key];
    if (!field || !part.includes("=")) continue;
    const read = FORMATS[field.kind].read(value.replaceAll("+", " "), field);
    if (readable(read, field)) state[key] = read;
  }
  return state;
}

const readable = (value, field) =>
  [value].flat(Infinity).every((v) => typeof v === "string" || Number.isFinite(v)) &&
  (field.choices.length === 0 || field.choices.includes(value)) &&
  (field.kind !== "wholes" || (value.length === field.default.length && value.every(Number.isInteger))) &&
  (field.kind !== "whole" || Number.isInteger(value)) &&
  (field.kind !== "planes" || value.every((p) => p.length === value[0].length && p.every((row) => row.length === value[0][0].length)));

export const rest = (name) => structuredClone(Object.fromEntries(Object.entries(SCHEMA[name]).map(([key, f]) => [key, f.default])));

/** The state of a widget: read from the model, made valid by `valid`, told to everyone who listens. */
export function store(model, name, valid = (state) => state) {
  const listeners = [];
  const read = () => valid({ ...rest(name), ...structuredClone(model.get("state") ?? {}) });
  const self = {
    state: read(),
    listen: (listener) => listeners.push(listener),
    change(part) {
      self.state = valid({ ...self.state, ...part });
      model.set("state", self.state);
      save();
      listeners.forEach((listener) => listener(self.state));
    },
    stop: () => model.off?.("change:state", heard),
  };
  const save = delayed(() => model.save_changes(), 120);
  const heard = () => {
    if (model.get("state") === self.state) return;
    self.state = read();
    listeners.forEach((listener) => listener(self.state));
  };
  model.on("change:state", heard);
  return self;
}

function delayed(action, milliseconds) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}

// ---- Light and dark ---------------------------------------------------------------------------------------------------

/** The root of a widget, light or dark as what lies behind it: a page, or the theme of a notebook. */
export function root(el, name, label) {
  const element = h("div", { class: `cvl cvl-${name}`, role: "group", "aria-label": label });
  el.append(element);
  const paint = () => { element.dataset.theme = isDark(el) ? "dark" : "light"; };
  const watch = new MutationObserver(paint);
  for (const target of [document.documentElement, document.body])
    watch.observe(target, { attributes: true, attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light", "data-color-mode"] });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", paint);
  paint();
  return { element, stop: () => (watch.disconnect(), media.removeEventListener("change", paint), element.remove()) };
}

/** A colour, in whatever notation it is written, as red, green, blue and opacity, 0 to 255. */
export function rgbOf(colour) {
  const pixel = (rgbOf.canvas ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 })).getContext("2d", { willReadFrequently: true });
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data];
}

function isDark(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode()?.host) {
    const [r, g, b, alpha] = rgbOf(getComputedStyle(node).backgroundColor);
    if (alpha > 127) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

// ---- The colours of a kernel's places -----------------------------------------------------------------------------------

/** Give every place of a kernel a colour between those of its corners, as --tap-0, --tap-1, … */
export function colourTaps(element, [rows, columns]) {
  const mix = (from, to, share) => `color-mix(in oklab, ${from}, ${to} ${(100 * share).toFixed(1)}%)`;
  const share = (n, count) => (count > 1 ? n / (count - 1) : 0.5);
  const line = (f) => (f < 0.5 ? mix("var(--northwest)", "var(--northeast)", 2 * f) : mix("var(--northeast)", "var(--southeast)", 2 * f - 1));
  const side = (west, east, f) => mix(`var(--${west})`, `var(--${east})`, f);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const f = share(x, columns);
      const colour = rows === 1 ? line(columns > 1 ? f : 0) : mix(side("northwest", "northeast", f), side("southwest", "southeast", f), share(y, rows));
      element.style.setProperty(`--tap-${y * columns + x}`, colour);
    }
}

// ---- Grids ------------------------------------------------------------------------------------------------------------

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
    this.element = h("figure", { class: "plane" }, this.caption, h("div", { class: "frame" }, this.table, this.overlay));
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

  has([y, x]) { return y >= this.from[0] && x >= this.from[1] && y < this.to[0] && x < this.to[1]; }

  get([y, x]) { return this.cells[(y - this.from[0]) * this.columns + x - this.from[1]]; }

  /** Show value(y, x) in every cell, coloured by sign and size; name(y, x) begins what a screen reader says. */
  fill(value, { name, largest = null, digits = 3, plain = false } = {}) {
    const values = this.cells.map((cell) => value(...cell.at));
    const known = values.filter(Number.isFinite);
    const top = largest ?? Math.max(1e-300, ...known.map(Math.abs));
    this.cells.forEach((cell, n) => {
      const v = values[n];
      const text = v == null ? "" : inCell(v, top, digits);
      if (cell.text.data !== text) cell.text.data = text;
      cell.style.setProperty("--share", v == null || !Number.isFinite(v) ? 0 : Math.min(1, Math.abs(v) / top).toFixed(3));
      cell.classList.toggle("negative", v < 0);
      cell.setAttribute("aria-label", `${name(...cell.at)}${v == null ? "" : `: ${show(v)}`}`);
    });
    this.longest = plain ? 0 : Math.max(1, ...this.cells.map((cell) => cell.text.length));
    this.fit(this.size);
  }

  /** The width of a cell in pixels; numbers that would be too small to read are left out. */
  fit(size) {
    if (!size) return;
    this.size = size;
    const font = Math.min(size * 0.42, (size * 1.5) / Math.max(1, this.longest ?? 1), 20);
    this.table.style.setProperty("--cell", `${size}px`);
    this.table.style.setProperty("--font", `${font.toFixed(1)}px`);
    this.table.classList.toggle("wordless", font < 8 || this.longest === 0);
    this.table.classList.toggle("small", size < 34);
  }

  /** Light cells: {at, kinds, tap, badge}; what was lit before is not any more. */
  mark(marks) {
    for (const cell of this.marked) {
      cell.classList.remove("window", "target", "met", "unused", "source");
      cell.removeAttribute("data-badge");
      cell.style.removeProperty("--tap");
    }
    this.marked = [];
    const boxes = [];
    for (const { at, kind, tap, badge } of marks) {
      if (!this.has(at)) continue;
      const cell = this.get(at);
      cell.classList.add(kind);
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
    table.addEventListener("dblclick", (event) => { const cell = cellOf(event); if (cell) this.edit(cell); });
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
      ArrowUp: [y - 1, x], ArrowDown: [y + 1, x], ArrowLeft: [y, x - 1], ArrowRight: [y, x + 1],
      Home: [event.ctrlKey ? this.from[0] : y, this.from[1]], End: [event.ctrlKey ? this.to[0] - 1 : y, this.to[1] - 1],
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
    const field = h("input", { class: "edit", type: "text", "aria-label": cell.getAttribute("aria-label"), autocomplete: "off" });
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

// ---- Controls ---------------------------------------------------------------------------------------------------------

/**
 * A whole number between limits that can be looked at before they are met.
 *
 * `limits()` gives {low, high, why: [of the low, of the high]}; a step beyond is not taken, and `say` is told why.
 */
export function stepper({ label, get, set, limits, say, unit = "" }) {
  const id = unique("step");
  const value = h("output", { class: "value", id, role: "spinbutton", tabindex: "0", "aria-label": label });
  const name = h("span", { class: "name", "aria-hidden": "true" }, label);
  const step = (by) => {
    const { low, high, why } = limits();
    const next = get() + by;
    if (next < low) say(`${label} stops at ${low}: ${why[0]}.`);
    else if (next > high) say(`${label} stops at ${high}: ${why[1]}.`);
    else set(next);
  };
  const button = (by, sign, text) => h("button", { type: "button", class: "step", "aria-label": `${text} ${label}`, tabindex: "-1", onclick: () => step(by) }, sign);
  const [less, more] = [button(-1, MINUS, "less"), button(1, "+", "more")];
  value.addEventListener("keydown", (event) => {
    const { low, high } = limits();
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, Home: low - get(), End: high - get() }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    if (by || event.key.startsWith("Arrow")) step(by);
  });
  const element = h("div", { class: "control stepper" }, name, h("span", { class: "buttons" }, less, value, more));
  const update = () => {
    const { low, high, why } = limits();
    value.textContent = `${get()}${unit}`;
    for (const [attribute, content] of [["valuenow", get()], ["valuemin", low], ["valuemax", high], ["valuetext", `${get()}, from ${low} to ${high}`]])
      value.setAttribute(`aria-${attribute}`, content);
    for (const [end, at, text] of [[less, get() <= low, why[0]], [more, get() >= high, why[1]]]) {
      end.setAttribute("aria-disabled", at);
      end.title = at ? `stops here: ${text}` : "";
    }
  };
  return { element, update };
}

/** A choice from a list. `options()` gives [[value, text], …]; where a value is none of them, `none` is shown. */
export function choice({ label, get, set, options, none = null }) {
  const id = unique("choice");
  const list = h("select", { id, onchange: () => set(list.value) });
  const element = h("div", { class: "control choice" }, h("label", { class: "name", for: id }, label), list);
  let shown = "";
  const update = () => {
    const all = [...(none && !options().some(([value]) => value === get()) ? [["", none]] : []), ...options()];
    const key = JSON.stringify(all);
    if (key !== shown) list.replaceChildren(...all.map(([value, text]) => h("option", { value }, text)));
    shown = key;
    list.value = options().some(([value]) => value === get()) ? get() : "";
  };
  return { element, update };
}

/** A choice of a few, all in sight. */
export function switcher({ label, get, set, options, hidden = false }) {
  const name = unique("switch");
  const fields = options.map(([value, text]) => {
    const field = h("input", { type: "radio", name, value, onchange: () => set(value) });
    return [field, h("label", {}, field, h("span", {}, text))];
  });
  const legend = h("span", { class: hidden ? "unseen" : "name", id: `${name}-label` }, label);
  const element = h("div", { class: "control switch", role: "radiogroup", "aria-labelledby": `${name}-label` }, legend, h("span", { class: "options" }, fields.map(([, l]) => l)));
  return { element, update: () => fields.forEach(([field]) => { field.checked = field.value === String(get()); }) };
}

/** On or off. */
export function toggle({ label, get, set }) {
  const field = h("input", { type: "checkbox", onchange: () => set(field.checked) });
  const element = h("label", { class: "control toggle" }, field, h("span", {}, label));
  return { element, update: () => { field.checked = Boolean(get()); } };
}

/** A number on a scale: `get` and `set` deal in steps from 0 to `steps`, `text` says what a step is. */
export function slider({ label, get, set, steps, text }) {
  const id = unique("slide");
  const field = h("input", { type: "range", id, min: 0, step: 1, oninput: () => set(Number(field.value)) });
  const value = h("output", { class: "value", for: id });
  const element = h("div", { class: "control slider" }, h("label", { class: "name", for: id }, label), field, value);
  const update = () => {
    field.max = steps();
    field.value = get();
    value.textContent = text();
    field.setAttribute("aria-valuetext", text());
  };
  return { element, update };
}

export const button = (text, onclick, properties = {}) => h("button", { type: "button", class: "push", onclick, ...properties }, text);

export const group = (title, ...controls) =>
  h("fieldset", { class: "controls" }, h("legend", {}, title), controls.map((c) => c?.element ?? c));

/** Play, step and scrub through `count()` moments; `at()` is the present one and `go(n)` shows another. */
export function player({ label, count, at, go, seconds = 0.7, ended = () => {} }) {
  let timer = null;
  const playing = () => timer !== null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    draw();
  };
  const start = () => {
    if (at() >= count() - 1) go(0);
    timer = setInterval(() => {
      if (!element.isConnected || at() >= count() - 1) return stop(), ended();
      go(at() + 1);
    }, 1000 * seconds * (3 / Math.sqrt(count() + 1)) ** 0.8);
    go(at());
    draw();
  };
  const toggle = h("button", { type: "button", class: "push play", onclick: () => (playing() ? (stop(), ended()) : start()) });
  const step = (by) => () => {
    if (playing()) stop();
    go(clamp(at() + by, 0, count() - 1));
    ended();
  };
  const range = h("input", { type: "range", min: 0, step: 1, "aria-label": label, oninput: () => (playing() && stop(), go(Number(range.value))), onchange: () => ended() });
  const where = h("output", { class: "where" });
  const element = h("div", { class: "player", role: "group", "aria-label": "Play" },
    h("button", { type: "button", class: "push", "aria-label": "step back", onclick: step(-1) }, icon("back")), toggle,
    h("button", { type: "button", class: "push", "aria-label": "step on", onclick: step(1) }, icon("next")), range, where);
  const draw = () => {
    toggle.replaceChildren(icon(playing() ? "pause" : "play"), playing() ? "Pause" : "Play");
  };
  const update = () => {
    range.max = count() - 1;
    range.value = at();
    where.textContent = `${at() + 1} / ${count()}`;
    range.setAttribute("aria-valuetext", `${label} ${at() + 1} of ${count()}`);
  };
  draw();
  return { element, update, playing, stop };
}

/** A line of words that tells of refusals and of what is selected, for the eye and for a screen reader. */
export function teller() {
  const element = h("p", { class: "said", role: "status" });
  return { element, say: (text) => { element.textContent = text; } };
}

/** What is read aloud and not shown: the cell that is selected, in a sentence. */
export function whisper() {
  const element = h("p", { class: "unseen", "aria-live": "polite" });
  const say = delayed(() => { element.textContent = next; }, 200);
  let next = "";
  return { element, say: (text) => ((next = text), say()) };
}

// ---- Charts -----------------------------------------------------------------------------------------------------------

/**
 * Lines over an axis: {label, x: {text, log}, y: {text, log}, lines: [{points, kind, text}], marks: [{x, y, text}],
 * levels: [{y, text}]}, drawn anew by each call into an svg of its own width.
 */
export function chart(element, { label, x, y, lines, marks = [], levels = [], height = 220 }) {
  const width = Math.max(280, element.parentElement?.clientWidth || 480);
  const [left, right, top, bottom] = [64, 14, 14, 40];
  const scaled = { x: x.log ? Math.log10 : Number, y: y.log ? Math.log10 : Number };
  const points = lines.flatMap((l) => l.points).map(([a, b]) => [scaled.x(a), scaled.y(b)]).filter((p) => p.every(Number.isFinite));
  const ys = [...points.map((p) => p[1]), ...levels.map((l) => scaled.y(l.y)), ...(y.zero ? [0] : [])].filter(Number.isFinite);
  const bounds = (values) => { const [a, b] = [Math.min(...values), Math.max(...values)]; return a < b ? [a, b] : [a - 1, b + 1]; };
  const [x0, x1] = bounds(points.map((p) => p[0]));
  const [y0, y1] = y.range ?? bounds(ys);
  const px = (v) => left + ((v - x0) / (x1 - x0)) * (width - left - right);
  const py = (v) => top + ((y1 - v) / (y1 - y0)) * (height - top - bottom);
  const text = (a, b, content, anchor = "middle", kind = "") => svg("text", { x: a, y: b, "text-anchor": anchor, class: kind }, content);
  const parts = [];
  for (const v of ticks(y0, y1, y.log)) {
    parts.push(svg("line", { x1: left, x2: width - right, y1: py(v), y2: py(v), class: "gridline" }));
    parts.push(text(left - 8, py(v) + 4, y.log ? power(v) : show(v, 3), "end"));
  }
  for (const v of ticks(x0, x1, x.log, 6)) parts.push(text(px(v), height - bottom + 18, x.log ? power(v) : show(v, 3)));
  parts.push(text((left + width - right) / 2, height - 5, x.text, "middle", "axis"), svg("text", { class: "axis", "text-anchor": "middle", transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)` }, y.text));
  for (const l of levels) {
    const at = py(scaled.y(l.y));
    parts.push(svg("line", { x1: left, x2: width - right, y1: at, y2: at, class: "level" }), text(width - right - 4, at > top + 24 ? at - 6 : at + 16, l.text, "end", "levelname"));
  }
  for (const l of lines) {
    const d = l.points.map(([a, b]) => [px(scaled.x(a)), py(scaled.y(b))]).filter((p) => p.every(Number.isFinite)).map((p) => p.map((v) => v.toFixed(1)).join(","));
    parts.push(svg("polyline", { points: d.join(" "), class: `line ${l.kind}` }));
    const [share, dy] = l.label ?? [];
    const [a, b] = d[Math.round((1 - share) * (d.length - 1))]?.split(",").map(Number) ?? [];
    if (b !== undefined) parts.push(text(a, b + dy, l.text, "middle", "levelname"));
  }
  for (const m of marks) {
    const [a, b] = [px(scaled.x(m.x)), py(scaled.y(m.y))];
    if (Number.isFinite(a) && Number.isFinite(b)) parts.push(svg("circle", { cx: a, cy: clamp(b, top, height - bottom), r: 6, class: "dot" }));
  }
  element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element.setAttribute("width", width);
  element.setAttribute("height", height);
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  element.replaceChildren(...parts);
}

const power = (v) => `10${[...String(Math.round(v))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;

function ticks(low, high, log, count = 4) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = log ? Math.max(1, Math.ceil(rough)) : unit * ([1, 2, 5, 10].find((m) => m * unit >= rough) ?? 10);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step) found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return found;
}
