// The limits of a convolution's sizes and steps, each with the reason why it is there.

import { spare } from "./relation.js";
import { KERNEL, SIDE, isTransposed, pads, sizes } from "./convolving.js";

/** An axis of a state as numbers, and the limits of each of them while the others stay. */
export function axisLimits(s, n) {
  const [before, after] = pads(s)[n];
  const [input, kernel, stride, dilation, extra] = [
    sizes(s.x)[n],
    sizes(s.w)[n],
    s.stride[n],
    s.dilation[n],
    s.extra[n],
  ];
  const reach = dilation * (kernel - 1) + 1;
  const padded = before + input + after;
  const borrowed = { reflect: Math.max(before, after) + 1, circular: Math.max(before, after) }[s.mode] ?? 1;
  const tooSmall = "there must be one output at least";
  if (isTransposed(s)) {
    const room = stride * (input - 1) + reach + extra;
    return {
      input: {
        low: Math.max(1, Math.ceil((before + after + 1 - reach - extra) / stride) + 1),
        high: Math.max(1, Math.floor((SIDE - reach - extra) / stride) + 1),
        why: [tooSmall, `the output must not be larger than ${SIDE}`],
      },
      kernel: {
        low: Math.max(1, Math.ceil((before + after + 1 - stride * (input - 1) - extra - 1) / dilation) + 1),
        high: KERNEL,
        why: [tooSmall, "larger kernels are not shown"],
      },
      stride: {
        low: Math.max(1, extra >= dilation ? extra + 1 : 1),
        high: input > 1 ? Math.max(1, Math.floor((SIDE - reach - extra) / (input - 1))) : KERNEL,
        why: ["a window must move", `the output must not be larger than ${SIDE}`],
      },
      dilation: {
        low: 1,
        high: kernel > 1 ? Math.max(1, Math.floor((SIDE - stride * (input - 1) - extra - 1) / (kernel - 1))) : 1,
        why: [
          "1 is a kernel without gaps",
          kernel > 1 ? `the output must not be larger than ${SIDE}` : "one weight has no gaps",
        ],
      },
      padding: {
        low: 0,
        high: Math.floor((room - 1) / 2),
        why: [
          "there is no less than no padding",
          "padding takes away from a transposed convolution's output, and one output must be left",
        ],
      },
      extra: {
        low: 0,
        high: Math.max(stride, dilation) - 1,
        why: ["there is no less than none", "output padding must be smaller than stride or dilation"],
      },
    };
  }
  const fits = (least) =>
    least === borrowed && least > 1
      ? `${s.mode} takes its padding from the input`
      : `a kernel reaching over ${reach} must fit into the padded input`;
  const least = Math.max(1, borrowed, reach - before - after);
  const most = spare(s.mode, input);
  return {
    input: {
      low: least,
      high: SIDE,
      why: [
        least === 1 ? "an input has one element at least" : fits(least),
        "larger inputs are not read number by number",
      ],
    },
    kernel: {
      low: 1,
      high: Math.min(KERNEL, Math.floor((padded - 1) / dilation) + 1),
      why: [
        "a kernel has one weight at least",
        Math.floor((padded - 1) / dilation) + 1 < KERNEL
          ? `it must fit into the padded input of ${padded}`
          : "larger kernels are not shown",
      ],
    },
    stride: {
      low: 1,
      high: Math.max(1, padded - reach),
      why: ["a window must move", "with a longer step there is no second window"],
    },
    dilation: {
      low: 1,
      high: kernel > 1 ? Math.floor((padded - 1) / (kernel - 1)) : 1,
      why: [
        "1 is a kernel without gaps",
        kernel > 1 ? `the kernel must fit into the padded input of ${padded}` : "one weight has no gaps",
      ],
    },
    padding: {
      low: Math.max(0, Math.ceil((reach - input) / 2)),
      high: Math.min(most, Math.max(reach - 1, 1)),
      why: [
        reach > input
          ? `the kernel reaches over ${reach} and the input has ${input}`
          : "there is no less than no padding",
        most < Math.max(reach - 1, 1)
          ? `${s.mode} finds no more in an input of ${input}`
          : "further windows would see padding alone",
      ],
    },
    extra: { low: 0, high: 0, why: ["", ""] },
  };
}

/** The limits of what is set for several axes at once. A stride is bounded by the axis that has most room. */
export function limitsOf(s, what, axes) {
  const all = axes.map((n) => axisLimits(s, n)[what]);
  const low = all.reduce((a, b) => (b.low > a.low ? b : a));
  const high = all.reduce((a, b) =>
    (what === "stride" && !isTransposed(s) ? b.high > a.high : b.high < a.high) ? b : a,
  );
  return { low: low.low, high: Math.max(high.high, low.low), why: [low.why[0], high.why[1]] };
}
