// Planes of numbers: lists of rows, as they stand in a state, and the pictures to begin with.

export const flatten = (planes) => Float64Array.from(planes.flat(2));

/** Flat numbers as planes of these sizes. */
export function planesOf(values, [rows, columns]) {
  const planes = [];
  for (let n = 0; n < values.length; n += rows * columns)
    planes.push(
      Array.from({ length: rows }, (_, y) => Array.from(values.slice(n + y * columns, n + (y + 1) * columns))),
    );
  return planes;
}

/** The largest size of a number in planes, never 0. */
export const largest = (planes) => Math.max(1e-300, ...planes.flat(2).map(Math.abs));

const blank = (rows, columns, value = () => 0) =>
  Array.from({ length: rows }, (_, y) => Array.from({ length: columns }, (_, x) => value(y, x)));

/** A plane cut, or continued with zeros, to another size. */
export const resized = (plane, [rows, columns]) => blank(rows, columns, (y, x) => plane[y]?.[x] ?? 0);

const SEVEN = SCHEMA.explorer.x.default[0];

const middle = (size) => Math.floor((size - 1) / 2);

/** As many fractions from 0 to 1 as a plane has pixels, the same for the same seed: a small generator (xorshift). */
export function random([rows, columns], seed) {
  let state = (2463534242 + 1640531527 * seed) >>> 0 || 1;
  const next = () => ((state ^= state << 13), (state ^= state >>> 17), (state ^= state << 5), (state >>> 0) / 2 ** 32);
  for (let n = 0; n < 8; n++) next();
  return Array.from({ length: rows * columns }, next);
}

/** Whole numbers from -9 to 9 that are the same every time. */
const figures = (size, seed) =>
  planesOf(
    random(size, seed).map((v) => Math.floor(v * 19) - 9),
    size,
  )[0];

// name: what the list says, and make(rows, columns, channel).
export const INPUTS = {
  seven: {
    text: "a seven",
    make: (rows, columns, c = 0) => blank(rows, columns, (y, x) => SEVEN[rows === 1 ? 2 : (y + c) % rows]?.[x] ?? 0),
  },
  impulse: {
    text: "one bright pixel",
    make: (rows, columns) => blank(rows, columns, (y, x) => (y === middle(rows) && x === middle(columns) ? 1 : 0)),
  },
  vertical: {
    text: "a vertical edge",
    make: (rows, columns) => blank(rows, columns, (y, x) => (x > middle(columns) ? 9 : 0)),
  },
  horizontal: {
    text: "a horizontal edge",
    make: (rows, columns) => blank(rows, columns, (y) => (y > middle(rows) ? 9 : 0)),
  },
  diagonal: { text: "a diagonal", make: (rows, columns) => blank(rows, columns, (y, x) => (x === y ? 9 : 0)) },
  ramp: { text: "a ramp", make: (rows, columns) => blank(rows, columns, (y, x) => x) },
  counted: { text: "1, 2, 3, …", make: (rows, columns) => blank(rows, columns, (y, x) => y * columns + x + 1) },
  checks: { text: "a chessboard", make: (rows, columns) => blank(rows, columns, (y, x) => ((x + y) % 2 ? 0 : 9)) },
  random: { text: "random", make: (rows, columns, c = 0) => figures([rows, columns], c) },
};
