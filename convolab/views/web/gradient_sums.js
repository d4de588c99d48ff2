// The gradient explorer's sums: both gradients, the finite difference and its error, in numbers and in words.

import { forward, inputGradient, weightGradient } from "./relation.js";
import { factor, plural, show } from "./numbers.js";
import { h, joinedBy, sub } from "./elements.js";
import { flatten, planesOf } from "./arrays.js";
import { crossed, geometryOf, pads, place, tapNumber } from "./convolving.js";

export const ONE = { op: "correlation", groups: 1, extra: [0, 0], b: [] };
export const DRAWN = 12; // pixels along an axis, at most
export const SMALLEST = 14; // ε goes down to 10^-14
const WRITTEN = 30;

// What the loss is of the outputs, what it hands back to each of them, and what is worth saying about it.
export const LOSSES = {
  squares: {
    text: "L = Σ y²",
    of: (y) => y * y,
    slope: (y) => 2 * y,
    name: "2·y",
    note: "Σ y² is quadratic in every number, and the central difference of a parabola is exact: what is left is rounding, and it grows as ε shrinks. ε = 1 is best.",
  },
  smooth: {
    text: "L = Σ √(1 + y²)",
    of: (y) => Math.sqrt(1 + y * y),
    slope: (y) => y / Math.sqrt(1 + y * y),
    name: "y / √(1 + y²)",
    note: "To the right the loss bends within ε, and the error falls like ε²; to the left rounding is divided by ε. The best ε lies between.",
  },
  sum: {
    text: "L = Σ y",
    of: (y) => y,
    slope: () => 1,
    name: "1",
    note: "Σ y is linear: its difference is exact up to rounding for every ε.",
  },
};
const ROUND = { float32: Math.fround, float64: Number };

export function look(s) {
  const g = geometryOf(s);
  const [x, w] = [flatten(s.x), flatten(s.w)];
  const y = forward(g, x, w);
  const dy = y.map(LOSSES[s.loss].slope);
  const view = {
    s,
    g,
    from: "i",
    to: "o",
    flip: (k) => k,
    x,
    w,
    y,
    dy,
    dx: inputGradient(g, w, dy),
    dw: weightGradient(g, x, dy),
  };
  view.planes = {
    x: s.x[0],
    w: s.w[0],
    y: planesOf(y, g.output)[0],
    dx: planesOf(view.dx, g.input)[0],
    dw: planesOf(view.dw, g.kernel)[0],
    dy: planesOf(dy, g.output)[0],
  };
  return view;
}

/** Every tap of an element of x, w or y, outputs rising. */
export function tapsOf(view, [what, , ...at]) {
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

export const relative = (found, exact) =>
  found === exact ? 0 : Math.abs(found - exact) / Math.max(Math.abs(found), Math.abs(exact));

/** The error of the difference for every ε, from 1 down. */
export function errorCurve(view, selected, exact, type) {
  const points = [];
  for (let n = 0; n <= 2 * SMALLEST; n++)
    points.push([10 ** (-n / 2), Math.max(relative(difference(view, selected, 10 ** (-n / 2), type), exact), 1e-17)]);
  return points;
}

export function lights(view, selected, all) {
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

export const index = (view, at) => (view.s.dims === 1 ? at.slice(1) : at).map((v) => v + view.s.base);
export const slope = (view, letter, at) => [h("span", { class: "partial" }, "∂L/∂"), sub(letter, index(view, at))];
const term = (view, p, ...content) =>
  h("span", { class: "term", style: `--tap: var(--tap-${tapNumber(view, p.k)})` }, content);

/** A sum over taps in symbols and in numbers: `factors(p)` gives [[name, position, number], …] for each. */
function sum(view, head, all, factors, result) {
  const symbols = all.slice(0, WRITTEN).map((p) =>
    term(
      view,
      p,
      factors(p).flatMap(([name, at], n) => [n ? "·" : "", sub(name, index(view, at))]),
    ),
  );
  const numbers = all.slice(0, WRITTEN).map((p) =>
    term(
      view,
      p,
      factors(p)
        .map(([, , v]) => factor(v))
        .join("·"),
    ),
  );
  const more = () => (all.length > WRITTEN ? h("span", { class: "muted" }, ` … and ${all.length - WRITTEN} more`) : "");
  return [
    h("p", { class: "terms symbols" }, head(), " = ", all.length ? joinedBy(symbols, "+") : "0", more()),
    h(
      "p",
      { class: "terms numbers" },
      h("span", { class: "unseen" }, "with numbers: "),
      h("span", { class: "hang", "aria-hidden": "true" }, head()),
      " = ",
      all.length ? joinedBy(numbers, "+") : "0",
      more(),
      h("span", { class: "plus" }, " = "),
      h("strong", { class: "result" }, show(result, 6)),
    ),
  ];
}

export function written(view, selected, all) {
  const [what, , ...at] = selected;
  const p = view.planes;
  const pick = (plane, [y, x]) => plane[y][x];
  if (what === "x") {
    const taps = view.g.kernel[0] * view.g.kernel[1];
    const few =
      all.length < taps
        ? `Only ${all.length} of the ${plural(taps, "weight")} ${all.length === 1 ? "meets" : "meet"} this input: the others would belong to outputs that do not exist.`
        : all.length > taps
          ? "It stands in the padding too, and what arrives there comes back to it."
          : "Every weight meets it once: the kernel is read backwards, outputs rising, weights falling.";
    return {
      parts: [
        ...sum(
          view,
          () => slope(view, "x", at),
          all,
          (t) => [
            ["w", t.k, pick(p.w, t.k)],
            ["y′", t.y, pick(p.dy, t.y)],
          ],
          pick(p.dx, at),
        ),
        h("p", { class: "muted" }, few),
      ],
      sentence: `The derivative with respect to x ${index(view, at).join(" ")} is ${show(pick(p.dx, at), 6)}, a sum of ${plural(all.length, "product")}.`,
    };
  }
  if (what === "w")
    return {
      parts: [
        ...sum(
          view,
          () => slope(view, "w", at),
          all,
          (t) => [
            ["y′", t.y, pick(p.dy, t.y)],
            ["x", t.x, pick(p.x, t.x)],
          ],
          pick(p.dw, at),
        ),
        h("p", { class: "muted" }, "A weight is shared: every output that it takes part in sends its share back."),
      ],
      sentence: `The derivative with respect to w ${index(view, at).join(" ")} is ${show(pick(p.dw, at), 6)}.`,
    };
  const text = [
    sub("y′", index(view, at)),
    ` = ∂L/∂`,
    sub("y", index(view, at)),
    ` = ${LOSSES[view.s.loss].name} = ${show(pick(p.dy, at), 6)}`,
    " is handed back along every tap of this output:",
  ];
  const list = all
    .slice(0, WRITTEN)
    .map((t) => term(view, t, [slope(view, "x", t.x), ` gets ${factor(pick(p.w, t.k))}·${factor(pick(p.dy, at))}`]));
  return {
    parts: [h("p", { class: "lead" }, text), h("p", { class: "terms list" }, list)],
    sentence: `y ${index(view, at).join(" ")} hands ${show(pick(p.dy, at), 6)} back.`,
  };
}

/** The calls that give the same, for x of shape (1, 1, …), w of shape (1, 1, …) and dy like the output. */
export function gradientCode(s) {
  const axes = s.dims === 1 ? [1] : [0, 1];
  const per = (values) => {
    const own = axes.map((n) => values[n]);
    return own.every((v) => v === own[0]) ? String(own[0]) : `(${own.join(", ")})`;
  };
  const pairs = axes.map((n) => pads(s)[n]);
  const even = pairs.every(([before, after]) => before === after);
  const some = pairs.flat().some(Boolean);
  const padding = even
    ? pairs.every((p) => p[0] === pairs[0][0])
      ? String(pairs[0][0])
      : `(${pairs.map((p) => p[0]).join(", ")})`
    : `(${pairs.map((p) => `(${p.join(", ")})`).join(", ")}${pairs.length === 1 ? "," : ""})`;
  const option = (name, value, usual) => (value === usual ? "" : `, ${name}=${value}`);
  const shared =
    option("stride", per(s.stride), "1") + option("padding", padding, "0") + option("dilation", per(s.dilation), "1");
  const mode = some ? option("padding_mode", JSON.stringify(s.mode), '"zeros"') : "";
  const calls = (library, rest_) => [
    `${library}conv${s.dims}d_input(x.shape, w, dy${shared}${rest_})`,
    `${library}conv${s.dims}d_weight(x, w.shape, dy${shared}${rest_})`,
  ];
  return { convolab: calls("cl.", mode), torch: even && !mode ? calls("torch.nn.grad.", "") : null };
}
