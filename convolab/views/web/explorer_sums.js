// What a state of the explorer computes, and what is lit and written when one of its elements is met.

import { channels, forward, inputGradient, turned } from "./relation.js";
import { factor, indexText, plural, show } from "./numbers.js";
import { h, joinedBy, sub } from "./elements.js";
import { flatten } from "./arrays.js";
import { crossed, geometryOf, inputsOf, isOutside, isTransposed, outputsOf, place, tapNumber } from "./convolving.js";

const SHOWN = 60; // products written out, at most

export const rounding = (s) => (s.type === "float32" ? Math.fround : Number);

/** The output of a state as a flat array, in the definition's order of sums. */
function outputOf(s, g = geometryOf(s)) {
  const round = rounding(s);
  const [x, w] = [flatten(s.x), flatten(s.w)];
  const y = isTransposed(s)
    ? inputGradient(g, w, x, round)
    : forward(g, x, s.op === "convolution" ? turned(w, g.kernel) : w, round);
  const plane = y.length / outputsOf(s);
  return s.b.length ? y.map((v, n) => round(v + s.b[Math.floor(n / plane)])) : y;
}

/** Everything about a state that pictures and words are made of. */
export function look(s) {
  const g = geometryOf(s);
  const [from, to] = isTransposed(s) ? ["o", "i"] : ["i", "o"];
  const met = channels(g).map(([co, ci, c]) => ({
    x: isTransposed(s) ? co : ci,
    y: isTransposed(s) ? ci : co,
    plane: (co * g.cin) / g.groups + c,
  }));
  const flip = ([y, x]) => (s.op === "convolution" ? [g.kernel[0] - 1 - y, g.kernel[1] - 1 - x] : [y, x]);
  const out = [0, 1].map((n) => g.axes[n][isTransposed(s) ? "input" : "output"]);
  const values = outputOf(s, g);
  const y = (c, [a, b]) => values[(c * out[0] + a) * out[1] + b];
  return { s, g, from, to, met, flip, out, y, values, outputs: outputsOf(s) };
}

/** Every product that an element takes part in: [{x, y, k, at, xc, yc, plane}]. */
export function products(view, [what, c, ...at]) {
  const { g, from, to, met, flip } = view;
  const letter = { x: from, y: to, w: "k" }[what];
  const key = what === "w" ? flip(at) : at;
  const pairs = crossed(g.by[0][letter][key[0]], g.by[1][letter][key[1]]);
  const mine = met.filter((m) => ({ x: m.x, y: m.y, w: m.plane })[what] === c);
  return mine.flatMap((m) => pairs.map(([ty, tx]) => ({ ...place(view, ty, tx), xc: m.x, yc: m.y, plane: m.plane })));
}

/** The places of an output's window that lie in zero padding. */
function hollow({ g, s }, [, , oy, ox]) {
  if (isTransposed(s)) return [];
  const [rows, columns] = [0, 1].map((n) => g.windows[n].filter((t) => t.o === [oy, ox][n]));
  return crossed(rows, columns)
    .filter(([ty, tx]) => ty.i < 0 || tx.i < 0)
    .map(([ty, tx]) => [ty.at, tx.at]);
}

/** What is lit in every plane when an element is met: {x: [marks of plane 0, …], w: …, y: …}. */
export function lights(view, selected, all) {
  const { s } = view;
  const lit = { x: s.x.map(() => []), w: s.w.map(() => []), y: Array.from({ length: view.outputs }, () => []) };
  const [what, c, ...at] = selected;
  const weight = (p) => s.w[p.plane][p.k[0]][p.k[1]];
  const kind = what === "w" ? "met" : "window";
  const many = what === "w";
  for (const p of all) {
    const tap = tapNumber(view, p.k);
    const badge = many ? null : `×${show(weight(p), 3)}`;
    if (what !== "x") {
      const outside = !isTransposed(s) && isOutside(p.at, view.g.input);
      lit.x[p.xc].push({ at: outside ? p.at : p.x, kind, tap, badge });
      if (outside) lit.x[p.xc].push({ at: p.x, kind: "source", tap });
    }
    if (what !== "y") lit.y[p.yc].push({ at: p.y, kind, tap, badge });
    if (what !== "w") lit.w[p.plane].push({ at: p.k, kind: "window", tap });
  }
  if (what === "y")
    for (const place of hollow(view, selected))
      lit.x.forEach(
        (marks, xc) => view.met.some((m) => m.y === c && m.x === xc) && marks.push({ at: place, kind: "unused" }),
      );
  lit[what][c]?.push({ at, kind: "target" });
  return lit;
}

export function names(view) {
  const { s } = view;
  const flat = s.dims === 1;
  const index = (count, c, at) => [...(count > 1 ? [c] : []), ...(flat ? at.slice(1) : at)].map((v) => v + s.base);
  const perInput = s.groups && (isTransposed(s) ? view.outputs : inputsOf(s)) / s.groups;
  const weightIndex = (plane, at) => {
    const outer = s.w.length === 1 ? [] : [Math.floor(plane / perInput), plane % perInput].map((v) => v + s.base);
    return [...outer, ...(flat ? at.slice(1) : at).map((v) => v + s.base)];
  };
  return {
    x: (c, at) => index(inputsOf(s), c, at),
    y: (c, at) => index(view.outputs, c, at),
    w: weightIndex,
    text: (letter, list) => `${letter}${indexText(list)}`,
  };
}

const term = (view, p, content) =>
  h("span", { class: "term", style: `--tap: var(--tap-${tapNumber(view, p.k)})` }, content);

/** The selected element as a sum: a line of symbols and numbers, and a sentence for those who cannot see it. */
export function written(view, selected, all) {
  const { s } = view;
  const n = names(view);
  const [what, c, ...at] = selected;
  const value = (p) => [s.w[p.plane][p.k[0]][p.k[1]], s.x[p.xc][p.x[0]][p.x[1]]];
  const more = all.length > SHOWN ? [h("span", { class: "muted" }, ` … and ${all.length - SHOWN} more`)] : [];
  const shown = all.slice(0, SHOWN);
  if (what === "y") return outputWritten(view, n, c, at, shown, more, all, value);
  if (what === "x" && !isTransposed(s) && isOutside(at, view.g.input)) return paddingWritten(view, n, c, at);
  if (what === "x") {
    const own = s.x[c][at[0]][at[1]];
    const head = h(
      "p",
      { class: "lead" },
      sub("x", n.x(c, at)),
      ` = ${show(own)} goes into ${plural(all.length, "output")}`,
      all.length ? ", each time through another weight:" : ": no window covers it, or every one steps over it.",
    );
    const list = shown.map((p) =>
      term(view, p, [
        sub("y", n.y(p.yc, p.y)),
        " gets ",
        sub("w", n.w(p.plane, p.k)),
        "·",
        sub("x", n.x(c, at)),
        ` = ${factor(value(p)[0])}·${factor(own)} = ${show(value(p)[0] * own)}`,
      ]),
    );
    return {
      parts: [head, h("p", { class: "terms list" }, list, more)],
      sentence: `x ${n.x(c, at).join(" ")} = ${show(own)} goes into ${plural(all.length, "output")}.`,
    };
  }
  const own = s.w[c][at[0]][at[1]];
  const inputs = new Set(all.map((p) => `${p.xc},${p.x}`)).size;
  const head = h(
    "p",
    { class: "lead" },
    sub("w", n.w(c, at)),
    ` = ${show(own)} is shared: it meets ${plural(inputs, "input")} and takes part in ${plural(all.length, "output")}.`,
  );
  const list = shown
    .slice(0, 12)
    .map((p) =>
      term(view, p, [
        sub("y", n.y(p.yc, p.y)),
        ` gets ${factor(own)}·${factor(value(p)[1])} = ${show(own * value(p)[1])}`,
      ]),
    );
  const left = all.length > 12 ? h("span", { class: "muted" }, ` … and ${all.length - 12} more`) : null;
  return {
    parts: [head, h("p", { class: "terms list" }, list, left)],
    sentence: `w ${n.w(c, at).join(" ")} = ${show(own)} meets ${plural(inputs, "input")}.`,
  };
}

function outputWritten(view, n, c, at, shown, more, all, value) {
  const { s } = view;
  const result = view.y(c, at);
  const head = sub("y", n.y(c, at));
  const symbols = shown.map((p) => term(view, p, [sub("w", n.w(p.plane, p.k)), "·", sub("x", n.x(p.xc, p.x))]));
  const numbers = shown.map((p) => {
    const part = term(view, p, `${factor(value(p)[0])}·${factor(value(p)[1])}`);
    if (value(p)[0] * value(p)[1] === 0) part.classList.add("naught");
    return part;
  });
  const bias = s.b.length ? [h("span", { class: "plus" }, " + "), factor(s.b[c])] : [];
  const biasName = s.b.length ? [h("span", { class: "plus" }, " + "), sub("b", [c + s.base])] : [];
  const hollows = hollow(view, ["y", c, ...at]).length * (all.length ? new Set(all.map((p) => p.xc)).size : 1);
  const note = hollows
    ? h(
        "p",
        { class: "muted" },
        `${hollows === 1 ? "One place" : `${hollows} places`} of the window ${hollows === 1 ? "lies" : "lie"} in the zero padding and ${hollows === 1 ? "adds" : "add"} nothing.`,
      )
    : null;
  const none = all.length ? null : h("span", {}, "0");
  return {
    parts: [
      h(
        "p",
        { class: "terms symbols" },
        head,
        " = ",
        none?.cloneNode(true),
        joinedBy(symbols, "+"),
        more.map((m) => m.cloneNode(true)),
        biasName,
      ),
      h(
        "p",
        { class: "terms numbers" },
        h("span", { class: "unseen" }, "with numbers: "),
        h(
          "span",
          { class: "hang", "aria-hidden": "true" },
          head.map((part) => part.cloneNode(true)),
        ),
        " = ",
        none,
        joinedBy(numbers, "+"),
        more,
        bias,
        " ",
        h("span", { class: "total" }, h("span", { class: "plus" }, "= "), h("strong", { class: "result" }, show(result, 6))),
      ),
      note,
    ],
    sentence: `y ${n.y(c, at).join(" ")} = ${show(result, 6)}, a sum of ${plural(all.length, "product")}.`,
  };
}

function paddingWritten(view, n, c, at) {
  const i = [0, 1].map((axis) => view.g.windows[axis].find((t) => t.at === at[axis])?.i);
  const stands = i.every((v) => v >= 0);
  const text =
    view.s.mode === "zeros"
      ? "Padding: a zero stands here, and what meets it adds nothing."
      : stands
        ? "Padding: here stands "
        : "Padding: no window reads this place.";
  return {
    parts: [
      h(
        "p",
        { class: "lead" },
        text,
        view.s.mode !== "zeros" && stands
          ? [sub("x", n.x(c, i)), ` = ${show(view.s.x[c][i[0]][i[1]])}`, ` once more (${view.s.mode}).`]
          : "",
      ),
    ],
    sentence: text,
  };
}
