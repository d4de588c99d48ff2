// Controls with labels, limits that say why they are there, a player, and lines of words.

import { MINUS, clamp } from "./numbers.js";
import { h, icon, unique } from "./elements.js";
import { delayed } from "./address.js";

/**
 * A whole number between limits that can be looked at before they are met.
 *
 * `limits()` gives {low, high, why: [of the low, of the high]}; a step beyond is not taken, and `say` is told why.
 */
export function stepper({ label, get, set, limits, say, unit = "" }) {
  const id = unique("step");
  const value = h("output", { class: "value", id, role: "spinbutton", tabindex: "0", "aria-label": label });
  const name = h("span", { class: "name", "aria-hidden": "true" }, label);
  const step = (by) => {
    const { low, high, why } = limits();
    const next = get() + by;
    if (next < low) say(`${label} stops at ${low}: ${why[0]}.`);
    else if (next > high) say(`${label} stops at ${high}: ${why[1]}.`);
    else set(next);
  };
  const button = (by, sign, text) =>
    h(
      "button",
      { type: "button", class: "step", "aria-label": `${text} ${label}`, tabindex: "-1", onclick: () => step(by) },
      sign,
    );
  const [less, more] = [button(-1, MINUS, "less"), button(1, "+", "more")];
  value.addEventListener("keydown", (event) => {
    const { low, high } = limits();
    const by = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, Home: low - get(), End: high - get() }[
      event.key
    ];
    if (by === undefined) return;
    event.preventDefault();
    if (by || event.key.startsWith("Arrow")) step(by);
  });
  const element = h("div", { class: "control stepper" }, name, h("span", { class: "buttons" }, less, value, more));
  const update = () => {
    const { low, high, why } = limits();
    value.textContent = `${get()}${unit}`;
    for (const [attribute, content] of [
      ["valuenow", get()],
      ["valuemin", low],
      ["valuemax", high],
      ["valuetext", `${get()}, from ${low} to ${high}`],
    ])
      value.setAttribute(`aria-${attribute}`, content);
    for (const [end, at, text] of [
      [less, get() <= low, why[0]],
      [more, get() >= high, why[1]],
    ]) {
      end.setAttribute("aria-disabled", at);
      end.title = at ? `stops here: ${text}` : "";
    }
  };
  return { element, update };
}

/** A choice from a list. `options()` gives [[value, text], …]; where a value is none of them, `none` is shown. */
export function choice({ label, get, set, options, none = null }) {
  const id = unique("choice");
  const list = h("select", { id, onchange: () => set(list.value) });
  const element = h("div", { class: "control choice" }, h("label", { class: "name", for: id }, label), list);
  let shown = "";
  const update = () => {
    const all = [...(none && !options().some(([value]) => value === get()) ? [["", none]] : []), ...options()];
    const key = JSON.stringify(all);
    if (key !== shown) list.replaceChildren(...all.map(([value, text]) => h("option", { value }, text)));
    shown = key;
    list.value = options().some(([value]) => value === get()) ? get() : "";
  };
  return { element, update };
}

/** A choice of a few, all in sight. */
export function switcher({ label, get, set, options, hidden = false }) {
  const name = unique("switch");
  const fields = options.map(([value, text]) => {
    const field = h("input", { type: "radio", name, value, onchange: () => set(value) });
    return [field, h("label", {}, field, h("span", {}, text))];
  });
  const legend = h("span", { class: hidden ? "unseen" : "name", id: `${name}-label` }, label);
  const element = h(
    "div",
    { class: "control switch", role: "radiogroup", "aria-labelledby": `${name}-label` },
    legend,
    h(
      "span",
      { class: "options" },
      fields.map(([, l]) => l),
    ),
  );
  return {
    element,
    update: () =>
      fields.forEach(([field]) => {
        field.checked = field.value === String(get());
      }),
  };
}

/** On or off. */
export function toggle({ label, get, set }) {
  const field = h("input", { type: "checkbox", onchange: () => set(field.checked) });
  const element = h("label", { class: "control toggle" }, field, h("span", {}, label));
  return {
    element,
    update: () => {
      field.checked = Boolean(get());
    },
  };
}

/** A number on a scale: `get` and `set` deal in steps from 0 to `steps`, `text` says what a step is. */
export function slider({ label, get, set, steps, text }) {
  const id = unique("slide");
  const field = h("input", { type: "range", id, min: 0, step: 1, oninput: () => set(Number(field.value)) });
  const value = h("output", { class: "value", for: id });
  const element = h("div", { class: "control slider" }, h("label", { class: "name", for: id }, label), field, value);
  const update = () => {
    field.max = steps();
    field.value = get();
    value.textContent = text();
    field.setAttribute("aria-valuetext", text());
  };
  return { element, update };
}

export const button = (text, onclick, properties = {}) =>
  h("button", { type: "button", class: "push", onclick, ...properties }, text);

export const group = (title, ...controls) =>
  h(
    "fieldset",
    { class: "controls" },
    h("legend", {}, title),
    controls.map((c) => c?.element ?? c),
  );

/** Play, step and scrub through `count()` moments, numbered from `first`; `at()` is the present one, `go(n)` shows another. */
export function player({ label, count, at, go, seconds = 0.7, first = 1, ended = () => {} }) {
  let timer = null;
  const playing = () => timer !== null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    draw();
  };
  const start = () => {
    if (at() >= count() - 1) go(0);
    timer = setInterval(
      () => {
        if (!element.isConnected || at() >= count() - 1) return (stop(), ended());
        go(at() + 1);
      },
      1000 * seconds * (3 / Math.sqrt(count() + 1)) ** 0.8,
    );
    go(at());
    draw();
  };
  const toggle = h("button", {
    type: "button",
    class: "push play",
    onclick: () => (playing() ? (stop(), ended()) : start()),
  });
  const step = (by) => () => {
    if (playing()) stop();
    go(clamp(at() + by, 0, count() - 1));
    ended();
  };
  const range = h("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": label,
    oninput: () => (playing() && stop(), go(Number(range.value))),
    onchange: () => ended(),
  });
  const where = h("output", { class: "where" });
  const element = h(
    "div",
    { class: "player", role: "group", "aria-label": "Play" },
    h("button", { type: "button", class: "push", "aria-label": "step back", onclick: step(-1) }, icon("back")),
    toggle,
    h("button", { type: "button", class: "push", "aria-label": "step on", onclick: step(1) }, icon("next")),
    range,
    where,
  );
  const draw = () => {
    toggle.replaceChildren(icon(playing() ? "pause" : "play"), playing() ? "Pause" : "Play");
  };
  const update = () => {
    range.max = count() - 1;
    range.value = at();
    const [now, last] = [at() + first, count() - 1 + first];
    where.textContent = `${now} / ${last}`;
    range.setAttribute("aria-valuetext", `${label} ${now} of ${last}`);
  };
  draw();
  return { element, update, playing, stop };
}

/** A line of words that tells of refusals and of what is selected, for the eye and for a screen reader. */
export function teller() {
  const element = h("p", { class: "said", role: "status" });
  return {
    element,
    say: (text) => {
      element.textContent = text;
    },
  };
}

/** What is read aloud and not shown: the cell that is selected, in a sentence. */
export function whisper() {
  const element = h("p", { class: "unseen", "aria-live": "polite" });
  const say = delayed(() => {
    element.textContent = next;
  }, 200);
  let next = "";
  return { element, say: (text) => ((next = text), say()) };
}
