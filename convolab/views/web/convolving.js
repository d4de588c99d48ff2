// What a state of a convolution says: its geometry, and what meets what.

import { geometry, source, span, spare, transposed, transposedSize } from "./relation.js";
import { resized } from "./arrays.js";

export const SIDE = 32; // pixels along an axis, at most: more numbers than that are not read one by one
export const KERNEL = 9;
export const PLANES = 4;

export const sizes = (planes) => [planes[0].length, planes[0][0].length];
export const pads = (s) => [s.padding.slice(0, 2), s.padding.slice(2)];
export const isTransposed = (s) => s.op === "transposed";
export const inputsOf = (s) => s.x.length;
export const outputsOf = (s) =>
  isTransposed(s) ? (s.w.length / inputsOf(s)) * s.groups : (s.w.length * s.groups) / inputsOf(s);

/** The geometry of a state; a transposed convolution is the adjoint of its own. */
export function geometryOf(s) {
  const make = isTransposed(s) ? transposed : geometry;
  return make({
    input: sizes(s.x),
    kernel: sizes(s.w),
    stride: s.stride,
    dilation: s.dilation,
    padding: pads(s),
    extra: s.extra,
    mode: s.mode,
    cin: inputsOf(s),
    cout: outputsOf(s),
    groups: s.groups,
  });
}

/** Why a state has no geometry, or null. */
export function problem(s) {
  const whole = (v, low) => Number.isInteger(v) && v >= low;
  if (![...s.stride, ...s.dilation].every((v) => whole(v, 1)) || !s.padding.every((v) => whole(v, 0)))
    return "a step or a padding is no whole number that fits";
  if (!whole(s.groups, 1) || inputsOf(s) % s.groups || !whole(outputsOf(s), 1) || outputsOf(s) % s.groups)
    return "channels, weights and groups do not fit each other";
  if (s.b.length && s.b.length !== outputsOf(s)) return "there is not one bias for each output channel";
  if (Math.max(...sizes(s.x)) > SIDE * 2 || s.x.length > 8 || s.w.length > 64)
    return "there are more numbers than can be shown";
  for (const n of [0, 1]) {
    const [before, after] = pads(s)[n];
    const a = {
      input: sizes(s.x)[n],
      output: sizes(s.x)[n],
      kernel: sizes(s.w)[n],
      stride: s.stride[n],
      dilation: s.dilation[n],
      before,
      after,
    };
    if (isTransposed(s) ? transposedSize(a, s.extra[n]) < 1 : span(a) > a.input + before + after)
      return "the kernel does not fit into the padded input";
    if (isTransposed(s) && (!whole(s.extra[n], 0) || s.extra[n] >= Math.max(a.stride, a.dilation)))
      return "the output padding is not smaller than stride or dilation";
    if (Math.max(before, after) > spare(s.mode, a.input)) return `${s.mode} cannot take so much padding from the input`;
  }
  return null;
}

export const flat1d = (s) => ({
  ...s,
  stride: [1, s.stride[1]],
  dilation: [1, s.dilation[1]],
  padding: [0, 0, ...s.padding.slice(2)],
  extra: [0, s.extra[1]],
});

export function valid(s) {
  if (s.dims === 1) s = flat1d(s);
  if (isTransposed(s)) s = { ...s, mode: "zeros" };
  return s;
}

/** The places of one axis pair: where the source stands, where the target, which weight, and the padded place. */
export const place = ({ from, to, flip }, ty, tx) => ({
  x: [ty[from], tx[from]],
  y: [ty[to], tx[to]],
  k: flip([ty.k, tx.k]),
  at: [ty.at, tx.at],
});

export const crossed = (rows = [], columns = []) => rows.flatMap((ty) => columns.map((tx) => [ty, tx]));

export const tapNumber = (view, k) => k[0] * view.g.kernel[1] + k[1];
export const isOutside = ([y, x], [rows, columns]) => y < 0 || x < 0 || y >= rows || x >= columns;

/** What stands at a place of the padded input. */
export function padValue({ s, g }, c, y, x) {
  if (!isOutside([y, x], sizes(s.x))) return s.x[c][y][x];
  if (s.mode === "zeros") return 0;
  const from = [y, x].map((v, n) => source(v, sizes(s.x)[n], s.mode));
  return s.x[c][from[0]][from[1]];
}

export const withSize = (s, name, n, value) => ({
  [name]: s[name].map((plane) => resized(plane, n === 0 ? [value, plane[0].length] : [plane.length, value])),
});

/** Each weight's place has its colour, always: it is the legend of everything that is lit. */
export function tint(grid, tap) {
  for (const cell of grid.cells) {
    cell.classList.add("own");
    cell.style.setProperty("--own", `var(--tap-${tap(cell.at)})`);
  }
}
