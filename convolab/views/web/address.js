// The state of a widget: how it stands in an address, and how changes of it are told. SCHEMA is Python's table of states.

const FORMATS = {
  word: { write: String, read: (text) => text },
  whole: { write: String, read: Number },
  number: { write: String, read: Number },
  wholes: {
    write: (value) => (value.every((v) => v === value[0]) ? String(value[0]) : value.join(",")),
    read: (text, field) => {
      const values = text.split(",").map(Number);
      return values.length === 1 ? Array(field.default.length).fill(values[0]) : values;
    },
  },
  numbers: { write: (value) => value.join(","), read: (text) => (text ? text.split(",").map(Number) : []) },
  place: {
    write: (value) => value.join(","),
    read: (text) => text.split(",").map((part, n) => (n ? Number(part) : part)),
  },
  planes: {
    write: (value) => value.map((plane) => plane.map((row) => row.join(",")).join(";")).join("|"),
    read: (text) => text.split("|").map((plane) => plane.split(";").map((row) => row.split(",").map(Number))),
  },
};

/** The state as the text behind an address's #: what differs from the state of rest. */
function toAddress(name, state) {
  const parts = Object.entries(SCHEMA[name]).map(([key, field]) => {
    const write = FORMATS[field.kind].write;
    const text = write(state[key] ?? field.default);
    return text === write(field.default) ? null : `${key}=${text.replaceAll(" ", "+")}`;
  });
  return parts.filter(Boolean).join("&");
}

/** The state that such a text stands for; what is unknown or unreadable in it is left as it is at rest. */
function fromAddress(name, text) {
  const state = rest(name);
  for (const part of decodeURIComponent(text).split("&")) {
    const [key, value] = [part.slice(0, part.indexOf("=")), part.slice(part.indexOf("=") + 1)];
    const field = SCHEMA[name][key];
    if (!field || !part.includes("=")) continue;
    const read = FORMATS[field.kind].read(value.replaceAll("+", " "), field);
    if (readable(read, field)) state[key] = read;
  }
  return state;
}

const readable = (value, field) =>
  [value].flat(Infinity).every((v) => typeof v === "string" || Number.isFinite(v)) &&
  (field.choices.length === 0 || field.choices.includes(value)) &&
  (field.kind !== "wholes" || (value.length === field.default.length && value.every(Number.isInteger))) &&
  (field.kind !== "whole" || Number.isInteger(value)) &&
  (field.kind !== "planes" ||
    value.every((p) => p.length === value[0].length && p.every((row) => row.length === value[0][0].length)));

export const rest = (name) =>
  structuredClone(Object.fromEntries(Object.entries(SCHEMA[name]).map(([key, f]) => [key, f.default])));

/** The state of a widget: read from the model, made valid by `valid`, told to everyone who listens. */
export function store(model, name, valid = (state) => state) {
  const listeners = [];
  const read = () => valid({ ...rest(name), ...structuredClone(model.get("state") ?? {}) });
  const self = {
    state: read(),
    listen: (listener) => listeners.push(listener),
    change(part) {
      self.state = valid({ ...self.state, ...part });
      model.set("state", self.state);
      save();
      listeners.forEach((listener) => listener(self.state));
    },
    stop: () => model.off?.("change:state", heard),
  };
  const save = delayed(() => model.save_changes(), 120);
  const heard = () => {
    if (model.get("state") === self.state) return;
    self.state = read();
    listeners.forEach((listener) => listener(self.state));
  };
  model.on("change:state", heard);
  return self;
}

export function delayed(action, milliseconds) {
  let timer = null;
  return () => {
    clearTimeout(timer);
    timer = setTimeout(action, milliseconds);
  };
}
