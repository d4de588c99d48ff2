// The read map: what a function reads, over what it should read, with the verdict in words.

import { h, root } from "./elements.js";
import { store } from "./address.js";
import { switcher } from "./controls.js";
import { readsView } from "./reads_view.js";

function render({ model, el }) {
  const frame = root(el, "reads", "Read map");
  const data = store(model, "reads");
  const verdict = h("p", { class: "verdict" });
  const view = readsView({ select: (at) => data.change({ at }) });
  const base = switcher({
    label: "count from",
    get: () => data.state.base,
    set: (v) => data.change({ base: Number(v) }),
    options: [
      [1, "1"],
      [0, "0"],
    ],
  });
  frame.element.append(h("div", { class: "top" }, verdict, base.element), view.element);
  let shown = "";
  const update = (s) => {
    const key = JSON.stringify({ ...s, at: 0 });
    if (key === shown && String(s.at) === String(view.at())) return;
    shown = key;
    const isRight = s.said.startsWith("It reads what it should");
    verdict.classList.toggle("right", isRight);
    base.update();
    verdict.replaceChildren(h("b", {}, s.function), `: ${s.said}`);
    view.update(s);
  };
  data.listen(update);
  update(data.state);
  return () => (view.stop(), data.stop(), frame.stop());
}

export default { render };
