// A table whose headers are buttons. The kernel sorts; the page shows its rows and says how.

const STYLE = `
.asdkit-table { max-height: 420px; overflow: auto; background: #fff; color: #111;
  border: 1px solid #6b6b6b; font: 13px sans-serif; }
.asdkit-table table { border-collapse: collapse; width: 100%; }
.asdkit-table caption { text-align: left; padding: 4px 8px; color: #444; }
.asdkit-table th, .asdkit-table td { padding: 2px 8px; text-align: left; white-space: nowrap; }
.asdkit-table .number { text-align: right; font-variant-numeric: tabular-nums; }
.asdkit-table thead th { position: sticky; top: 0; background: #eee; }
.asdkit-table tbody th { font-weight: normal; }
.asdkit-table tbody tr:nth-child(even) { background: #f6f6f6; }
.asdkit-table button { background: none; border: 0; padding: 3px; font: inherit; color: inherit;
  font-weight: bold; cursor: pointer; }
.asdkit-table :focus-visible { outline: 3px solid #0072b2; outline-offset: -2px; }`;
const ARROWS = { falling: " ▼", rising: " ▲" };
const ARIA = { falling: "descending", rising: "ascending" };

function made(kind, parent, properties = {}) {
  return parent.appendChild(Object.assign(document.createElement(kind), properties));
}

// What a press on a header asks for: numbers fall first, words rise, a second press turns around.
export function next(value, column, numeric) {
  if (value === `${column} falling`) return `${column} rising`;
  if (value === `${column} rising`) return `${column} falling`;
  return `${column} ${numeric ? "falling" : "rising"}`;
}

function render({ model, el }) {
  made("style", el, { textContent: STYLE });
  const box = made("div", el, { className: "asdkit-table", tabIndex: 0 });
  box.setAttribute("role", "region");
  box.setAttribute("data-lm-suppress-shortcuts", "true"); // of JupyterLab, whose keys change cells
  const table = made("table", box);
  const caption = made("caption", table);
  caption.setAttribute("aria-live", "polite");
  const columns = model.get("columns"), numeric = model.get("numeric");
  const kind = (at) => (numeric[at] ? "number" : "");
  const head = made("tr", made("thead", table));
  const heads = columns.map((column, at) => {
    const cell = made("th", head, { scope: "col", className: kind(at) });
    const button = made("button", cell, { type: "button", textContent: column });
    button.addEventListener("click", () => {
      model.set("value", next(model.get("value"), column, numeric[at]));
      model.save_changes();
    });
    return cell;
  });
  const body = made("tbody", table);

  function sorted() {
    const value = model.get("value"), cut = value.lastIndexOf(" ");
    const column = value.slice(0, cut), way = value.slice(cut + 1);
    heads.forEach((cell, at) => {
      const own = columns[at] === column;
      cell.firstChild.textContent = columns[at] + (own ? ARROWS[way] : "");
      cell.setAttribute("aria-sort", own ? ARIA[way] : "none");
    });
  }
  function filled() {
    body.replaceChildren();
    for (const row of model.get("rows")) {
      const line = made("tr", body);
      row.forEach((textContent, at) => {
        const cell = made(at ? "td" : "th", line, { textContent, className: kind(at) });
        if (!at) cell.scope = "row";
      });
    }
  }
  function told() {
    caption.textContent = model.get("told");
    box.setAttribute("aria-label", model.get("told"));
  }
  const draws = { "change:value": sorted, "change:rows": filled, "change:told": told };
  for (const [event, draw] of Object.entries(draws)) {
    draw();
    model.on(event, draw);
  }
  return () => Object.entries(draws).forEach(([event, draw]) => model.off(event, draw));
}

export default { render };
