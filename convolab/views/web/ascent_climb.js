// The climb on Σ (x ⋆ k)², and the optimum that it climbs to.

import { area, each, forward, geometry } from "./relation.js";
import { clamp } from "./numbers.js";
import { flatten, random } from "./arrays.js";
import { sizes } from "./convolving.js";

export const MOST = 16; // pixels along an axis
export const RATES = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 10];
const BLOCK = 8; // singular vectors that are sought together
const ROUNDS = 100;
const LARGEST = 1e300; // beyond this, squares leave the range of numbers

export function dot(a, b) {
  let sum = 0;
  for (let n = 0; n < a.length; n++) sum += a[n] * b[n];
  return sum;
}
export const length = (a) => Math.sqrt(dot(a, a));
export const scaled = (a, by) => a.map((v) => v * by);

/** Add by · b to a, in its place. */
function add(a, b, by) {
  for (let n = 0; n < a.length; n++) a[n] += by * b[n];
  return a;
}
const added = (a, b, by) => add(Float64Array.from(a), b, by);

function operatorOf(s) {
  const g = geometry({
    input: s.size,
    kernel: sizes(s.w),
    stride: [1, 1],
    dilation: [1, 1],
    padding: [
      [0, 0],
      [0, 0],
    ],
  });
  const w = flatten(s.w);
  // The taps as three lists, in their order, without those whose weight is 0: the climb runs over them a thousand times.
  const [outputs, weights, inputs] = [[], [], []];
  each(g, (o, k, i) => w[k] && (outputs.push(o), weights.push(w[k]), inputs.push(i)));
  const sums = (count, into, from) => (values) => {
    const found = new Float64Array(count);
    for (let n = 0; n < weights.length; n++) found[into[n]] += weights[n] * values[from[n]];
    return found;
  };
  const [apply, back] = [sums(area(g.output), outputs, inputs), sums(area(g.input), inputs, outputs)];
  return { g, w, apply, back, inputs: area(g.input) };
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
function climb(s, operator = operatorOf(s)) {
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
function top(operator) {
  const count = Math.min(BLOCK, operator.inputs);
  const multiplied = (v) => operator.back(operator.apply(v));
  let found = {
    values: [],
    vectors: Array.from({ length: count }, (_, n) =>
      Float64Array.from(random(operator.g.input, n + 1), (v) => v - 0.5),
    ),
  };
  for (let n = 0; n < ROUNDS; n++) {
    let vectors = upright(found.vectors);
    for (let again = 0; again < 4; again++) vectors = vectors.map(multiplied);
    vectors = upright(vectors);
    const images = vectors.map(multiplied);
    found = ritz(vectors, images);
    if (length(added(multiplied(found.vectors[0]), found.vectors[0], -found.values[0])) <= 1e-12 * found.values[0])
      break;
  }
  return found;
}

/** Vectors made unit and at right angles to each other (twice, for rounding); those that vanish are replaced. */
function upright(vectors) {
  const kept = [];
  vectors.forEach((v, n) => {
    let u = Float64Array.from(v);
    for (const k of [...kept, ...kept]) add(u, k, -dot(u, k));
    if (!(length(u) > 1e-12 * Math.max(1, length(v)))) {
      u = Float64Array.from(v, (_, m) => Math.sin((m + 1) * (n + 2)));
      for (const k of [...kept, ...kept]) add(u, k, -dot(u, k));
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
  for (let sweep = 0, turned = true; sweep < 30 && turned; sweep++) {
    turned = false;
    for (let p = 0; p < n; p++)
      for (let q = p + 1; q < n; q++) {
        // Below the rounding of the two values, a further turn changes no digit.
        if (Math.abs(m[p][q]) <= Math.max(1e-300, 1e-16 * Math.sqrt(Math.abs(m[p][p] * m[q][q])))) continue;
        turned = true;
        const angle = 0.5 * Math.atan2(2 * m[p][q], m[q][q] - m[p][p]);
        const [c, s] = [Math.cos(angle), Math.sin(angle)];
        for (const rows of [m, turn])
          for (const row of rows) [row[p], row[q]] = [c * row[p] - s * row[q], s * row[p] + c * row[q]];
        for (let k = 0; k < n; k++) [m[p][k], m[q][k]] = [c * m[p][k] - s * m[q][k], s * m[p][k] + c * m[q][k]];
      }
  }
  const order = m.map((row, i) => [row[i], i]).sort((a, b) => b[0] - a[0]);
  return {
    values: order.map(([value]) => Math.max(0, value)),
    vectors: order.map(([, i]) =>
      vectors.reduce((sum, v, k) => add(sum, v, turn[k][i]), new Float64Array(vectors[0].length)),
    ),
  };
}

/** The part of an image in the space of the top singular vectors, which may have several dimensions. */
function within(x, { values, vectors }) {
  const best = vectors.filter((_, n) => values[n] >= values[0] * (1 - 1e-9));
  return best.reduce((sum, v) => add(sum, v, dot(x, v)), new Float64Array(x.length));
}

/** A number that Σ (x ⋆ k)² of no image with pixels within [0, 1] exceeds. */
function boxBound({ g, w, inputs }, largest) {
  const ones = new Float64Array(inputs).fill(1);
  const [positive, negative] = [1, -1].map((sign) =>
    forward(
      g,
      ones,
      w.map((v) => Math.max(0, sign * v)),
    ),
  );
  const byOutputs = positive.reduce((sum, v, n) => sum + Math.max(v, negative[n]) ** 2, 0);
  const byLength = (length(forward(g, scaled(ones, 0.5), w)) + (Math.sqrt(largest) * Math.sqrt(inputs)) / 2) ** 2;
  return Math.min(byOutputs, byLength);
}

export function look(s) {
  const operator = operatorOf(s);
  const path = climb(s, operator);
  const best = top(operator);
  const part = within(path.images[0], best);
  const vector = length(part) > 1e-9 * length(path.images[0]) ? scaled(part, 1 / length(part)) : best.vectors[0];
  const optimum = { none: null, sphere: best.values[0], box: boxBound(operator, best.values[0]) }[s.constraint];
  return { s, operator, ...path, best, vector, optimum };
}

export const angle = (x, best) =>
  length(x) ? (Math.acos(Math.min(1, length(within(x, best)) / length(x))) * 180) / Math.PI : 90;
