// The read map: an output is met, and what it reads is marked on the input.

import { clamp } from "./numbers.js";
import { colourTaps, h } from "./elements.js";
import { whisper } from "./controls.js";
import { Grid } from "./grid.js";
import { KINDS, NAMES, compared, factors, flat, letter, named, placeOf, told } from "./reads_marks.js";

const SHOWN = 6; // faults in words
const PLANES_SHOWN = 8;

const legend = () =>
  h(
    "ul",
    { class: "readkeys" },
    Object.entries(KINDS).map(([kind, [sign, text]]) =>
      h("li", {}, h("span", { class: `readkey ${kind}`, "aria-hidden": "true" }, sign), text),
    ),
  );

/** The map as an element, with `update(state)`; `select(at)` is called when an output is selected. */
export function readsView({ select }) {
  let s = null;
  let known = null;
  let met = null;
  const grids = { read: [], out: [], weights: [] };
  const columns = Object.fromEntries(Object.keys(grids).map((name) => [name, h("div", { class: `column ${name}` })]));
  const sign = (text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
  const stage = h("div", { class: "stage reads" }, columns.read, sign("·"), columns.weights, sign("→"), columns.out);
  const readout = h("div", { class: "readout" });
  const heard = whisper();
  const element = h("div", { class: "readmap" }, stage, readout, legend(), heard.element);

  const selected = () => met ?? flat(s.out, s.at.map((v, n) => clamp(v, 0, s.out[n] - 1)));
  const planes = (shape) => Math.min(PLANES_SHOWN, shape[0] * shape[1]);
  const planeName = (shape, n) =>
    shape[0] * shape[1] > 1
      ? ` ${[shape[0] > 1 ? `image ${Math.floor(n / shape[1]) + s.base}` : "", shape[1] > 1 ? `channel ${(n % shape[1]) + s.base}` : ""].filter(Boolean).join(", ")}`
      : "";

  function build(kind, shape, title, on) {
    const count = kind === "weights" ? 1 : planes(shape);
    grids[kind] = Array.from({ length: count }, (_, n) => {
      const name = `${title}${kind === "weights" ? "" : planeName(shape, n)}`;
      const grid = new Grid({ label: name, title: [h("b", {}, title), kind === "weights" ? "" : planeName(shape, n)], on: on(n) });
      grid.shape([0, 0], shape.slice(2), shape.slice(2));
      return grid;
    });
    columns[kind].replaceChildren(...grids[kind].map((g) => g.element));
  }

  function fillWeights() {
    grids.weights[0].cells.forEach((cell, n) => {
      cell.text.data = letter(s, n + 1);
      cell.setAttribute("aria-label", `weight ${letter(s, n + 1)}, row ${cell.at[0] + s.base} column ${cell.at[1] + s.base}`);
      cell.classList.add("own");
      cell.style.setProperty("--own", `var(--tap-${n})`);
    });
  }

  function fillOutputs() {
    grids.out.forEach((grid, p) =>
      grid.cells.forEach((cell) => {
        const n = p * grid.cells.length + grid.cells.indexOf(cell);
        const isWrong = known.wrong.has(n);
        cell.text.data = known.lacking(n) ? "○" : isWrong ? "✗" : "✓";
        cell.classList.toggle("faulty", isWrong);
        const name = named(s, factors(s).result[0], s.out, n);
        cell.setAttribute("aria-label", `${name}: ${isWrong ? "wrong" : "reads what it should"}`);
      }),
    );
  }

  function update(state) {
    s = state;
    known = compared(s);
    met = null;
    const { read, weights, result } = factors(s);
    const pick = (p) => (at) => p * s.out[2] * s.out[3] + at[0] * s.out[3] + at[1];
    build("read", s.shape, NAMES[read][1], () => ({}));
    build("weights", s.weights, NAMES[weights][1], () => ({}));
    build("out", s.out, result[1], (p) => ({
      hover: (at) => ((met = pick(p)(at)), mark()),
      leave: () => ((met = null), mark()),
      pin: (at) => {
        met = null;
        s = { ...s, at: placeOf(s.out, pick(p)(at)) };
        select(s.at);
        mark();
      },
    }));
    colourTaps(element, s.weights.slice(2));
    fillWeights();
    fillOutputs();
    mark();
    fit();
  }

  function mark() {
    const output = selected();
    const places = known.outputs.get(output) ?? new Map();
    const size = s.shape[2] * s.shape[3];
    grids.read.forEach((grid, p) => {
      const marks = [];
      grid.cells.forEach((cell, n) => {
        const one = places.get(p * size + n);
        cell.text.data = one ? one.text : "";
        cell.dataset.sign = one ? (one.kind === "swapped" && one.wanted !== one.text ? `≠${one.wanted}` : KINDS[one.kind][0]) : "";
        const name = named(s, NAMES[factors(s).read][0], s.shape, p * size + n);
        cell.setAttribute("aria-label", `${name}: ${one ? `${KINDS[one.kind][1]}, ${one.text}` : "not read"}`);
        if (one) marks.push({ at: cell.at, kind: one.kind, tap: one.tap });
      });
      grid.mark(marks);
    });
    const out = s.out[2] * s.out[3];
    grids.out.forEach((grid, p) => {
      const at = placeOf(s.out, output).slice(2);
      grid.mark(Math.floor(output / out) === p ? [{ at, kind: "target" }] : []);
    });
    const { sentence, faults } = told(s, known, output);
    const more = faults.length > SHOWN ? [`and ${faults.length - SHOWN} more`] : [];
    readout.replaceChildren(
      h("p", {}, sentence),
      h("ul", { class: "faults" }, [...faults.slice(0, SHOWN), ...more].map((fault) => h("li", {}, fault))),
    );
    if (met === null) heard.say(sentence);
  }

  function fit() {
    const width = stage.clientWidth;
    if (!width || !s) return;
    const [read, weights, out] = [s.shape[3], s.weights[3], s.out[3]];
    const several = Math.max(planes(s.shape), planes(s.out)) > 1;
    const row = Math.floor((width - 130) / (read + weights + out));
    const stacked = row < 26;
    stage.classList.toggle("stacked", stacked);
    const size = clamp(stacked ? Math.floor((width - 8) / Math.max(read, out)) : row, 14, several ? 34 : 46);
    for (const grid of Object.values(grids).flat()) {
      grid.longest = 2.4;
      grid.fit(size);
    }
  }
  const watch = new ResizeObserver(fit);
  watch.observe(stage);
  return { element, update, fit, at: () => s?.at, stop: () => watch.disconnect() };
}
