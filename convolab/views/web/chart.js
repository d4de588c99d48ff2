// Lines over an axis, with marks and levels.

import { clamp, show } from "./numbers.js";
import { svg } from "./elements.js";

/**
 * Lines over an axis: {label, x: {text, log}, y: {text, log}, lines: [{points, kind, text}], marks: [{x, y, text}],
 * levels: [{y, text}]}, drawn anew by each call into an svg of its own width.
 */
export function chart(element, { label, x, y, lines, marks = [], levels = [], height = 220 }) {
  const width = Math.max(280, element.parentElement?.clientWidth || 480);
  const [left, right, top, bottom] = [64, 14, 14, 40];
  const scaled = { x: x.log ? Math.log10 : Number, y: y.log ? Math.log10 : Number };
  const points = lines
    .flatMap((l) => l.points)
    .map(([a, b]) => [scaled.x(a), scaled.y(b)])
    .filter((p) => p.every(Number.isFinite));
  const ys = [...points.map((p) => p[1]), ...levels.map((l) => scaled.y(l.y)), ...(y.zero ? [0] : [])].filter(
    Number.isFinite,
  );
  const bounds = (values) => {
    const [a, b] = [Math.min(...values), Math.max(...values)];
    return a < b ? [a, b] : [a - 1, b + 1];
  };
  const [x0, x1] = bounds(points.map((p) => p[0]));
  const [y0, y1] = y.range ?? bounds(ys);
  const px = (v) => left + ((v - x0) / (x1 - x0)) * (width - left - right);
  const py = (v) => top + ((y1 - v) / (y1 - y0)) * (height - top - bottom);
  const text = (a, b, content, anchor = "middle", kind = "") =>
    svg("text", { x: a, y: b, "text-anchor": anchor, class: kind }, content);
  const parts = [];
  for (const v of ticks(y0, y1, y.log)) {
    parts.push(svg("line", { x1: left, x2: width - right, y1: py(v), y2: py(v), class: "gridline" }));
    parts.push(text(left - 8, py(v) + 4, y.log ? power(v) : show(v, 3), "end"));
  }
  for (const v of ticks(x0, x1, x.log, 6)) parts.push(text(px(v), height - bottom + 18, x.log ? power(v) : show(v, 3)));
  parts.push(
    text((left + width - right) / 2, height - 5, x.text, "middle", "axis"),
    svg(
      "text",
      { class: "axis", "text-anchor": "middle", transform: `translate(13 ${(top + height - bottom) / 2}) rotate(-90)` },
      y.text,
    ),
  );
  for (const l of levels) {
    const at = py(scaled.y(l.y));
    parts.push(
      svg("line", { x1: left, x2: width - right, y1: at, y2: at, class: "level" }),
      text(width - right - 4, at > top + 24 ? at - 6 : at + 16, l.text, "end", "levelname"),
    );
  }
  for (const l of lines) {
    const d = l.points
      .map(([a, b]) => [px(scaled.x(a)), py(scaled.y(b))])
      .filter((p) => p.every(Number.isFinite))
      .map((p) => p.map((v) => v.toFixed(1)).join(","));
    parts.push(svg("polyline", { points: d.join(" "), class: `line ${l.kind}` }));
    const [share, dy] = l.label ?? [];
    const [a, b] = d[Math.round((1 - share) * (d.length - 1))]?.split(",").map(Number) ?? [];
    if (b !== undefined) parts.push(text(a, b + dy, l.text, "middle", "levelname"));
  }
  for (const m of marks) {
    const [a, b] = [px(scaled.x(m.x)), py(scaled.y(m.y))];
    if (Number.isFinite(a) && Number.isFinite(b))
      parts.push(svg("circle", { cx: a, cy: clamp(b, top, height - bottom), r: 6, class: "dot" }));
  }
  element.setAttribute("viewBox", `0 0 ${width} ${height}`);
  element.setAttribute("width", width);
  element.setAttribute("height", height);
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  element.replaceChildren(...parts);
}

const power = (v) => `10${[...String(Math.round(v))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`;

function ticks(low, high, log, count = 4) {
  const rough = (high - low) / count;
  const unit = 10 ** Math.floor(Math.log10(rough));
  const step = log ? Math.max(1, Math.ceil(rough)) : unit * ([1, 2, 5, 10].find((m) => m * unit >= rough) ?? 10);
  const found = [];
  for (let v = Math.ceil(low / step) * step; v <= high + step * 1e-9; v += step)
    found.push(Math.abs(v) < step * 1e-9 ? 0 : v);
  return found;
}
