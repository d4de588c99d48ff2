// A dozen lines of host: what a notebook is to a widget, for a page that opens from a file.

const asked = () => location.hash.slice(1);
const heard = {};
const model = {
  values: { state: asked() ? fromAddress(NAME, asked()) : STATE, ...TRAITS },
  get: (key) => model.values[key],
  set: (key, value) => {
    model.values[key] = value;
    (heard[`change:${key}`] ?? []).forEach((f) => f());
  },
  on: (event, listener) => (heard[event] ??= []).push(listener),
  off: (event, listener) => {
    heard[event] = (heard[event] ?? []).filter((f) => f !== listener);
  },
  save_changes: () => history.replaceState(null, "", `#${toAddress(NAME, model.values.state)}`),
};
addEventListener("hashchange", () => model.set("state", fromAddress(NAME, asked())));
widget.render({ model, el: document.querySelector("#widget") });
