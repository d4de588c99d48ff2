// What a state of a convolution says: its geometry, its limits and their reasons, what meets what, and its controls.

import { MODES, geometry, source, span, spare, transposed, transposedSize } from "./relation.js";
import { choice, h, stepper, toggle } from "./shared.js";
import { INPUTS, resized } from "./arrays.js";

export const SIDE = 32; // pixels along an axis, at most: more numbers than that are not read one by one
export const KERNEL = 9;
export const PLANES = 4;

export const sizes = (planes) => [planes[0].length, planes[0][0].length];
export const pads = (s) => [s.padding.slice(0, 2), s.padding.slice(2)];
export const isTransposed = (s) => s.op === "transposed";
export const inputsOf = (s) => s.x.length;
export const outputsOf = (s) => (isTransposed(s) ? (s.w.length / inputsOf(s)) * s.groups : (s.w.length * s.groups) / inputsOf(s));

/** The geometry of a state; a transposed convolution is the adjoint of its own. */
export function geometryOf(s) {
  const make = isTransposed(s) ? transposed : geometry;
  return make({
    input: sizes(s.x), kernel: sizes(s.w), stride: s.stride, dilation: s.dilation, padding: pads(s), extra: s.extra,
    mode: s.mode, cin: inputsOf(s), cout: outputsOf(s), groups: s.groups,
  });
}


/** Why a state has no geometry, or null. */
export function problem(s) {
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

export const flat1d = (s) => ({ ...s, stride: [1, s.stride[1]], dilation: [1, s.dilation[1]], padding: [0, 0, ...s.padding.slice(2)], extra: [0, s.extra[1]] });

export function valid(s) {
  if (s.dims === 1) s = flat1d(s);
  if (isTransposed(s)) s = { ...s, mode: "zeros" };
  return s;
}

// ---- Limits, each with its reason -------------------------------------------------------------------------------------

/** An axis of a state as numbers, and the limits of each of them while the others stay. */
export function axisLimits(s, n) {
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
export function limitsOf(s, what, axes) {
  const all = axes.map((n) => axisLimits(s, n)[what]);
  const low = all.reduce((a, b) => (b.low > a.low ? b : a));
  const high = all.reduce((a, b) => ((what === "stride" && !isTransposed(s) ? b.high > a.high : b.high < a.high) ? b : a));
  return { low: low.low, high: Math.max(high.high, low.low), why: [low.why[0], high.why[1]] };
}


// ---- What meets what ------------------------------------------------------------------------------------------------------

/** The places of one axis pair: where the source stands, where the target, which weight, and the padded place. */
export const place = ({ from, to, flip }, ty, tx) => ({ x: [ty[from], tx[from]], y: [ty[to], tx[to]], k: flip([ty.k, tx.k]), at: [ty.at, tx.at] });

export const crossed = (rows = [], columns = []) => rows.flatMap((ty) => columns.map((tx) => [ty, tx]));

export const tapNumber = (view, k) => k[0] * view.g.kernel[1] + k[1];
export const isOutside = ([y, x], [rows, columns]) => y < 0 || x < 0 || y >= rows || x >= columns;

/** What stands at a place of the padded input. */
export function padValue({ s, g }, c, y, x) {
  if (!isOutside([y, x], sizes(s.x))) return s.x[c][y][x];
  if (s.mode === "zeros") return 0;
  const from = [y, x].map((v, n) => source(v, sizes(s.x)[n], s.mode));
  return s.x[c][from[0]][from[1]];
}


export const withSize = (s, name, n, value) => ({ [name]: s[name].map((plane) => resized(plane, n === 0 ? [value, plane[0].length] : [plane.length, value])) });


/** Each weight's place has its colour, always: it is the legend of everything that is lit. */
export function tint(grid, tap) {
  for (const cell of grid.cells) {
    cell.classList.add("own");
    cell.style.setProperty("--own", `var(--tap-${tap(cell.at)})`);
  }
}

// ---- Controls of a window that slides -----------------------------------------------------------------------------------

/**
 * The controls of sizes and steps. `data` holds the state, `set` changes a part of it, `reshape` one after which the
 * rest may have to give way, and `say` tells of limits.
 */
export function slidingControls({ data, set, reshape, say, largestSide = SIDE }) {
  const s = () => data.state;
  const both = () => (s().dims === 1 ? [1] : [0, 1]);
  const stepOf = (label, what, n = null) => {
    const axes = () => (n === null ? both() : [n]);
    const get = () => s()[what][axes()[0]];
    return stepper({ label, get, say, limits: () => roomy(limitsOf(s(), what, axes()), get()), set: (v) => set({ [what]: s()[what].map((old, m) => (axes().includes(m) || (s().dims === 2 && n === null) ? v : old)) }) });
  };
  const shown = (limits, what) => (what === "input" && limits.high > largestSide ? { ...limits, high: largestSide, why: [limits.why[0], "larger ones are not drawn here"] } : limits);
  const roomy = (limits, value) => ({ ...limits, low: Math.min(limits.low, value), high: Math.max(limits.high, value) });
  const padStep = (label, sides) =>
    stepper({
      label, say, get: () => s().padding[sides()[0]], set: (v) => set({ padding: s().padding.map((old, m) => (sides().includes(m) ? v : old)) }),
      limits: () => {
        const limits = limitsOf(s(), "padding", [...new Set(sides().map((m) => (m < 2 ? 0 : 1)))]);
        const one = sides().length === 1;
        const n = sides()[0] < 2 ? 0 : 1;
        const missing = s().dilation[n] * (sizes(s().w)[n] - 1) + 1 - sizes(s().x)[n] - s().padding[sides()[0] ^ 1];
        return roomy(one && !isTransposed(s()) ? { ...limits, low: Math.max(0, missing) } : limits, s().padding[sides()[0]]);
      },
    });
  const sizeStep = (label, name, what, n) => stepper({ label, say, get: () => sizes(s()[name])[n], set: (v) => set(withSize(s(), name, n, v)), limits: () => roomy(shown(limitsOf(s(), what, [n]), what), sizes(s()[name])[n]) });
  const mode = choice({ label: "what stands in it", get: () => s().mode, set: (v) => reshape({ mode: v }), options: () => MODES.map((m) => [m, m]) });
  const apart = toggle({ label: "each side on its own", get: () => s().apart, set: (v) => set({ apart: v ? 1 : 0 }) });
  const rows = sizeStep("rows", "x", "input", 0);
  const cols = sizeStep("columns", "x", "input", 1);
  const krows = sizeStep("kernel rows", "w", "kernel", 0);
  const kcols = sizeStep("kernel columns", "w", "kernel", 1);
  const steps = [stepOf("stride", "stride"), padStep("padding", () => (s().dims === 1 ? [2, 3] : [0, 1, 2, 3])), stepOf("dilation", "dilation"), stepOf("output padding", "extra")];
  const strides = [stepOf("stride of rows", "stride", 0), stepOf("stride of columns", "stride", 1)];
  const dilations = [stepOf("dilation of rows", "dilation", 0), stepOf("dilation of columns", "dilation", 1)];
  const paddings = ["above", "below", "left", "right"].map((side, n) => padStep(`padding ${side}`, () => [n]));
  const one = h("div", { class: "wrapped" }, steps.map((c) => c.element));
  const each_ = h("div", { class: "wrapped" }, [...strides, ...paddings, ...dilations].map((c) => c.element));

  const all = [rows, cols, krows, kcols, mode, apart, ...steps, ...strides, ...paddings, ...dilations];
  function update() {
    for (const control of all) control.update();
    const flat = s().dims === 1;
    for (const c of [rows, krows]) c.element.hidden = flat;
    for (const [c, text] of [[cols, flat ? "length" : "columns"], [kcols, flat ? "kernel length" : "kernel columns"]]) c.element.querySelector(".name").textContent = text;
    mode.element.hidden = isTransposed(s()) || s().padding.every((p) => p === 0);
    steps[3].element.hidden = !isTransposed(s());
    apart.element.hidden = flat;
    const separate = !flat && (s().apart || new Set(s().padding).size > 1 || new Set(s().stride).size > 1 || new Set(s().dilation).size > 1);
    apart.element.querySelector("input").checked = separate;
    one.hidden = separate;
    each_.hidden = !separate;
  }
  return { rows, cols, krows, kcols, mode, apart, one, each: each_, update };
}

/** Changes after which the rest of a state may have to give way: another operation, another padding, other axes. */
export function reshaping({ data, set, say, refresh, rested }) {
  let other = null; // the state of the other number of axes

  function reshape(part) {
    const next = valid({ ...data.state, ...part });
    const before = String(next.padding);
    const most = (n) => axisLimits(next, n).padding;
    const must = next.mode !== "zeros" || isTransposed(next);
    next.padding = next.padding.map((p, m) => (must && p > most(m < 2 ? 0 : 1).high ? Math.max(most(m < 2 ? 0 : 1).low, most(m < 2 ? 0 : 1).high) : p));
    if (isTransposed(next)) {
      next.stride = next.stride.map((v, n) => Math.min(v, axisLimits(next, n).stride.high));
      const high = [0, 1].map((n) => axisLimits(next, n).input.high);
      next.x = next.x.map((plane) => resized(plane, sizes([plane]).map((v, n) => Math.min(v, high[n]))));
    }
    const wrong = problem(next);
    if (wrong) return say(`Not possible with these sizes: ${wrong}.`), refresh();
    set(next);
    if (String(next.padding) !== before) say(`Padding is now ${next.padding.join(", ")}: more is not possible here.`);
  }

  function toDims(dims) {
    const kept = other;
    other = data.state;
    if (kept?.dims === dims) return set({ ...kept, base: data.state.base });
    if (dims === 2) return set({ ...rested(), dims: 2, ...planar(), base: data.state.base });
    const middle = (plane) => [[...plane[Math.floor((plane.length - 1) / 2)]]];
    reshape(flat1d({ ...data.state, dims: 1, x: data.state.x.map(middle), w: data.state.w.map(middle), at: [data.state.at[0], 0, 0, 2] }));
  }

  return { reshape, toDims };
}

const planar = () => ({ x: [INPUTS.seven.make(6, 7)], w: [KERNELS["sobel-x"]], at: ["y", 0, 1, 2] });

/** The kernels that one can choose, those of the table and a few plain ones; of one row in one dimension. */
export const kernelsFor = (dims) => Object.fromEntries(Object.entries({ ...PLAIN, ...KERNELS }).filter(([, plane]) => plane.length <= 5 && plane[0].length <= 5).map(([name, plane]) => [name, dims === 1 ? [plane[Math.floor(plane.length / 2)]] : plane]));

export const kernelNamed = (s) => Object.entries(kernelsFor(s.dims)).find(([, plane]) => s.w.length === 1 && JSON.stringify(plane) === JSON.stringify(s.w[0]))?.[0] ?? "";

/** A kernel by name in every plane, or the reason why it does not fit. */
export function kernelFor(s, name) {
  const plane = kernelsFor(s.dims)[name];
  const size = [plane.length, plane[0].length];
  const tooLarge = [0, 1].find((n) => size[n] > limitsOf(s, "kernel", [n]).high);
  if (tooLarge !== undefined) return { why: `${name} is ${size.join(" × ")}: ${limitsOf(s, "kernel", [tooLarge]).why[1]}.` };
  return { w: s.w.map((_, n) => (n % 2 && size[0] === size[1] ? plane.map((row, y) => row.map((_, x) => plane[x][y])) : structuredClone(plane))) };
}

const PLAIN = { identity: [[0, 0, 0], [0, 1, 0], [0, 0, 0]], "shift right": [[0, 0, 0], [1, 0, 0], [0, 0, 0]], ones: [[1, 1, 1], [1, 1, 1], [1, 1, 1]] };


export const presetOf = (presets, x) => Object.entries(presets).find(([, p]) => x.every((plane, c) => JSON.stringify(p.make(plane.length, plane[0].length, c)) === JSON.stringify(plane)))?.[0] ?? "";

