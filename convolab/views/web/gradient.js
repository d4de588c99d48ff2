// The gradient explorer: the same taps read backwards, and the finite difference beside what they add up to.

import { clamp, show } from "./numbers.js";
import { afterwards, colourTaps, h, root, sub, svg } from "./elements.js";
import { rest, store } from "./address.js";
import { Grid } from "./grid.js";
import { choice, group, slider, switcher, teller, whisper } from "./controls.js";
import { chart } from "./chart.js";
import { INPUTS, largest } from "./arrays.js";
import { isOutside, padValue, problem, sizes, tint, valid } from "./convolving.js";
import { kernelFor, kernelNamed, kernelsFor, presetOf, reshaping, slidingControls } from "./sliding.js";
import { drawTaps } from "./gradient_drawing.js";
import {
  DRAWN,
  LOSSES,
  ONE,
  SMALLEST,
  difference,
  errorCurve,
  gradientCode,
  index,
  lights,
  look,
  relative,
  slope,
  tapsOf,
  written,
} from "./gradient_sums.js";

function render({ model, el }) {
  const frame = root(el, "gradient", "Gradient explorer");
  const told = teller();
  const heard = whisper();
  const data = store(model, "gradient", (state) => {
    const s = valid({ ...state, ...ONE });
    const wrong =
      s.x.length > 1 || s.w.length > 1
        ? "there is one plane of each here"
        : Math.max(...sizes(s.x)) > 2 * DRAWN
          ? "there are more numbers than can be shown"
          : problem(s);
    if (!wrong) return s;
    told.say(`This state cannot be shown: ${wrong}. Here is the state of rest.`);
    return { ...rest("gradient"), ...ONE };
  });
  const s = () => data.state;
  const set = (part) => {
    told.say("");
    data.change(part);
  };
  let view = look(s());
  let met = null;

  const sound = ([what, , y, x]) => {
    const size = { x: view.g.input, w: view.g.kernel, y: view.g.output }[what];
    return [what, 0, clamp(y, 0, size[0] - 1), clamp(x, 0, size[1] - 1)];
  };
  const selected = () => met ?? sound(s().at);
  const on = {
    hover: (place_) => {
      met = sound(place_);
      lighten();
    },
    leave: () => {
      if (met) {
        met = null;
        lighten();
      }
    },
    pin: (place_) => {
      met = null;
      String(place_) === String(s().at) ? lighten() : data.change({ at: place_ });
    },
  };

  // The stage: forward above, backward below
  const make = (key, label) => {
    const what = key.replace("d", "");
    const editable = key === "x" || key === "w";
    const inside = ([y, x]) => [what, 0, y, x];
    return new Grid({
      label,
      title: "",
      editable,
      on: {
        hover: (at, cell) => cell.pad || on.hover(inside(at)),
        leave: on.leave,
        pin: (at, cell) => cell.pad || on.pin(inside(at)),
        refuse: told.say,
        edit: ([y, x], value) =>
          set({ [key]: [s()[key][0].map((row, a) => (a === y ? row.map((v, b) => (b === x ? value : v)) : row))] }),
      },
    });
  };
  const LABELS = {
    x: "input",
    w: "weight",
    y: "output",
    dx: "gradient of the input",
    dw: "gradient of the weight",
    dy: "output gradient",
  };
  const grids = Object.fromEntries(Object.entries(LABELS).map(([key, label]) => [key, make(key, label)]));
  const sign = (text) => h("span", { class: "sign", "aria-hidden": "true" }, text);
  const cellOf = (key) => h("div", { class: `column ${key}` }, grids[key].element);
  const stage = h(
    "div",
    { class: "stage both" },
    cellOf("x"),
    sign("⋆"),
    cellOf("w"),
    sign("="),
    cellOf("y"),
    cellOf("dx"),
    sign("←"),
    cellOf("dw"),
    sign("←"),
    cellOf("dy"),
  );
  const drawing = svg("svg", {
    class: "taps",
    role: "img",
    "aria-label":
      "Inputs below, outputs above, an edge for each product; the arrows of the selected element run from the outputs back.",
  });
  const readout = h("div", { class: "readout" });

  // The finite difference
  const curve = svg("svg", { class: "chart" });
  const verdict = h("div", { class: "verdicts" });
  const lossNote = h("p", { class: "muted" });
  const epsilon = () => 10 ** -s().eps;
  const eps = slider({
    label: "ε",
    get: () => SMALLEST - s().eps,
    set: (v) => set({ eps: SMALLEST - v }),
    steps: () => SMALLEST,
    text: () => (s().eps ? `10${[...String(-s().eps)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}` : "1"),
  });
  const type = switcher({
    label: "numbers",
    get: () => s().type,
    set: (v) => set({ type: v }),
    options: [
      ["float32", "float32"],
      ["float64", "float64"],
    ],
  });

  function check(now, exact) {
    const found = difference(view, now, epsilon(), s().type);
    const error = relative(found, exact);
    const name = () => slope(view, now[0], now.slice(2));
    const row = (title, value) => h("tr", {}, h("th", { scope: "row" }, title), h("td", {}, value));
    verdict.replaceChildren(
      h(
        "table",
        { class: "sizes" },
        row(["by the taps: ", name()], show(exact, 8)),
        row("by the difference", show(found, 8)),
        row("relative error", h("strong", {}, error ? show(error, 2) : "0")),
        row("digits that agree", error ? String(Math.max(0, Math.floor(-Math.log10(error)))) : "all"),
      ),
    );
    chart(curve, {
      label: `Relative error of the central difference against ε, in float32 and float64. At ε = ${show(epsilon(), 1)} it is ${show(error, 2)}.`,
      x: { text: "ε", log: true },
      y: { text: "relative error", log: true, range: [-17, 1] },
      lines: [
        { points: errorCurve(view, now, exact, "float32"), kind: "first", text: "float32", label: [0.3, -9] },
        { points: errorCurve(view, now, exact, "float64"), kind: "second", text: "float64", label: [0.3, 20] },
      ],
      marks: [{ x: epsilon(), y: Math.max(error, 1e-17) }],
    });
  }

  // Controls
  const { reshape, toDims } = reshaping({
    data,
    set,
    say: told.say,
    refresh: () => refresh(),
    rested: () => ({ ...rest("gradient"), ...ONE }),
  });
  const slide = slidingControls({ data, set, reshape, say: told.say, largestSide: DRAWN });
  const dims = switcher({
    label: "Axes",
    hidden: true,
    get: () => s().dims,
    set: (v) => toDims(Number(v)),
    options: [
      [1, "1-D"],
      [2, "2-D"],
    ],
  });
  const base = switcher({
    label: "count from",
    get: () => s().base,
    set: (v) => set({ base: Number(v) }),
    options: [
      [1, "1"],
      [0, "0"],
    ],
  });
  const loss = switcher({
    label: "Loss",
    hidden: true,
    get: () => s().loss,
    set: (v) => set({ loss: v }),
    options: Object.entries(LOSSES).map(([name, l]) => [name, l.text]),
  });
  const picture = choice({
    label: "picture",
    none: "your own",
    get: () => presetOf(INPUTS, s().x),
    set: (name) => set({ x: [INPUTS[name].make(...sizes(s().x))] }),
    options: () => Object.entries(INPUTS).map(([name, p]) => [name, p.text]),
  });
  const kernel = choice({
    label: "kernel",
    none: "your own",
    get: () => kernelNamed(s()),
    set: (name) => {
      const { why, w } = kernelFor(s(), name);
      if (why) (told.say(why), refresh());
      else set({ w });
    },
    options: () => Object.keys(kernelsFor(s().dims)).map((name) => [name, name]),
  });
  const controls = [picture, kernel, eps, type, slide];

  const code = h("div", {});
  const formula = h("div", {});
  frame.element.append(
    h("div", { class: "top" }, dims.element, loss.element, base.element),
    drawing,
    stage,
    readout,
    heard.element,
    told.element,
  );
  const below = [
    h(
      "section",
      { class: "note check" },
      h("h2", {}, "Is it right? The finite difference"),
      h(
        "div",
        { class: "sides" },
        h(
          "div",
          {},
          h("p", { class: "formula" }, "(L(… + ε) − L(… − ε)) / 2ε"),
          h("div", { class: "wrapped" }, eps.element, type.element),
          verdict,
          lossNote,
        ),
        h("div", { class: "drawn" }, curve),
      ),
    ),
    h(
      "div",
      { class: "deck" },
      group("Input", picture, slide.rows, slide.cols),
      group("Weight", kernel, slide.krows, slide.kcols),
      group("Window", slide.one, slide.each, slide.mode, slide.apart),
    ),
    h(
      "div",
      { class: "notes two" },
      h("section", { class: "note" }, h("h2", {}, "Formula"), formula),
      h("section", { class: "note" }, h("h2", {}, "The same in Python"), code),
    ),
  ];
  let whole = false; // whether all that stands below is there

  function lighten() {
    const now = selected();
    const all = tapsOf(view, now);
    const lit = lights(view, now, all);
    for (const [key, grid] of Object.entries(grids))
      grid.mark(
        lit[key.replace("d", "")].map((m) =>
          key === "x" || key === "dx" || key === "y"
            ? {
                ...m,
                badge:
                  now[0] === "y" && key === "dx"
                    ? m.badge
                    : now[0] === "x" && key === "y"
                      ? null
                      : key === "x"
                        ? null
                        : m.badge,
              }
            : m,
        ),
      );
    const { parts, sentence } = written(view, now, all);
    readout.replaceChildren(...parts);
    if (!met) heard.say(sentence);
    if (s().dims === 1) drawTaps(view, now, drawing, frame.width() || 800, on);
  }

  let fitted = 0; // the stage's width that everything is drawn for

  function fit() {
    const width = frame.width();
    if (!width) return;
    fitted = width;
    const across = ["x", "w", "y"].map((key) => grids[key].columns);
    const row = Math.floor((width - 150) / across.reduce((a, b) => a + b));
    const below = Math.floor((width - 60) / (across[1] + across[2]));
    const stacked = row < 24 || width < 440;
    stage.classList.toggle("stacked", stacked);
    const tall = Math.max(grids.x.to[0] - grids.x.from[0], 1) * 2;
    const size = clamp(
      stacked ? Math.min(below, Math.floor((width - 4) / across[0]), 40) : row,
      16,
      tall > 8 ? Math.max(26, Math.floor(560 / tall)) : 52,
    );
    for (const grid of Object.values(grids)) grid.fit(size);
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
      grid.fill(value, {
        largest: largest([view.planes[key]]),
        name: (y, x) =>
          isOutside([y, x], size)
            ? "padding"
            : n({ dx: "derivative of x", dw: "derivative of w", dy: "derivative of y" }[key] ?? key, [y, x]),
      });
      const title = {
        x: ["input ", h("i", {}, "x")],
        w: ["weight ", h("i", {}, "w")],
        y: ["output ", h("i", {}, "y")],
        dx: ["∂L/∂", h("i", {}, "x")],
        dw: ["∂L/∂", h("i", {}, "w")],
        dy: [h("i", {}, "y′"), " = ∂L/∂", h("i", {}, "y")],
      }[key];
      grid.caption.replaceChildren(
        h("b", {}, title),
        key === "y"
          ? `  L = ${show(
              view.y.reduce((a, v) => a + LOSSES[state.loss].of(v), 0),
              6,
            )}`
          : "",
      );
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
    for (const control of [dims, base, loss]) control.update();
    lighten();
    if (whole) refreshBelow();
  }

  function refreshBelow() {
    for (const control of controls) control.update();
    const now = sound(s().at);
    const compared = now[0] === "y" ? ["x", 0, 0, 0] : now;
    check(compared, view.planes[`d${compared[0]}`][compared[2]][compared[3]]);
    lossNote.textContent = LOSSES[s().loss].note;
    const lines = gradientCode(s());
    const size = (list) => `(${[1, 1, ...(s().dims === 1 ? [list[1]] : list)].join(",\u00a0")})`; // stays on one line
    const block = (name, text, kind) =>
      h("pre", { tabindex: "0", "aria-label": `in ${name}` }, h("code", { class: kind }, text.join("\n")));
    code.replaceChildren(
      h(
        "p",
        { class: "muted" },
        `x has shape ${size(view.g.input)}, w ${size(view.g.kernel)}, dy ${size(view.g.output)}.`,
      ),
      block("convolab", lines.convolab, "convolab"),
      lines.torch
        ? block("PyTorch", lines.torch, "torch")
        : h("p", { class: "muted" }, "PyTorch's torch.nn.grad takes only zeros, equal on both sides."),
    );
    const letters = s().dims === 1 ? ["o", "k", "i"] : ["oy,ox", "ky,kx", "iy,ix"];
    const partial = (letter, at) => ["∂L/∂", sub(letter, [at])];
    const sigma = () => h("span", { class: "sigma" }, "Σ");
    formula.replaceChildren(
      h(
        "p",
        { class: "formula" },
        partial("x", letters[2]),
        " = ",
        sigma(),
        " ",
        sub("w", [letters[1]]),
        "·",
        sub("y′", [letters[0]]),
        h("span", { class: "plus" }, "  over the taps of "),
        sub("x", [letters[2]]),
      ),
      h(
        "p",
        { class: "formula" },
        partial("w", letters[1]),
        " = ",
        sigma(),
        " ",
        sub("y′", [letters[0]]),
        "·",
        sub("x", [letters[2]]),
        h("span", { class: "plus" }, "  over the taps of "),
        sub("w", [letters[1]]),
      ),
      h(
        "p",
        { class: "muted" },
        `A tap is a triple with i = ${s().stride[1] === 1 ? "" : `${s().stride[1]}·`}o + ${s().dilation[1] === 1 ? "" : `${s().dilation[1]}·`}k${s().padding[2] ? ` − ${s().padding[2]}` : ""}, counted from 0, all three in range. The same list gives the output and both gradients; they file the products under another index.`,
      ),
    );
  }

  const watched = new ResizeObserver(() => frame.width() !== fitted && (fit(), lighten()));
  watched.observe(stage);
  data.listen(refresh);
  refresh();
  afterwards(() => {
    whole = true;
    frame.element.append(...below);
    refreshBelow(); // the curve is as wide as the page gives it room
  });
  return () => {
    watched.disconnect();
    data.stop();
    frame.stop();
  };
}

export default { render };
