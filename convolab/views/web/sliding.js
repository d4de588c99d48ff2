// The controls of a window that slides, and the kernels that one can choose. KERNELS is Python's table.

import { MODES } from "./relation.js";
import { h } from "./elements.js";
import { choice, stepper, toggle } from "./controls.js";
import { INPUTS, resized } from "./arrays.js";
import { SIDE, flat1d, isTransposed, problem, sizes, valid, withSize } from "./convolving.js";
import { axisLimits, limitsOf } from "./limits.js";

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
    return stepper({
      label,
      get,
      say,
      limits: () => roomy(limitsOf(s(), what, axes()), get()),
      set: (v) =>
        set({ [what]: s()[what].map((old, m) => (axes().includes(m) || (s().dims === 2 && n === null) ? v : old)) }),
    });
  };
  const shown = (limits, what) =>
    what === "input" && limits.high > largestSide
      ? { ...limits, high: largestSide, why: [limits.why[0], "larger ones are not drawn here"] }
      : limits;
  const roomy = (limits, value) => ({
    ...limits,
    low: Math.min(limits.low, value),
    high: Math.max(limits.high, value),
  });
  const padStep = (label, sides) =>
    stepper({
      label,
      say,
      get: () => s().padding[sides()[0]],
      set: (v) => set({ padding: s().padding.map((old, m) => (sides().includes(m) ? v : old)) }),
      limits: () => {
        const limits = limitsOf(s(), "padding", [...new Set(sides().map((m) => (m < 2 ? 0 : 1)))]);
        const one = sides().length === 1;
        const n = sides()[0] < 2 ? 0 : 1;
        const missing = s().dilation[n] * (sizes(s().w)[n] - 1) + 1 - sizes(s().x)[n] - s().padding[sides()[0] ^ 1];
        return roomy(
          one && !isTransposed(s()) ? { ...limits, low: Math.max(0, missing) } : limits,
          s().padding[sides()[0]],
        );
      },
    });
  const sizeStep = (label, name, what, n) =>
    stepper({
      label,
      say,
      get: () => sizes(s()[name])[n],
      set: (v) => set(withSize(s(), name, n, v)),
      limits: () => roomy(shown(limitsOf(s(), what, [n]), what), sizes(s()[name])[n]),
    });
  const mode = choice({
    label: "what stands in it",
    get: () => s().mode,
    set: (v) => reshape({ mode: v }),
    options: () => MODES.map((m) => [m, m]),
  });
  const apart = toggle({ label: "each side on its own", get: () => s().apart, set: (v) => set({ apart: v ? 1 : 0 }) });
  const rows = sizeStep("rows", "x", "input", 0);
  const cols = sizeStep("columns", "x", "input", 1);
  const krows = sizeStep("kernel rows", "w", "kernel", 0);
  const kcols = sizeStep("kernel columns", "w", "kernel", 1);
  const steps = [
    stepOf("stride", "stride"),
    padStep("padding", () => (s().dims === 1 ? [2, 3] : [0, 1, 2, 3])),
    stepOf("dilation", "dilation"),
    stepOf("output padding", "extra"),
  ];
  const strides = [stepOf("stride of rows", "stride", 0), stepOf("stride of columns", "stride", 1)];
  const dilations = [stepOf("dilation of rows", "dilation", 0), stepOf("dilation of columns", "dilation", 1)];
  const paddings = ["above", "below", "left", "right"].map((side, n) => padStep(`padding ${side}`, () => [n]));
  const one = h(
    "div",
    { class: "wrapped" },
    steps.map((c) => c.element),
  );
  const each_ = h(
    "div",
    { class: "wrapped" },
    [...strides, ...paddings, ...dilations].map((c) => c.element),
  );

  const all = [rows, cols, krows, kcols, mode, apart, ...steps, ...strides, ...paddings, ...dilations];
  function update() {
    for (const control of all) control.update();
    const flat = s().dims === 1;
    for (const c of [rows, krows]) c.element.hidden = flat;
    for (const [c, text] of [
      [cols, flat ? "length" : "columns"],
      [kcols, flat ? "kernel length" : "kernel columns"],
    ])
      c.element.querySelector(".name").textContent = text;
    mode.element.hidden = isTransposed(s()) || s().padding.every((p) => p === 0);
    steps[3].element.hidden = !isTransposed(s());
    apart.element.hidden = flat;
    const separate =
      !flat &&
      (s().apart || new Set(s().padding).size > 1 || new Set(s().stride).size > 1 || new Set(s().dilation).size > 1);
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
    next.padding = next.padding.map((p, m) =>
      must && p > most(m < 2 ? 0 : 1).high ? Math.max(most(m < 2 ? 0 : 1).low, most(m < 2 ? 0 : 1).high) : p,
    );
    if (isTransposed(next)) {
      next.stride = next.stride.map((v, n) => Math.min(v, axisLimits(next, n).stride.high));
      const high = [0, 1].map((n) => axisLimits(next, n).input.high);
      next.x = next.x.map((plane) =>
        resized(
          plane,
          sizes([plane]).map((v, n) => Math.min(v, high[n])),
        ),
      );
    }
    const wrong = problem(next);
    if (wrong) return (say(`Not possible with these sizes: ${wrong}.`), refresh());
    set(next);
    if (String(next.padding) !== before) say(`Padding is now ${next.padding.join(", ")}: more is not possible here.`);
  }

  function toDims(dims) {
    const kept = other;
    other = data.state;
    if (kept?.dims === dims) return set({ ...kept, base: data.state.base });
    if (dims === 2) return set({ ...rested(), dims: 2, ...planar(), base: data.state.base });
    const middle = (plane) => [[...plane[Math.floor((plane.length - 1) / 2)]]];
    reshape(
      flat1d({
        ...data.state,
        dims: 1,
        x: data.state.x.map(middle),
        w: data.state.w.map(middle),
        at: [data.state.at[0], 0, 0, 2],
      }),
    );
  }

  return { reshape, toDims };
}

const planar = () => ({ x: [INPUTS.seven.make(6, 7)], w: [KERNELS["sobel-x"]], at: ["y", 0, 1, 2] });

/** The kernels that one can choose, those of the table and a few plain ones; of one row in one dimension. */
export const kernelsFor = (dims) =>
  Object.fromEntries(
    Object.entries({ ...PLAIN, ...KERNELS })
      .filter(([, plane]) => plane.length <= 5 && plane[0].length <= 5)
      .map(([name, plane]) => [name, dims === 1 ? [plane[Math.floor(plane.length / 2)]] : plane]),
  );

export const kernelNamed = (s) =>
  Object.entries(kernelsFor(s.dims)).find(
    ([, plane]) => s.w.length === 1 && JSON.stringify(plane) === JSON.stringify(s.w[0]),
  )?.[0] ?? "";

/** A kernel by name in every plane, or the reason why it does not fit. */
export function kernelFor(s, name) {
  const plane = kernelsFor(s.dims)[name];
  const size = [plane.length, plane[0].length];
  const tooLarge = [0, 1].find((n) => size[n] > limitsOf(s, "kernel", [n]).high);
  if (tooLarge !== undefined)
    return { why: `${name} is ${size.join(" × ")}: ${limitsOf(s, "kernel", [tooLarge]).why[1]}.` };
  return {
    w: s.w.map((_, n) =>
      n % 2 && size[0] === size[1] ? plane.map((row, y) => row.map((_, x) => plane[x][y])) : structuredClone(plane),
    ),
  };
}

const PLAIN = {
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
  "shift right": [
    [0, 0, 0],
    [1, 0, 0],
    [0, 0, 0],
  ],
  ones: [
    [1, 1, 1],
    [1, 1, 1],
    [1, 1, 1],
  ],
};

export const presetOf = (presets, x) =>
  Object.entries(presets).find(([, p]) =>
    x.every((plane, c) => JSON.stringify(p.make(plane.length, plane[0].length, c)) === JSON.stringify(plane)),
  )?.[0] ?? "";
