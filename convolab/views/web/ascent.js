// Ascent: which image does a convolution answer to most? A climb that is played, with the exact optimum beside it.

import { clamp, show } from "./numbers.js";
import { afterwards, h, root } from "./elements.js";
import { rest, store } from "./address.js";
import { Grid } from "./grid.js";
import { button, choice, group, player, stepper, switcher, teller } from "./controls.js";
import { chart } from "./chart.js";
import { planesOf } from "./arrays.js";
import { sizes } from "./convolving.js";
import { kernelsFor } from "./sliding.js";
import { MOST, RATES, angle, dot, length, look, scaled, startOf } from "./ascent_climb.js";

const RULES = {
  none: "x ← x + η · ∂L/∂x",
  sphere: "x ← x + η · ∂L/∂x, then x ← x / |x|",
  box: "x ← x + η · ∂L/∂x, then every pixel back into [0, 1]",
};

/** A rule with its letters as letters. */
const lettered = (rule) => rule.split(/(?<!p)(x)(?!el)/).map((part) => (part === "x" ? h("i", {}, part) : part));

function fitting(s) {
  const okay =
    s.w.length === 1 &&
    s.size.every((v) => Number.isInteger(v) && v >= 1 && v <= MOST) &&
    sizes(s.w).every((k, n) => k <= s.size[n]) &&
    s.rate > 0 &&
    s.steps >= 1 &&
    s.steps <= 1000;
  return okay ? { ...s, step: clamp(s.step, 0, s.steps) } : null;
}

function render({ model, el }) {
  const frame = root(el, "ascent", "Gradient ascent");
  const told = teller();
  const data = store(model, "ascent", (s) => {
    const fine = fitting(s);
    if (!fine)
      told.say("This state cannot be shown: kernel, size, rate or steps do not fit. Here is the state of rest.");
    return fine ?? rest("ascent");
  });
  const s = () => data.state;
  let view = look(s());
  let key = "";
  let fitted = 0; // the stage's width that everything is drawn for
  const set = (part) => {
    told.say("");
    data.change(part);
  };

  const grids = {
    start: new Grid({
      label: "image to begin with",
      title: "",
      editable: true,
      on: {
        edit: ([y, x], v) =>
          set({
            start: [
              planesOf(startOf(s()), s().size)[0].map((row, a) =>
                a === y ? row.map((old, b) => (b === x ? v : old)) : row,
              ),
            ],
          }),
        refuse: told.say,
      },
    }),
    now: new Grid({ label: "image now", title: "" }),
    best: new Grid({ label: "top singular vector", title: "" }),
  };
  const stage = h(
    "div",
    { class: "stage images" },
    Object.values(grids).map((g) => h("div", { class: "column" }, g.element)),
  );
  const readout = h("div", { class: "readout", role: "status" });
  const curve = h("div", { class: "drawn" });
  const drawing = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawing.setAttribute("class", "chart");
  curve.append(drawing);

  const play = player({
    label: "step",
    count: () => view.images.length,
    at: () => Math.min(s().step, view.images.length - 1),
    go: (n) => data.change({ step: n }),
    seconds: 0.4,
    first: 0,
  });

  const size = (label, n) =>
    stepper({
      label,
      say: told.say,
      get: () => s().size[n],
      set: (v) => set({ size: s().size.map((old, m) => (m === n ? v : old)), start: [] }),
      limits: () => ({
        low: sizes(s().w)[n],
        high: MOST,
        why: [`the kernel has ${sizes(s().w)[n]}`, "larger images are not shown"],
      }),
    });
  const constraint = switcher({
    label: "constraint",
    get: () => s().constraint,
    set: (v) => set({ constraint: v }),
    options: [
      ["none", "none"],
      ["sphere", "|x| = 1"],
      ["box", "pixels in [0, 1]"],
    ],
  });
  const rate = choice({
    label: "rate η",
    none: "your own",
    get: () => String(s().rate),
    set: (v) => set({ rate: Number(v) }),
    options: () => RATES.map((v) => [String(v), String(v)]),
  });
  const steps = stepper({
    label: "hundreds of steps",
    say: told.say,
    get: () => Math.ceil(s().steps / 100),
    set: (v) => set({ steps: 100 * v, step: 100 * v }),
    limits: () => ({ low: 1, high: 10, why: ["the sheet takes a hundred", "a thousand are enough to see"] }),
  });
  const seed = stepper({
    label: "seed",
    say: told.say,
    get: () => s().seed,
    set: (v) => set({ seed: v, start: [] }),
    limits: () => ({ low: 0, high: 999, why: ["seeds begin at 0", "seeds end here"] }),
  });
  const kernel = choice({
    label: "kernel",
    none: "your own",
    get: () => named(s().w),
    set: (name) => {
      const w = kernelsFor(2)[name];
      set({ w: [w], size: s().size.map((v, n) => Math.max(v, [w.length, w[0].length][n])) });
    },
    options: () => Object.keys(kernelsFor(2)).map((name) => [name, name]),
  });
  const named = (w) =>
    Object.entries(kernelsFor(2)).find(([, plane]) => JSON.stringify(plane) === JSON.stringify(w[0]))?.[0] ?? "";
  const weights = new Grid({
    label: "kernel",
    title: "",
    editable: true,
    on: {
      edit: ([y, x], v) =>
        set({ w: [s().w[0].map((row, a) => (a === y ? row.map((old, b) => (b === x ? v : old)) : row))] }),
      refuse: told.say,
    },
  });
  const controls = [constraint, rate, steps, seed, kernel, ...["rows", "columns"].map(size)];
  const formula = h("p", { class: "formula" });
  const words = h("p", { class: "muted" });
  const code = h("code", { class: "convolab" });

  frame.element.append(
    h("div", { class: "top" }, constraint.element, rate.element),
    stage,
    play.element,
    readout,
    told.element,
  );
  const below = [
    h("section", { class: "note check" }, h("h2", {}, "The loss on its way"), curve),
    h(
      "div",
      { class: "deck" },
      group("Kernel", kernel, weights.element),
      group(
        "Image",
        ...controls.slice(5),
        seed,
        button("another", () => set({ seed: (s().seed + 1) % 1000, start: [] })),
      ),
      group("Climb", steps),
    ),
    h(
      "div",
      { class: "notes two" },
      h(
        "section",
        { class: "note" },
        h("h2", {}, "Formula"),
        h(
          "p",
          { class: "formula" },
          "L = ",
          h("span", { class: "sigma" }, "Σ"),
          " (",
          h("i", {}, "x"),
          " ⋆ ",
          h("i", {}, "k"),
          ")² = |A",
          h("i", {}, "x"),
          "|²,   ∂L/∂",
          h("i", {}, "x"),
          " = 2 AᵀA",
          h("i", {}, "x"),
        ),
        formula,
        words,
      ),
      h(
        "section",
        { class: "note" },
        h("h2", {}, "The same in Python"),
        h("pre", { tabindex: "0", "aria-label": "in convolab" }, code),
      ),
    ),
  ];
  let whole = false; // whether all that stands below is there

  const grey = (grid, values, caption) => {
    grid.shape([0, 0], s().size, s().size);
    const plane = planesOf(values, s().size)[0];
    const name = (y, x) => `row ${y + 1} column ${x + 1}`;
    grid.fill((y, x) => plane[y][x], { digits: 2, room: 5, name }); // −0.00: figures of one size in all three
    grid.caption.replaceChildren(...caption);
  };

  function moment() {
    const n = Math.min(s().step, view.images.length - 1);
    const [x, loss] = [view.images[n], view.losses[n]];
    const free = s().constraint === "none";
    grey(grids.now, free && length(x) ? scaled(x, 1 / length(x)) : x, [
      h("b", {}, `after ${n} ${n === 1 ? "step" : "steps"}`),
      h("span", { class: "muted" }, free ? " as x / |x|" : ""),
    ]);
    const off = angle(x, view.best);
    const parts = [h("span", {}, "L = ", h("strong", { class: "result" }, show(loss, 7)))];
    if (s().constraint === "sphere")
      parts.push(
        h(
          "span",
          {},
          `of at most σ² = ${show(view.optimum, 7)}: `,
          h("strong", {}, `${show((100 * loss) / (view.optimum || 1), 5)} %`),
        ),
      );
    if (s().constraint === "box")
      parts.push(h("span", {}, `no image in the box has more than ${show(view.optimum, 6)}`));
    if (free)
      parts.push(
        h(
          "span",
          {},
          n ? `the last step multiplied it by ${show(view.losses[n] / view.losses[n - 1], 4)}` : "",
          `; |x| = ${show(length(x), 4)}`,
        ),
      );
    if (s().constraint !== "box")
      parts.push(h("span", { class: "muted" }, `${show(off, 3)}° from the top singular vector`));
    readout.replaceChildren(h("p", { class: "facts" }, parts));
    if (whole) drawCurve(n, loss, free);
    play.update();
  }

  function drawCurve(n, loss, free) {
    chart(drawing, {
      label: `The loss at each step, ${show(view.losses[0], 4)} at first and ${show(view.losses.at(-1), 4)} after ${view.losses.length - 1} steps.`,
      x: { text: "step" },
      y: { text: free ? "loss, logarithmic" : "loss", log: free, zero: !free },
      height: 230,
      lines: [{ points: view.losses.map((v, m) => [m, v]), kind: "first" }],
      levels: view.optimum
        ? [
            {
              y: view.optimum,
              text:
                s().constraint === "sphere"
                  ? `optimum σ² = ${show(view.optimum, 6)}`
                  : `no more than ${show(view.optimum, 6)}`,
            },
          ]
        : [],
      marks: [{ x: n, y: loss }],
    });
  }

  function refresh() {
    const { step, ...others } = s();
    const next = JSON.stringify(others);
    if (next !== key) {
      if (key) view = look(s());
      key = next;
      grey(grids.start, view.images[0], [h("b", {}, s().start.length ? "your start" : "random start")]);
      const vector = dot(view.vector, view.images[0]) < 0 ? scaled(view.vector, -1) : view.vector;
      grey(grids.best, vector, [
        h("b", {}, s().constraint === "sphere" ? "the optimum" : "top singular vector"),
        " ",
        h("span", { class: "muted partial" }, `σ = ${show(Math.sqrt(view.best.values[0]), 5)}`),
      ]);
      weights.shape([0, 0], sizes(s().w), sizes(s().w));
      weights.fill((y, x) => s().w[0][y][x], { name: (y, x) => `k ${y + 1} ${x + 1}` });
      weights.fit(34);
      formula.replaceChildren(...lettered(RULES[s().constraint]));
      words.textContent = {
        none: "Without a constraint the loss only grows: every step stretches the image along the same few directions. What settles is the direction, and it is that of the top singular vector.",
        sphere:
          "On the unit sphere each step is one of power iteration. It ends at the top right-singular vector of A, and the loss at σ²: no other image of that length answers more.",
        box: "In the box the pixels run into its walls: the best image is made of black and white.",
      }[s().constraint];
      code.textContent =
        `cl.maximize(k, ${s().size[0] === s().size[1] ? s().size[0] : `(${s().size.join(", ")})`}, constraint="${s().constraint}", rate=${s().rate}, steps=${s().steps})`;
      fit();
    }
    for (const control of whole ? controls : [constraint, rate]) control.update();
    moment();
  }

  function fit() {
    const width = frame.width();
    if (!width) return;
    fitted = width;
    const columns = s().size[1];
    const row = Math.floor((width - (width < 600 ? 30 : 60)) / (3 * columns));
    const pair = Math.floor((width - 20) / (2 * columns));
    stage.classList.toggle("narrow", width < 600);
    stage.classList.toggle("stacked", row < 11);
    const cell = clamp(row < 11 ? pair : row, 8, Math.min(40, Math.floor(360 / s().size[0])));
    for (const g of Object.values(grids)) g.fit(cell);
  }

  const watched = new ResizeObserver(() => {
    if (frame.width() === fitted) return;
    fit();
    moment();
  });
  watched.observe(stage);
  data.listen(refresh);
  refresh();
  afterwards(() => {
    whole = true;
    frame.element.append(...below);
    refresh(); // the curve is as wide as the page gives it room
  });
  return () => {
    play.stop();
    watched.disconnect();
    data.stop();
    frame.stop();
  };
}

export default { render };
