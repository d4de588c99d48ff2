// The lab's editor: a function is written, saved at every key, and judged when the text has come to rest.

import { h, root } from "./elements.js";
import { delayed } from "./address.js";
import { readsView } from "./reads_view.js";
import { codeField } from "./code_field.js";

const SAVE = 150; // milliseconds after a key
const RETRY = 5000; // until a text that could not be saved is sent again
const REST = 1200; // until the text is judged by itself
const SILENCE = 4000; // until the page says that no answer comes
const SIGNS = { passed: "✓", failed: "✗", error: "!", timeout: "…", new: "○" };

function render({ model, el }) {
  const frame = root(el, "editor", `Editor: ${model.get("name")}`);
  const draft = `convolab:${model.get("place")}:${model.get("name")}`;
  const status = h("p", { class: "state", role: "status" });
  const verdict = h("div", { class: "outcome", role: "status" });
  const details = h("div", { class: "details" });
  const map = readsView({ select: () => {} });
  const field = codeField({
    label: `${model.get("name")}, Python`,
    changed: () => typed(),
    run: () => ask(),
  });
  let serial = model.get("serial");
  let asked = model.get("asked");
  let judging = false;
  let waiting = null;

  // ---- What is typed
  const save = delayed(() => (push(), model.save_changes()), SAVE);
  const rest = delayed(() => ask(), REST);

  let sent = model.get("text");
  function push(again = false) {
    if (field.value() === sent && !again) return;
    sent = field.value();
    serial += 1;
    model.set("serial", serial);
    model.set("text", sent);
    clearTimeout(waiting);
    waiting = setTimeout(() => tell("Not saved: the lab does not answer. What stands here stays here.", true), SILENCE);
  }
  const retry = delayed(() => (push(true), model.save_changes()), RETRY);

  function typed() {
    aside = null;
    again.textContent = "Begin again";
    keep(field.value());
    tell("…");
    save();
    rest();
  }
  function keep(text) {
    try {
      if (text === null) localStorage.removeItem(draft);
      else localStorage.setItem(draft, text);
    } catch {
      // A browser that keeps nothing: the file is what counts.
    }
  }
  function kept() {
    try {
      return localStorage.getItem(draft);
    } catch {
      return null;
    }
  }
  /** Show what another page wrote into the file meanwhile, where nothing stands here that has not been sent. */
  function read() {
    const text = model.get("text");
    if (text === sent || field.value() !== sent) return;
    sent = text;
    field.set(text);
    ask();
  }
  const tell = (text, bad = false, ...more) => {
    status.classList.toggle("bad", bad);
    status.replaceChildren(text, ...more);
  };
  function saved() {
    const { of, error, note, at } = model.get("saved") ?? {};
    if (of === undefined) return note && tell(note, true);
    if (of < serial) return;
    clearTimeout(waiting);
    if (error) return tell(`Not saved. ${error}. What stands here stays here.`, true), retry();
    keep(null);
    tell(note ? `Saved in ${model.get("file")} at ${at}; ${note}.` : `Saved in ${model.get("file")} at ${at}.`, Boolean(note));
  }

  // ---- What comes of it
  const check = h("button", { type: "button", class: "push", onclick: () => ask() }, "Check");
  let aside = null; // the text before it was begun again
  const again = h("button", { type: "button", class: "push", onclick: () => beginAgain() }, "Begin again");
  function beginAgain() {
    if (aside === null && field.value() === model.get("stub")) return;
    const [text, before] = aside === null ? [model.get("stub"), field.value()] : [aside, null];
    field.replace(text);
    aside = before;
    again.textContent = aside === null ? "Begin again" : "Take it back";
  }
  function ask() {
    asked += 1;
    judging = true;
    push();
    model.set("asked", asked);
    model.save_changes();
    judged();
  }
  const more = h("button", { type: "button", class: "push", onclick: () => wish() }, "A hint");
  function wish() {
    model.set("wanted", model.get("wanted") + 1);
    model.save_changes();
  }
  const mapBox = h("details", { class: "map" }, h("summary", {}, "What it reads"), map.element);
  mapBox.addEventListener("toggle", () => mapBox.open && map.fit());
  const printed = h("pre", { class: "printed" });
  const hints = h("ol", { class: "hints" });
  const figures = h("div", { class: "figures" });

  function judged() {
    const found = model.get("verdict") ?? {};
    if (found.of === asked && found.of) judging = false;
    const kind = judging ? "judging" : (found.status ?? "new");
    verdict.className = `outcome ${kind}`;
    frame.element.dataset.status = kind;
    if (judging) {
      verdict.replaceChildren(h("b", {}, "… It is being judged."));
      return;
    }
    verdict.replaceChildren(
      h("b", {}, `${SIGNS[kind]} ${found.title ?? "Nothing is written yet"}.`),
      found.message ? ` ${found.message}` : "",
    );
    printed.textContent = found.printed ? `It printed:\n${found.printed}` : "";
    printed.hidden = !printed.textContent;
    mapBox.hidden = !found.reads;
    if (found.reads && map.key !== JSON.stringify(found.reads)) {
      map.key = JSON.stringify(found.reads);
      mapBox.open = kind !== "passed";
      map.update(found.reads);
    }
    figures.replaceChildren(
      ...(found.figures ?? []).map(({ title, image }) =>
        h("figure", {}, image ? h("img", { src: image, alt: title }) : "", h("figcaption", {}, title)),
      ),
      found.pending ? h("p", { class: "muted" }, "It is at work on the photograph …") : "",
    );
    hinted();
  }
  function hinted() {
    const given = model.get("hints") ?? [];
    const left = (model.get("verdict")?.left ?? 0) - given.length;
    hints.replaceChildren(
      ...given.map((hint) => {
        const [first, ...lines] = hint.split("\n");
        return h("li", {}, first, lines.length ? h("pre", { tabindex: "0", "aria-label": "example" }, lines.join("\n")) : "");
      }),
    );
    more.hidden = left <= 0;
    more.textContent = given.length ? `One more hint (${left} left)` : `A hint (${left})`;
  }

  details.append(printed, more, hints, mapBox, figures);
  frame.element.dataset.name = model.get("name"); // by which the overview finds it
  frame.element.append(
    h("div", { class: "writing" }, field.element, h("div", { class: "bar" }, check, again, status)),
    verdict,
    details,
  );
  const unsaved = kept();
  field.set(model.get("text"));
  if (unsaved !== null && unsaved !== model.get("text")) {
    const fromFile = model.get("text");
    field.set(unsaved);
    const back = h("button", { type: "button", class: "push", onclick: () => (field.set(fromFile), typed()) }, "Take the file’s");
    save();
    tell("This browser had kept what was not saved; it stands here again. ", true, back);
  } else {
    keep(null);
    model.set("opened", model.get("opened") + 1);
    model.save_changes();
  }
  model.on("change:text", read);
  model.on("change:saved", saved);
  model.on("change:verdict", judged);
  model.on("change:hints", hinted);
  judged();
  if (!model.get("verdict")?.status && field.value().trim() !== model.get("stub").trim()) ask();
  return () => (map.stop(), frame.stop());
}

export default { render };
