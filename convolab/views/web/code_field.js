// A field for code: numbers before the lines, Tab indents, Enter keeps the indentation.

import { h } from "./elements.js";

const STEP = "    ";

/**
 * A field as an element; `changed` is called at every key, `run` at Ctrl+Enter. `set` shows a text, and `replace` types it
 * in the place of the one that stands there.
 */
export function codeField({ label, changed, run }) {
  const area = h("textarea", {
    class: "code",
    spellcheck: "false",
    autocomplete: "off",
    autocapitalize: "off",
    autocorrect: "off",
    wrap: "off",
    "aria-label": label,
  });
  const gutter = h("div", { class: "gutter", "aria-hidden": "true" });
  const element = h(
    "div",
    { class: "codefield" },
    gutter,
    area,
    h("p", { class: "unseen" }, "Tab indents; Escape, then Tab, leaves the field. Ctrl and Enter judge it."),
  );
  let free = false; // after Escape, Tab moves on as it does everywhere

  const numbers = () => {
    const count = area.value.split("\n").length;
    if (gutter.childElementCount !== count)
      gutter.replaceChildren(...Array.from({ length: count }, (_, n) => h("span", {}, String(n + 1))));
    area.rows = Math.max(4, count + 1);
  };
  const edited = () => {
    numbers();
    changed();
  };
  /** Put a text in the place of what is selected, as typing does, so that the browser can undo it. */
  const insert = (text) => {
    const typed = document.execCommand(text ? "insertText" : "delete", false, text); // which tells of the input
    if (typed) return;
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    edited();
  };
  /** Indent the selected lines, or take an indentation away. */
  function shift(out) {
    const { selectionStart: from, selectionEnd: to, value } = area;
    const start = value.lastIndexOf("\n", from - 1) + 1;
    const lines = value.slice(start, to).split("\n");
    const moved = lines.map((line) => (out ? line.replace(/^ {1,4}/, "") : line ? STEP + line : line));
    if (moved.join() === lines.join()) return;
    area.setSelectionRange(start, to);
    insert(moved.join("\n"));
    area.setSelectionRange(
      Math.max(start, from + moved[0].length - lines[0].length),
      to + moved.join("").length - lines.join("").length,
    );
  }
  function newLine() {
    const line = area.value.slice(area.value.lastIndexOf("\n", area.selectionStart - 1) + 1, area.selectionStart);
    const indent = line.match(/^ */)[0];
    insert(`\n${indent}${/:\s*(#.*)?$/.test(line) ? STEP : ""}`);
  }
  area.addEventListener("keydown", (event) => {
    event.stopPropagation(); // a notebook has keys of its own
    if (event.key === "Escape") free = true;
    else if (event.key === "Tab" && !free) {
      event.preventDefault();
      const many = area.value.slice(area.selectionStart, area.selectionEnd).includes("\n");
      if (event.shiftKey || many) shift(event.shiftKey);
      else insert(STEP.slice((area.selectionStart - area.value.lastIndexOf("\n", area.selectionStart - 1) - 1) % 4));
    } else if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      run();
    } else if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      newLine();
    }
    if (!["Escape", "Shift", "Tab"].includes(event.key)) free = false;
  });
  area.addEventListener("blur", () => (free = false));
  area.addEventListener("input", edited);
  area.addEventListener("scroll", () => (gutter.style.transform = `translateY(${-area.scrollTop}px)`));
  return {
    element,
    value: () => area.value,
    set: (text) => {
      area.value = text;
      numbers();
    },
    replace: (text) => {
      area.focus({ preventScroll: true });
      area.select();
      insert(text);
      area.setSelectionRange(0, 0);
    },
  };
}
