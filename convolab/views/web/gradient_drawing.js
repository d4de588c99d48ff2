// The taps of one dimension as a drawing.

import { indexText, show } from "./numbers.js";
import { svg, unique } from "./elements.js";

const ARROW = unique("arrow");

/** Inputs below, outputs above, an edge for each tap; those of the selected element run back as arrows. `room` is in pixels. */
export function drawTaps(view, selected, element, room, on) {
  const { g, s } = view;
  const [inputs, outputs] = [g.input[1], g.output[1]];
  const [step, top, bottom, margin] = [
    Math.min(112, Math.max(44, (room - 76) / Math.max(inputs, outputs))),
    40,
    220,
    72,
  ];
  const width = step * Math.max(inputs, outputs) + margin;
  const at = (n, count) => margin / 2 + width / 2 + (n - (count - 1) / 2) * step;
  const [what, , , c] = selected;
  const lit = (t) => t[{ x: "i", w: "k", y: "o" }[what]] === c;
  const ordered = [...g.taps[1]].sort((a, b) => lit(a) - lit(b));
  const parts = [];
  for (const t of ordered) {
    const [x1, y1, x2, y2] = [at(t.o, outputs), top + 22, at(t.i, inputs), bottom - 24];
    parts.push(
      svg("line", {
        x1,
        y1,
        x2,
        y2,
        class: lit(t) ? "tap lit" : "tap",
        style: `--tap: var(--tap-${t.k})`,
        ...(lit(t) ? { "marker-end": `url(#${ARROW})` } : {}),
      }),
    );
  }
  for (const t of ordered.filter(lit)) {
    const spread = step < 70 ? 0.76 : 0.4; // where edges lie close, their labels stand at different heights
    const share = what === "w" ? 0.5 : 0.5 + spread * ((t.k + 1) / (g.kernel[1] + 1) - 0.5);
    const [x, y] = [
      at(t.o, outputs) + (at(t.i, inputs) - at(t.o, outputs)) * share,
      top + 22 + (bottom - 46 - top) * share,
    ];
    const text = svg(
      "text",
      { x, y: y + 5, "text-anchor": "middle", class: "weight" },
      `w${indexText([t.k + s.base])}`,
    );
    parts.push(
      svg("rect", {
        x: x - 15,
        y: y - 11,
        width: 30,
        height: 22,
        rx: 5,
        class: "label",
        style: `--tap: var(--tap-${t.k})`,
      }),
      text,
    );
  }
  const node = (kind, n, count, y, name, value) => {
    const x = at(n, count);
    const own = what === kind && c === n;
    const below = kind === "x" ? 40 : -30;
    const group_ = svg(
      "g",
      { class: own ? "node own" : "node" },
      svg("circle", { cx: x, cy: y, r: 20 }),
      svg("text", { x, y: y + 5, "text-anchor": "middle", class: "name" }, name),
      svg("text", { x, y: y + below, "text-anchor": "middle" }, value),
    );
    group_.addEventListener("pointerenter", () => on.hover([kind, 0, 0, n]));
    group_.addEventListener("pointerleave", on.leave);
    group_.addEventListener("click", () => on.pin([kind, 0, 0, n]));
    parts.push(group_);
  };
  for (let n = 0; n < outputs; n++) node("y", n, outputs, top, `y${indexText([n + s.base])}`, show(view.dy[n], 3));
  for (let n = 0; n < inputs; n++) node("x", n, inputs, bottom, `x${indexText([n + s.base])}`, show(view.dx[n], 3));
  parts.push(
    svg("text", { x: at(0, inputs) - 26, y: bottom + 40, "text-anchor": "end" }, "∂L/∂x ="),
    svg("text", { x: at(0, outputs) - 26, y: top - 30, "text-anchor": "end" }, "y′ ="),
  );
  const head = svg(
    "marker",
    { id: ARROW, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 4.2, markerHeight: 4.2, orient: "auto" },
    svg("path", { d: "M0 0 8 4 0 8z", fill: "context-stroke" }),
  );
  element.setAttribute("viewBox", `0 -6 ${width + 4} ${bottom + 54}`);
  element.style.maxWidth = `${width + 4}px`;
  element.replaceChildren(svg("defs", {}, head), ...parts);
}
