// The convolution explorer: what an output reads, where an input goes, what a weight meets, and the sum with its numbers.

import { area, channels, turned } from "./relation.js";
import { clamp } from "./numbers.js";
import { afterwards, colourTaps, h, root } from "./elements.js";
import { rest, store } from "./address.js";
import { Grid } from "./grid.js";
import { choice, group, player, stepper, switcher, teller, toggle, whisper } from "./controls.js";
import { INPUTS, flatten, largest } from "./arrays.js";
import {
  PLANES,
  SIDE,
  inputsOf,
  isOutside,
  isTransposed,
  outputsOf,
  padValue,
  problem,
  sizes,
  tint,
  valid,
} from "./convolving.js";
import { kernelFor, kernelNamed, kernelsFor, presetOf, reshaping, slidingControls } from "./sliding.js";
import { codeOf, formula, sizeText } from "./explorer_notes.js";
import { lights, look, names, products, rounding, written } from "./explorer_sums.js";

const SIGNS = { correlation: ["⋆"], convolution: ["∗"], transposed: ["⋆", h("sup", {}, "T")] };

/** The weights for other numbers of channels, those that stay as they were. */
function rewired(s, cin, cout, groups, op = s.op) {
  const from = (one, ins, outs, parts) => {
    const [a, b] = one === "transposed" ? [outs, ins] : [ins, outs];
    return channels({ cin: a, cout: b, groups: parts }).map(([co, ci]) => (one === "transposed" ? [ci, co] : [co, ci]));
  };
  const old = from(s.op, inputsOf(s), outputsOf(s), s.groups);
  const at = (co, ci) => old.findIndex(([o, i]) => o === co && i === ci);
  return from(op, cin, cout, groups).map(([co, ci]) => s.w[at(co, ci)] ?? variation(s.w[0], co + ci));
}

/** A kernel for a channel that is new: the first one, turned. */
const variation = (plane, n) => {
  const square = plane.length === plane[0].length;
  if (n % 2 && square) return plane.map((row, y) => row.map((_, x) => plane[x][y]));
  return n % 4 ? plane.map((row) => row.map((v) => (v ? -v : 0))) : structuredClone(plane);
};

const withChannels = (s, cin, cout, groups) => ({
  x: Array.from({ length: cin }, (_, c) => s.x[c] ?? shifted(s.x[0], c)),
  w: rewired(s, cin, cout, groups),
  groups,
  b: s.b.length ? Array.from({ length: cout }, (_, c) => s.b[c] ?? 0) : [],
});

const shifted = (plane, by) => plane.map((_, y) => [...plane[(y + by) % plane.length]]);

function render({ model, el }) {
  const frame = root(el, "explorer", "Convolution explorer");
  const told = teller();
  const heard = whisper();
  const data = store(model, "explorer", (s) => {
    s = valid(s);
    const wrong = problem(s);
    if (!wrong) return s;
    told.say(`This state cannot be shown: ${wrong}. Here is the state of rest.`);
    return rest("explorer");
  });
  const planes = { x: [], w: [], y: [], turned: [], theirs: [] };
  let view = look(data.state);
  let met = null; // what the pointer is over
  let revealed = Infinity; // outputs that are shown while playing
  let drawing = null;

  // Selection
  const selected = () => met ?? sound(data.state.at);
  const sound = ([what, c, y, x]) => {
    const [rows, columns, count] =
      what === "y" ? [...view.out, view.outputs] : [...sizes(data.state[what]), data.state[what].length];
    const [before, left] =
      what === "x" && !isTransposed(data.state) ? [data.state.padding[0], data.state.padding[2]] : [0, 0];
    return [what, clamp(c, 0, count - 1), clamp(y, -before, rows - 1 + before), clamp(x, -left, columns - 1 + left)];
  };
  const pin = (what, c, at) => {
    met = null;
    const next = [what, c, ...at];
    if (String(next) !== String(data.state.at)) data.change({ at: next });
    else show_();
  };
  const hover = (what, c, at) => {
    if (!play.playing()) {
      met = [what, c, ...at];
      show_();
    }
  };
  const leave = () => {
    if (met) {
      met = null;
      show_();
    }
  };

  // Edits
  const edited = (what, c, [y, x], value) => {
    const rounded = rounding(data.state)(value);
    data.change({
      [what]: data.state[what].map((plane, n) =>
        n === c ? plane.map((row, a) => (a === y ? row.map((v, b) => (b === x ? rounded : v)) : row)) : plane,
      ),
    });
    told.say("");
  };

  const grid = (what, c) => {
    const editable = what === "x" || what === "w";
    const at = what === "theirs" ? "y" : what;
    const turn = ([y, x]) => (what === "turned" ? [view.g.kernel[0] - 1 - y, view.g.kernel[1] - 1 - x] : [y, x]);
    const target = what === "turned" ? "w" : at;
    const on = {
      hover: (place) => hover(target, c, turn(place)),
      leave,
      pin: (place) => pin(target, c, turn(place)),
      edit: (place, value) => edited(what, c, place, value),
      refuse: told.say,
      draw: (place, cell) => {
        if (!cell.pad && what === "x" && data.state.x[c][place[0]][place[1]] !== brush) edited("x", c, place, brush);
      },
    };
    const label = {
      x: "input",
      w: "weight",
      y: "output",
      turned: "weight, turned by 180°",
      theirs: "your function's output",
    }[what];
    return new Grid({ label, title: h("span", {}), editable, on });
  };

  // Drawing of the stage
  const stage = h("div", { class: "stage" });
  const columns = Object.fromEntries(
    ["x", "w", "y", "theirs"].map((what) => [what, h("div", { class: `column ${what}` })]),
  );
  const sign = h("span", { class: "sign", "aria-hidden": "true" });
  const equals = h("span", { class: "sign", "aria-hidden": "true" }, "=");
  const part = h("p", { class: "muted part" });
  const stamps = h("p", { class: "muted turnnote" });
  stage.append(columns.x, sign, columns.w, equals, columns.y, columns.theirs);

  const caption = (grid_, name, size, detail) =>
    grid_.caption.replaceChildren(
      h("b", {}, name),
      ` ${size}`,
      detail ? h("span", { class: "muted" }, ` ${detail}`) : "",
    );
  const times = (size) => (data.state.dims === 1 ? String(size[1]) : size.join(" × "));

  function have(what, count, column) {
    while (planes[what].length < count) planes[what].push(grid(what, planes[what].length));
    planes[what].length = count;
    const elements = planes[what].map((g) => g.element);
    if (column.childElementCount !== elements.length || elements.some((e, n) => column.children[n] !== e))
      column.replaceChildren(...elements);
  }

  function fillAll() {
    const s = data.state;
    const n = names(view);
    const theirs = model.get("theirs") ?? null;
    have("x", inputsOf(s), columns.x);
    have("w", s.w.length, columns.w);
    have("y", view.outputs, columns.y);
    const turnedShown = s.op === "convolution" && s.w.length === 1;
    have("turned", turnedShown ? 1 : 0, h("div"));
    if (turnedShown) columns.w.append(stamps, planes.turned[0].element);
    const perRow = s.w.length > 1 ? (isTransposed(s) ? s.w.length / inputsOf(s) : s.w.length / view.outputs) : 1;
    columns.w.style.setProperty("--across", perRow);
    const padded = isTransposed(s) ? [0, 0, 0, 0] : s.padding;
    const top = { x: largest(s.x), w: largest(s.w), y: Math.max(1e-300, ...view.values.map(Math.abs)) };
    planes.x.forEach((g, c) => {
      const [rows, cols] = sizes(s.x);
      g.shape([-padded[0], -padded[2]], [rows + padded[1], cols + padded[3]], [rows, cols]);
      g.fill((y, x) => padValue(view, c, y, x), {
        largest: top.x,
        name: (y, x) => (isOutside([y, x], [rows, cols]) ? "padding" : `x ${n.x(c, [y, x]).join(" ")}`),
      });
      caption(g, planes.x.length > 1 ? `input ${c + s.base}` : "input", times([rows, cols]));
    });
    planes.w.forEach((g, c) => {
      g.shape([0, 0], sizes(s.w), sizes(s.w));
      g.fill((y, x) => s.w[c][y][x], { largest: top.w, name: (y, x) => `w ${n.w(c, [y, x]).join(" ")}` });
      caption(g, "weight", s.w.length > 1 ? weightTitle(view, c) : times(sizes(s.w)));
      tint(g, ([y, x]) => y * view.g.kernel[1] + x);
    });
    planes.turned.forEach((g, c) => {
      g.shape([0, 0], sizes(s.w), sizes(s.w));
      g.fill((y, x) => s.w[c][view.g.kernel[0] - 1 - y][view.g.kernel[1] - 1 - x], {
        largest: top.w,
        name: (y, x) => `turned, row ${y + s.base} column ${x + s.base}`,
      });
      caption(g, "turned", "by 180°");
      tint(g, ([y, x]) => area(view.g.kernel) - 1 - (y * view.g.kernel[1] + x));
    });
    planes.y.forEach((g, c) => {
      g.shape([0, 0], view.out, view.out);
      g.fill((y, x) => (order([y, x], c) > revealed ? null : view.y(c, [y, x])), {
        largest: top.y,
        name: (y, x) => `y ${n.y(c, [y, x]).join(" ")}`,
      });
      caption(g, planes.y.length > 1 ? `output ${c + s.base}` : "output", times(view.out));
    });
    theirsShown(theirs, n, top.y);
    part.textContent = s.part ? `A part is shown: ${s.part}. What is computed is the convolution of this part.` : "";
    part.hidden = !s.part;
    sign.replaceChildren(...SIGNS[s.op].map((part) => part.cloneNode?.(true) ?? part));
    colourTaps(frame.element, view.g.kernel);
    fit();
  }

  function theirsShown(theirs, n, top) {
    const there = Boolean(theirs && (theirs.values || theirs.error));
    columns.theirs.hidden = !there;
    have("theirs", there && theirs.values ? view.outputs : 0, columns.theirs);
    if (!there) return;
    planes.theirs.forEach((g, c) => {
      g.shape([0, 0], view.out, view.out);
      const value = (y, x) => theirs.values[c]?.[y]?.[x] ?? null;
      g.fill(value, { largest: top, name: (y, x) => `${theirs.name} gives ${n.y(c, [y, x]).join(" ")}` });
      caption(g, theirs.name, planes.theirs.length > 1 ? String(c + data.state.base) : "");
      g.cells.forEach((cell) => cell.classList.toggle("wrong", theirs.wrong[c][cell.at[0]][cell.at[1]]));
    });
    columns.theirs.append(h("p", { class: theirs.right ? "verdict right" : "verdict" }, theirs.said));
  }

  const order = ([y, x], c) => (c * view.out[0] + y) * view.out[1] + x;

  function show_() {
    const now = selected();
    const all = products(view, now);
    const lit = lights(view, now, all);
    for (const what of ["x", "w", "y"]) planes[what].forEach((g, c) => g.mark(lit[what][c] ?? []));
    planes.turned.forEach((g, c) =>
      g.mark(lit.w[c].map((m) => ({ ...m, at: [view.g.kernel[0] - 1 - m.at[0], view.g.kernel[1] - 1 - m.at[1]] }))),
    );
    planes.theirs.forEach((g, c) => g.mark((lit.y[c] ?? []).map((m) => ({ ...m, badge: null }))));
    const { parts, sentence } = written(view, now, all);
    readout.replaceChildren(...parts.filter(Boolean));
    if (!met) heard.say(sentence);
    play.update();
  }

  let fitted = 0; // the stage's width that everything is drawn for

  function fit() {
    const width = frame.width();
    if (!width) return;
    fitted = width;
    const across = (g) => (g ? g.columns : 0);
    const perRow = Number(columns.w.style.getPropertyValue("--across")) || 1;
    const pictured = across(planes.x[0]) > 16 ? 1.9 : 1; // an image's kernel is drawn larger
    const wide =
      across(planes.x[0]) +
      across(planes.w[0]) * perRow * pictured +
      across(planes.y[0]) +
      (columns.theirs.hidden ? 0 : across(planes.theirs[0] ?? planes.y[0]));
    const gaps = 150 + (perRow - 1) * 16;
    const tall = Math.max(
      ...["x", "w", "y"].map(
        (what) =>
          planes[what].length &&
          (planes[what][0].to[0] - planes[what][0].from[0]) *
            Math.ceil(planes[what].length / (what === "w" ? perRow : 1)),
      ),
    );
    const row = Math.floor((width - gaps) / wide);
    const single = Math.floor(
      (width - 4) / Math.max(across(planes.x[0]), across(planes.y[0]), across(planes.w[0]) * perRow + (perRow - 1) / 2),
    );
    const below = Math.floor((width - 118 - (perRow - 1) * 16) / (across(planes.w[0]) * perRow + across(planes.y[0])));
    const roomier = Math.min(single, Math.max(below, 24), 40);
    const picture = width > 700 && row >= 8 && across(planes.x[0]) > 16; // too many numbers to read: an image
    const stacked = !picture && (row < 26 ? roomier > row : row < 36 && roomier > 1.15 * row);
    stage.classList.toggle("stacked", stacked);
    const size = clamp(
      stacked ? Math.min(single, below >= 24 ? below : single, 40) : row,
      7,
      tall > 10 ? Math.max(24, Math.floor(540 / tall)) : 56,
    );
    for (const g of Object.values(planes).flat())
      g.fit(picture && (planes.w.includes(g) || planes.turned.includes(g)) ? Math.max(size, 26) : size);
  }

  // Playing: outputs in the order in which the definition's loops meet them
  const count = () => view.outputs * area(view.out);
  const position = () => {
    const [what, c, y, x] = sound(data.state.at);
    return what === "y" ? order([y, x], c) : 0;
  };
  const play = player({
    label: "output",
    count,
    at: position,
    seconds: 0.8,
    go: (n) => {
      met = null;
      if (play.playing()) revealed = n;
      const inPlane = n % area(view.out);
      data.change({
        at: ["y", Math.floor(n / area(view.out)), Math.floor(inPlane / view.out[1]), inPlane % view.out[1]],
      });
    },
    ended: () => {
      revealed = Infinity;
      refresh();
    },
  });

  // Controls
  let brush = 9;
  const s = () => data.state;
  const set = (part) => {
    told.say("");
    data.change(part);
  };
  const few = (label, get, make) =>
    stepper({
      label,
      say: told.say,
      get,
      limits: () => ({
        low: 1,
        high: Math.max(PLANES, get()),
        why: ["there is one at least", "more small multiples are not shown"],
      }),
      set: (v) => set(make(v)),
    });
  const divisors = () =>
    Array.from({ length: Math.max(inputsOf(s()), outputsOf(s())) }, (_, n) => n + 1).filter(
      (n) => inputsOf(s()) % n === 0 && outputsOf(s()) % n === 0,
    );
  const channelsTo = (cin, cout) =>
    withChannels(s(), cin, cout, cin % s().groups || cout % s().groups ? 1 : s().groups);

  const op = switcher({
    label: "Operation",
    hidden: true,
    get: () => s().op,
    set: (v) => reshape({ op: v, w: rewired(s(), inputsOf(s()), outputsOf(s()), s().groups, v) }),
    options: [
      ["correlation", "Correlation"],
      ["convolution", "True convolution"],
      ["transposed", "Transposed"],
    ],
  });
  const dims = switcher({
    label: "Axes",
    hidden: true,
    get: () => s().dims,
    set: (v) => toDims(Number(v)),
    options: [
      [1, "1-D"],
      [2, "2-D"],
    ],
  });
  const base = switcher({
    label: "count from",
    get: () => s().base,
    set: (v) => set({ base: Number(v) }),
    options: [
      [1, "1"],
      [0, "0"],
    ],
  });
  const inputPreset = choice({
    label: "picture",
    none: "your own",
    get: () => presetOf(INPUTS, s().x),
    set: (name) => set({ x: s().x.map((_, c) => INPUTS[name].make(...sizes(s().x), c)), part: "" }),
    options: () => Object.entries(INPUTS).map(([name, p]) => [name, p.text]),
  });
  const kernelPreset = choice({
    label: "kernel",
    none: "your own",
    get: () => kernelNamed(s()),
    set: (name) => setKernel(name),
    options: () => Object.keys(kernelsFor(s().dims)).map((name) => [name, name]),
  });
  const groups = choice({
    label: "groups",
    get: () => String(s().groups),
    set: (v) => set({ groups: Number(v), w: rewired(s(), inputsOf(s()), outputsOf(s()), Number(v)) }),
    options: () => divisors().map((n) => [String(n), String(n)]),
  });
  const draw = toggle({
    label: "draw with",
    get: () => drawing,
    set: (v) => {
      drawing = v;
      refresh();
    },
  });
  const brushStep = stepper({
    label: "brush",
    get: () => brush,
    set: (v) => {
      brush = v;
      refresh();
    },
    say: told.say,
    limits: () => ({ low: -9, high: 9, why: ["one figure is enough for a brush", "one figure is enough for a brush"] }),
  });
  const file = h("input", {
    type: "file",
    accept: "image/*",
    class: "unseen",
    "aria-label": "Own picture",
    onchange: () => openPicture(),
  });
  const own = h("label", { class: "push file" }, file, "Own picture …");

  const cin = few(
    "input channels",
    () => inputsOf(s()),
    (v) => channelsTo(v, outputsOf(s())),
  );
  const cout = few(
    "output channels",
    () => outputsOf(s()),
    (v) => channelsTo(inputsOf(s()), v),
  );
  const { reshape, toDims } = reshaping({
    data,
    set,
    say: told.say,
    refresh: () => refresh(),
    rested: () => rest("explorer"),
  });
  const slide = slidingControls({ data, set, reshape, say: told.say });
  const controls = [inputPreset, kernelPreset, groups, draw, brushStep, cin, cout, slide];

  function setKernel(name) {
    const { why, w } = kernelFor(s(), name);
    if (why) return (told.say(why), refresh());
    set({ w });
  }

  async function openPicture() {
    try {
      const bitmap = await createImageBitmap(file.files[0]);
      const scale = Math.min(1, SIDE / Math.max(bitmap.width, bitmap.height));
      const [width, height] = [bitmap.width, bitmap.height].map((v) => Math.max(1, Math.round(v * scale)));
      const canvas = Object.assign(document.createElement("canvas"), { width, height });
      const context = canvas.getContext("2d");
      context.drawImage(bitmap, 0, 0, width, height);
      const { data: rgba } = context.getImageData(0, 0, width, height);
      const grey = Array.from({ length: height }, (_, y) =>
        Array.from({ length: width }, (_, x) => {
          const n = 4 * (y * width + x);
          return Math.round(0.299 * rgba[n] + 0.587 * rgba[n + 1] + 0.114 * rgba[n + 2]);
        }),
      );
      const next = {
        x: s().x.map(() => grey),
        part: scale < 1 ? `scaled down from ${bitmap.height} × ${bitmap.width}` : "",
      };
      const wrong = problem({ ...s(), ...next, ...(s().dims === 1 ? { dims: 2 } : {}) });
      if (wrong) told.say(`The picture is ${height} × ${width}: ${wrong}.`);
      else set(s().dims === 1 ? { x: s().x.map(() => [grey[Math.floor(height / 2)]]) } : next);
    } catch {
      told.say("This file is no picture that the browser can read. Choose a PNG, a JPEG or a WebP.");
    }
    file.value = "";
  }

  // The page
  const readout = h("div", { class: "readout" });
  const notes = { size: h("div", {}), formula: h("div", {}), code: h("div", {}) };
  const section = (title, content) => h("section", { class: "note" }, h("h2", {}, title), content);
  frame.element.append(
    h("div", { class: "top" }, op.element, dims.element, base.element),
    stage,
    part,
    readout,
    heard.element,
    play.element,
    told.element,
  );
  const below = [
    h(
      "div",
      { class: "deck" },
      group(
        "Input",
        inputPreset,
        slide.rows,
        slide.cols,
        cin,
        h("div", { class: "wrapped" }, draw.element, brushStep.element, own),
      ),
      group("Weight", kernelPreset, slide.krows, slide.kcols, cout, groups),
      group("Window", slide.one, slide.each, slide.mode, slide.apart),
    ),
    h(
      "div",
      { class: "notes" },
      section("Formula", notes.formula),
      section("Size of the output", notes.size),
      section("The same in Python", notes.code),
    ),
  ];
  let whole = false; // whether all that stands below is there

  function refresh() {
    view = look(data.state);
    if (!play.playing()) revealed = Infinity;
    fillAll();
    for (const control of [op, dims, base]) control.update();
    const symmetric =
      JSON.stringify([...turned(flatten(s().w), view.g.kernel)]) === JSON.stringify([...flatten(s().w)]);
    stamps.textContent = symmetric
      ? "This kernel is its own turn: both operations give the same."
      : "is turned, and then it slides:";
    if (whole) refreshBelow();
    show_();
  }

  function refreshBelow() {
    for (const control of controls) control.update();
    groups.element.hidden = divisors().length === 1;
    brushStep.element.hidden = !drawing;
    planes.x.forEach((g) => {
      g.drawing = Boolean(drawing);
      g.table.classList.toggle("drawing", g.drawing);
    });
    const code = codeOf(s());
    notes.code.replaceChildren(...codeLines(code, s(), view));
    notes.size.replaceChildren(...sizeText(view).filter(Boolean));
    notes.formula.replaceChildren(...formula(view));
  }

  const watched = new ResizeObserver(() => frame.width() !== fitted && fit());
  watched.observe(stage);
  const theirsHeard = () => refresh();
  model.on("change:theirs", theirsHeard);
  data.listen(refresh);
  refresh();
  afterwards(() => {
    whole = true;
    refreshBelow();
    frame.element.append(...below);
  });
  return () => {
    play.stop();
    watched.disconnect();
    data.stop();
    model.off?.("change:theirs", theirsHeard);
    frame.stop();
  };
}

function weightTitle({ s, outputs }, plane) {
  const inner = (isTransposed(s) ? outputs : inputsOf(s)) / s.groups;
  return `${Math.floor(plane / inner) + s.base}, ${(plane % inner) + s.base}`;
}

function codeLines(code, s, view) {
  const shape = (list) => `(${list.join(",\u00a0")})`; // a shape stays on one line
  const spatial = (size) => (s.dims === 1 ? [size[1]] : size);
  const inner = (isTransposed(s) ? view.outputs : inputsOf(s)) / s.groups;
  const w = [s.w.length / inner, inner, ...spatial(sizes(s.w))];
  return [
    h(
      "p",
      { class: "muted" },
      `x has shape ${shape([inputsOf(s), ...spatial(sizes(s.x))])}, w ${shape(w)}; y has ${shape([view.outputs, ...spatial(view.out)])}.`,
    ),
    h("pre", { tabindex: "0", "aria-label": "in convolab" }, h("code", { class: "convolab" }, code.convolab)),
    code.torch
      ? h("pre", { tabindex: "0", "aria-label": "in PyTorch" }, h("code", { class: "torch" }, code.torch))
      : h("p", { class: "muted" }, "PyTorch takes only equal padding on both sides here."),
  ];
}

export default { render };
