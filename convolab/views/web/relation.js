// Which input, which weight and which output meet? i = stride * o + dilation * k - padding, as in convolab.geometry.

//
// Two axes always: a signal is a plane of one row. Arrays are flat, in the order (channel, row, column). The three sums
// run over one list of taps, in the order in which convolab.definition adds them up.

export const MODES = ["zeros", "reflect", "replicate", "circular"];

const outputSize = (a) => Math.floor((a.input + a.before + a.after - span(a)) / a.stride) + 1;

export const transposedSize = (a, extra) => a.stride * (a.output - 1) + span(a) - a.before - a.after + extra;

/** How many input positions a window reaches over. */
export const span = (a) => a.dilation * (a.kernel - 1) + 1;

/** How many pixels a padding mode can take from an input at each end. */
export const spare = (mode, input) => ({ reflect: input - 1, circular: input })[mode] ?? Infinity;

/** The input position that stands at a position of the padded axis, counted from the input's first; -1 is a zero. */
export function source(position, size, mode) {
  if (position >= 0 && position < size) return position;
  if (mode === "replicate") return Math.min(Math.max(position, 0), size - 1);
  if (mode === "circular") return ((position % size) + size) % size;
  if (mode === "reflect") return position < 0 ? -position : 2 * (size - 1) - position;
  return -1;
}

/** Every tap of an axis, {o, k, i, at}, sorted by output, then kernel; `at` is the place of the padded axis. */
function axisTaps(a, mode) {
  const taps = [];
  for (let o = 0; o < a.output; o++)
    for (let k = 0; k < a.kernel; k++) {
      const at = a.stride * o + a.dilation * k - a.before;
      // A transposed convolution's output padding can leave windows that reach past the padded end.
      const i = at < a.input + a.after ? source(at, a.input, mode) : -1;
      taps.push({ o, k, i, at });
    }
  return taps;
}

/** A convolution without its numbers. Sizes, steps and padding are given for (rows, columns). */
export function geometry({ input, kernel, stride, dilation, padding, mode = "zeros", cin = 1, cout = 1, groups = 1 }) {
  const axes = [0, 1].map((n) => {
    const [before, after] = padding[n];
    const a = { input: input[n], kernel: kernel[n], stride: stride[n], dilation: dilation[n], before, after };
    return { ...a, output: outputSize(a) };
  });
  return withTaps(axes, mode, cin, cout, groups);
}

/** The convolution whose adjoint a transposed convolution is: its output has the size that is given as input. */
export function transposed({
  input,
  kernel,
  stride,
  dilation,
  padding,
  extra = [0, 0],
  cin = 1,
  cout = 1,
  groups = 1,
}) {
  const axes = [0, 1].map((n) => {
    const [before, after] = padding[n];
    const a = { output: input[n], kernel: kernel[n], stride: stride[n], dilation: dilation[n], before, after };
    return { ...a, input: transposedSize(a, extra[n]) };
  });
  return withTaps(axes, "zeros", cout, cin, groups);
}

function withTaps(axes, mode, cin, cout, groups) {
  const windows = axes.map((a) => axisTaps(a, mode));
  const taps = windows.map((all) => all.filter((t) => t.i >= 0));
  const by = taps.map((all) => Object.fromEntries(["o", "k", "i"].map((letter) => [letter, filed(all, letter)])));
  const size = (name) => axes.map((a) => a[name]);
  return {
    axes,
    mode,
    cin,
    cout,
    groups,
    windows,
    taps,
    by,
    input: size("input"),
    kernel: size("kernel"),
    output: size("output"),
  };
}

const filed = (taps, letter) => taps.reduce((files, t) => ((files[t[letter]] ??= []).push(t), files), {});

/** The channels that meet: [output channel, input channel, input channel within the group]. */
export function channels(g) {
  const [inputs, outputs, met] = [g.cin / g.groups, g.cout / g.groups, []];
  for (let co = 0; co < g.cout; co++)
    for (let c = 0; c < inputs; c++) met.push([co, Math.floor(co / outputs) * inputs + c, c]);
  return met;
}

const flat = (size, c, y, x) => (c * size[0] + y) * size[1] + x;

/** Call visit(output, weight, input) with the flat places of every tap. */
export function each(g, visit) {
  for (const [co, ci, c] of channels(g))
    for (const y of g.taps[0])
      for (const x of g.taps[1])
        visit(
          flat(g.output, co, y.o, x.o),
          flat(g.kernel, (co * g.cin) / g.groups + c, y.k, x.k),
          flat(g.input, ci, y.i, x.i),
        );
}

export const area = (size) => size[0] * size[1];

/** output[o] = Σ input[i] · weight[k]; `round` is Math.fround for float32. */
export function forward(g, x, w, round = Number) {
  const y = new Float64Array(g.cout * area(g.output));
  each(g, (o, k, i) => {
    y[o] = round(y[o] + round(x[i] * w[k]));
  });
  return y;
}

/** grad_input[i] = Σ grad_output[o] · weight[k]; also the transposed convolution. */
export function inputGradient(g, w, dy, round = Number) {
  const dx = new Float64Array(g.cin * area(g.input));
  each(g, (o, k, i) => {
    dx[i] = round(dx[i] + round(dy[o] * w[k]));
  });
  return dx;
}

/** grad_weight[k] = Σ grad_output[o] · input[i] */
export function weightGradient(g, x, dy, round = Number) {
  const dw = new Float64Array(((g.cout * g.cin) / g.groups) * area(g.kernel));
  each(g, (o, k, i) => {
    dw[k] = round(dw[k] + round(dy[o] * x[i]));
  });
  return dw;
}

/** Every plane turned by 180°: correlation with it is convolution with what was given. */
export function turned(w, kernel) {
  const size = area(kernel);
  return w.map((_, n) => w[Math.floor(n / size) * size + (size - 1 - (n % size))]);
}
