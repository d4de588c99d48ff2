// The convolution explorer: what an output reads, where an input goes, what a weight meets, and the sum with its numbers.

import { MODES, area, channels, forward, geometry, inputGradient, source, span, spare, transposed, transposedSize, turned } from "./relation.js";
import { Grid, choice, clamp, colourTaps, factor, group, h, indexText, player, plural, root, show, stepper, store, sub, switcher, teller, toggle, whisper } from "./shared.js";
import { INPUTS, flatten, resized } from "./arrays.js";

const SIDE = 32; // pixels along an axis, at most: more numbers than that are not read one by one
const KERNEL = 9;
const PLANES = 4;
const SHOWN = 60; // products written out, at most
const SIGNS = { correlation: ["⋆"], convolution: ["∗"], transposed: ["⋆", h("sup", {}, "T")] };
const MODE_NAMES = { zeros: "zeros", reflect: "reflect", replicate: "replicate", circular: "circular" };

// ---- What the state says --------------------------------------------------------------------------------------------

const sizes = (planes) => [planes[0].length, planes[0][0].length];
const pads = (s) => [s.padding.slice(0, 2), s.padding.slice(2)];
const isTransposed = (s) => s.op === "transposed";
const inputsOf = (s) => s.x.length;
const outputsOf = (s) => (isTransposed(s) ? (s.w.length / inputsOf(s)) * s.groups : (s.w.length * s.groups) / inputsOf(s));
const rounding = (s) => (s.type === "float32" ? Math.fround : Number);

/** The geometry of a state; a transposed convolution is the adjoint of its own. */
export function geometryOf(s) {
  const make = isTransposed(s) ? transposed : geometry;
  return make({
    input: sizes(s.x), kernel: sizes(s.w), stride: s.stride, dilation: s.dilation, padding: pads(s), extra: s.extra,
    mode: s.mode, cin: inputsOf(s), cout: outputsOf(s), groups: s.groups,
  });
}

/** The output of a state as a flat array, in the definition's order of sums. */
export function outputOf(s, g = geometryOf(s)) {
  const round = rounding(s);
  const [x, w] = [flatten(s.x), flatten(s.w)];
  const y = isTransposed(s) ? inputGradient(g, w, x, round) : forward(g, x, s.op === "convolution" ? turned(w, g.kernel) : w, round);
  const plane = y.length / outputsOf(s);
  return s.b.length ? y.map((v, n) => round(v + s.b[Math.floor(n / plane)])) : y;
}

/** Why a state has no geometry, or null. */
function problem(s) {
  const whole = (v, low) => Number.isInteger(v) && v >= low;
  if (![...s.stride, ...s.dilation].every((v) => whole(v, 1)) || !s.padding.every((v) => whole(v, 0))) return "a step or a padding is no whole number that fits";
  if (!whole(s.groups, 1) || inputsOf(s) % s.groups || !whole(outputsOf(s), 1) || outputsOf(s) % s.groups) return "channels, weights and groups do not fit each other";
  if (s.b.length && s.b.length !== outputsOf(s)) return "there is not one bias for each output channel";
  if (Math.max(...sizes(s.x)) > SIDE * 2 || s.x.length > 8 || s.w.length > 64) return "there are more numbers than can be shown";
  for (const n of [0, 1]) {
    const [before, after] = pads(s)[n];
    const a = { input: sizes(s.x)[n], output: sizes(s.x)[n], kernel: sizes(s.w)[n], stride: s.stride[n], dilation: s.dilation[n], before, after };
    if (isTransposed(s) ? transposedSize(a, s.extra[n]) < 1 : span(a) > a.input + before + after) return "the kernel does not fit into the padded input";
    if (isTransposed(s) && (!whole(s.extra[n], 0) || s.extra[n] >= Math.max(a.stride, a.dilation))) return "the output padding is not smaller than stride or dilation";
    if (Math.max(before, after) > spare(s.mode, a.input)) return `${s.mode} cannot take so much padding from the input`;
  }
  return null;
}

const flat1d = (s) => ({ ...s, stride: [1, s.stride[1]], dilation: [1, s.dilation[1]], padding: [0, 0, ...s.padding.slice(2)], extra: [0, s.extra[1]] });

function valid(s) {
  if (s.dims === 1) s = flat1d(s);
  if (isTransposed(s)) s = { ...s, mode: "zeros" };
  return s;
}

// ---- Limits, each with its reason -------------------------------------------------------------------------------------

/** An axis of a state as numbers, and the limits of each of them while the others stay. */
function axisLimits(s, n) {
  const [before, after] = pads(s)[n];
  const [input, kernel, stride, dilation, extra] = [sizes(s.x)[n], sizes(s.w)[n], s.stride[n], s.dilation[n], s.extra[n]];
  const reach = dilation * (kernel - 1) + 1;
  const padded = before + input + after;
  const borrowed = { reflect: Math.max(before, after) + 1, circular: Math.max(before, after) }[s.mode] ?? 1;
  const tooSmall = "there must be one output at least";
  if (isTransposed(s)) {
    const room = stride * (input - 1) + reach + extra;
    return {
      input: { low: Math.max(1, Math.ceil((before + after + 1 - reach - extra) / stride) + 1), high: Math.max(1, Math.floor((SIDE - reach - extra) / stride) + 1), why: [tooSmall, `the output must not be larger than ${SIDE}`] },
      kernel: { low: Math.max(1, Math.ceil((before + after + 1 - stride * (input - 1) - extra - 1) / dilation) + 1), high: KERNEL, why: [tooSmall, "larger kernels are not shown"] },
      stride: { low: Math.max(1, extra >= dilation ? extra + 1 : 1), high: input > 1 ? Math.max(1, Math.floor((SIDE - reach - extra) / (input - 1))) : KERNEL, why: ["a window must move", `the output must not be larger than ${SIDE}`] },
      dilation: { low: 1, high: kernel > 1 ? Math.max(1, Math.floor((SIDE - stride * (input - 1) - extra - 1) / (kernel - 1))) : 1, why: ["1 is a kernel without gaps", kernel > 1 ? `the output must not be larger than ${SIDE}` : "one weight has no gaps"] },
      padding: { low: 0, high: Math.floor((room - 1) / 2), why: ["there is no less than no padding", "padding takes away from a transposed convolution's output, and one output must be left"] },
      extra: { low: 0, high: Math.max(stride, dilation) - 1, why: ["there is no less than none", "output padding must be smaller than stride or dilation"] },
    };
  }
  const fits = (least) => (least === borrowed && least > 1 ? `${s.mode} takes its padding from the input` : `a kernel reaching over ${reach} must fit into the padded input`);
  const least = Math.max(1, borrowed, reach - before - after);
  const most = spare(s.mode, input);
  return {
    input: { low: least, high: SIDE, why: [least === 1 ? "an input has one element at least" : fits(least), "larger inputs are not read number by number"] },
    kernel: { low: 1, high: Math.min(KERNEL, Math.floor((padded - 1) / dilation) + 1), why: ["a kernel has one weight at least", Math.floor((padded - 1) / dilation) + 1 < KERNEL ? `it must fit into the padded input of ${padded}` : "larger kernels are not shown"] },
    stride: { low: 1, high: Math.max(1, padded - reach), why: ["a window must move", "with a longer step there is no second window"] },
    dilation: { low: 1, high: kernel > 1 ? Math.floor((padded - 1) / (kernel - 1)) : 1, why: ["1 is a kernel without gaps", kernel > 1 ? `the kernel must fit into the padded input of ${padded}` : "one weight has no gaps"] },
    padding: { low: Math.max(0, Math.ceil((reach - input) / 2)), high: Math.min(most, Math.max(reach - 1, 1)), why: [reach > input ? `the kernel reaches over ${reach} and the input has ${input}` : "there is no less than no padding", most < Math.max(reach - 1, 1) ? `${s.mode} finds no more in an input of ${input}` : "further windows would see padding alone"] },
    extra: { low: 0, high: 0, why: ["", ""] },
  };
}

/** The limits of what is set for several axes at once. A stride is bounded by the axis that has most room. */
function limitsOf(s, what, axes) {
  const all = axes.map((n) => axisLimits(s, n)[what]);
  const low = all.reduce((a, b) => (b.low > a.low ? b : a));
  const high = all.reduce((a, b) => ((what === "stride" && !isTransposed(s) ? b.high > a.high : b.high < a.high) ? b : a));
  return { low: low.low, high: Math.max(high.high, low.low), why: [low.why[0], high.why[1]] };
}

// ---- What meets what ----------------------------------------------------------------------------------------------------

/** Everything about a state that pictures and words are made of. */
function look(s) {
  const g = geometryOf(s);
  const [from, to] = isTransposed(s) ? ["o", "i"] : ["i", "o"];
  const met = channels(g).map(([co, ci, c]) => ({ x: isTransposed(s) ? co : ci, y: isTransposed(s) ? ci : co, plane: (co * g.cin) / g.groups + c }));
  const flip = ([y, x]) => (s.op === "convolution" ? [g.kernel[0] - 1 - y, g.kernel[1] - 1 - x] : [y, x]);
  const out = [0, 1].map((n) => g.axes[n][isTransposed(s) ? "input" : "output"]);
  const values = outputOf(s, g);
  const y = (c, [a, b]) => values[(c * out[0] + a) * out[1] + b];
  return { s, g, from, to, met, flip, out, y, values, outputs: outputsOf(s) };
}

/** The places of one axis pair: where the source stands, where the target, which weight, and the padded place. */
const place = ({ from, to, flip }, ty, tx) => ({ x: [ty[from], tx[from]], y: [ty[to], tx[to]], k: flip([ty.k, tx.k]), at: [ty.at, tx.at] });

const crossed = (rows = [], columns = []) => rows.flatMap((ty) => columns.map((tx) => [ty, tx]));

/** Every product that an element takes part in: [{x, y, k, at, xc, yc, plane}]. */
function products(view, [what, c, ...at]) {
  const { g, from, to, met, flip } = view;
  const letter = { x: from, y: to, w: "k" }[what];
  const key = what === "w" ? flip(at) : at;
  const pairs = crossed(g.by[0][letter][key[0]], g.by[1][letter][key[1]]);
  const mine = met.filter((m) => ({ x: m.x, y: m.y, w: m.plane })[what] === c);
  return mine.flatMap((m) => pairs.map(([ty, tx]) => ({ ...place(view, ty, tx), xc: m.x, yc: m.y, plane: m.plane })));
}

/** The places of an output's window that lie in zero padding. */
function hollow({ g, s }, [, , oy, ox]) {
  if (isTransposed(s)) return [];
  const [rows, columns] = [0, 1].map((n) => g.windows[n].filter((t) => t.o === [oy, ox][n]));
  return crossed(rows, columns).filter(([ty, tx]) => ty.i < 0 || tx.i < 0).map(([ty, tx]) => [ty.at, tx.at]);
}

const tapNumber = (view, k) => k[0] * view.g.kernel[1] + k[1];
const isOutside = ([y, x], [rows, columns]) => y < 0 || x < 0 || y >= rows || x >= columns;

/** What is lit in every plane when an element is met: {x: [marks of plane 0, …], w: …, y: …}. */
function lights(view, selected, all) {
  const { s } = view;
  const lit = { x: s.x.map(() => []), w: s.w.map(() => []), y: Array.from({ length: view.outputs }, () => []) };
  const [what, c, ...at] = selected;
  const weight = (p) => s.w[p.plane][p.k[0]][p.k[1]];
  const kind = what === "w" ? "met" : "window";
  const many = what === "w";
  for (const p of all) {
    const tap = tapNumber(view, p.k);
    const badge = many ? null : `×${show(weight(p), 3)}`;
    if (what !== "x") {
      const outside = !isTransposed(s) && isOutside(p.at, view.g.input);
      lit.x[p.xc].push({ at: outside ? p.at : p.x, kind, tap, badge });
      if (outside) lit.x[p.xc].push({ at: p.x, kind: "source", tap });
    }
    if (what !== "y") lit.y[p.yc].push({ at: p.y, kind, tap, badge });
    if (what !== "w") lit.w[p.plane].push({ at: p.k, kind: "window", tap });
  }
  if (what === "y") for (const place of hollow(view, selected)) lit.x.forEach((marks, xc) => view.met.some((m) => m.y === c && m.x === xc) && marks.push({ at: place, kind: "unused" }));
  lit[what][c]?.push({ at, kind: "target" });
  return lit;
}

// ---- Words ------------------------------------------------------------------------------------------------------------

function names(view) {
  const { s } = view;
  const flat = s.dims === 1;
  const index = (count, c, at) => [...(count > 1 ? [c] : []), ...(flat ? at.slice(1) : at)].map((v) => v + s.base);
  const perInput = s.groups && (isTransposed(s) ? view.outputs : inputsOf(s)) / s.groups;
  const weightIndex = (plane, at) => {
    const outer = s.w.length === 1 ? [] : [Math.floor(plane / perInput), plane % perInput].map((v) => v + s.base);
    return [...outer, ...(flat ? at.slice(1) : at).map((v) => v + s.base)];
  };
  return {
    x: (c, at) => index(inputsOf(s), c, at),
    y: (c, at) => index(view.outputs, c, at),
    w: weightIndex,
    text: (letter, list) => `${letter}${indexText(list)}`,
  };
}

const term = (view, p, content) => h("span", { class: "term", style: `--tap: var(--tap-${tapNumber(view, p.k)})` }, content);

function joined(parts, sign) {
  return parts.flatMap((part, n) => (n ? [h("span", { class: "plus" }, ` ${sign} `), part] : [part]));
}

/** The selected element as a sum: a line of symbols and numbers, and a sentence for those who cannot see it. */
function written(view, selected, all) {
  const { s } = view;
  const n = names(view);
  const [what, c, ...at] = selected;
  const value = (p) => [s.w[p.plane][p.k[0]][p.k[1]], s.x[p.xc][p.x[0]][p.x[1]]];
  const more = all.length > SHOWN ? [h("span", { class: "muted" }, ` … and ${all.length - SHOWN} more`)] : [];
  const shown = all.slice(0, SHOWN);
  if (what === "y") return outputWritten(view, n, c, at, shown, more, all, value);
  if (what === "x" && !isTransposed(s) && isOutside(at, view.g.input)) return paddingWritten(view, n, c, at);
  if (what === "x") {
    const own = s.x[c][at[0]][at[1]];
    const head = h("p", { class: "lead" }, sub("x", n.x(c, at)), ` = ${show(own)} goes into ${plural(all.length, "output")}`, all.length ? ", each time through another weight:" : ": no window covers it, or every one steps over it.");
    const list = shown.map((p) => term(view, p, [sub("y", n.y(p.yc, p.y)), " gets ", sub("w", n.w(p.plane, p.k)), "·", sub("x", n.x(c, at)), ` = ${factor(value(p)[0])}·${factor(own)} = ${show(value(p)[0] * own)}`]));
    return { parts: [head, h("p", { class: "terms list" }, list, more)], sentence: `x ${n.x(c, at).join(" ")} = ${show(own)} goes into ${plural(all.length, "output")}.` };
  }
  const own = s.w[c][at[0]][at[1]];
  const inputs = new Set(all.map((p) => `${p.xc},${p.x}`)).size;
  const head = h("p", { class: "lead" }, sub("w", n.w(c, at)), ` = ${show(own)} is shared: it meets ${plural(inputs, "input")} and takes part in ${plural(all.length, "output")}.`);
  const list = shown.slice(0, 12).map((p) => term(view, p, [sub("y", n.y(p.yc, p.y)), ` gets ${factor(own)}·${factor(value(p)[1])} = ${show(own * value(p)[1])}`]));
  const left = all.length > 12 ? h("span", { class: "muted" }, ` … and ${all.length - 12} more`) : null;
  return { parts: [head, h("p", { class: "terms list" }, list, left)], sentence: `w ${n.w(c, at).join(" ")} = ${show(own)} meets ${plural(inputs, "input")}.` };
}

function outputWritten(view, n, c, at, shown, more, all, value) {
  const { s } = view;
  const result = view.y(c, at);
  const head = sub("y", n.y(c, at));
  const symbols = shown.map((p) => term(view, p, [sub("w", n.w(p.plane, p.k)), "·", sub("x", n.x(p.xc, p.x))]));
  const numbers = shown.map((p) => {
    const part = term(view, p, `${factor(value(p)[0])}·${factor(value(p)[1])}`);
    if (value(p)[0] * value(p)[1] === 0) part.classList.add("naught");
    return part;
  });
  const bias = s.b.length ? [h("span", { class: "plus" }, " + "), factor(s.b[c])] : [];
  const biasName = s.b.length ? [h("span", { class: "plus" }, " + "), sub("b", [c + s.base])] : [];
  const hollows = hollow(view, ["y", c, ...at]).length * (all.length ? new Set(all.map((p) => p.xc)).size : 1);
  const note = hollows ? h("p", { class: "muted" }, `${hollows === 1 ? "One place" : `${hollows} places`} of the window ${hollows === 1 ? "lies" : "lie"} in the zero padding and ${hollows === 1 ? "adds" : "add"} nothing.`) : null;
  const none = all.length ? null : h("span", {}, "0");
  return {
    parts: [
      h("p", { class: "terms symbols" }, head, " = ", none?.cloneNode(true), joined(symbols, "+"), more.map((m) => m.cloneNode(true)), biasName),
      h("p", { class: "terms numbers" }, h("span", { class: "unseen" }, "with numbers: "), h("span", { class: "hang", "aria-hidden": "true" }, head.map((part) => part.cloneNode(true))), " = ", none, joined(numbers, "+"), more, bias, h("span", { class: "plus" }, " = "), h("strong", { class: "result" }, show(result, 6))),
      note,
    ],
    sentence: `y ${n.y(c, at).join(" ")} = ${show(result, 6)}, a sum of ${plural(all.length, "product")}.`,
  };
}

function paddingWritten(view, n, c, at) {
  const i = [0, 1].map((axis) => view.g.windows[axis].find((t) => t.at === at[axis])?.i);
  const stands = i.every((v) => v >= 0);
  const text = view.s.mode === "zeros" ? "Padding: a zero stands here, and what meets it adds nothing." : stands ? "Padding: here stands " : "Padding: no window reads this place.";
  return { parts: [h("p", { class: "lead" }, text, view.s.mode !== "zeros" && stands ? [sub("x", n.x(c, i)), ` = ${show(view.s.x[c][i[0]][i[1]])}`, ` once more (${view.s.mode}).`] : "")], sentence: text };
}

// ---- Formulas and code ------------------------------------------------------------------------------------------------------

/** stride·o + dilation·k − c, without what is 1 or 0. */
function relationText(letters, stride, dilation, constant) {
  const scaled = (n, letter) => (n === 1 ? letter : `${n}${letter}`);
  const tail = constant ? `${constant > 0 ? "−" : "+"}${Math.abs(constant)}` : "";
  return `${scaled(stride, letters[0])}+${scaled(dilation, letters[1])}${tail}`;
}

function formula(view) {
  const { s } = view;
  const axes = s.dims === 1 ? [1] : [0, 1];
  const [o, k] = s.dims === 1 ? [["o"], ["k"]] : [["oy", "ox"], ["ky", "kx"]];
  const many = { x: inputsOf(s) > 1, y: view.outputs > 1 };
  const into = axes.map((n, m) => relationText([o[m], k[m]], s.stride[n], s.dilation[n], pads(s)[n][0] + (s.base ? s.stride[n] + s.dilation[n] - 1 : 0)));
  const turnedK = axes.map((n, m) => `${sizes(s.w)[n] + (s.base ? 1 : -1)}−${k[m]}`);
  const outer = (list, on, c) => (on ? [c, ...list] : list);
  const wIndex = (list) => (s.w.length === 1 ? list : [...(isTransposed(s) ? ["ci", "co"] : ["co", "ci"]), ...list]);
  const sums = [many.x ? ["ci"] : [], k].flat();
  const bias = s.b.length ? [" + ", sub("b", ["co"])] : "";
  const sigma = [h("span", { class: "sigma" }, "Σ"), h("sub", {}, sums.join(",")), " "];
  const note = (...content) => h("p", { class: "muted" }, ...content);
  if (isTransposed(s))
    return [
      h("p", { class: "formula" }, sub("y", outer(into, many.y, "co")), " gets ", sub("w", wIndex(k)), " · ", sub("x", outer(o, many.x, "ci")), bias),
      note("Each input puts its stamp, the kernel times its value, into the output. These are the taps of a convolution read backwards: its gradient with respect to its input."),
    ];
  return [
    h("p", { class: "formula" }, sub("y", outer(o, many.y, "co")), " = ", sigma, sub("w", wIndex(s.op === "convolution" ? turnedK : k)), " · ", sub("x", outer(into, many.x, "ci")), bias),
    note(s.op === "convolution" ? "A true convolution turns the kernel by 180° before it slides." : "The kernel is not turned: this is cross-correlation, which networks call convolution.", s.base ? " Positions are counted from 1." : " Positions are counted from 0.", s.groups > 1 ? ` A channel meets those of its own group alone (${s.groups} groups).` : ""),
  ];
}

function sizeText(view) {
  const { s, g } = view;
  const axes = s.dims === 1 ? [1] : [0, 1];
  const name = (n) => (s.dims === 1 ? "length" : ["rows", "columns"][n]);
  const line = (n) => {
    const a = g.axes[n];
    const [k, d, p, t] = [a.kernel, a.dilation, a.before + a.after, a.stride];
    const numbers = isTransposed(s)
      ? `${t}·(${a.output} − 1) + ${d}·(${k} − 1) + 1 − ${p}${s.extra[n] ? ` + ${s.extra[n]}` : ""} = `
      : `⌊(${a.input} + ${p} − ${d}·(${k} − 1) − 1) / ${t}⌋ + 1 = `;
    return h("tr", {}, h("th", { scope: "row" }, name(n)), h("td", {}, numbers, h("strong", {}, view.out[n])));
  };
  const general = isTransposed(s) ? "stride·(input − 1) + dilation·(kernel − 1) + 1 − padding + output padding" : "⌊(input + padding − dilation·(kernel − 1) − 1) / stride⌋ + 1";
  return [h("p", { class: "formula small" }, general), h("table", { class: "sizes" }, axes.map(line)), unreadText(view)];
}

/** What the floor of the size formula drops. */
function unreadText({ s, g }) {
  if (isTransposed(s)) return null;
  const axes = s.dims === 1 ? [1] : [0, 1];
  const left = axes.map((n) => [n, g.axes[n].before + g.axes[n].input + g.axes[n].after - span(g.axes[n]) - g.axes[n].stride * (g.axes[n].output - 1)]).filter(([, rest]) => rest > 0);
  const said = left.map(([n, rest]) => `${rest > 1 ? `${rest} ` : ""}${s.dims === 1 ? "place" : ["row", "column"][n]}${rest > 1 ? "s" : ""}`);
  return said.length ? h("p", { class: "muted" }, `The stride does not divide: the last ${said.join(" and the last ")} of the padded input ${left.length > 1 || left[0][1] > 1 ? "are" : "is"} in no window.`) : null;
}

/** The same call in convolab and in PyTorch, for x of shape (C, …) and w of four axes (three in one dimension). */
export function codeOf(s) {
  const axes = s.dims === 1 ? [1] : [0, 1];
  const per = (values) => { const own = axes.map((n) => values[n]); return own.every((v) => v === own[0]) ? own[0] : `(${own.join(", ")})`; };
  const pairs = axes.map((n) => pads(s)[n]);
  const even = pairs.every(([before, after]) => before === after);
  const some = pairs.flat().some(Boolean);
  const padding = !some ? null : even ? per(pairs.length === 1 ? [0, pairs[0][0]] : pairs.map((p) => p[0])) : `(${pairs.map((p) => `(${p.join(", ")})`).join(", ")}${pairs.length === 1 ? "," : ""})`;
  const option = (name, value, usual) => (value === usual || value === null ? "" : `, ${name}=${value}`);
  const shared = option("stride", per(s.stride), 1);
  const rest = option("dilation", per(s.dilation), 1) + option("groups", s.groups, 1);
  const bias = s.b.length ? ", b" : "";
  const dims = axes.map((_, n) => n - axes.length);
  const mode = some ? option("padding_mode", JSON.stringify(s.mode), '"zeros"') : "";
  if (isTransposed(s)) {
    const call = `conv_transpose${s.dims}d(x, w${bias}${shared}${option("padding", padding, null)}${option("output_padding", per(s.extra), 0)}`;
    const torch = even ? `F.${call}${option("groups", s.groups, 1)}${option("dilation", per(s.dilation), 1)})` : null;
    return { convolab: `cl.${call}${rest})`, torch };
  }
  const [wl, wt] = s.op === "convolution" ? [`w[..., ${axes.map(() => "::-1").join(", ")}]`, `w.flip(${dims.join(", ")})`] : ["w", "w"];
  const beside = some && (s.mode !== "zeros" || !even);
  const around = `[${[...pairs].reverse().flat().join(", ")}]`;
  const torchMode = { zeros: "", reflect: ', mode="reflect"', replicate: ', mode="replicate"', circular: ', mode="circular"' }[s.mode];
  const torchX = beside ? `F.pad(x, ${around}${torchMode})` : "x";
  return {
    convolab: `cl.conv${s.dims}d(x, ${wl}${bias}${shared}${option("padding", padding, null)}${rest}${mode})`,
    torch: `F.conv${s.dims}d(${torchX}, ${wt}${bias}${shared}${beside ? "" : option("padding", padding, null)}${rest})`,
  };
}

// ---- Changes -------------------------------------------------------------------------------------------------------------

const withSize = (s, name, n, value) => ({ [name]: s[name].map((plane) => resized(plane, n === 0 ? [value, plane[0].length] : [plane.length, value])) });

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
  w: rewired(s, cin, cout, groups), groups,
  b: s.b.length ? Array.from({ length: cout }, (_, c) => s.b[c] ?? 0) : [],
});

const shifted = (plane, by) => plane.map((_, y) => [...plane[(y + by) % plane.length]]);

// ---- The widget ----------------------------------------------------------------------------------------------------------

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
  let other = null; // the state of the other number of axes

  // Selection
  const selected = () => met ?? sound(data.state.at);
  const sound = ([what, c, y, x]) => {
    const [rows, columns, count] = what === "y" ? [...view.out, view.outputs] : [...sizes(data.state[what]), data.state[what].length];
    const [before, left] = what === "x" && !isTransposed(data.state) ? [data.state.padding[0], data.state.padding[2]] : [0, 0];
    return [what, clamp(c, 0, count - 1), clamp(y, -before, rows - 1 + before), clamp(x, -left, columns - 1 + left)];
  };
  const pin = (what, c, at) => {
    met = null;
    const next = [what, c, ...at];
    if (String(next) !== String(data.state.at)) data.change({ at: next });
    else show_();
  };
  const hover = (what, c, at) => { if (!play.playing()) { met = [what, c, ...at]; show_(); } };
  const leave = () => { if (met) { met = null; show_(); } };

  // Edits
  const edited = (what, c, [y, x], value) => {
    const rounded = rounding(data.state)(value);
    data.change({ [what]: data.state[what].map((plane, n) => (n === c ? plane.map((row, a) => (a === y ? row.map((v, b) => (b === x ? rounded : v)) : row)) : plane)) });
    told.say("");
  };

  const grid = (what, c) => {
    const editable = what === "x" || what === "w";
    const at = what === "theirs" ? "y" : what;
    const turn = ([y, x]) => (what === "turned" ? [view.g.kernel[0] - 1 - y, view.g.kernel[1] - 1 - x] : [y, x]);
    const target = what === "turned" ? "w" : at;
    const on = {
      hover: (place) => hover(target, c, turn(place)), leave, pin: (place) => pin(target, c, turn(place)),
      edit: (place, value) => edited(what, c, place, value), refuse: told.say,
      draw: (place, cell) => { if (!cell.pad && what === "x" && data.state.x[c][place[0]][place[1]] !== brush) edited("x", c, place, brush); },
    };
    const label = { x: "input", w: "weight", y: "output", turned: "weight, turned by 180°", theirs: "your function's output" }[what];
    return new Grid({ label, title: h("span", {}), editable, on });
  };

  // Drawing of the stage
  const stage = h("div", { class: "stage" });
  const columns = Object.fromEntries(["x", "w", "y", "theirs"].map((what) => [what, h("div", { class: `column ${what}` })]));
  const sign = h("span", { class: "sign", "aria-hidden": "true" });
  const equals = h("span", { class: "sign", "aria-hidden": "true" }, "=");
  const part = h("p", { class: "muted part" });
  const stamps = h("p", { class: "muted turnnote" });
  stage.append(columns.x, sign, columns.w, equals, columns.y, columns.theirs);

  const caption = (grid_, name, size, detail) => grid_.caption.replaceChildren(h("b", {}, name), ` ${size}`, detail ? h("span", { class: "muted" }, ` ${detail}`) : "");
  const times = (size) => (data.state.dims === 1 ? String(size[1]) : size.join(" × "));

  function have(what, count, column) {
    while (planes[what].length < count) planes[what].push(grid(what, planes[what].length));
    planes[what].length = count;
    const elements = planes[what].map((g) => g.element);
    if (column.childElementCount !== elements.length || elements.some((e, n) => column.children[n] !== e)) column.replaceChildren(...elements);
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
      g.fill((y, x) => padValue(view, c, y, x), { largest: top.x, name: (y, x) => (isOutside([y, x], [rows, cols]) ? "padding" : `x ${n.x(c, [y, x]).join(" ")}`) });
      caption(g, planes.x.length > 1 ? `input ${c + s.base}` : "input", times([rows, cols]));
    });
    planes.w.forEach((g, c) => {
      g.shape([0, 0], sizes(s.w), sizes(s.w));
      g.fill((y, x) => s.w[c][y][x], { largest: top.w, digits: 3, name: (y, x) => `w ${n.w(c, [y, x]).join(" ")}` });
      caption(g, "weight", s.w.length > 1 ? weightTitle(view, c) : times(sizes(s.w)));
      tint(g, ([y, x]) => y * view.g.kernel[1] + x);
    });
    planes.turned.forEach((g, c) => {
      g.shape([0, 0], sizes(s.w), sizes(s.w));
      g.fill((y, x) => s.w[c][view.g.kernel[0] - 1 - y][view.g.kernel[1] - 1 - x], { largest: top.w, digits: 3, name: (y, x) => `turned, row ${y + s.base} column ${x + s.base}` });
      caption(g, "turned", "by 180°");
      tint(g, ([y, x]) => area(view.g.kernel) - 1 - (y * view.g.kernel[1] + x));
    });
    planes.y.forEach((g, c) => {
      g.shape([0, 0], view.out, view.out);
      g.fill((y, x) => (order([y, x], c) > revealed ? null : view.y(c, [y, x])), { largest: top.y, name: (y, x) => `y ${n.y(c, [y, x]).join(" ")}` });
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

  /** Each weight's place has its colour, always: it is the legend of everything that is lit. */
  function tint(g, tap) {
    for (const cell of g.cells) cell.style.setProperty("--own", `var(--tap-${tap(cell.at)})`);
  }

  const order = ([y, x], c) => (c * view.out[0] + y) * view.out[1] + x;

  function show_() {
    const now = selected();
    const all = products(view, now);
    const lit = lights(view, now, all);
    for (const what of ["x", "w", "y"]) planes[what].forEach((g, c) => g.mark(lit[what][c] ?? []));
    planes.turned.forEach((g, c) => g.mark(lit.w[c].map((m) => ({ ...m, at: [view.g.kernel[0] - 1 - m.at[0], view.g.kernel[1] - 1 - m.at[1]] }))));
    planes.theirs.forEach((g, c) => g.mark((lit.y[c] ?? []).map((m) => ({ ...m, badge: null }))));
    const { parts, sentence } = written(view, now, all);
    readout.replaceChildren(...parts.filter(Boolean));
    if (!met) heard.say(sentence);
    play.update();
  }

  function fit() {
    const width = stage.clientWidth;
    if (!width) return;
    const across = (g) => (g ? g.columns : 0);
    const perRow = Number(columns.w.style.getPropertyValue("--across")) || 1;
    const wide = across(planes.x[0]) + across(planes.w[0]) * perRow + across(planes.y[0]) + (columns.theirs.hidden ? 0 : across(planes.theirs[0] ?? planes.y[0]));
    const gaps = 150 + (perRow - 1) * 16;
    const tall = Math.max(...["x", "w", "y"].map((what) => planes[what].length && (planes[what][0].to[0] - planes[what][0].from[0]) * Math.ceil(planes[what].length / (what === "w" ? perRow : 1))));
    const row = Math.floor((width - gaps) / wide);
    const single = Math.floor((width - 4) / Math.max(across(planes.x[0]), across(planes.y[0]), across(planes.w[0]) * perRow + (perRow - 1) / 2));
    const below = Math.floor((width - 118 - (perRow - 1) * 16) / (across(planes.w[0]) * perRow + across(planes.y[0])));
    const roomier = Math.min(single, Math.max(below, 24), 40);
    const stacked = row < 26 ? roomier > row : row < 36 && roomier > 1.15 * row;
    stage.classList.toggle("stacked", stacked);
    const size = clamp(stacked ? Math.min(single, below >= 24 ? below : single, 40) : row, 7, tall > 10 ? Math.max(24, Math.floor(540 / tall)) : 56);
    for (const g of Object.values(planes).flat()) g.fit(size);
  }

  // Playing: outputs in the order in which the definition's loops meet them
  const count = () => view.outputs * area(view.out);
  const position = () => {
    const [what, c, y, x] = sound(data.state.at);
    return what === "y" ? order([y, x], c) : 0;
  };
  const play = player({
    label: "output", count, at: position, seconds: 0.8,
    go: (n) => {
      met = null;
      if (play.playing()) revealed = n;
      const inPlane = n % area(view.out);
      data.change({ at: ["y", Math.floor(n / area(view.out)), Math.floor(inPlane / view.out[1]), inPlane % view.out[1]] });
    },
    ended: () => { revealed = Infinity; refresh(); },
  });

  // Controls
  let brush = 9;
  const s = () => data.state;
  const set = (part) => { told.say(""); data.change(part); };
  const both = () => (s().dims === 1 ? [1] : [0, 1]);
  const stepOf = (label, what, n = null) => {
    const axes = () => (n === null ? both() : [n]);
    const get = () => s()[what][axes()[0]];
    return stepper({ label, get, say: told.say, limits: () => roomy(limitsOf(s(), what, axes()), get()), set: (v) => set({ [what]: s()[what].map((old, m) => (axes().includes(m) || (s().dims === 2 && n === null) ? v : old)) }) });
  };
  const roomy = (limits, value) => ({ ...limits, low: Math.min(limits.low, value), high: Math.max(limits.high, value) });
  const padStep = (label, sides) =>
    stepper({
      label, say: told.say, get: () => s().padding[sides()[0]], set: (v) => set({ padding: s().padding.map((old, m) => (sides().includes(m) ? v : old)) }),
      limits: () => {
        const limits = limitsOf(s(), "padding", [...new Set(sides().map((m) => (m < 2 ? 0 : 1)))]);
        const one = sides().length === 1;
        const n = sides()[0] < 2 ? 0 : 1;
        const missing = s().dilation[n] * (sizes(s().w)[n] - 1) + 1 - sizes(s().x)[n] - s().padding[sides()[0] ^ 1];
        return roomy(one && !isTransposed(s()) ? { ...limits, low: Math.max(0, missing) } : limits, s().padding[sides()[0]]);
      },
    });
  const sizeStep = (label, name, what, n) => stepper({ label, say: told.say, get: () => sizes(s()[name])[n], set: (v) => set(withSize(s(), name, n, v)), limits: () => roomy(limitsOf(s(), what, [n]), sizes(s()[name])[n]) });
  const few = (label, get, make) => stepper({ label, say: told.say, get, limits: () => ({ low: 1, high: Math.max(PLANES, get()), why: ["there is one at least", "more small multiples are not shown"] }), set: (v) => set(make(v)) });
  const divisors = () => Array.from({ length: Math.max(inputsOf(s()), outputsOf(s())) }, (_, n) => n + 1).filter((n) => inputsOf(s()) % n === 0 && outputsOf(s()) % n === 0);
  const channelsTo = (cin, cout) => withChannels(s(), cin, cout, cin % s().groups || cout % s().groups ? 1 : s().groups);

  const op = switcher({ label: "Operation", hidden: true, get: () => s().op, set: (v) => reshape({ op: v, w: rewired(s(), inputsOf(s()), outputsOf(s()), s().groups, v) }), options: [["correlation", "Correlation"], ["convolution", "True convolution"], ["transposed", "Transposed"]] });
  const dims = switcher({ label: "Axes", hidden: true, get: () => s().dims, set: (v) => toDims(Number(v)), options: [[1, "1-D"], [2, "2-D"]] });
  const base = switcher({ label: "count from", get: () => s().base, set: (v) => set({ base: Number(v) }), options: [[1, "1"], [0, "0"]] });
  const inputPreset = choice({ label: "picture", none: "your own", get: () => presetOf(INPUTS, s().x), set: (name) => set({ x: s().x.map((_, c) => INPUTS[name].make(...sizes(s().x), c)) , part: "" }), options: () => Object.entries(INPUTS).map(([name, p]) => [name, p.text]) });
  const kernelPreset = choice({ label: "kernel", none: "your own", get: () => kernelNamed(s().w), set: (name) => setKernel(name), options: () => Object.keys(kernelsHere()).map((name) => [name, name]) });
  const mode = choice({ label: "what stands in it", get: () => s().mode, set: (v) => reshape({ mode: v }), options: () => MODES.map((m) => [m, MODE_NAMES[m]]) });
  const groups = choice({ label: "groups", get: () => String(s().groups), set: (v) => set({ groups: Number(v), w: rewired(s(), inputsOf(s()), outputsOf(s()), Number(v)) }), options: () => divisors().map((n) => [String(n), String(n)]) });
  const apart = toggle({ label: "each side on its own", get: () => s().apart, set: (v) => set({ apart: v ? 1 : 0 }) });
  const draw = toggle({ label: "draw with", get: () => drawing, set: (v) => { drawing = v; refresh(); } });
  const brushStep = stepper({ label: "brush", get: () => brush, set: (v) => { brush = v; refresh(); }, say: told.say, limits: () => ({ low: -9, high: 9, why: ["one figure is enough for a brush", "one figure is enough for a brush"] }) });
  const file = h("input", { type: "file", accept: "image/*", class: "unseen", "aria-label": "Own picture", onchange: () => openPicture() });
  const own = h("label", { class: "push file" }, file, "Own picture …");

  const rows = sizeStep("rows", "x", "input", 0);
  const cols = sizeStep("columns", "x", "input", 1);
  const krows = sizeStep("kernel rows", "w", "kernel", 0);
  const kcols = sizeStep("kernel columns", "w", "kernel", 1);
  const cin = few("input channels", () => inputsOf(s()), (v) => channelsTo(v, outputsOf(s())));
  const cout = few("output channels", () => outputsOf(s()), (v) => channelsTo(inputsOf(s()), v));
  const steps = [stepOf("stride", "stride"), padStep("padding", () => (s().dims === 1 ? [2, 3] : [0, 1, 2, 3])), stepOf("dilation", "dilation"), stepOf("output padding", "extra")];
  const strides = [stepOf("stride of rows", "stride", 0), stepOf("stride of columns", "stride", 1)];
  const dilations = [stepOf("dilation of rows", "dilation", 0), stepOf("dilation of columns", "dilation", 1)];
  const paddings = ["above", "below", "left", "right"].map((side, n) => padStep(`padding ${side}`, () => [n]));
  const controls = [op, dims, base, inputPreset, kernelPreset, mode, groups, apart, draw, brushStep, rows, cols, krows, kcols, cin, cout, ...steps, ...strides, ...dilations, ...paddings];

  function reshape(part) {
    const next = valid({ ...s(), ...part });
    const before = String(next.padding);
    next.padding = next.padding.map((p, m) => { const { low, high } = axisLimits(next, m < 2 ? 0 : 1).padding; return p > high && (next.mode !== "zeros" || isTransposed(next)) ? Math.max(low, high) : p; });
    next.stride = next.stride.map((v, n) => (isTransposed(next) ? Math.min(v, axisLimits(next, n).stride.high) : v));
    if (isTransposed(next)) next.x = next.x.map((p) => [0, 1].reduce((plane, n) => { const size = Math.min([plane.length, plane[0].length][n], axisLimits({ ...next, x: [plane] }, n).input.high); return resized(plane, n ? [plane.length, size] : [size, plane[0].length]); }, p));
    const changed = String(next.padding) !== before ? `Padding is now ${next.padding.join(", ")}: more is not possible here.` : "";
    const wrong = problem(next);
    if (wrong) return told.say(`Not possible with these sizes: ${wrong}.`), refresh();
    set(next);
    told.say(changed);
  }

  function toDims(dims_) {
    const kept = other;
    other = s();
    if (kept && kept.dims === dims_) return set({ ...kept, op: kept.op, base: s().base });
    if (dims_ === 2) return set({ ...rest("explorer"), base: s().base });
    const middle = (plane) => [[...plane[Math.floor((plane.length - 1) / 2)]]];
    reshape(flat1d({ ...s(), dims: 1, x: s().x.map(middle), w: s().w.map(middle), at: ["y", 0, 0, 2] }));
  }

  const kernelsHere = () => Object.fromEntries(Object.entries({ ...PLAIN, ...KERNELS }).filter(([, plane]) => plane.length <= 5 && plane[0].length <= 5).map(([name, plane]) => [name, s().dims === 1 ? [plane[Math.floor(plane.length / 2)]] : plane]));
  const kernelNamed = (w) => Object.entries(kernelsHere()).find(([, plane]) => w.length === 1 && JSON.stringify(plane) === JSON.stringify(w[0]))?.[0] ?? "";
  function setKernel(name) {
    const plane = kernelsHere()[name];
    const size = [plane.length, plane[0].length];
    const tooLarge = [0, 1].find((n) => size[n] > limitsOf(s(), "kernel", [n]).high);
    if (tooLarge !== undefined) return told.say(`${name} is ${size.join(" × ")}: ${limitsOf(s(), "kernel", [tooLarge]).why[1]}.`), refresh();
    set({ w: s().w.map((_, n) => (n % 2 && size[0] === size[1] ? plane.map((row, y) => row.map((_, x) => plane[x][y])) : structuredClone(plane))) });
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
      const grey = Array.from({ length: height }, (_, y) => Array.from({ length: width }, (_, x) => { const n = 4 * (y * width + x); return Math.round(0.299 * rgba[n] + 0.587 * rgba[n + 1] + 0.114 * rgba[n + 2]); }));
      const next = { x: s().x.map(() => grey), part: scale < 1 ? `scaled down from ${bitmap.height} × ${bitmap.width}` : "" };
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
  const notes = { size: h("div", {}), formula: h("div", {}), code: h("div", { class: "code" }) };
  const section = (title, content) => h("section", { class: "note" }, h("h2", {}, title), content);
  const one = h("div", { class: "wrapped" }, steps.map((c) => c.element));
  const each_ = h("div", { class: "wrapped" }, [...strides, ...paddings, ...dilations].map((c) => c.element));
  frame.element.append(
    h("div", { class: "top" }, op.element, dims.element, base.element),
    stage, part, readout, heard.element, play.element, told.element,
    h("div", { class: "deck" },
      group("Input", inputPreset, rows, cols, cin, h("div", { class: "wrapped" }, draw.element, brushStep.element, own)),
      group("Weight", kernelPreset, krows, kcols, cout, groups),
      group("Window", one, each_, mode, apart)),
    h("div", { class: "notes" }, section("Formula", notes.formula), section("Size of the output", notes.size), section("The same in Python", notes.code)),
  );

  function refresh() {
    view = look(data.state);
    if (!play.playing()) revealed = Infinity;
    fillAll();
    for (const control of controls) control.update();
    const flat = s().dims === 1;
    for (const c of [rows, krows]) c.element.hidden = flat;
    for (const [c, text] of [[cols, flat ? "length" : "columns"], [kcols, flat ? "kernel length" : "kernel columns"]]) c.element.querySelector(".name").textContent = text;
    mode.element.hidden = isTransposed(s()) || s().padding.every((p) => p === 0);
    steps[3].element.hidden = !isTransposed(s());
    groups.element.hidden = divisors().length === 1;
    apart.element.hidden = flat;
    const separate = !flat && (s().apart || new Set(s().padding).size > 1 || new Set(s().stride).size > 1 || new Set(s().dilation).size > 1);
    apart.element.querySelector("input").checked = separate;
    one.hidden = separate;
    each_.hidden = !separate;
    brushStep.element.hidden = !drawing;
    planes.x.forEach((g) => { g.drawing = Boolean(drawing); g.table.classList.toggle("drawing", g.drawing); });
    const symmetric = JSON.stringify([...turned(flatten(s().w), view.g.kernel)]) === JSON.stringify([...flatten(s().w)]);
    stamps.textContent = symmetric ? "This kernel is its own turn: both operations give the same." : "is turned, and then it slides:";
    const code = codeOf(s());
    notes.code.replaceChildren(...codeLines(code, s(), view));
    notes.size.replaceChildren(...sizeText(view).filter(Boolean));
    notes.formula.replaceChildren(...formula(view));
    show_();
  }

  const watched = new ResizeObserver(() => fit());
  watched.observe(stage);
  const theirsHeard = () => refresh();
  model.on("change:theirs", theirsHeard);
  data.listen(refresh);
  refresh();
  return () => { play.stop(); watched.disconnect(); data.stop(); model.off?.("change:theirs", theirsHeard); frame.stop(); };
}

const PLAIN = { identity: [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "shift right": [[0, 0, 0], [1, 0, 0], [0, 0, 0]], ones: [[1, 1, 1], [1, 1, 1], [1, 1, 1]] };

const largest = (planes) => Math.max(1e-300, ...planes.flat(2).map(Math.abs));

const presetOf = (presets, x) => Object.entries(presets).find(([, p]) => x.every((plane, c) => JSON.stringify(p.make(plane.length, plane[0].length, c)) === JSON.stringify(plane)))?.[0] ?? "";

function weightTitle({ s, outputs }, plane) {
  const inner = (isTransposed(s) ? outputs : inputsOf(s)) / s.groups;
  return `${Math.floor(plane / inner) + s.base}, ${(plane % inner) + s.base}`;
}

/** What stands at a place of the padded input. */
function padValue({ s, g }, c, y, x) {
  if (!isOutside([y, x], sizes(s.x))) return s.x[c][y][x];
  if (s.mode === "zeros") return 0;
  const from = [y, x].map((v, n) => source(v, sizes(s.x)[n], s.mode));
  return s.x[c][from[0]][from[1]];
}

function codeLines(code, s, view) {
  const shape = (list) => `(${list.join(", ")})`;
  const spatial = (size) => (s.dims === 1 ? [size[1]] : size);
  const inner = (isTransposed(s) ? view.outputs : inputsOf(s)) / s.groups;
  const w = [s.w.length / inner, inner, ...spatial(sizes(s.w))];
  return [
    h("p", { class: "muted" }, `x has shape ${shape([inputsOf(s), ...spatial(sizes(s.x))])}, w ${shape(w)}; y has ${shape([view.outputs, ...spatial(view.out)])}.`),
    h("pre", { tabindex: "0", "aria-label": "in convolab" }, h("code", { class: "convolab" }, code.convolab)),
    code.torch ? h("pre", { tabindex: "0", "aria-label": "in PyTorch" }, h("code", { class: "torch" }, code.torch)) : h("p", { class: "muted" }, "PyTorch takes only equal padding on both sides here."),
  ];
}

export default { render };
