// What an output reads, beside what it should: each place of an input with its mark, and the same in words.

import { indexText, plural, show } from "./numbers.js";

export const NAMES = {
  input: ["x", "image"],
  weight: ["k", "kernel"],
  grad_output: ["∂L/∂y", "upstream gradient"],
};
const FACTORS = {
  forward: { read: "input", weights: "weight", result: ["y", "output"] },
  input_gradient: { read: "grad_output", weights: "weight", result: ["∂L/∂x", "gradient of the input"] },
  weight_gradient: { read: "input", weights: "grad_output", result: ["∂L/∂k", "gradient of the kernel"] },
};
export const factors = (s) => FACTORS[s.operation];

const SEVERAL = "Σ"; // a sum of more than two weights
const LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
export const KINDS = {
  right: ["✓", "read as it should be"],
  swapped: ["≠", "read with another weight"],
  extra: ["✗", "read, but should not be"],
  absent: ["○", "should be read, and is not"],
};

const area = ([, , rows, columns]) => rows * columns;
export const flat = ([, c, rows, columns], [n, a, y, x]) => ((n * c + a) * rows + y) * columns + x;
export const placeOf = (shape, index) => {
  const [, channels, rows, columns] = shape;
  const plane = Math.floor(index / (rows * columns));
  const rest = index % (rows * columns);
  return [Math.floor(plane / channels), plane % channels, Math.floor(rest / columns), rest % columns];
};

/** The letter of a weight's place in its plane, weights counted from 1. */
export function letter(s, weight) {
  const n = (Math.abs(weight) - 1) % area(s.weights);
  return `${weight < 0 ? "−" : ""}${LETTERS[n] ?? n + 1}`;
}

function label(s, [, , first, second, value]) {
  if (!first) return Number.isInteger(value) ? SEVERAL : show(value, 3);
  if (!second) return letter(s, first);
  return first === second ? `${first < 0 ? "−" : ""}2${letter(s, Math.abs(first))}` : `${letter(s, first)}+${letter(s, second)}`;
}

/** All that is known of a state, by output: {outputs: Map(output → Map(place → {kind, text, wanted})), wrong: Set}. */
export function compared(s) {
  const outputs = new Map();
  const entry = (output, place) => {
    if (!outputs.has(output)) outputs.set(output, new Map());
    const places = outputs.get(output);
    if (!places.has(place)) places.set(place, {});
    return places.get(place);
  };
  for (const row of s.actual[0] ?? []) if (row[0] >= 0) entry(row[0], row[1]).is = row;
  for (const row of s.should[0] ?? []) if (row[0] >= 0) entry(row[0], row[1]).must = row;
  const wrong = new Set();
  for (const [output, places] of outputs)
    for (const one of places.values()) {
      const { is, must } = one;
      one.kind = !must ? "extra" : !is ? "absent" : is[2] === must[2] && !is[3] ? "right" : "swapped";
      one.tap = ((must ?? is)[2] ? Math.abs((must ?? is)[2]) - 1 : 0) % area(s.weights);
      one.text = is ? label(s, is) : letter(s, must[2]);
      one.wanted = must ? letter(s, must[2]) : "";
      if (one.kind !== "right") wrong.add(output);
    }
  const beyond = (shape, [n, c, y, x]) => n >= shape[0] || c >= shape[1] || y >= shape[2] || x >= shape[3];
  const excess = new Set();
  for (let n = 0; n < s.out.reduce((a, b) => a * b); n++) {
    const at = placeOf(s.out, n);
    if (beyond(s.right, at)) excess.add(n);
    if (beyond(s.right, at) || beyond(s.got, at)) wrong.add(n);
  }
  return { outputs, wrong, excess, lacking: (n) => beyond(s.got, placeOf(s.out, n)) };
}

/** A place by name: x₂‚₃, with image and channel where there are several. */
export function named(s, name, shape, index) {
  const at = placeOf(shape, index);
  const shown = [...(shape[0] > 1 ? [at[0]] : []), ...(shape[0] > 1 || shape[1] > 1 ? [at[1]] : []), ...at.slice(2)];
  return `${name}${indexText(shown.map((v) => v + s.base))}`;
}

/** What is said of one output: a sentence, and its faults one by one. */
export function told(s, known, output) {
  const { read, weights, result } = factors(s);
  const name = named(s, result[0], s.out, output);
  if (known.lacking(output)) return { sentence: `${name} is missing: the function does not give it.`, faults: [] };
  const places = [...(known.outputs.get(output) ?? new Map())].sort(([a], [b]) => a - b);
  const of = (kind) => places.filter(([, one]) => one.kind === kind);
  const should = places.filter(([, one]) => one.must).length;
  if (known.excess.has(output))
    return { sentence: `${name} should not be there: the ${result[1]} has no such element.`, faults: [] };
  const [letterOf, word] = NAMES[read];
  if (of("right").length === places.length)
    return { sentence: `${name} reads the ${plural(should, "place")} of the ${word} that it should, each with its own weight.`, faults: [] };
  const parts = [
    [of("right").length, "as it should"],
    [of("swapped").length, "with another weight"],
    [of("extra").length, "that it should not read"],
    [of("absent").length, "missing"],
  ].filter(([count]) => count);
  const sentence = `${name} should read ${plural(should, "place")} of the ${word}: ${parts.map(([count, text]) => `${count} ${text}`).join(", ")}.`;
  const spoken = (one) => (one.text === SEVERAL ? "several weights at once" : one.text);
  const place = (index) => named(s, letterOf, s.shape, index);
  const weight = NAMES[weights][1];
  const elsewhere = (one) => one.is && one.must && one.text === one.wanted; // the same place in another plane
  const faults = places
    .filter(([, one]) => one.kind !== "right")
    .map(([index, one]) => {
      if (one.kind === "absent") return `${place(index)} is not read; it should be, with ${one.wanted}`;
      if (one.kind === "extra") return `${place(index)} is read with ${spoken(one)}, and should not be read`;
      return elsewhere(one)
        ? `${place(index)} is read with ${one.text} of another plane of the ${weight}`
        : `${place(index)} is read with ${spoken(one)}, and should be with ${one.wanted}`;
    });
  return { sentence, faults };
}
