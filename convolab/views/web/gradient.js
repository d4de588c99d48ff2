// The gradient explorer: the same taps read backwards, and the finite difference beside what they add up to.

import { forward, inputGradient, weightGradient } from "./relation.js";
import { Grid, chart, choice, clamp, colourTaps, factor, group, h, indexText, joinedBy, plural, rest, root, show, slider, store, sub, svg, switcher, teller, whisper } from "./shared.js";
import { INPUTS, flatten, largest, planesOf } from "./arrays.js";
import { crossed, geometryOf, isOutside, kernelFor, kernelNamed, kernelsFor, pads, padValue, place, presetOf, problem, reshaping, sizes, slidingControls, tapNumber, tint, valid } from "./convolving.js";

const ONE = { op: "correlation", groups: 1, extra: [0, 0], b: [] };
const DRAWN = 12; // pixels along an axis, at most
const SMALLEST = 14; // ε goes down to 10^-14
const WRITTEN = 30;

// What the loss is of the outputs, what it hands back to each of them, and what is worth saying about it.
const LOSSES = {
  squares: { text: "L = Σ y²", of: (y) => y * y, slope: (y) => 2 * y, name: "2·y", note: "Σ y² is quadratic in every number, and the central difference of a parabola is exact: what is left is rounding, and it grows as ε shrinks. ε = 1 is best." },
  smooth: { text: "L = Σ √(1 + y²)", of: (y) => Math.sqrt(1 + y * y), slope: (y) => y / Math.sqrt(1 + y * y), name: "y / √(1 + y²)", note: "To the right the loss bends within ε, and the error falls like ε²; to the left rounding is divided by ε. The best ε lies between." },
  sum: { text: "L = Σ y", of: (y) => y, slope: () => 1, name: "1", note: "Σ y is linear: its difference is exact up to rounding for every ε." },
};
const ROUND = { float32: Math.fround, float64: Number };

function look(s) {
  const g = geometryOf(s);
  const [x, w] = [flatten(s.x), flatten(s.w)];
  const y = forward(g, x, w);
  const dy = y.map(LOSSES[s.loss].slope);
  const view = { s, g, from: "i", to: "o", flip: (k) => k, x, w, y, dy, dx: inputGradient(g, w, dy), dw: weightGradient(g, x, dy) };
  view.planes = { x: s.x[0], w: s.w[0], y: planesOf(y, g.output)[0], dx: planesOf(view.dx, g.input)[0], dw: planesOf(view.dw, g.kernel)[0], dy: planesOf(dy, g.output)[0] };
  return view;
}

/** Every tap of an element of x, w or y, outputs rising. */
function tapsOf(view, [what, , ...at]) {
  const letter = { x: "i", w: "k", y: "o" }[what];
  return crossed(view.g.by[0][letter][at[0]], view.g.by[1][letter][at[1]]).map(([ty, tx]) => place(view, ty, tx));
}

/** (L(+ε) − L(−ε)) / 2ε in a type: each number rounded, the outputs' losses subtracted before they are summed. */
export function difference(view, [what, , ...at], epsilon, type) {
  const round = ROUND[type];
  const loss = (v) => round(LOSSES[view.s.loss].of(v));
  const columns = (what === "x" ? view.g.input : view.g.kernel)[1];
  const shifted = (by) => {
    const arrays = { x: view.x.map(round), w: view.w.map(round) };
    arrays[what][at[0] * columns + at[1]] = round(arrays[what][at[0] * columns + at[1]] + by);
    return forward(view.g, arrays.x, arrays.w, round);
  };
  const [up, down] = [shifted(epsilon), shifted(-epsilon)];
  const total = up.reduce((sum, v, n) => round(sum + round(loss(v) - loss(down[n]))), 0);
  return round(total / round(2 * epsilon));
}

const relative = (found, exact) => (found === exact ? 0 : Math.abs(found - exact) / Math.max(Math.abs(found), Math.abs(exact)));

/** The error of the difference for every ε, from 1 down. */
function errorCurve(view, selected, exact, type) {
  const points = [];
  for (let n = 0; n <= 2 * SMALLEST; n++) points.push([10 ** (-n / 2), Math.max(relative(difference(view, selected, 10 ** (-n / 2), type), exact), 1e-17)]);
  return points;
}

function lights(view, selected, all) {
  const [what, , ...at] = selected;
  const lit = { x: [], w: [], y: [] };
  for (const p of all) {
    const [tap, badge] = [tapNumber(view, p.k), what === "w" ? null : `×${show(view.planes.w[p.k[0]][p.k[1]], 3)}`];
    const kind = what === "w" ? "met" : "window";
    if (what !== "x") lit.x.push({ at: p.x, kind, tap, badge });
    if (what !== "y") lit.y.push({ at: p.y, kind, tap, badge });
    if (what !== "w") lit.w.push({ at: p.k, kind: "window", tap });
  }
  lit[what].push({ at, kind: "target" });
  return lit;
}

// ---- Words ------------------------------------------------------------------------------------------------------------

const index = (view, at) => (view.s.dims === 1 ? at.slice(1) : at).map((v) => v + view.s.base);
const slope = (view, letter, at) => [h("span", { class: "partial" }, "∂L/∂"), sub(letter, index(view, at))];
const term = (view, p, ...content) => h("span", { class: "term", style: `--tap: var(--tap-${tapNumber(view, p.k)})` }, content);

/** A sum over taps in symbols and in numbers: `factors(p)` gives [[name, position, number], …] for each. */
function sum(view, head, all, factors, result) {
  const symbols = all.slice(0, WRITTEN).map((p) => term(view, p, factors(p).flatMap(([name, at], n) => [n ? "·" : "", sub(name, index(view, at))])));
  const numbers = all.slice(0, WRITTEN).map((p) => term(view, p, factors(p).map(([, , v]) => factor(v)).join("·")));
  const more = () => (all.length > WRITTEN ? h("span", { class: "muted" }, ` … and ${all.length - WRITTEN} more`) : "");
  return [
    h("p", { class: "terms symbols" }, head(), " = ", all.length ? joinedBy(symbols, "+") : "0", more()),
    h("p", { class: "terms numbers" }, h("span", { class: "unseen" }, "with numbers: "), h("span", { class: "hang", "aria-hidden": "true" }, head()), " = ", all.length ? joinedBy(numbers, "+") : "0", more(), h("span", { class: "plus" }, " = "), h("strong", { class: "result" }, show(result, 6))),
  ];
}

function written(view, selected, all) {
  const [what, , ...at] = selected;
  const p = view.planes;
  const pick = (plane, [y, x]) => plane[y][x];
  if (what === "x") {
    const taps = view.g.kernel[0] * view.g.kernel[1];
    const few = all.length < taps ? `Only ${all.length} of the ${plural(taps, "weight")} ${all.length === 1 ? "meets" : "meet"} this input: the others would belong to outputs that do not exist.` : all.length > taps ? "It stands in the padding too, and what arrives there comes back to it." : "Every weight meets it once: the kernel is read backwards, outputs rising, weights falling.";
    return { parts: [...sum(view, () => slope(view, "x", at), all, (t) => [["w", t.k, pick(p.w, t.k)], ["y′", t.y, pick(p.dy, t.y)]], pick(p.dx, at)), h("p", { class: "muted" }, few)], sentence: `The derivative with respect to x ${index(view, at).join(" ")} is ${show(pick(p.dx, at), 6)}, a sum of ${plural(all.length, "product")}.` };
  }
  if (what === "w")
    return { parts: [...sum(view, () => slope(view, "w", at), all, (t) => [["y′", t.y, pick(p.dy, t.y)], ["x", t.x, pick(p.x, t.x)]], pick(p.dw, at)), h("p", { class: "muted" }, "A weight is shared: every output that it takes part in sends its share back.")], sentence: `The derivative with respect to w ${index(view, at).join(" ")} is ${show(pick(p.dw, at), 6)}.` };
  const text = [sub("y′", index(view, at)), ` = ∂L/∂`, sub("y", index(view, at)), ` = ${LOSSES[view.s.loss].name} = ${show(pick(p.dy, at), 6)}`, " is handed back along every tap of this output:"];
  const list = all.slice(0, WRITTEN).map((t) => term(view, t, [slope(view, "x", t.x), ` gets ${factor(pick(p.w, t.k))}·${factor(pick(p.dy, at))}`]));
  return { parts: [h("p", { class: "lead" }, text), h("p", { class: "terms list" }, list)], sentence: `y ${index(view, at).join(" ")} hands ${show(pick(p.dy, at), 6)} back.` };
}

/** The calls that give the same, for x of shape (1, 1, …), w of shape (1, 1, …) and dy like the output. */
export function gradientCode(s) {
  const axes = s.dims === 1 ? [1] : [0, 1];
  const per = (values) => { const own = axes.map((n) => values[n]); return own.every((v) => v === own[0]) ? String(own[0]) : `(${own.join(", ")})`; };
  const pairs = axes.map((n) => pads(s)[n]);
  const even = pairs.every(([before, after]) => before === after);
  const some = pairs.flat().some(Boolean);
  const padding = even ? (pairs.every((p) => p[0] === pairs[0][0]) ? String(pairs[0][0]) : `(${pairs.map((p) => p[0]).join(", ")})`) : `(${pairs.map((p) => `(${p.join(", ")})`).join(", ")}${pairs.length === 1 ? "," : ""})`;
  const option = (name, value, usual) => (value === usual ? "" : `, ${name}=${value}`);
  const shared = option("stride", per(s.stride), "1") + option("padding", padding, "0") + option("dilation", per(s.dilation), "1");
  const mode = some ? option("padding_mode", JSON.stringify(s.mode), '"zeros"') : "";
  const calls = (library, rest_) => [`${library}conv${s.dims}d_input(x.shape, w, dy${shared}${rest_})`, `${library}conv${s.dims}d_weight(x, w.shape, dy${shared}${rest_})`];
  return { convolab: calls("cl.", mode), torch: even && !mode ? calls("torch.nn.grad.", "") : null };
}

// ---- The drawing of one dimension ------------------------------------------------------------------------------------------

/** Inputs below, outputs above, an edge for each tap; those of the selected element run back as arrows. */
function drawTaps(view, selected, element, on) {
  const { g, s } = view;
  const [inputs, outputs] = [g.input[1], g.output[1]];
  const [step, top, bottom, margin] = [Math.min(112, Math.max(44, ((element.parentElement?.clientWidth || 800) - 76) / Math.max(inputs, outputs))), 40, 220, 72];
  const width = step * Math.max(inputs, outputs) + margin;
  const at = (n, count) => margin / 2 + width / 2 + (n - (count - 1) / 2) * step;
  const [what, , , c] = selected;
  const lit = (t) => t[{ x: "i", w: "k", y: "o" }[what]] === c;
  const ordered = [...g.taps[1]].sort((a, b) => lit(a) - lit(b));
  const parts = [];
  for (const t of ordered) {
    const [x1, y1, x2, y2] = [at(t.o, outputs), top + 22, at(t.i, inputs), bottom - 24];
    parts.push(svg("line", { x1, y1, x2, y2, class: lit(t) ? "tap lit" : "tap", style: `--tap: var(--tap-${t.k})`, ...(lit(t) ? { "marker-end": "url(#cvl-arrow)" } : {}) }));
  }
  for (const t of ordered.filter(lit)) {
    const share = what === "w" ? 0.5 : 0.3 + 0.4 * ((t.k + 1) / (g.kernel[1] + 1));
    const [x, y] = [at(t.o, outputs) + (at(t.i, inputs) - at(t.o, outputs)) * share, top + 22 + (bottom - 46 - top) * share];
    const text = svg("text", { x, y: y + 5, "text-anchor": "middle", class: "weight" }, `w${indexText([t.k + s.base])}`);
    parts.push(svg("rect", { x: x - 15, y: y - 11, width: 30, height: 22, rx: 5, class: "label", style: `--tap: var(--tap-${t.k})` }), text);
  }
  const node = (kind, n, count, y, name, value) => {
    const x = at(n, count);
    const own = what === kind && c === n;
    const below = kind === "x" ? 40 : -30;
    const group_ = svg("g", { class: own ? "node own" : "node" }, svg("circle", { cx: x, cy: y, r: 20 }), svg("text", { x, y: y + 5, "text-anchor": "middle", class: "name" }, name), svg("text", { x, y: y + below, "text-anchor": "middle" }, value));
    group_.addEventListener("pointerenter", () => on.hover([kind, 0, 0, n]));
    group_.addEventListener("pointerleave", on.leave);
    group_.addEventListener("click", () => on.pin([kind, 0, 0, n]));
    parts.push(group_);
  };
  for (let n = 0; n < outputs; n++) node("y", n, outputs, top, `y${indexText([n + s.base])}`, show(view.dy[n], 3));
  for (let n = 0; n < inputs; n++) node("x", n, inputs, bottom, `x${indexText([n + s.base])}`, show(view.dx[n], 3));
  parts.push(svg("text", { x: at(0, inputs) - 26, y: bottom + 40, "text-anchor": "end" }, "∂L/∂x ="), svg("text", { x: at(0, outputs) - 26, y: top - 30, "text-anchor": "end" }, "y′ ="));
  const head = svg("marker", { id: "cvl-arrow", viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 4.2, markerHeight: 4.2, orient: "auto" }, svg("path", { d: "M0 0 8 4 0 8z", fill: "context-stroke" }));
  element.setAttribute("viewBox", `0 -6 ${width + 4} ${bottom + 54}`);
  element.style.maxWidth = `${width + 4}px`;
  element.replaceChildren(svg("defs", {}, head), ...parts);
}

// ---- The widget -----------------------------------------------------------------------------------------------------------

function render({ model, el }) {
  const frame = root(el, "gradient", "Gradient explorer");
  const told = teller();
  const heard = whisper();
  const data = store(model, "gradient", (state) => {
    const s = valid({ ...state, ...ONE });
    const wrong = s.x.length > 1 || s.w.length > 1 ? "there is one plane of each here" : Math.max(...sizes(s.x)) > 2 * DRAWN ? "there are more numbers than can be shown" : problem(s);
    if (!wrong) return s;
    told.say(`This state cannot be shown: ${wrong}. Here is the state of rest.`);
    return { ...rest("gradient"), ...ONE };
  });
  const s = () => data.state;
  const set = (part) => { told.say(""); data.change(part); };
  let view = look(s());
  let met = null;

  const sound = ([what, , y, x]) => {
    const size = { x: view.g.input, w: view.g.kernel, y: view.g.output }[what];
    return [what, 0, clamp(y, 0, size[0] - 1), clamp(x, 0, size[1] - 1)];
  };
  const selected = () => met ?? sound(s().at);
  const on = {
    hover: (place_) => { met = sound(place_); lighten(); },
    leave: () => { if (met) { met = null; lighten(); } },
    pin: (place_) => { met = null; String(place_) === String(s().at) ? lighten() : data.change({ at: place_ }); },
  };

  // The stage: forward above, backward below
  const make = (key, label) => {
    const what = key.replace("d", "");
    const editable = key === "x" || key === "w";
    const inside = ([y, x]) => [what, 0, y, x];
    return new Grid({ label, title: "", editable, on: {
      hover: (at, cell) => cell.pad || on.hover(inside(at)), leave: on.leave, pin: (at, cell) => cell.pad || on.pin(inside(at)), refuse: told.say,
      edit: ([y, x], value) => set({ [key]: [s()[key][0].map((row, a) => (a === y ? row.map((v, b) => (b === x ? value : v)) : row))] }),
    } });
  };
  const LABELS = { x: "input", w: "weight", y: "output", dx: "gradient of the input", dw: "gradient of the weight", dy: "upstream gradient" };
  const grids = Object.fromEntries(Object.entries(LABELS).map(([key, label]) => [key, make(key, label)]));
  const sign = (text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
  const cellOf = (key) => h("div", { class: `column ${key}` }, grids[key].element);
  const stage = h("div", { class: "stage both" }, cellOf("x"), sign("⋆"), cellOf("w"), sign("="), cellOf("y"), cellOf("dx"), sign("←"), cellOf("dw"), sign("←"), cellOf("dy"));
  const drawing = svg("svg", { class: "taps", role: "img", "aria-label": "Inputs below, outputs above, an edge for each product; the arrows of the selected element run from the outputs back." });
  const readout = h("div", { class: "readout" });

  // The finite difference
  const curve = svg("svg", { class: "chart" });
  const verdict = h("div", { class: "verdicts" });
  const lossNote = h("p", { class: "muted" });
  const epsilon = () => 10 ** -s().eps;
  const eps = slider({ label: "ε", get: () => SMALLEST - s().eps, set: (v) => set({ eps: SMALLEST - v }), steps: () => SMALLEST, text: () => (s().eps ? `10${[...String(-s().eps)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}` : "1") });
  const type = switcher({ label: "numbers", get: () => s().type, set: (v) => set({ type: v }), options: [["float32", "float32"], ["float64", "float64"]] });

  function check(now, exact) {
    const found = difference(view, now, epsilon(), s().type);
    const error = relative(found, exact);
    const name = () => slope(view, now[0], now.slice(2));
    const row = (title, value) => h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, value));
    verdict.replaceChildren(h("table", { class: "sizes" },
      row(["by the taps: ", name()], show(exact, 8)), row("by the difference", show(found, 8)), row("relative error", h("strong", {}, error ? show(error, 2) : "0")),
      row("digits that agree", error ? String(Math.max(0, Math.floor(-Math.log10(error)))) : "all")));
    chart(curve, {
      label: `Relative error of the central difference against ε, in float32 and float64. At ε = ${show(epsilon(), 1)} it is ${show(error, 2)}.`,
      x: { text: "ε", log: true }, y: { text: "relative error", log: true, range: [-17, 1] },
      lines: [{ points: errorCurve(view, now, exact, "float32"), kind: "first", text: "float32", label: [0.3, -9] }, { points: errorCurve(view, now, exact, "float64"), kind: "second", text: "float64", label: [0.3, 20] }],
      marks: [{ x: epsilon(), y: Math.max(error, 1e-17) }],
    });
  }

  // Controls
  const { reshape, toDims } = reshaping({ data, set, say: told.say, refresh: () => refresh(), rested: () => ({ ...rest("gradient"), ...ONE }) });
  const slide = slidingControls({ data, set, reshape, say: told.say, largestSide: DRAWN });
  const dims = switcher({ label: "Axes", hidden: true, get: () => s().dims, set: (v) => toDims(Number(v)), options: [[1, "1-D"], [2, "2-D"]] });
  const base = switcher({ label: "count from", get: () => s().base, set: (v) => set({ base: Number(v) }), options: [[1, "1"], [0, "0"]] });
  const loss = switcher({ label: "Loss", hidden: true, get: () => s().loss, set: (v) => set({ loss: v }), options: Object.entries(LOSSES).map(([name, l]) => [name, l.text]) });
  const picture = choice({ label: "picture", none: "your own", get: () => presetOf(INPUTS, s().x), set: (name) => set({ x: [INPUTS[name].make(...sizes(s().x))] }), options: () => Object.entries(INPUTS).map(([name, p]) => [name, p.text]) });
  const kernel = choice({ label: "kernel", none: "your own", get: () => kernelNamed(s()), set: (name) => { const { why, w } = kernelFor(s(), name); if (why) told.say(why), refresh(); else set({ w }); }, options: () => Object.keys(kernelsFor(s().dims)).map((name) => [name, name]) });
  const controls = [dims, base, loss, picture, kernel, eps, type, slide];

  const code = h("div", { class: "code" });
  const formula = h("div", {});
  frame.element.append(
    h("div", { class: "top" }, dims.element, loss.element, base.element),
    drawing, stage, readout, heard.element, told.element,
    h("section", { class: "note check" }, h("h2", {}, "Is it right? The finite difference"),
      h("div", { class: "sides" }, h("div", {}, h("p", { class: "formula" }, "(L(… + ε) − L(… − ε)) / 2ε"), h("div", { class: "wrapped" }, eps.element, type.element), verdict, lossNote), h("div", { class: "drawn" }, curve))),
    h("div", { class: "deck" }, group("Input", picture, slide.rows, slide.cols), group("Weight", kernel, slide.krows, slide.kcols), group("Window", slide.one, slide.each, slide.mode, slide.apart)),
    h("div", { class: "notes two" }, h("section", { class: "note" }, h("h2", {}, "Formula"), formula), h("section", { class: "note" }, h("h2", {}, "The same in Python"), code)));

  function lighten() {
    const now = selected();
    const all = tapsOf(view, now);
    const lit = lights(view, now, all);
    for (const [key, grid] of Object.entries(grids)) grid.mark(lit[key.replace("d", "")].map((m) => (key === "x" || key === "dx" || key === "y" ? { ...m, badge: now[0] === "y" && key === "dx" ? m.badge : now[0] === "x" && key === "y" ? null : key === "x" ? null : m.badge } : m)));
    const { parts, sentence } = written(view, now, all);
    readout.replaceChildren(...parts);
    if (!met) heard.say(sentence);
    if (s().dims === 1) drawTaps(view, now, drawing, on);
  }

  function fit() {
    const width = stage.clientWidth;
    if (!width) return;
    const across = ["x", "w", "y"].map((key) => grids[key].columns);
    const row = Math.floor((width - 150) / across.reduce((a, b) => a + b));
    const below = Math.floor((width - 60) / (across[1] + across[2]));
    const stacked = row < 24;
    stage.classList.toggle("stacked", stacked);
    const tall = Math.max(grids.x.to[0] - grids.x.from[0], 1) * 2;
    const size = clamp(stacked ? Math.min(below, Math.floor((width - 4) / across[0]), 40) : row, 16, tall > 8 ? Math.max(26, Math.floor(560 / tall)) : 52);
    for (const grid of Object.values(grids)) grid.fit(size);
    if (s().dims === 1) drawTaps(view, selected(), drawing, on);
  }

  function fillAll() {
    const { g } = view;
    const state = s();
    const n = (letter, at) => `${letter} ${index(view, at).join(" ")}`;
    const spots = { x: g.input, dx: g.input, w: g.kernel, dw: g.kernel, y: g.output, dy: g.output };
    for (const [key, grid] of Object.entries(grids)) {
      const size = spots[key];
      const pad = key === "x" ? state.padding : [0, 0, 0, 0];
      grid.shape([-pad[0], -pad[2]], [size[0] + pad[1], size[1] + pad[3]], size);
      const value = key === "x" ? (y, x) => padValue(view, 0, y, x) : (y, x) => view.planes[key][y][x];
      grid.fill(value, { largest: largest([view.planes[key]]), name: (y, x) => (isOutside([y, x], size) ? "padding" : n({ dx: "derivative of x", dw: "derivative of w", dy: "derivative of y" }[key] ?? key, [y, x])) });
      const title = { x: ["input ", h("i", {}, "x")], w: ["weight ", h("i", {}, "w")], y: ["output ", h("i", {}, "y")], dx: ["∂L/∂", h("i", {}, "x")], dw: ["∂L/∂", h("i", {}, "w")], dy: [h("i", {}, "y′"), " = ∂L/∂", h("i", {}, "y")] }[key];
      grid.caption.replaceChildren(h("b", {}, title), key === "y" ? `  L = ${show(view.y.reduce((a, v) => a + LOSSES[state.loss].of(v), 0), 6)}` : "");
    }
    tint(grids.w, ([y, x]) => y * g.kernel[1] + x);
    tint(grids.dw, ([y, x]) => y * g.kernel[1] + x);
    colourTaps(frame.element, g.kernel);
    fit();
  }

  function refresh() {
    view = look(s());
    drawing.style.display = s().dims === 1 ? "" : "none";
    fillAll();
    for (const control of controls) control.update();
    lighten();
    const now = sound(s().at);
    const compared = now[0] === "y" ? ["x", 0, 0, 0] : now;
    check(compared, view.planes[`d${compared[0]}`][compared[2]][compared[3]]);
    lossNote.textContent = LOSSES[s().loss].note;
    const lines = gradientCode(s());
    const size = (list) => `(1, 1, ${(s().dims === 1 ? [list[1]] : list).join(", ")})`;
    const block = (name, text, kind) => h("pre", { tabindex: "0", "aria-label": `in ${name}` }, h("code", { class: kind }, text.join("\n")));
    code.replaceChildren(h("p", { class: "muted" }, `x has shape ${size(view.g.input)}, w ${size(view.g.kernel)}, dy ${size(view.g.output)}.`), block("convolab", lines.convolab, "convolab"), lines.torch ? block("PyTorch", lines.torch, "torch") : h("p", { class: "muted" }, "PyTorch's torch.nn.grad takes only zeros, equal on both sides."));
    const letters = s().dims === 1 ? ["o", "k", "i"] : ["oy,ox", "ky,kx", "iy,ix"];
    const partial = (letter, at) => ["∂L/∂", sub(letter, [at])];
    const sigma = () => h("span", { class: "sigma" }, "Σ");
    formula.replaceChildren(
      h("p", { class: "formula" }, partial("x", letters[2]), " = ", sigma(), " ", sub("w", [letters[1]]), "·", sub("y′", [letters[0]]), h("span", { class: "plus" }, "  over the taps of "), sub("x", [letters[2]])),
      h("p", { class: "formula" }, partial("w", letters[1]), " = ", sigma(), " ", sub("y′", [letters[0]]), "·", sub("x", [letters[2]]), h("span", { class: "plus" }, "  over the taps of "), sub("w", [letters[1]])),
      h("p", { class: "muted" }, `A tap is a triple with i = ${s().stride[1] === 1 ? "" : `${s().stride[1]}·`}o + ${s().dilation[1] === 1 ? "" : `${s().dilation[1]}·`}k${s().padding[2] ? ` − ${s().padding[2]}` : ""}, counted from 0, all three in range. The same list gives the output and both gradients; they file the products under another index.`));
  }

  const watched = new ResizeObserver(() => fit());
  watched.observe(stage);
  data.listen(refresh);
  refresh();
  return () => { watched.disconnect(); data.stop(); frame.stop(); };
}

export default { render };
