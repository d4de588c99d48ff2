// Filters on a picture, or on the camera: every kernel of the table, or one's own, in the page at the camera's pace.

import { clamp, factor, plural, show } from "./numbers.js";
import { colourTaps, h, joinedBy, root } from "./elements.js";
import { rest, store } from "./address.js";
import { Grid } from "./grid.js";
import { button, choice, group, stepper, switcher, teller } from "./controls.js";
import { resized } from "./arrays.js";
import { SIDE, tint } from "./convolving.js";
import {
  FILTERS,
  HIGH,
  LARGEST,
  WIDE,
  blobOf,
  filtered,
  greyOf,
  kernelsOf,
  largestOf,
  paint,
  pixels,
  planeOf,
  ramp,
  wheel,
} from "./filters_pixels.js";

function render({ model, el }) {
  const frame = root(el, "filters", "Filters on a picture");
  const told = teller();
  const data = store(model, "filters", (s) => {
    const okay =
      (FILTERS.includes(s.filter) || s.filter === "own") &&
      s.w.length <= 2 &&
      s.w.every((p) => p.length <= SIDE && p[0].length <= SIDE) &&
      (s.filter !== "own" || s.w.length);
    if (!okay) told.say("This state names no filter that is known here. Here is the state of rest.");
    return okay ? s : rest("filters");
  });
  const s = () => data.state;
  const set = (part) => {
    told.say("");
    data.change(part);
  };
  const kernels = () => (s().filter === "own" ? s().w : kernelsOf(s().filter));
  const shown = () => (kernels().length === 1 ? "response" : s().show);

  let plane = null; // the picture as grey fractions
  let given = true; // whether it is the picture that the page came with
  let result = null;
  let reference = null; // what convolab itself made of that picture
  let camera = null;
  let colours = {};

  const canvases = Object.fromEntries(
    ["picture", "result", "reference"].map((name) => [name, h("canvas", { role: "img", width: 230, height: 286 })]),
  );
  const captions = Object.fromEntries(Object.keys(canvases).map((name) => [name, h("figcaption", {})]));
  const spot = h("div", { class: "spot" });
  const framed = (name, extra) =>
    h(
      "figure",
      { class: `pic ${name}` },
      captions[name],
      h(
        "div",
        {
          class: "glass",
          ...(name === "picture"
            ? { tabindex: "0", role: "group", "aria-label": "Picture. Arrow keys move the window." }
            : {}),
        },
        canvases[name],
        extra,
      ),
    );
  const stage = h("div", { class: "pictures" }, framed("picture", spot), framed("result"), framed("reference"));
  const video = h("video", { playsinline: true, muted: true });
  video.muted = true;
  const rate = h("output", { class: "where" });

  // The window that is looked at
  const lens = new Grid({ label: "the window", title: "" });
  const readout = h("div", { class: "readout" });
  const weights = ["first", "second"].map(
    (_, n) =>
      new Grid({
        label: n ? "kernel y" : "kernel x",
        title: "",
        editable: true,
        on: {
          edit: ([y, x], v) =>
            set({
              filter: "own",
              w: kernels().map((k, m) =>
                m === n ? k.map((row, a) => row.map((old, b) => (a === y && b === x ? v : old))) : structuredClone(k),
              ),
            }),
          refuse: told.say,
        },
      }),
  );

  const filter = choice({
    label: "filter",
    none: "your own",
    get: () => s().filter,
    set: (v) => set({ filter: v, w: [] }),
    options: () => FILTERS.map((name) => [name, name]),
  });
  const show_ = switcher({
    label: "show",
    hidden: true,
    get: () => s().show,
    set: (v) => set({ show: v }),
    options: [
      ["magnitude", "magnitude"],
      ["x", "x"],
      ["y", "y"],
      ["direction", "direction"],
    ],
  });
  const side = (label, n) =>
    stepper({
      label,
      say: told.say,
      get: () => [kernels()[0].length, kernels()[0][0].length][n],
      set: (v) => set({ filter: "own", w: kernels().map((k) => resized(k, n ? [k.length, v] : [v, k[0].length])) }),
      limits: () => ({
        low: 1,
        high: Math.max(LARGEST, [kernels()[0].length, kernels()[0][0].length][n]),
        why: ["a kernel has one weight at least", "larger kernels are not edited here"],
      }),
    });
  const most = () => (plane ? [plane.height - kernels()[0].length, plane.width - kernels()[0][0].length] : [0, 0]);
  const place = (label, n) =>
    stepper({
      label,
      say: told.say,
      get: () => at()[n] + 1,
      set: (v) => set({ at: at().map((old, m) => (m === n ? v - 1 : old)) }),
      limits: () => ({
        low: 1,
        high: most()[n] + 1,
        why: ["the window begins at the picture's border", "the window ends at the picture's border"],
      }),
    });
  const at = () => s().at.map((v, n) => clamp(v, 0, Math.max(0, most()[n])));
  const controls = [
    filter,
    show_,
    side("kernel rows", 0),
    side("kernel columns", 1),
    place("window row", 0),
    place("window column", 1),
  ];
  const file = h("input", {
    type: "file",
    accept: "image/*",
    class: "unseen",
    "aria-label": "Own picture",
    onchange: async () => {
      stop();
      await open(file.files[0], false);
      file.value = "";
    },
  });
  const lookAt = button("Camera", () => (camera ? stop() : start()));
  const back = button("The first picture", () => (stop(), open(blobOf(model.get("picture")), true)));

  const code = h("code", { class: "convolab" });
  frame.element.append(
    h(
      "div",
      { class: "top" },
      filter.element,
      show_.element,
      h("label", { class: "push file" }, file, "Own picture …"),
      lookAt,
      back,
      rate,
    ),
    stage,
    told.element,
    h(
      "div",
      { class: "looked" },
      h(
        "div",
        { class: "stage" },
        h("div", { class: "column" }, lens.element),
        h("span", { class: "sign", "aria-hidden": "true" }, "⋆"),
        h(
          "div",
          { class: "column" },
          weights.map((g) => g.element),
        ),
      ),
      readout,
    ),
    h(
      "div",
      { class: "deck" },
      group(
        "Kernel",
        controls[2],
        controls[3],
        button("turn by 90°", () =>
          set({ filter: "own", w: kernels().map((k) => k[0].map((_, y) => k.map((row) => row[row.length - 1 - y]))) }),
        ),
        button("change signs", () =>
          set({ filter: "own", w: kernels().map((k) => k.map((row) => row.map((v) => 0 - v))) }),
        ),
      ),
      group("Window", controls[4], controls[5]),
      h(
        "section",
        { class: "note" },
        h("h2", {}, "The same in Python"),
        h("pre", { tabindex: "0", "aria-label": "in convolab" }, code),
      ),
    ),
  );

  async function open(blob, first) {
    if (!blob) return;
    try {
      plane = await planeOf(blob);
      given = first;
      if (first && !reference && model.get("reference")) reference = await planeOf(blobOf(model.get("reference")));
      refresh();
    } catch {
      told.say("This file is no picture that the browser can read. Choose a PNG, a JPEG or a WebP.");
    }
  }

  async function start() {
    try {
      const stream = await navigator.mediaDevices.getUserMedia({ video: { width: WIDE, height: HIGH }, audio: false });
      video.srcObject = stream;
      await video.play();
      camera = { stream, frames: 0, since: performance.now(), scale: null, canvas: document.createElement("canvas") };
      lookAt.replaceChildren("Stop the camera");
      requestAnimationFrame(frameOf);
    } catch (error) {
      told.say(`The camera cannot be used (${error.name}). Allow it for this page, or choose a picture.`);
    }
  }

  function stop() {
    camera?.stream.getTracks().forEach((track) => track.stop());
    video.srcObject = null;
    camera = null;
    rate.textContent = "";
    lookAt.replaceChildren("Camera");
    if (frame.element.isConnected) refresh();
  }

  function frameOf() {
    if (!camera) return;
    if (!frame.element.isConnected) return stop();
    if (video.videoWidth) {
      const begun = performance.now();
      plane = greyOf(pixels(video, WIDE, HIGH, camera.canvas));
      given = false;
      compute();
      camera.busy = (camera.busy ?? 0) + performance.now() - begun;
      if (!camera.frames) captioned();
      camera.frames++;
      const seconds = (performance.now() - camera.since) / 1000;
      if (seconds > 1) {
        rate.textContent = `${show(camera.frames / seconds, 2)} frames a second at ${WIDE} × ${HIGH}, ${show(camera.busy / camera.frames, 2)} ms of work each`;
        Object.assign(camera, { frames: 0, busy: 0, since: performance.now() });
        lookClosely();
      }
    }
    requestAnimationFrame(frameOf);
  }

  function compute() {
    const [rows, columns] = [kernels()[0].length, kernels()[0][0].length];
    if (plane.width < columns || plane.height < rows)
      return told.say(
        `The picture is ${plane.height} × ${plane.width} and the kernel ${rows} × ${columns}: choose a smaller one.`,
      );
    result = filtered(plane, kernels(), shown());
    const now = largestOf(result.strength ?? result.data);
    // A camera's picture is scaled by what was largest lately, so that it does not flicker.
    const scale = camera ? (camera.scale = Math.max(now, (camera.scale ?? now) * 0.97)) : now;
    colours.theme !== frame.element.dataset.theme &&
      (colours = {
        theme: frame.element.dataset.theme,
        grey: ramp("grey", frame.element),
        signed: ramp("signed", frame.element),
      });
    const smoothing = kernels().length === 1 && result.data.every((v) => v >= 0);
    paint(canvases.result, result, colours[shown() === "magnitude" || smoothing ? "grey" : "signed"], scale);
    paint(canvases.picture, plane, colours.grey, 1);
  }

  /** The window under the pointer: its pixels, its weights and the sum. */
  function lookClosely() {
    const [rows, columns] = [kernels()[0].length, kernels()[0][0].length];
    const [top, left] = at();
    const value = (y, x) => plane.data[(top + y) * plane.width + left + x] ?? 0;
    lens.shape([0, 0], [rows, columns], [rows, columns]);
    lens.fill((y, x) => Math.round(255 * value(y, x)), {
      largest: 255,
      name: (y, x) => `pixel ${top + y + 1} ${left + x + 1}`,
    });
    lens.caption.replaceChildren(h("b", {}, "pixels"), ` at ${top + 1}, ${left + 1}`);
    colourTaps(frame.element, [rows, columns]);
    tint(lens, ([y, x]) => y * columns + x);
    const size = clamp(Math.floor(250 / Math.max(rows, columns)), 12, 48);
    lens.fit(size);
    weights.forEach((grid, n) => {
      const kernel = kernels()[n];
      grid.element.hidden = !kernel;
      if (!kernel) return;
      grid.shape([0, 0], [rows, columns], [rows, columns]);
      grid.fill((y, x) => kernel[y][x], { name: (y, x) => `weight ${y + 1} ${x + 1}` });
      grid.caption.replaceChildren(h("b", {}, kernels().length > 1 ? ["kernel x", "kernel y"][n] : "kernel"));
      tint(grid, ([y, x]) => y * columns + x);
      grid.fit(size);
    });
    readout.replaceChildren(
      ...kernels().map((kernel, n) => sumOf(kernel, n, value)),
      ...together(
        kernels().map((kernel) =>
          kernel.reduce(
            (sum, row, y) => sum + row.reduce((part, w, x) => part + w * Math.round(255 * value(y, x)), 0),
            0,
          ),
        ),
      ),
    );
    const box = {
      left: left / plane.width,
      top: top / plane.height,
      width: columns / plane.width,
      height: rows / plane.height,
    };
    for (const [name, share] of Object.entries(box)) spot.style[name] = `${100 * share}%`;
  }

  function sumOf(kernel, n, value) {
    const terms = kernel
      .flatMap((row, y) => row.map((w, x) => [w, Math.round(255 * value(y, x)), y * row.length + x]))
      .filter(([w]) => w);
    const name = kernels().length > 1 ? ["x", "y"][n] : "Σ";
    const parts = terms
      .slice(0, 25)
      .map(([w, v, tap]) => h("span", { class: "term", style: `--tap: var(--tap-${tap})` }, `${factor(w, 3)}·${v}`));
    const total = terms.reduce((sum, [w, v]) => sum + w * v, 0);
    return h(
      "p",
      { class: "terms" },
      h("i", {}, name),
      " = ",
      parts.length ? joinedBy(parts, "+") : "0",
      terms.length > 25 ? h("span", { class: "muted" }, ` … and ${plural(terms.length - 25, "product")} more`) : "",
      h("span", { class: "plus" }, " = "),
      h("strong", {}, show(total, 5)),
    );
  }

  const together = ([x, y]) =>
    y === undefined
      ? []
      : [
          h(
            "p",
            {},
            `√(${factor(x, 5)}² + ${factor(y, 5)}²) = `,
            h("strong", { class: "result" }, show(Math.hypot(x, y), 5)),
            h(
              "span",
              { class: "muted" },
              x || y ? `  towards ${show((Math.atan2(y, x) * 180) / Math.PI, 3)}°` : "  no direction",
            ),
          ),
        ];

  function captioned() {
    const size = (p) => ` ${p.height} × ${p.width}`;
    const text = {
      response: "response",
      magnitude: "√(x² + y²)",
      x: "x: change to the right",
      y: "y: change downwards",
      direction: "direction",
    }[shown()];
    captions.picture.replaceChildren(h("b", {}, camera ? "camera" : "picture"), size(plane));
    const hues =
      shown() === "direction"
        ? [
            ["→", 0],
            ["↓", 64],
            ["←", 128],
            ["↑", 192],
          ].map(([arrow, n]) =>
            h("span", { class: "hue", style: `background: rgb(${wheel[n].map((v) => Math.round(255 * v))})` }, arrow),
          )
        : [];
    captions.result.replaceChildren(h("b", {}, text), hues.length ? "" : size(result), ...hues);
    canvases.picture.setAttribute("aria-label", "the picture in grey");
    canvases.result.setAttribute("aria-label", `${s().filter}: ${text}`);
    const comparable = given && reference && s().filter === "sobel" && shown() === "magnitude";
    stage.querySelector(".reference").hidden = !comparable;
    if (comparable) {
      paint(canvases.reference, reference, colours.grey, 1);
      canvases.reference.setAttribute("aria-label", "the same by convolab in Python");
      const top = largestOf(result.data);
      let off = 0;
      for (let n = 0; n < result.data.length; n++)
        off = Math.max(off, Math.abs(Math.round((255 * result.data[n]) / top) - Math.round(255 * reference.data[n])));
      captions.reference.replaceChildren(
        h("b", {}, "the reference"),
        h(
          "span",
          { class: "muted" },
          off ? ` differs by ${plural(off, "grey level")} of 255 at most` : " is the same, pixel for pixel",
        ),
      );
    }
    const own = s().filter === "own";
    const gradient = kernels().length > 1;
    code.textContent =
      own && gradient
        ? "x, y = (cl.filter2d(image, k) for k in kernels)"
        : own
          ? "cl.filter2d(image, kernel)"
          : !gradient
            ? `cl.${s().filter.replaceAll("-", "_")}(image)`
            : shown() === "magnitude"
              ? `cl.${s().filter}(image)`
              : `cl.${s().filter}(image, show="${shown()}")`;
  }

  function refresh() {
    for (const control of controls) control.update();
    show_.element.hidden = kernels().length === 1;
    back.hidden = given || !model.get("picture");
    if (!plane) return;
    compute();
    if (!result) return;
    captioned();
    lookClosely();
  }

  const glass = stage.querySelector(".picture .glass");
  const pointed = (event) => {
    const box = canvases.picture.getBoundingClientRect();
    const [rows, columns] = [kernels()[0].length, kernels()[0][0].length];
    return [
      Math.round(((event.clientY - box.top) / box.height) * plane.height - rows / 2),
      Math.round(((event.clientX - box.left) / box.width) * plane.width - columns / 2),
    ].map((v, n) => clamp(v, 0, most()[n]));
  };
  glass.addEventListener("pointermove", (event) => {
    if (plane && (event.buttons || event.pointerType === "mouse")) {
      data.state.at = pointed(event);
      lookClosely();
    }
  });
  glass.addEventListener("click", (event) => plane && set({ at: pointed(event) }));
  glass.addEventListener("keydown", (event) => {
    const by = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (!by) return;
    event.preventDefault();
    set({ at: at().map((v, n) => clamp(v + by[n] * (event.shiftKey ? 10 : 1), 0, most()[n])) });
  });
  const themed = new MutationObserver(() => plane && refresh());
  themed.observe(frame.element, { attributes: true, attributeFilter: ["data-theme"] });
  const heard = () => open(blobOf(model.get("picture")), true);
  model.on("change:picture", heard);
  data.listen(refresh);
  refresh();
  open(blobOf(model.get("picture")), true);
  return () => {
    stop();
    themed.disconnect();
    data.stop();
    model.off?.("change:picture", heard);
    frame.stop();
  };
}

export default { render };
