// Elements of a page, a widget's root in light and dark, and the colours of a kernel's places.

/** An element with properties (`class`, `onclick`, `aria-…`, any attribute) and children; null children are left out. */
export function h(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.flat(Infinity).filter((child) => child != null && child !== false));
  return element;
}

export function svg(tag, properties = {}, ...children) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(properties)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

const ICONS = {
  play: "M4 2.5v11l9-5.5z",
  pause: "M4 2.5h3v11H4zM9 2.5h3v11H9z",
  back: "M11.5 2.5v11L4.5 8zM3 2.5h1.6v11H3z",
  next: "M4.5 2.5v11l7-5.5zM11.4 2.5H13v11h-1.6z",
};

export const icon = (name) =>
  svg(
    "svg",
    { viewBox: "0 0 16 16", width: 16, height: 16, "aria-hidden": "true" },
    svg("path", { d: ICONS[name], fill: "currentColor" }),
  );

// A notebook loads this file once for every widget: names that count from 1 would meet in its page.
const LOADED = Math.random().toString(36).slice(2, 8);
let made = 0;
export const unique = (name) => `cvl-${name}-${LOADED}-${++made}`;

/** Elements with a sign between them. */
export const joinedBy = (parts, sign) =>
  parts.flatMap((part, n) => (n ? [h("span", { class: "plus" }, ` ${sign} `), part] : [part]));

export const sub = (name, at) => [h("i", {}, name), h("sub", {}, at.join(","))];

/** The root of a widget, light or dark as what lies behind it: a page, or the theme of a notebook. */
export function root(el, name, label) {
  const element = h("div", { class: `cvl cvl-${name}`, role: "group", "aria-label": label });
  el.append(element);
  const paint = () => {
    element.dataset.theme = isDark(el) ? "dark" : "light";
  };
  const watch = new MutationObserver(paint);
  for (const target of [document.documentElement, document.body])
    watch.observe(target, {
      attributes: true,
      attributeFilter: ["class", "style", "data-theme", "data-jp-theme-light", "data-color-mode"],
    });
  const media = matchMedia("(prefers-color-scheme: dark)");
  media.addEventListener("change", paint);
  // It is measured while it is empty: asked for later, a width would cost a layout of all that is in it.
  let width = element.clientWidth;
  const placed = new ResizeObserver(() => {
    width = element.clientWidth;
    paint(); // a notebook may put the widget into its page later
  });
  placed.observe(element);
  paint();
  return {
    element,
    width: () => width,
    stop: () => (watch.disconnect(), placed.disconnect(), media.removeEventListener("change", paint), element.remove()),
  };
}

/** Do something when the first frame stands; in a page that nobody looks at, and that has no frames, soon. */
export function afterwards(action) {
  let done = false;
  const once = () => {
    if (!done) action();
    done = true;
  };
  requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(once)));
  setTimeout(once, 300);
}

/** A colour, in whatever notation it is written, as red, green, blue and opacity, 0 to 255. */
export function rgbOf(colour) {
  const pixel = (rgbOf.canvas ??= Object.assign(document.createElement("canvas"), { width: 1, height: 1 })).getContext(
    "2d",
    { willReadFrequently: true },
  );
  pixel.clearRect(0, 0, 1, 1);
  pixel.fillStyle = "transparent"; // what is no colour, such as that of an element outside the page, changes nothing
  pixel.fillStyle = colour;
  pixel.fillRect(0, 0, 1, 1);
  return [...pixel.getImageData(0, 0, 1, 1).data];
}

function isDark(element) {
  for (let node = element; node; node = node.parentElement ?? node.getRootNode()?.host) {
    const [r, g, b, alpha] = rgbOf(getComputedStyle(node).backgroundColor);
    if (alpha > 127) return 0.299 * r + 0.587 * g + 0.114 * b < 128;
  }
  return matchMedia("(prefers-color-scheme: dark)").matches;
}

/** Give every place of a kernel a colour between those of its corners, as --tap-0, --tap-1, … */
export function colourTaps(element, [rows, columns]) {
  const mix = (from, to, share) => `color-mix(in oklab, ${from}, ${to} ${(100 * share).toFixed(1)}%)`;
  const share = (n, count) => (count > 1 ? n / (count - 1) : 0.5);
  const line = (f) =>
    f < 0.5
      ? mix("var(--northwest)", "var(--northeast)", 2 * f)
      : mix("var(--northeast)", "var(--southeast)", 2 * f - 1);
  const side = (west, east, f) => mix(`var(--${west})`, `var(--${east})`, f);
  for (let y = 0; y < rows; y++)
    for (let x = 0; x < columns; x++) {
      const f = share(x, columns);
      const colour =
        rows === 1
          ? line(columns > 1 ? f : 0)
          : mix(side("northwest", "northeast", f), side("southwest", "southeast", f), share(y, rows));
      element.style.setProperty(`--tap-${y * columns + x}`, colour);
    }
}
