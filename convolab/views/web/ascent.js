// Ascent: which image does a convolution answer to most? A climb on Σ (x ⋆ k)², with the exact optimum beside it.

import { area, forward, geometry, inputGradient } from "./relation.js";
import { Grid, button, chart, choice, clamp, group, h, player, rest, root, show, stepper, store, switcher, teller } from "./shared.js";
import { flatten, planesOf, random } from "./arrays.js";
import { kernelsFor, sizes } from "./convolving.js";

const MOST = 16; // pixels along an axis
const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10];
const BLOCK = 8; // singular vectors that are sought together
const ROUNDS = 100;
const LARGEST = 1e300; // beyond this, squares leave the range of numbers

function dot(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
const length = (a) => Math.sqrt(dot(a, a));
const scaled = (a, by) => a.map((v) => v * by);

function added(a, b, by) {
  const sum = new Float64Array(a.length);
  for (let n = 0; n < a.length; n++) sum[n] = a[n] + by * b[n];
  return sum;
}

function operatorOf(s) {
  const g = geometry({ input: s.size, kernel: sizes(s.w), stride: [1, 1], dilation: [1, 1], padding: [[0, 0], [0, 0]] });
  const w = flatten(s.w);
  return { g, w, apply: (x) => forward(g, x, w), back: (y) => inputGradient(g, w, y), inputs: area(g.input) };
}

/** The image to begin with: what was drawn, or fractions from 0 to 1 by the seed; made to obey the constraint. */
export function startOf(s) {
  const drawn = s.start.length === 1 && String(sizes(s.start)) === String(s.size);
  return obeying(s.constraint, drawn ? flatten(s.start) : Float64Array.from(random(s.size, s.seed)));
}

function obeying(constraint, x) {
  if (constraint === "sphere") return length(x) ? scaled(x, 1 / length(x)) : x;
  return constraint === "box" ? x.map((v) => clamp(v, 0, 1)) : x;
}

/** Every image of the climb with its loss, the first included. */
export function climb(s, operator = operatorOf(s)) {
  let x = startOf(s);
  let y = operator.apply(x);
  const images = [x];
  const losses = [dot(y, y)];
  for (let n = 0; n < s.steps; n++) {
    x = obeying(s.constraint, added(x, operator.back(y), 2 * s.rate));
    y = operator.apply(x);
    const loss = dot(y, y);
    if (!(loss < LARGEST)) break;
    images.push(x);
    losses.push(loss);
  }
  return { images, losses };
}

/**
 * The largest eigenvalues of AᵀA with their vectors, falling: a few vectors are multiplied together and kept at right
 * angles, until the first is one to twelve digits.
 */
export function top(operator) {
  const count = Math.min(BLOCK, operator.inputs);
  const multiplied = (v) => operator.back(operator.apply(v));
  let found = { values: [], vectors: Array.from({ length: count }, (_, n) => Float64Array.from(random(operator.g.input, n + 1), (v) => v - 0.5)) };
  for (let n = 0; n < ROUNDS; n++) {
    let vectors = upright(found.vectors);
    for (let again = 0; again < 4; again++) vectors = vectors.map(multiplied);
    vectors = upright(vectors);
    const images = vectors.map(multiplied);
    found = ritz(vectors, images);
    if (length(added(multiplied(found.vectors[0]), found.vectors[0], -found.values[0])) <= 1e-12 * found.values[0]) break;
  }
  return found;
}

/** Vectors made unit and at right angles to each other (twice, for rounding); those that vanish are replaced. */
function upright(vectors) {
  const kept = [];
  vectors.forEach((v, n) => {
    let u = v;
    for (const k of [...kept, ...kept]) u = added(u, k, -dot(u, k));
    if (!(length(u) > 1e-12 * Math.max(1, length(v)))) {
      u = Float64Array.from(v, (_, m) => Math.sin((m + 1) * (n + 2)));
      for (const k of [...kept, ...kept]) u = added(u, k, -dot(u, k));
    }
    kept.push(scaled(u, 1 / length(u)));
  });
  return kept;
}

/** The best vectors within the block: Rayleigh and Ritz, by rotations of its small matrix. */
function ritz(vectors, images) {
  const n = vectors.length;
  const m = vectors.map((v) => images.map((image) => dot(v, image)));
  const turn = vectors.map((_, i) => vectors.map((_, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 30; sweep++)
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        if (Math.abs(m[p][q]) < 1e-300) continue;
        const angle = 0.5 * Math.atan2(2 * m[p][q], m[q][q] - m[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (const rows of [m, turn]) for (const row of rows) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
        for (let k = 0; k < n; k++) [m[p][k], m[q][k]] = [c * m[p][k] - s * m[q][k], s * m[p][k] + c * m[q][k]];
      }
  const order = m.map((row, i) => [row[i], i]).sort((a, b) => b[0] - a[0]);
  return {
    values: order.map(([value]) => Math.max(0, value)),
    vectors: order.map(([, i]) => vectors.reduce((sum, v, k) => added(sum, v, turn[k][i]), new Float64Array(vectors[0].length))),
  };
}

/** The part of an image in the space of the top singular vectors, which may have several dimensions. */
function within(x, { values, vectors }) {
  const best = vectors.filter((_, n) => values[n] >= values[0] * (1 - 1e-9));
  return best.reduce((sum, v) => added(sum, v, dot(x, v)), new Float64Array(x.length));
}

/** A number that Σ (x ⋆ k)² of no image with pixels within [0, 1] exceeds. */
export function boxBound({ g, w, inputs }, largest) {
  const ones = new Float64Array(inputs).fill(1);
  const [positive, negative] = [1, -1].map((sign) => forward(g, ones, w.map((v) => Math.max(0, sign * v))));
  const byOutputs = positive.reduce((sum, v, n) => sum + Math.max(v, negative[n]) ** 2, 0);
  const byLength = (length(forward(g, scaled(ones, 0.5), w)) + (Math.sqrt(largest) * Math.sqrt(inputs)) / 2) ** 2;
  return Math.min(byOutputs, byLength);
}

function look(s) {
  const operator = operatorOf(s);
  const path = climb(s, operator);
  const best = top(operator);
  const part = within(path.images[0], best);
  const vector = length(part) > 1e-9 * length(path.images[0]) ? scaled(part, 1 / length(part)) : best.vectors[0];
  const optimum = { none: null, sphere: best.values[0], box: boxBound(operator, best.values[0]) }[s.constraint];
  return { s, operator, ...path, best, vector, optimum };
}

const angle = (x, best) => (length(x) ? (Math.acos(Math.min(1, length(within(x, best)) / length(x))) * 180) / Math.PI : 90);

const RULES = { none: "x ← x + η · ∂L/∂x", sphere: "x ← x + η · ∂L/∂x, then x ← x / |x|", box: "x ← x + η · ∂L/∂x, then every pixel back into [0, 1]" };

function fitting(s) {
  const okay = s.w.length === 1 && s.size.every((v) => Number.isInteger(v) && v >= 1 && v <= MOST) && sizes(s.w).every((k, n) => k <= s.size[n]) && s.rate > 0 && s.steps >= 1 && s.steps <= 1000;
  return okay ? { ...s, step: clamp(s.step, 0, s.steps) } : null;
}

function render({ model, el }) {
  const frame = root(el, "ascent", "Gradient ascent");
  const told = teller();
  const data = store(model, "ascent", (s) => {
    const fine = fitting(s);
    if (!fine) told.say("This state cannot be shown: kernel, size, rate or steps do not fit. Here is the state of rest.");
    return fine ?? rest("ascent");
  });
  const s = () => data.state;
  let view = look(s());
  let key = "";
  const set = (part) => { told.say(""); data.change(part); };

  const grids = {
    start: new Grid({ label: "image to begin with", title: "", editable: true, on: { edit: ([y, x], v) => set({ start: [planesOf(startOf(s()), s().size)[0].map((row, a) => (a === y ? row.map((old, b) => (b === x ? v : old)) : row))] }), refuse: told.say } }),
    now: new Grid({ label: "image now", title: "" }),
    best: new Grid({ label: "top singular vector", title: "" }),
  };
  const stage = h("div", { class: "stage images" }, Object.values(grids).map((g) => h("div", { class: "column" }, g.element)));
  const readout = h("div", { class: "readout", role: "status" });
  const curve = h("div", { class: "drawn" });
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "chart");
  curve.append(drawing);

  const play = player({ label: "step", count: () => view.images.length, at: () => Math.min(s().step, view.images.length - 1), go: (n) => data.change({ step: n }), seconds: 0.4 });

  const size = (label, n) => stepper({ label, say: told.say, get: () => s().size[n], set: (v) => set({ size: s().size.map((old, m) => (m === n ? v : old)), start: [] }), limits: () => ({ low: sizes(s().w)[n], high: MOST, why: [`the kernel has ${sizes(s().w)[n]}`, "larger images are not shown"] }) });
  const constraint = switcher({ label: "constraint", get: () => s().constraint, set: (v) => set({ constraint: v }), options: [["none", "none"], ["sphere", "|x| = 1"], ["box", "pixels in [0, 1]"]] });
  const rate = choice({ label: "rate η", none: "your own", get: () => String(s().rate), set: (v) => set({ rate: Number(v) }), options: () => RATES.map((v) => [String(v), String(v)]) });
  const steps = stepper({ label: "hundreds of steps", say: told.say, get: () => Math.ceil(s().steps / 100), set: (v) => set({ steps: 100 * v, step: 100 * v }), limits: () => ({ low: 1, high: 10, why: ["the sheet takes a hundred", "a thousand are enough to see"] }) });
  const seed = stepper({ label: "seed", say: told.say, get: () => s().seed, set: (v) => set({ seed: v, start: [] }), limits: () => ({ low: 0, high: 999, why: ["seeds begin at 0", "seeds end here"] }) });
  const kernel = choice({ label: "kernel", none: "your own", get: () => named(s().w), set: (name) => { const w = kernelsFor(2)[name]; set({ w: [w], size: s().size.map((v, n) => Math.max(v, [w.length, w[0].length][n])) }); }, options: () => Object.keys(kernelsFor(2)).map((name) => [name, name]) });
  const named = (w) => Object.entries(kernelsFor(2)).find(([, plane]) => JSON.stringify(plane) === JSON.stringify(w[0]))?.[0] ?? "";
  const weights = new Grid({ label: "kernel", title: "", editable: true, on: { edit: ([y, x], v) => set({ w: [s().w[0].map((row, a) => (a === y ? row.map((old, b) => (b === x ? v : old)) : row))] }), refuse: told.say } });
  const controls = [constraint, rate, steps, seed, kernel, ...["rows", "columns"].map(size)];
  const formula = h("p", { class: "formula" });
  const words = h("p", { class: "muted" });

  frame.element.append(
    h("div", { class: "top" }, constraint.element, rate.element),
    stage, play.element, readout, told.element,
    h("section", { class: "note check" }, h("h2", {}, "The loss on its way"), curve),
    h("div", { class: "deck" }, group("Kernel", kernel, weights.element), group("Image", ...controls.slice(5), seed, button("another", () => set({ seed: (s().seed + 1) % 1000, start: [] }))), group("Climb", steps)),
    h("div", { class: "notes two" },
      h("section", { class: "note" }, h("h2", {}, "Formula"), h("p", { class: "formula" }, "L = Σ (", h("i", {}, "x"), " ⋆ ", h("i", {}, "k"), ")² = |A", h("i", {}, "x"), "|²,   ∂L/∂", h("i", {}, "x"), " = 2 AᵀA", h("i", {}, "x")), formula, words),
      h("section", { class: "note" }, h("h2", {}, "The same in Python"), h("pre", { tabindex: "0", "aria-label": "in convolab" }, h("code", { class: "convolab" })))),
  );

  const grey = (grid, values, caption) => {
    grid.shape([0, 0], s().size, s().size);
    const plane = planesOf(values, s().size)[0];
    grid.fill((y, x) => plane[y][x], { digits: 2, name: (y, x) => `row ${y + 1} column ${x + 1}` });
    grid.caption.replaceChildren(...caption);
  };

  function moment() {
    const n = Math.min(s().step, view.images.length - 1);
    const [x, loss] = [view.images[n], view.losses[n]];
    const free = s().constraint === "none";
    grey(grids.now, free && length(x) ? scaled(x, 1 / length(x)) : x, [h("b", {}, `after ${n} ${n === 1 ? "step" : "steps"}`), h("span", { class: "muted" }, free ? " as x / |x|" : "")]);
    const off = angle(x, view.best);
    const parts = [h("span", {}, "L = ", h("strong", { class: "result" }, show(loss, 7)))];
    if (s().constraint === "sphere") parts.push(h("span", {}, `of at most σ² = ${show(view.optimum, 7)}: `, h("strong", {}, `${show(100 * loss / (view.optimum || 1), 5)} %`)));
    if (s().constraint === "box") parts.push(h("span", {}, `no image in the box has more than ${show(view.optimum, 6)}`));
    if (free) parts.push(h("span", {}, n ? `the last step multiplied it by ${show(view.losses[n] / view.losses[n - 1], 4)}` : "", `; |x| = ${show(length(x), 4)}`));
    if (s().constraint !== "box") parts.push(h("span", { class: "muted" }, `${show(off, 3)}° from the top singular vector`));
    readout.replaceChildren(h("p", { class: "facts" }, parts));
    chart(drawing, {
      label: `The loss at each step, ${show(view.losses[0], 4)} at first and ${show(view.losses.at(-1), 4)} after ${view.losses.length - 1} steps.`,
      x: { text: "step" }, y: { text: free ? "loss, logarithmic" : "loss", log: free, zero: !free }, height: 230,
      lines: [{ points: view.losses.map((v, m) => [m, v]), kind: "first" }],
      levels: view.optimum ? [{ y: view.optimum, text: s().constraint === "sphere" ? `optimum σ² = ${show(view.optimum, 6)}` : `no more than ${show(view.optimum, 6)}` }] : [],
      marks: [{ x: n, y: loss }],
    });
    play.update();
  }

  function refresh() {
    const { step, ...others } = s();
    const next = JSON.stringify(others);
    if (next !== key) {
      key = next;
      view = look(s());
      grey(grids.start, view.images[0], [h("b", {}, s().start.length ? "your start" : "random start")]);
      const vector = dot(view.vector, view.images[0]) < 0 ? scaled(view.vector, -1) : view.vector;
      grey(grids.best, vector, [h("b", {}, s().constraint === "sphere" ? "the optimum" : "top singular vector"), h("span", { class: "muted" }, ` σ = ${show(Math.sqrt(view.best.values[0]), 5)}`)]);
      weights.shape([0, 0], sizes(s().w), sizes(s().w));
      weights.fill((y, x) => s().w[0][y][x], { name: (y, x) => `k ${y + 1} ${x + 1}` });
      weights.fit(34);
      formula.textContent = RULES[s().constraint];
      words.textContent = {
        none: "Without a constraint the loss only grows: every step stretches the image along the same few directions. What settles is the direction, and it is that of the top singular vector.",
        sphere: "On the unit sphere each step is one of power iteration. It ends at the top right-singular vector of A, and the loss at σ²: no other image of that length answers more.",
        box: "In the box the pixels run into its walls: the best image is made of black and white.",
      }[s().constraint];
      frame.element.querySelector("code").textContent = `cl.maximize(k, ${s().size[0] === s().size[1] ? s().size[0] : `(${s().size.join(", ")})`}, constraint="${s().constraint}", rate=${s().rate}, steps=${s().steps})`;
      fit();
    }
    for (const control of controls) control.update();
    moment();
  }

  function fit() {
    const width = stage.clientWidth;
    if (!width) return;
    const columns = s().size[1];
    const row = Math.floor((width - 60) / (3 * columns));
    const pair = Math.floor((width - 20) / (2 * columns));
    stage.classList.toggle("stacked", row < 18);
    const cell = clamp(row < 18 ? pair : row, 8, Math.min(40, Math.floor(360 / s().size[0])));
    for (const g of Object.values(grids)) g.fit(cell);
  }

  const watched = new ResizeObserver(() => { fit(); moment(); });
  watched.observe(stage);
  data.listen(refresh);
  refresh();
  return () => { play.stop(); watched.disconnect(); data.stop(); frame.stop(); };
}

export default { render };
