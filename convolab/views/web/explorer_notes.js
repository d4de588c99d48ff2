// The explorer's notes: the formula, the size of the output, the same in Python.

import { span } from "./relation.js";
import { h, sub } from "./elements.js";
import { inputsOf, isTransposed, pads, sizes } from "./convolving.js";

/** stride·o + dilation·k − c, without what is 1 or 0. */
function relationText(letters, stride, dilation, constant) {
  const scaled = (n, letter) => (n === 1 ? letter : `${n}${letter}`);
  const tail = constant ? `${constant > 0 ? "−" : "+"}${Math.abs(constant)}` : "";
  return `${scaled(stride, letters[0])}+${scaled(dilation, letters[1])}${tail}`;
}

export function formula(view) {
  const { s } = view;
  const axes = s.dims === 1 ? [1] : [0, 1];
  const [o, k] =
    s.dims === 1
      ? [["o"], ["k"]]
      : [
          ["oy", "ox"],
          ["ky", "kx"],
        ];
  const many = { x: inputsOf(s) > 1, y: view.outputs > 1 };
  const into = axes.map((n, m) =>
    relationText(
      [o[m], k[m]],
      s.stride[n],
      s.dilation[n],
      pads(s)[n][0] + (s.base ? s.stride[n] + s.dilation[n] - 1 : 0),
    ),
  );
  const turnedK = axes.map((n, m) => `${sizes(s.w)[n] + (s.base ? 1 : -1)}−${k[m]}`);
  const outer = (list, on, c) => (on ? [c, ...list] : list);
  const wIndex = (list) => (s.w.length === 1 ? list : [...(isTransposed(s) ? ["ci", "co"] : ["co", "ci"]), ...list]);
  const sums = [many.x ? ["ci"] : [], k].flat();
  const bias = s.b.length ? [" + ", sub("b", ["co"])] : "";
  const sigma = [h("span", { class: "sigma" }, "Σ"), h("sub", {}, sums.join(",")), " "];
  const note = (...content) => h("p", { class: "muted" }, ...content);
  if (isTransposed(s))
    return [
      h(
        "p",
        { class: "formula" },
        sub("y", outer(into, many.y, "co")),
        " gets ",
        sub("w", wIndex(k)),
        " · ",
        sub("x", outer(o, many.x, "ci")),
        bias,
      ),
      note(
        "Each input puts its stamp, the kernel times its value, into the output. These are the taps of a convolution read backwards: its gradient with respect to its input.",
      ),
    ];
  return [
    h(
      "p",
      { class: "formula" },
      sub("y", outer(o, many.y, "co")),
      " = ",
      sigma,
      sub("w", wIndex(s.op === "convolution" ? turnedK : k)),
      " · ",
      sub("x", outer(into, many.x, "ci")),
      bias,
    ),
    note(
      s.op === "convolution"
        ? "A true convolution turns the kernel by 180° before it slides."
        : "The kernel is not turned: this is cross-correlation, which networks call convolution.",
      s.base ? " Positions are counted from 1." : " Positions are counted from 0.",
      s.groups > 1 ? ` A channel meets those of its own group alone (${s.groups} groups).` : "",
    ),
  ];
}

export function sizeText(view) {
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
  const general = isTransposed(s)
    ? "stride·(input − 1) + dilation·(kernel − 1) + 1 − padding + output padding"
    : "⌊(input + padding − dilation·(kernel − 1) − 1) / stride⌋\u00a0+\u00a01";
  return [
    h("p", { class: "formula small" }, general),
    h("table", { class: "sizes" }, axes.map(line)),
    unreadText(view),
  ];
}

/** What the floor of the size formula drops. */
function unreadText({ s, g }) {
  if (isTransposed(s)) return null;
  const axes = s.dims === 1 ? [1] : [0, 1];
  const left = axes
    .map((n) => [
      n,
      g.axes[n].before +
        g.axes[n].input +
        g.axes[n].after -
        span(g.axes[n]) -
        g.axes[n].stride * (g.axes[n].output - 1),
    ])
    .filter(([, rest]) => rest > 0);
  const said = left.map(
    ([n, rest]) =>
      `${rest > 1 ? `${rest} ` : ""}${s.dims === 1 ? "place" : ["row", "column"][n]}${rest > 1 ? "s" : ""}`,
  );
  return said.length
    ? h(
        "p",
        { class: "muted" },
        `The stride does not divide: the last ${said.join(" and the last ")} of the padded input ${left.length > 1 || left[0][1] > 1 ? "are" : "is"} in no window.`,
      )
    : null;
}

/** The same call in convolab and in PyTorch, for x of shape (C, …) and w of four axes (three in one dimension). */
export function codeOf(s) {
  const axes = s.dims === 1 ? [1] : [0, 1];
  const per = (values) => {
    const own = axes.map((n) => values[n]);
    return own.every((v) => v === own[0]) ? own[0] : `(${own.join(", ")})`;
  };
  const pairs = axes.map((n) => pads(s)[n]);
  const even = pairs.every(([before, after]) => before === after);
  const some = pairs.flat().some(Boolean);
  const padding = !some
    ? null
    : even
      ? per(pairs.length === 1 ? [0, pairs[0][0]] : pairs.map((p) => p[0]))
      : `(${pairs.map((p) => `(${p.join(", ")})`).join(", ")}${pairs.length === 1 ? "," : ""})`;
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
  const [wl, wt] =
    s.op === "convolution"
      ? [`w[..., ${axes.map(() => "::-1").join(", ")}]`, `w.flip(${dims.join(", ")})`]
      : ["w", "w"];
  const beside = some && (s.mode !== "zeros" || !even);
  const around = `[${[...pairs].reverse().flat().join(", ")}]`;
  const torchMode = {
    zeros: "",
    reflect: ', mode="reflect"',
    replicate: ', mode="replicate"',
    circular: ', mode="circular"',
  }[s.mode];
  const torchX = beside ? `F.pad(x, ${around}${torchMode})` : "x";
  return {
    convolab: `cl.conv${s.dims}d(x, ${wl}${bias}${shared}${option("padding", padding, null)}${rest}${mode})`,
    torch: `F.conv${s.dims}d(${torchX}, ${wt}${bias}${shared}${beside ? "" : option("padding", padding, null)}${rest})`,
  };
}
