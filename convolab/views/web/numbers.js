// Numbers as text, and text as numbers.

const SUBSCRIPTS = { ",": "‚", "-": "₋" };
export const MINUS = "−";

/** A number with a minus sign that can be seen, in so many significant digits; whole numbers are written out. */
export function show(value, digits = 4) {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "NaN" : value < 0 ? `${MINUS}∞` : "∞";
  const whole = Number.isInteger(value) && Math.abs(value) < 1e7;
  const rounded = Number(value.toPrecision(digits));
  const text = whole ? String(value) : powers(Math.abs(rounded) < 1e7 ? String(rounded) : rounded.toExponential());
  return (text === "-0" ? "0" : text).replaceAll("-", MINUS);
}

/** A number in a cell beside others of which `top` is the largest: as many decimals as tell them apart. */
export function inCell(value, top, digits = 3) {
  if (Number.isInteger(value) || !Number.isFinite(value)) return show(value);
  const decimals = clamp(digits - 1 - Math.floor(Math.log10(top)), 0, 9);
  const text = decimals > 4 ? show(value, 2) : value.toFixed(decimals).replace("-", MINUS);
  return /[1-9]/.test(text) ? text : text.replace(MINUS, "");
}

const powers = (text) =>
  text.replace(/e\+?(-?)(\d+)$/, (_, sign, n) => `·10${sign ? "⁻" : ""}${[...n].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`);

/** A number as a factor: negative ones in brackets. */
export const factor = (value, digits) => (value < 0 ? `(${show(value, digits)})` : show(value, digits));

/** A number that somebody typed, with any minus sign and a decimal point or comma; NaN for other text. */
export function typed(text) {
  const plain = text.trim().replace(/[−–]/g, "-").replace(",", ".");
  return plain === "" ? NaN : Number(plain);
}

export const indexText = (at) => [...at.join(",")].map((c) => SUBSCRIPTS[c] ?? "₀₁₂₃₄₅₆₇₈₉"[c]).join("");

export const plural = (n, one, many = `${one}s`) => `${n === 1 ? "one" : n} ${n === 1 ? one : many}`;

export const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
