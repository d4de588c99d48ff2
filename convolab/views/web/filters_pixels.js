// Filters on planes of grey fractions: arithmetic, painting, and pictures as planes.

import { rgbOf } from "./elements.js";

export const WIDE = 640; // of what the camera is asked for, and of what a picture of one's own is scaled down to
export const HIGH = 480;
export const LARGEST = 9; // sides of a kernel of one's own
const GREY = [0.299, 0.587, 0.114];

const gradientsOf = (names) =>
  names.filter((n) => n.endsWith("-x") && names.includes(`${n.slice(0, -2)}-y`)).map((n) => n.slice(0, -2));

/** The kernels of a filter: x and y of a gradient, or the one of its response. */
export const kernelsOf = (name) => (KERNELS[name] ? [KERNELS[name]] : [KERNELS[`${name}-x`], KERNELS[`${name}-y`]]);

export const FILTERS = [
  ...new Set(
    Object.keys(KERNELS).map((n) => (gradientsOf(Object.keys(KERNELS)).includes(n.slice(0, -2)) ? n.slice(0, -2) : n)),
  ),
];

/**
 * A kernel as a sum of products of a column and a row, [[down, across], …], or null where that takes no fewer weights.
 *
 * The largest weight that is left gives a column and a row through it; their product is taken away, and so on.
 */
function factors(kernel) {
  const [rows, columns] = [kernel.length, kernel[0].length];
  const left = kernel.map((row) => [...row]);
  const all = kernel.flat().filter(Boolean).length;
  const first = Math.max(...kernel.flat().map(Math.abs));
  const parts = [];
  while (parts.length < 3) {
    let [py, px] = [0, 0];
    left.forEach((row, y) =>
      row.forEach((v, x) => {
        if (Math.abs(v) > Math.abs(left[py][px])) [py, px] = [y, x];
      }),
    );
    const pivot = left[py][px];
    if (Math.abs(pivot) <= 1e-12 * first) return parts;
    const [down, across] = [left.map((row) => row[px]), left[py].map((v) => v / pivot)];
    parts.push([down.map((v) => [v]), [across]]);
    if (parts.length * (rows + columns) >= all) return null;
    left.forEach((row, y) =>
      row.forEach((_, x) => {
        row[x] -= down[y] * across[x];
      }),
    );
  }
  return null;
}

/** A plane {width, height, data} under a kernel, without padding. */
function correlate(plane, kernel) {
  const parts = factors(kernel);
  if (!parts?.length) return pass(plane, kernel);
  const planes = parts.map(([down, across]) => pass(pass(plane, across), down));
  for (const other of planes.slice(1)) for (let n = 0; n < other.data.length; n++) planes[0].data[n] += other.data[n];
  return planes[0];
}

/** The sum over the weights that are not 0, row by row, four of them at a time. */
function pass({ width, height, data }, kernel) {
  const [wide, high] = [width - kernel[0].length + 1, height - kernel.length + 1];
  const sum = new Float32Array(wide * high);
  const taps = kernel.flatMap((row, y) => row.map((w, x) => [w, y * width + x])).filter(([w]) => w);
  while (taps.length % 4) taps.push([0, 0]);
  for (let y = 0; y < high; y++)
    for (let t = 0; t < taps.length; t += 4) {
      const [[w0, o0], [w1, o1], [w2, o2], [w3, o3]] = taps.slice(t, t + 4);
      let [a, b, c, d] = [y * width + o0, y * width + o1, y * width + o2, y * width + o3];
      for (let to = y * wide, end = to + wide; to < end; to++)
        sum[to] += w0 * data[a++] + w1 * data[b++] + w2 * data[c++] + w3 * data[d++];
    }
  return { width: wide, height: high, data: sum };
}

/** The planes of a filter: x, y, magnitude and direction of a gradient, else its response. */
export function filtered(plane, kernels, shown) {
  if (kernels.length === 1) return correlate(plane, kernels[0]);
  if (shown === "x" || shown === "y") return correlate(plane, kernels[shown === "x" ? 0 : 1]);
  const [x, y] = kernels.map((kernel) => correlate(plane, kernel));
  const size = new Float32Array(x.data.length);
  for (let n = 0; n < size.length; n++) size[n] = Math.sqrt(x.data[n] * x.data[n] + y.data[n] * y.data[n]);
  if (shown === "magnitude") return { ...x, data: size };
  const angle = new Float32Array(size.length);
  for (let n = 0; n < size.length; n++) angle[n] = Math.atan2(y.data[n], x.data[n]);
  return { ...x, data: angle, strength: size };
}

/** Grey fractions 0 to 1 of the pixels of a canvas. */
export function greyOf({ data, width, height }) {
  const grey = new Float32Array(width * height);
  for (let n = 0, m = 0; n < grey.length; n++, m += 4)
    grey[n] = (GREY[0] * data[m] + GREY[1] * data[m + 1] + GREY[2] * data[m + 2]) / 255;
  return { width, height, data: grey };
}

export function largestOf(data) {
  let most = 1e-12;
  for (let n = 0; n < data.length; n++) {
    const v = data[n] < 0 ? -data[n] : data[n];
    if (v > most) most = v;
  }
  return most;
}

/** 511 colours from the most negative over none to the most positive, or 256 greys. */
export function ramp(kind, element) {
  const colour = (name) => rgbOf(getComputedStyle(element).getPropertyValue(`--${name}`).trim()).slice(0, 3);
  const [paper, blue, red] = ["paper", "positive", "negative"].map(colour);
  const grey = kind === "grey";
  return Uint32Array.from({ length: 511 }, (_, n) => {
    const share = (n - 255) / 255;
    const rgb = grey
      ? [0, 0, 0].map(() => Math.max(0, Math.round(255 * share)))
      : paper.map((v, c) => Math.round(v + Math.abs(share) * ((share < 0 ? red : blue)[c] - v)));
    return (255 << 24) | (rgb[2] << 16) | (rgb[1] << 8) | rgb[0];
  });
}

export const wheel = Array.from({ length: 256 }, (_, n) => {
  const part = (k) => 0.5 + 0.5 * Math.cos(2 * Math.PI * (n / 256 - k / 3));
  return [0, 1, 2].map(part);
});

export function paint(canvas, plane, colours, most) {
  if (canvas.width !== plane.width || canvas.height !== plane.height)
    Object.assign(canvas, { width: plane.width, height: plane.height });
  const context = canvas.getContext("2d");
  if (canvas.image?.width !== plane.width || canvas.image.height !== plane.height)
    canvas.image = context.createImageData(plane.width, plane.height);
  const image = canvas.image;
  const words = new Uint32Array(image.data.buffer);
  const { data, strength } = plane;
  if (strength)
    for (let n = 0; n < data.length; n++) {
      const [r, g, b] = wheel[Math.round((data[n] / (2 * Math.PI)) * 256) & 255];
      const v = 255 * Math.min(1, strength[n] / most);
      words[n] = (255 << 24) | ((v * b) << 16) | ((v * g) << 8) | (v * r);
    }
  else {
    const scale = 255 / most;
    for (let n = 0; n < data.length; n++) {
      const v = data[n] * scale + 255.5;
      words[n] = colours[v > 510 ? 510 : v < 0 ? 0 : v | 0];
    }
  }
  context.putImageData(image, 0, 0);
}

/** Bytes as a notebook hands them over, or as they stand in a page. */
export function blobOf(value) {
  if (!value) return null;
  if (value.base64) return new Blob([Uint8Array.from(atob(value.base64), (c) => c.charCodeAt(0))]);
  return value.byteLength ? new Blob([value]) : null;
}

/** The pixels of a picture or a camera, read through a canvas that is kept from one frame to the next. */
export function pixels(source, width, height, canvas = document.createElement("canvas")) {
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(source, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}

export async function planeOf(blob) {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, WIDE / bitmap.width, HIGH / bitmap.height);
  const plane = greyOf(
    pixels(bitmap, Math.max(1, Math.round(bitmap.width * scale)), Math.max(1, Math.round(bitmap.height * scale))),
  );
  bitmap.close();
  return plane;
}
