"use strict";
(() => {
  const PAGE = 25;
  const data = JSON.parse(document.getElementById("data").textContent);
  const place = document.getElementById("datasets");
  // Parameters that are not the same in all datasets of a model.
  const seen = new Map();
  const varying = new Map();
  for (const item of data) {
    if (!varying.has(item.model)) varying.set(item.model, new Set());
    for (const [name, value] of item.parameters) {
      const key = JSON.stringify([item.model, name]);
      if (!seen.has(key)) seen.set(key, value);
      else if (seen.get(key) !== value) varying.get(item.model).add(name);
    }
  }
  const differing = (item) => item.parameters
    .filter(([name]) => varying.get(item.model).has(name))
    .map(([name, value]) => `${name} ${value}`).join(", ");
  const columns = [
    { label: "dataset", key: (item) => item.name },
    { label: "", key: null },
    { label: "model", key: (item) => item.model },
    { label: "differs in", key: (item) => differing(item) },
    { label: "channels", key: (item) => item.shape[0], number: true },
    { label: "steps", key: (item) => item.shape[1], number: true },
    { label: "realizations", key: (item) => item.shape[2], number: true },
    { label: "size", key: (item) => item.bytes, number: true, show: (item) => size(item.bytes) },
  ];
  const state = { page: 1, words: "", order: null, down: false, open: new Set() };

  const element = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
      else if (value !== false && value !== null) made.setAttribute(key, value === true ? "" : value);
    }
    made.append(...children);
    return made;
  };

  const size = (bytes) => {
    const units = ["B", "kB", "MB", "GB", "TB"];
    let unit = 0;
    while (bytes >= 1000 && unit + 1 < units.length) { bytes /= 1000; unit += 1; }
    return `${unit === 0 ? bytes : bytes.toPrecision(3)} ${units[unit]}`;
  };

  const line = (path) => {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    svg.setAttribute("class", "line");
    svg.setAttribute("viewBox", "0 0 120 28");
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "the first series");
    const drawn = document.createElementNS(namespace, "path");
    drawn.setAttribute("d", path);
    drawn.setAttribute("vector-effect", "non-scaling-stroke");
    svg.append(drawn);
    return svg;
  };

  const list = (title, pairs) => {
    if (pairs.length === 0) return [];
    const entries = pairs.map(([name, value]) =>
      element("div", {}, element("dt", {}, name), element("dd", {}, value)));
    return [element("h3", {}, title), element("dl", {}, ...entries)];
  };

  const text = (item) =>
    [item.name, item.model, item.seed, ...item.parameters.flat()].join(" ").toLowerCase();
  const texts = data.map(text);

  const found = () => {
    const words = state.words.toLowerCase().split(/\s+/).filter((word) => word !== "");
    const places = data.map((_, at) => at).filter((at) => words.every((word) => texts[at].includes(word)));
    if (state.order !== null) {
      const key = columns[state.order].key;
      const sign = state.down ? -1 : 1;
      places.sort((a, b) => {
        const [one, other] = [key(data[a]), key(data[b])];
        return one < other ? -sign : one > other ? sign : a - b;
      });
    }
    return places;
  };

  const rows = (at) => {
    const item = data[at];
    const toggle = () => {
      if (!state.open.delete(at)) state.open.add(at);
      draw();
    };
    const open = state.open.has(at);
    const cells = columns.map((column, index) => {
      if (index === 0) {
        return element("td", { class: "name" },
          element("button", { type: "button", "aria-expanded": String(open), onclick: toggle, class: item.trouble === null ? "" : "trouble" },
            item.trouble === null ? item.name : `⚠ ${item.name}`));
      }
      if (column.key === null) return element("td", {}, line(item.line));
      const shown = column.show ? column.show(item) : column.key(item);
      return element("td", { class: column.number ? "number" : "", "data-label": column.label }, String(shown));
    });
    const made = [element("tr", {}, ...cells)];
    if (open) {
      const picture = item.picture === null ? [] : [element("img", { src: item.picture, alt: `pictures of ${item.name}` })];
      const trouble = item.trouble === null ? [] : [element("p", { class: "trouble" }, item.trouble)];
      made.push(element("tr", { class: "more" }, element("td", { colspan: columns.length },
        ...trouble, ...picture,
        ...list("Parameters", item.parameters),
        ...list("Truth", item.truth),
        ...list("Provenance", item.provenance),
        ...list("Files", item.files.map((file) => ["", file])))));
    }
    return made;
  };

  const search = element("input", {
    type: "search", placeholder: "words of names, models, parameters", "aria-label": "search",
    oninput: (event) => { state.words = event.target.value; state.page = 1; draw(); },
  });
  const status = element("span", { id: "status", role: "status" });
  const go = (page) => () => { state.page = page(); draw(); };
  const pages = () => Math.max(1, Math.ceil(found().length / PAGE));
  const first = element("button", { type: "button", id: "first", onclick: go(() => 1) }, "first");
  const before = element("button", { type: "button", id: "before", onclick: go(() => state.page - 1) }, "previous");
  const after = element("button", { type: "button", id: "after", onclick: go(() => state.page + 1) }, "next");
  const last = element("button", { type: "button", id: "last", onclick: go(pages) }, "last");
  const tools = element("div", { class: "tools" }, search, status, first, before, after, last);
  const body = element("tbody");
  const head = element("tr");
  const table = element("table", {}, element("thead", {}, head), body);
  place.append(tools, table);

  const draw = () => {
    const places = found();
    const count = Math.max(1, Math.ceil(places.length / PAGE));
    state.page = Math.min(Math.max(1, state.page), count);
    const shown = places.slice((state.page - 1) * PAGE, state.page * PAGE);
    status.textContent = places.length === 0 ? "none"
      : `${(state.page - 1) * PAGE + 1}–${(state.page - 1) * PAGE + shown.length} of ${places.length}`;
    first.disabled = before.disabled = state.page === 1;
    after.disabled = last.disabled = state.page === count;
    head.replaceChildren(...columns.map((column, index) => {
      if (column.key === null) return element("th");
      const mark = state.order === index ? (state.down ? " ↓" : " ↑") : "";
      const sort = () => {
        state.down = state.order === index && !state.down;
        state.order = index;
        state.page = 1;
        draw();
      };
      return element("th", { scope: "col" }, element("button", { type: "button", onclick: sort }, column.label + mark));
    }));
    body.replaceChildren(...shown.flatMap(rows));
  };

  if (data.length <= 3) data.forEach((_, at) => state.open.add(at));
  draw();
})();
