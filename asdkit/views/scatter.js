// The scatter of the explorer: points on a plain canvas, without WebGL and without a build.
// A point is its row in the table everywhere, so its name, its sound and its place cannot part.

const HEIGHT = 440, REACH = 9, CORE = 0.55, TURN = 250, CLICK = 4, NEAR = 5, KEPT = 200, PATIENCE = 5000;
const QUIET = { "data-lm-suppress-shortcuts": "true" }; // of JupyterLab, whose keys change cells
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MODES = { lasso: "lasso", add: "lasso adds", remove: "lasso removes", pan: "pan" };
const HELP =
  "Drag draws a lasso: with shift it adds, with alt it removes. A click plays the clip. " +
  "The wheel zooms once the map has been clicked. Keys on the map: arrows go to the neighbor on " +
  "the map, Page Down and Page Up to the next and the previous clip of the table, space plays " +
  "and stops, Esc clears the selection and the clip, + and - zoom, 0 shows all.";
const GONE =
  "The kernel is gone: the map can still be looked at and lassoed, but sounds, pictures and " +
  "tables no longer follow. Run the notebook again.";
const SILENT =
  "The kernel does not answer: it is busy, or gone. Sounds, pictures and tables follow when it " +
  "answers again.";
const STYLE = `
.asdkit-map { background: #fff; color: #111; font: 13px sans-serif; padding: 6px; }
.asdkit-map .stage { position: relative; height: ${HEIGHT}px; border: 1px solid #6b6b6b;
  overflow: hidden; touch-action: none; cursor: crosshair; }
.asdkit-map .stage:focus-visible { outline: 3px solid #0072b2; }
.asdkit-map canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.asdkit-map .tip { position: absolute; pointer-events: none; background: #fff; padding: 2px 6px;
  border: 1px solid #6b6b6b; white-space: pre; max-width: 90%; overflow: hidden; }
.asdkit-map .row { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; margin: 4px 0; }
.asdkit-map button { background: #fff; color: #111; border: 1px solid #6b6b6b; padding: 2px 8px;
  border-radius: 3px; cursor: pointer; font: inherit; }
.asdkit-map .legend button[aria-pressed="false"] { color: #6b6b6b; border-style: dashed; }
.asdkit-map button[aria-pressed="true"], .asdkit-map button[aria-checked="true"] { border-color: #111; box-shadow: 0 0 0 1px #111; }
.asdkit-map button:disabled { color: #6b6b6b; cursor: default; }
.asdkit-map .swatch { display: inline-block; width: 12px; height: 12px; margin-right: 5px; }
.asdkit-map .gone { position: absolute; inset: 0 0 auto; background: #fbf3c0; padding: 4px 8px;
  border-bottom: 1px solid #111; pointer-events: none; }
.asdkit-map [hidden] { display: none; }
.asdkit-map .help { color: #444; margin: 2px 0; }
.asdkit-map audio { height: 32px; max-width: 260px; }`;

// Geometry: a view is {k, x, y}; a point (a, b) of the map stands at (x + k a, y - k b).
export function fit(points, width, height, margin = 16) {
  let [left, right, low, high] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 2) {
    left = Math.min(left, points[i]);
    right = Math.max(right, points[i]);
    low = Math.min(low, points[i + 1]);
    high = Math.max(high, points[i + 1]);
  }
  if (left > right) return { k: 1, x: width / 2, y: height / 2 };
  const room = [Math.max(width - 2 * margin, 1), Math.max(height - 2 * margin, 1)];
  const k = Math.min(room[0] / (right - left), room[1] / (high - low));
  const scale = Number.isFinite(k) ? k : 1;
  const middle = [(left + right) / 2, (low + high) / 2];
  return { k: scale, x: width / 2 - scale * middle[0], y: height / 2 + scale * middle[1] };
}

export function project(points, view) {
  const screen = new Float32Array(points.length);
  for (let i = 0; i < points.length; i += 2) {
    screen[i] = view.x + view.k * points[i];
    screen[i + 1] = view.y - view.k * points[i + 1];
  }
  return screen;
}

export function zoomed(view, x, y, factor) {
  const at = (origin, center) => center + (origin - center) * factor;
  return { k: view.k * factor, x: at(view.x, x), y: at(view.y, y) };
}

// The shown point nearest to a place, at most ``reach`` away; of equals the one drawn last.
export function nearest(screen, shown, x, y, reach = REACH) {
  let best = -1, least = reach * reach;
  for (let i = 0; i < shown.length; i++) {
    const dx = screen[2 * i] - x, dy = screen[2 * i + 1] - y, far = dx * dx + dy * dy;
    if (shown[i] && far <= least) [best, least] = [i, far];
  }
  return best;
}

// The shown points inside a polygon [x, y, x, y, ...], by the even-odd rule.
export function inside(screen, shown, polygon) {
  const n = polygon.length / 2, found = [];
  let [left, right, top, bottom] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let j = 0; j < n; j++) {
    left = Math.min(left, polygon[2 * j]);
    right = Math.max(right, polygon[2 * j]);
    top = Math.min(top, polygon[2 * j + 1]);
    bottom = Math.max(bottom, polygon[2 * j + 1]);
  }
  for (let i = 0; i < shown.length; i++) {
    const x = screen[2 * i], y = screen[2 * i + 1];
    if (!shown[i] || x < left || x > right || y < top || y > bottom) continue;
    let odd = false;
    for (let j = 0, last = n - 1; j < n; last = j++) {
      const [x0, y0] = [polygon[2 * j], polygon[2 * j + 1]];
      const [x1, y1] = [polygon[2 * last], polygon[2 * last + 1]];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) odd = !odd;
    }
    if (odd) found.push(i);
  }
  return found;
}

// The nearest shown point within 45 degrees of a direction; -1 where there is none.
export function step(screen, shown, from, [right, down]) {
  let best = -1, least = Infinity;
  for (let i = 0; i < shown.length; i++) {
    const dx = screen[2 * i] - screen[2 * from], dy = screen[2 * i + 1] - screen[2 * from + 1];
    const along = dx * right + dy * down, across = Math.abs(dx * down - dy * right);
    const far = dx * dx + dy * dy;
    if (shown[i] && along > 0 && across <= along && far < least) [best, least] = [i, far];
  }
  return best;
}

// The ``count`` shown points nearest to a point, nearest first, without itself.
export function around(screen, shown, point, count = NEAR) {
  const found = [];
  for (let i = 0; i < shown.length; i++) {
    if (!shown[i] || i === point) continue;
    const dx = screen[2 * i] - screen[2 * point], dy = screen[2 * i + 1] - screen[2 * point + 1];
    const far = dx * dx + dy * dy;
    if (found.length === count && far >= found[count - 1][0]) continue;
    found.push([far, i]);
    found.sort((a, b) => a[0] - b[0]);
    found.length = Math.min(found.length, count);
  }
  return found.map(([, i]) => i);
}

// Shapes: the corners of a marker of radius 1, by the letters of matplotlib.
const CORNERS = {
  s: [-0.85, -0.85, 0.85, -0.85, 0.85, 0.85, -0.85, 0.85],
  "^": [0, -1.1, 1, 0.8, -1, 0.8],
  v: [0, 1.1, 1, -0.8, -1, -0.8],
  D: [0, -1.15, 1.15, 0, 0, 1.15, -1.15, 0],
};

function trace(context, shape, x, y, r) {
  context.beginPath();
  const corners = CORNERS[shape];
  if (!corners) context.arc(x, y, r, 0, 2 * Math.PI);
  else for (let i = 0; i < corners.length; i += 2)
    context.lineTo(x + r * corners[i], y + r * corners[i + 1]);
  context.closePath();
}

function coverage(shape, r) {
  const size = 2 * Math.ceil(r * 1.2) + 1, sheet = document.createElement("canvas");
  sheet.width = sheet.height = size;
  const context = sheet.getContext("2d");
  trace(context, shape, size / 2, size / 2, r);
  context.fill();
  const alpha = context.getImageData(0, 0, size, size).data.filter((_, i) => i % 4 === 3);
  return { size, alpha };
}

// Writes one marker into the pixels: 50,000 calls of drawImage would take three times as long.
function stamp(image, { size, alpha }, x, y, colors, at, weight) {
  const { data, width, height } = image, [red, green, blue] = colors.subarray(at, at + 3);
  const left = Math.round(x - size / 2), top = Math.round(y - size / 2);
  if (left >= width || top >= height || left + size <= 0 || top + size <= 0) return;
  for (let row = Math.max(0, -top); row < size && top + row < height; row++)
    for (let column = Math.max(0, -left); column < size && left + column < width; column++) {
      const share = (alpha[row * size + column] / 255) * weight;
      if (!share) continue;
      const pixel = 4 * ((top + row) * width + left + column);
      data[pixel] += (red - data[pixel]) * share;
      data[pixel + 1] += (green - data[pixel + 1]) * share;
      data[pixel + 2] += (blue - data[pixel + 2]) * share;
    }
}

const WHITE = new Uint8Array([255, 255, 255]);

export function paint(canvas, ratio, { screen, shown, chosen, any, colors, shapes, hollow }) {
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  image.data.fill(255);
  const n = shown.length, r = ratio * (n > 20000 ? 1.8 : n > 2000 ? 3 : 4.5), masks = {}, cores = {};
  for (const on of any ? [0, 1] : [0])
    for (let i = 0; i < n; i++) {
      if (!shown[i] || chosen[i] !== on) continue;
      const mask = (masks[shapes[i]] ??= coverage(String.fromCharCode(shapes[i]), r));
      const weight = any && !on ? 0.22 : 0.85;
      const [x, y] = [ratio * screen[2 * i], ratio * screen[2 * i + 1]];
      stamp(image, mask, x, y, colors, 3 * i, weight);
      if (!hollow[i]) continue;
      const core = (cores[shapes[i]] ??= coverage(String.fromCharCode(shapes[i]), CORE * r));
      stamp(image, core, x, y, WHITE, 0, 1);
    }
  context.putImageData(image, 0, 0);
}

function element(tag, parent, attributes = {}, text = "") {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.textContent = text;
  parent.append(made);
  return made;
}

function bytes(value, Kind = Uint8Array) {
  const copy = new Uint8Array(value.buffer ?? value, value.byteOffset ?? 0, value.byteLength);
  return new Kind(copy.slice().buffer); // a view may start at an odd place
}

// Sounds of the points, asked of the kernel ahead of time, and the one player.
function soundbox(model, box, names, ask) {
  const kept = new Map(), asked = new Set();
  const audio = element("audio", box, { controls: "", preload: "auto" });
  const told = element("span", box, { class: "sounding", role: "status" }, "nothing played yet");
  let wanted = -1;
  const forget = (point) => {
    URL.revokeObjectURL(kept.get(point)?.url);
    kept.delete(point);
  };
  const say = (point, words) => {
    told.textContent = `${words}: ${names()[point]}`;
    box.dataset.point = point;
  };
  const start = (point) => {
    const { url, missing } = kept.get(point);
    wanted = -1;
    stop();
    if (missing) return say(point, `no sound (${missing})`);
    audio.src = url;
    say(point, "playing");
    audio.play().catch((error) => {
      if (error.name !== "AbortError") say(point, "press space to hear");
    });
  };
  const stop = () => {
    audio.pause();
    audio.removeAttribute("src");
  };
  audio.addEventListener("ended", () => say(+box.dataset.point, "played"));
  return {
    audio,
    prefetch(points) {
      const fresh = points.filter((point) => point >= 0 && !kept.has(point) && !asked.has(point));
      fresh.forEach((point) => asked.add(point));
      if (fresh.length) ask({ kind: "sounds", points: fresh });
    },
    play(point) {
      if (kept.has(point)) return start(point);
      stop();
      say(point, "the sound is on its way");
      wanted = point;
      this.prefetch([point]);
    },
    take({ point, missing }, [data]) {
      asked.delete(point);
      forget(point);
      const url = data && URL.createObjectURL(new Blob([bytes(data)], { type: "audio/ogg" }));
      kept.set(point, { url, missing });
      const oldest = [...kept.keys()].find((other) => other !== +box.dataset.point);
      if (kept.size > KEPT) forget(oldest);
      if (wanted === point) start(point);
    },
    stop() {
      wanted = -1;
      stop();
      told.textContent = "nothing plays";
      delete box.dataset.point;
    },
    again: () => asked.clear(), // what a lost kernel still owed
    clear: () => [...kept.keys()].forEach(forget),
  };
}

// Requests to the kernel, and the sentence on the page when none of them is answered.
function line(model, box) {
  let timer;
  const tell = (words) => {
    box.textContent = words;
    box.hidden = !words;
  };
  const ask = (message) => {
    clearTimeout(timer);
    timer = setTimeout(() => tell(SILENT), PATIENCE);
    try {
      model.send(message);
    } catch {
      tell(GONE);
    }
  };
  const lost = () => {
    tell(GONE);
    ask({ kind: "ping" });
    clearTimeout(timer); // it is said already; an answer takes it back
  };
  const heard = () => {
    clearTimeout(timer);
    tell("");
  };
  return { ask, lost, heard, end: () => clearTimeout(timer) };
}

function save(data, name) {
  const url = URL.createObjectURL(new Blob([bytes(data)], { type: "text/csv" }));
  const link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function furniture(el) {
  element("style", el, {}, STYLE);
  const root = element("div", el, { class: "asdkit-map" });
  const part = (tag, name, more = {}) => element(tag, root, { class: name, ...more });
  const box = { root };
  box.colors = part("div", "row colors", { role: "radiogroup", "aria-label": "Color by", ...QUIET });
  box.modes = part("div", "row modes", { role: "group", "aria-label": "What a drag does" });
  box.stage = part("div", "stage", { tabindex: "0", role: "application", ...QUIET });
  [box.canvas, box.over] = [element("canvas", box.stage), element("canvas", box.stage)];
  box.tip = element("div", box.stage, { class: "tip", hidden: "" });
  box.gone = element("div", box.stage, { class: "gone", role: "alert", hidden: "" });
  // below the map, since what grows above it would move it under the hand
  box.legend = part("div", "row legend", { role: "group", "aria-label": "Groups, shown or not" });
  const foot = part("div", "row");
  box.count = element("strong", foot, { class: "count", role: "status", "aria-live": "polite" });
  box.save = element("button", foot, { class: "save", ...QUIET }, "save the selection as CSV");
  box.player = element("span", foot, { class: "row player" });
  box.words = part("div", "words", { "aria-live": "polite" });
  box.key = part("p", "help key");
  element("p", root, { class: "help" }, HELP);
  return box;
}

function render({ model, el }) {
  const box = furniture(el), kernel = line(model, box.gone), ratio = window.devicePixelRatio || 1;
  const sounds = soundbox(model, box.player, () => names, kernel.ask);
  const live = new AbortController();
  let points, colors, shapes, groups, hollow, names, shown, chosen, screen, view, hover = -1, mode = "lasso";
  let drag = null, dragged = false, drawing = 0, sweep = 0;

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  const picked = () => model.get("picked");
  const named = (i) => `${names[i]}\n${legendNow()[groups[i]].name}`;

  // A scene is one epoch of one loss, a sheet how one look colors one scene.
  const scene = (loss = model.get("loss"), epoch = model.get("epoch")) =>
    model.get("epochs").slice(0, loss).reduce((sum, own) => sum + own.length, 0) + epoch;
  const look = () => model.get("looks")[model.get("color")];
  const sheet = () => look().sheets[scene()];
  const legendNow = () => model.get("legends")[sheet()];
  const part = (name, size, at, Kind = Uint8Array) => {
    const all = model.get(name), each = size * names.length * Kind.BYTES_PER_ELEMENT;
    if (all.byteLength < (at + 1) * each) return null;
    const [whole, from] = [all.buffer ?? all, all.byteOffset ?? 0];
    return new Kind(whole.slice(from + at * each, from + (at + 1) * each));
  };

  function places() {
    names = JSON.parse(new TextDecoder().decode(bytes(model.get("names"))));
    shapes = bytes(model.get("shapes"));
    points = part("points", 2, scene(), Float32Array);
  }

  function looks() {
    [colors, groups] = [part("colors", 3, sheet()), part("groups", 1, sheet())];
    hollow = groups.map((group) => legendNow()[group].hollow);
    box.stage.setAttribute("aria-label", `${look().words} ${HELP}`);
    box.key.textContent = look().words;
    box.colors.querySelectorAll("button").forEach((button, number) => {
      button.setAttribute("aria-checked", number === model.get("color"));
      button.tabIndex = number === model.get("color") ? 0 : -1;
    });
    marks();
  }

  function marks() {
    const hidden = new Set(model.get("hidden"));
    shown = new Uint8Array(groups.length).fill(1);
    if (hidden.size) for (let i = 0; i < shown.length; i++) shown[i] = hidden.has(groups[i]) ? 0 : 1;
    chosen = new Uint8Array(groups.length);
    for (const i of model.get("selected")) chosen[i] = 1;
  }

  function size() {
    const width = box.stage.clientWidth, height = box.stage.clientHeight;
    if (!width) return;
    for (const canvas of [box.canvas, box.over])
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    whole();
  }

  function whole() {
    view = fit(points, box.stage.clientWidth, box.stage.clientHeight);
    move(view);
  }

  function move(to) {
    view = to;
    screen = project(points, view);
    draw();
  }

  function draw() {
    if (!drawing) drawing = requestAnimationFrame(() => {
      drawing = 0;
      if (!screen) return;
      const any = model.get("selected").length > 0;
      paint(box.canvas, ratio, { screen, shown, chosen, any, colors, shapes, hollow });
      sketch();
    });
  }

  function sketch() {
    const context = box.over.getContext("2d");
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, box.over.width, box.over.height);
    const at = (i) => [screen[2 * i], screen[2 * i + 1]], point = picked();
    const stroke = (width) => { // black on a white rim is seen on every color
      for (const [color, more] of [["#fff", 3], ["#000", 0]]) {
        [context.strokeStyle, context.lineWidth] = [color, width + more];
        context.stroke();
      }
    };
    context.beginPath();
    for (const other of point >= 0 ? model.get("lines") : []) {
      context.moveTo(...at(point));
      context.lineTo(...at(other));
    }
    stroke(1.2);
    for (const [i, width] of [[point, 3], [hover, 1.5]]) {
      if (!(i >= 0) || !shown[i]) continue;
      context.beginPath();
      context.arc(...at(i), 8, 0, 2 * Math.PI);
      stroke(width);
    }
    if (!drag?.path) return;
    context.setLineDash([4, 3]);
    context.beginPath();
    for (let i = 0; i < drag.path.length; i += 2) context.lineTo(drag.path[i], drag.path[i + 1]);
    context.closePath();
    stroke(1.5);
    context.setLineDash([]);
  }

  function count() {
    const legend = legendNow(), all = legend.map(() => 0), on = legend.map(() => 0);
    let total = 0;
    for (let i = 0; i < groups.length; i++) {
      all[groups[i]]++;
      on[groups[i]] += chosen[i];
      total += chosen[i];
    }
    box.count.textContent = `${total} of ${groups.length} selected`;
    box.save.disabled = !total;
    const hidden = new Set(model.get("hidden"));
    [...box.legend.children].forEach((button, group) => {
      button.lastChild.textContent = `${legend[group].name} (${on[group]} of ${all[group]})`;
      button.setAttribute("aria-pressed", !hidden.has(group));
    });
  }

  function legend() {
    box.legend.replaceChildren();
    legendNow().forEach(({ color, shape, hollow }, group) => {
      const button = element("button", box.legend, QUIET);
      const swatch = element("canvas", button, { class: "swatch", style: "position: static" });
      [swatch.width, swatch.height] = [24, 24];
      const context = swatch.getContext("2d");
      context.fillStyle = color;
      trace(context, shape, 12, 12, 9);
      context.fill();
      context.fillStyle = "#fff";
      if (hollow) trace(context, shape, 12, 12, CORE * 9);
      if (hollow) context.fill();
      element("span", button);
      button.addEventListener("click", () => toggle(group));
    });
    count();
  }

  function toggle(group) {
    const hidden = new Set(model.get("hidden"));
    if (!hidden.delete(group)) hidden.add(group);
    const seen = (i) => i >= 0 && !hidden.has(groups[i]);
    hover = -1;
    if (picked() >= 0 && !seen(picked())) sounds.stop();
    put({
      hidden: [...hidden].sort((a, b) => a - b),
      selected: model.get("selected").filter(seen),
      picked: seen(picked()) ? picked() : -1,
    });
  }

  function pick(point) {
    sounds.prefetch([point, ...around(screen, shown, point)]);
    put({ picked: point });
    box.words.textContent = named(point).replace("\n", ", ");
  }

  function lasso(path, how) {
    const next = how === "lasso" ? new Uint8Array(chosen.length) : chosen.slice();
    for (const i of inside(screen, shown, path)) next[i] = how === "remove" ? 0 : 1;
    const selected = [];
    for (let i = 0; i < next.length; i++) if (next[i]) selected.push(i);
    put({ selected });
  }

  function place(event) {
    const frame = box.stage.getBoundingClientRect();
    return [event.clientX - frame.left - box.stage.clientLeft,
      event.clientY - frame.top - box.stage.clientTop];
  }

  function point(event) {
    const [x, y] = place(event), before = hover;
    hover = nearest(screen, shown, x, y);
    box.tip.hidden = hover < 0;
    if (hover >= 0) {
      box.tip.textContent = named(hover);
      box.tip.style.left = `${Math.max(0, Math.min(x + 12, box.stage.clientWidth - 220))}px`;
      box.tip.style.top = `${y + (y > HEIGHT / 2 ? -44 : 14)}px`;
    }
    if (hover === before) return;
    sketch();
    clearTimeout(sweep); // a hand that sweeps over the map asks for nothing
    const here = hover;
    if (here >= 0) sweep = setTimeout(
      () => sounds.prefetch([here, ...around(screen, shown, here)]), 40);
  }

  const acts = {
    pointerdown(event) {
      if (event.button !== 0) return;
      box.stage.focus({ preventScroll: true });
      box.stage.setPointerCapture(event.pointerId);
      const how = event.shiftKey ? "add" : event.altKey ? "remove" : mode;
      drag = { how, from: place(event), view, moved: false };
      if (how !== "pan") drag.path = [...drag.from];
    },
    pointermove(event) {
      if (!drag) return point(event);
      const [x, y] = place(event), [x0, y0] = drag.from;
      drag.moved ||= Math.hypot(x - x0, y - y0) > CLICK;
      if (drag.path) drag.path.push(x, y);
      else if (drag.moved)
        return move({ k: drag.view.k, x: drag.view.x + x - x0, y: drag.view.y + y - y0 });
      sketch();
    },
    pointerup() {
      const { moved, path, how } = drag ?? {};
      [drag, dragged] = [null, moved]; // the click that follows a drag is none
      if (moved && path) lasso(path, how);
      if (screen) sketch();
    },
    pointercancel: () => (drag = null),
    click(event) {
      const found = dragged ? -1 : nearest(screen, shown, ...place(event));
      if (found < 0) return;
      sounds.play(found); // here, in the browser's own click, or a page may refuse the sound
      pick(found);
    },
    pointerleave() {
      hover = -1;
      box.tip.hidden = true;
      if (screen) sketch();
    },
    wheel(event) {
      if (document.activeElement !== box.stage) return;
      event.preventDefault();
      move(zoomed(view, ...place(event), Math.exp(-event.deltaY / 500)));
    },
    keydown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !key(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
    },
  };

  function key(pressed) {
    const at = picked(), middle = [box.stage.clientWidth / 2, HEIGHT / 2];
    if (pressed in ARROWS || pressed === "PageDown" || pressed === "PageUp") {
      const by = pressed === "PageUp" ? -1 : 1;
      let next = at < 0 ? nearest(screen, shown, ...middle, Infinity) : -1;
      if (at >= 0 && pressed in ARROWS) next = step(screen, shown, at, ARROWS[pressed]);
      else if (at >= 0) for (next = at + by; next in shown && !shown[next]; ) next += by;
      if (next in shown) pick(next);
      else box.words.textContent = "there is no further clip in this direction";
    } else if (pressed === " ") {
      const sounding = +box.player.dataset.point === at && !sounds.audio.paused;
      if (at < 0) box.words.textContent = "choose a clip first: an arrow key, or a click";
      else if (sounding) sounds.stop();
      else sounds.play(at);
    } else if (pressed === "Escape") {
      sounds.stop();
      box.words.textContent = "nothing is chosen";
      put({ selected: [], picked: -1 });
    } else if (pressed === "0") whole();
    else if (pressed === "+" || pressed === "=") move(zoomed(view, ...middle, 1.3));
    else if (pressed === "-") move(zoomed(view, ...middle, 1 / 1.3));
    else return false;
    return true;
  }

  element("span", box.colors, {}, "color by");
  model.get("looks").forEach(({ name }, number) => {
    const button = element("button", box.colors, { role: "radio", ...QUIET }, name);
    button.addEventListener("click", () => put({ color: number, hidden: [] }));
  });
  box.colors.addEventListener("keydown", (event) => {
    const by = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    event.stopPropagation();
    const count = model.get("looks").length;
    const next = (model.get("color") + by + count) % count;
    put({ color: next, hidden: [] });
    box.colors.querySelectorAll("button")[next].focus();
  });

  for (const [name, words] of Object.entries(MODES)) {
    const button = element("button", box.modes, { ...QUIET, "data-mode": name }, words);
    button.addEventListener("click", () => choose(name));
  }
  function choose(name) {
    mode = name;
    for (const button of box.modes.children)
      button.setAttribute("aria-pressed", button.dataset.mode === name);
  }

  const messages = (message, buffers) => {
    kernel.heard();
    if (message.kind === "sound") sounds.take(message, buffers);
    if (message.kind === "table") save(buffers[0], message.name);
  };
  const follow = () => {
    marks();
    count();
    draw();
  };
  const recolor = () => {
    looks();
    legend();
    draw();
  };
  const lost = () => {
    sounds.again();
    kernel.lost();
  };
  const heard = {
    "msg:custom": messages, comm_live_update: lost, "comm:close": lost, "change:color": recolor,
    "change:legends": recolor, "change:selected": follow, "change:hidden": follow,
    "change:picked": draw, "change:lines": draw,
  };
  for (const [name, act] of Object.entries(heard)) model.on(name, act);
  for (const [name, act] of Object.entries(acts))
    box.stage.addEventListener(name, act, { signal: live.signal, passive: false });
  box.save.addEventListener("click", () => kernel.ask({ kind: "table" }));
  choose("lasso");
  places();
  looks();
  legend();
  const watcher = new ResizeObserver(size);
  watcher.observe(box.stage);
  return () => {
    watcher.disconnect();
    live.abort();
    kernel.end();
    clearTimeout(sweep);
    cancelAnimationFrame(drawing);
    sounds.clear();
    for (const [name, act] of Object.entries(heard)) model.off(name, act);
  };
}

export default { render };
