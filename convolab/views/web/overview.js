// How far one is: every function of an exercise with its sign.

import { h, root } from "./elements.js";

const SIGNS = {
  passed: ["✓", "right"],
  failed: ["✗", "wrong so far"],
  error: ["!", "no answer so far"],
  timeout: ["…", "it took too long"],
};

/** An editor, wherever a notebook has put it. */
function editorOf(name, within = document) {
  for (const node of within.querySelectorAll("*")) {
    if (node.dataset?.name === name && node.matches(".cvl-editor")) return node;
    const found = node.shadowRoot && editorOf(name, node.shadowRoot);
    if (found) return found;
  }
  return null;
}

function goTo(name) {
  const editor = editorOf(name);
  editor?.scrollIntoView({ block: "center" });
  editor?.querySelector("textarea").focus({ preventScroll: true });
}

function render({ model, el }) {
  const frame = root(el, "overview", "How far you are");
  const list = h("ol", { class: "tasks" });
  const count = h("p", { class: "muted" });
  frame.element.append(list, count);
  const update = () => {
    const tasks = model.get("tasks");
    list.replaceChildren(
      ...tasks.map(({ name, title, status }) => {
        const [sign, text] = SIGNS[status] ?? ["○", "to do"];
        return h(
          "li",
          { class: `task ${status}` },
          h(
            "button",
            { type: "button", title: name, onclick: () => goTo(name) },
            h("span", { class: "sign", "aria-hidden": "true" }, sign),
            title,
            h("span", { class: "unseen" }, `: ${text}`),
          ),
        );
      }),
    );
    const right = tasks.filter((t) => t.status === "passed").length;
    count.textContent = `${right} of ${tasks.length} are right. What you write is saved at every key in ${model.get("place")}, which you hand in, and judged when you pause.`;
  };
  model.on("change:tasks", update);
  update();
  return () => frame.stop();
}

export default { render };
