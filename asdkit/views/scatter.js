// The scatter of the explorer: points on a plain canvas, without WebGL and without a build.
// A point is its row in the table everywhere, so its name, its sound and its place cannot part.

const HEIGHT = 440, REACH = 9, CORE = 0.55, CLICK = 4, NEAR = 5, KEPT = 200, PATIENCE = 5000;
const TURN = 250, TRAILS = 40, LONG = 44, BINS = 40; // ms, clips, letters, bins of a histogram
const UNKNOWN = 255; // among shares in percent
const QUIET = { "data-lm-suppress-shortcuts": "true" }; // of JupyterLab, whose keys change cells
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const MODES = { lasso: "lasso", add: "lasso adds", remove: "lasso removes", pan: "pan" };
const HELP =
  "Drag draws a lasso: with shift it adds, with alt it removes. A click plays the clip. " +
  "The wheel zooms once the map has been clicked. Keys on the map: arrows go to the neighbor on " +
  "the map, Page Down and Page Up to the next and the previous clip of the table, space plays " +
  "and stops, a switches between the clip and its nearest normal clip (A/B), Esc clears the " +
  "selection and the clip, + and - zoom, 0 shows all. In a histogram a drag selects a range, " +
  "with shift and alt as on the map; keys: left and right move its lower end, down and up the " +
  "upper one.";
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
.asdkit-map .stage[data-mode="pan"] { cursor: grab; }
.asdkit-map :focus-visible { outline: 3px solid #0072b2; outline-offset: 2px; }
.asdkit-map canvas { position: absolute; inset: 0; width: 100%; height: 100%; }
.asdkit-map .tip { position: absolute; pointer-events: none; background: #fff; padding: 2px 6px;
  border: 1px solid #6b6b6b; white-space: pre-wrap; overflow-wrap: anywhere; max-width: 90%; }
.asdkit-map .row { display: flex; flex-wrap: wrap; gap: 6px; align-items: center;
  margin: 5px 0; }
.asdkit-map button { background: #fff; color: #111; border: 1px solid #6b6b6b; padding: 2px 8px;
  border-radius: 3px; cursor: pointer; font: inherit; }
.asdkit-map .legend button[aria-pressed="false"] { color: #6b6b6b; border-style: dashed;
  text-decoration: line-through; }
.asdkit-map button[aria-pressed="true"], .asdkit-map button[aria-checked="true"] {
  background: #111; color: #fff; border-color: #111; }
.asdkit-map .legend button[aria-pressed="true"] { background: #fff; color: #111; }
.asdkit-map button:disabled { color: #6b6b6b; cursor: default; }
.asdkit-map .swatch { display: inline-block; width: 12px; height: 12px; margin-right: 5px; }
.asdkit-map .gone { position: absolute; inset: 0 0 auto; background: #fbf3c0; padding: 4px 8px;
  border-bottom: 1px solid #111; pointer-events: none; }
.asdkit-map [hidden] { display: none; }
.asdkit-map .help { color: #444; margin: 2px 0; }
.asdkit-map .scrub input { flex: 0 1 360px; min-width: 160px; accent-color: #0072b2; }
.asdkit-map .at { min-width: 5.5em; }
.asdkit-map .changed { flex: 1 1 100%; min-height: 1.3em; }
.asdkit-map .movers { min-height: 26px; flex-wrap: nowrap; overflow-x: auto; padding: 6px 4px; }
.asdkit-map .movers > * { flex: none; white-space: nowrap; }
.asdkit-map .player { flex-wrap: nowrap; }
.asdkit-map .sounding { min-width: 0; overflow: hidden; text-overflow: ellipsis;
  white-space: nowrap; }
.asdkit-map .words { min-height: 2.6em; line-height: 1.3; overflow-wrap: anywhere; }
.asdkit-map summary { cursor: pointer; width: fit-content; }
.asdkit-map select { background: #fff; color: #111; font: inherit; }
.asdkit-map .charts { display: flex; flex-wrap: wrap; gap: 10px; margin: 4px 0; }
.asdkit-map .chart { flex: 1 1 280px; max-width: 640px; min-width: 0; }
.asdkit-map .plot { position: relative; height: 120px; border: 1px solid #6b6b6b;
  cursor: col-resize; touch-action: none; }
.asdkit-map audio { height: 32px; max-width: 260px; flex: 0 1 auto; min-width: 120px; }
@media (max-width: 600px) { .asdkit-map .changed { min-height: 2.6em; }
  .asdkit-map .words { min-height: 3.9em; } }`;

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

function swatch(context, color, shape, hollow, x, y, r) {
  for (const [tone, size] of hollow ? [[color, r], ["#fff", CORE * r]] : [[color, r]]) {
    context.fillStyle = tone;
    trace(context, shape, x, y, size);
    context.fill();
  }
}

// How much of each pixel a marker covers; with a width its outline alone. Kept, as a page has few.
const covered = new Map();
function coverage(shape, r, width = 0) {
  const key = [shape, r, width].join();
  if (!covered.has(key)) covered.set(key, cover(shape, r, width));
  return covered.get(key);
}

function cover(shape, r, width) {
  const size = 2 * Math.ceil(r * 1.2 + width) + 1, sheet = document.createElement("canvas");
  sheet.width = sheet.height = size;
  const context = sheet.getContext("2d");
  trace(context, shape, size / 2, size / 2, r);
  context.lineWidth = width;
  if (width) context.stroke();
  else context.fill();
  const alpha = context.getImageData(0, 0, size, size).data, pixels = [];
  for (let at = 0; at < size * size; at++)
    if (alpha[4 * at + 3]) pixels.push(at % size, Math.floor(at / size), alpha[4 * at + 3] / 255);
  return { size, pixels: Float32Array.from(pixels) }; // column, row, share by turns
}

// Writes one marker into the pixels: 50,000 calls of drawImage would take three times as long.
function stamp({ data, width, height }, { size, pixels }, x, y, colors, at, weight) {
  const left = Math.round(x - size / 2), top = Math.round(y - size / 2);
  if (left >= width || top >= height || left + size <= 0 || top + size <= 0) return;
  const inside = left >= 0 && top >= 0 && left + size <= width && top + size <= height;
  const red = colors[at], green = colors[at + 1], blue = colors[at + 2];
  for (let i = 0; i < pixels.length; i += 3) {
    const column = left + pixels[i], row = top + pixels[i + 1], share = pixels[i + 2] * weight;
    if (!inside && (column < 0 || row < 0 || column >= width || row >= height)) continue;
    const pixel = 4 * (row * width + column);
    data[pixel] += (red - data[pixel]) * share;
    data[pixel + 1] += (green - data[pixel + 1]) * share;
    data[pixel + 2] += (blue - data[pixel + 2]) * share;
  }
}

const WHITE = new Uint8Array([255, 255, 255]), BLACK = new Uint8Array(3), DOT = 2.2;
const radius = (n) => (n > 20000 ? 1.8 : n > 2000 ? 3 : 4.5);

export function paint(canvas, ratio, seen) {
  const { screen, shown, chosen, any, colors, shapes, hollow, ringed } = seen;
  const context = canvas.getContext("2d");
  const image = context.createImageData(canvas.width, canvas.height);
  image.data.fill(255);
  const n = shown.length, r = ratio * radius(n), masks = [], cores = [];
  for (const code of new Set(shapes)) {
    masks[code] = coverage(String.fromCharCode(code), r);
    cores[code] = coverage(String.fromCharCode(code), CORE * r);
  }
  const ring = coverage("o", r + 2.5 * ratio, 1.2 * ratio);
  for (const on of any ? [0, 1] : [0])
    for (let i = 0; i < n; i++) {
      if (!shown[i] || chosen[i] !== on) continue;
      const x = ratio * screen[2 * i], y = ratio * screen[2 * i + 1];
      const weight = any && !on ? 0.22 : 0.85;
      stamp(image, masks[shapes[i]], x, y, colors, 3 * i, weight);
      if (ringed?.[i]) stamp(image, ring, x, y, BLACK, 0, weight);
      if (hollow[i]) stamp(image, cores[shapes[i]], x, y, WHITE, 0, 1);
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

// Names of one row of buttons: a long beginning that all share is left out, then the end, or the
// middle where the beginnings are alike.
export function brief(names) {
  const same = (end) => names.every((name) => name.slice(0, end) === names[0].slice(0, end));
  const words = (names[0] ?? "").matchAll(/[ _/.-]+/g);
  const ends = [...words].map((found) => found.index + found[0].length).filter(same);
  const long = names.some((name) => name.length > LONG);
  const from = long && names.length > 1 ? ends.at(-1) ?? 0 : 0;
  const rest = names.map((name) => `${from ? "\u2026" : ""}${name.slice(from)}`);
  const tail = new Set(rest.map((own) => own.slice(0, LONG - 1))).size < rest.length ? 10 : 0;
  return rest.map((own) => own.length <= LONG ? own
    : `${own.slice(0, LONG - 1 - tail)}\u2026${own.slice(own.length - tail)}`);
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
    told.textContent = told.title = `${words}: ${names()[point]}`;
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
    audio.load(); // its time is that of no clip
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
      told.textContent = told.title = "nothing plays";
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

function save(blob, name) {
  const url = URL.createObjectURL(blob), link = document.createElement("a");
  [link.href, link.download] = [url, name];
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

// How many values of each kind fall into each of ``count`` equal bins; ``kinds`` are numbers, -1
// for what is not counted.
export function binned(values, [low, high], count, kinds, rows) {
  const found = Array.from({ length: rows }, () => new Array(count).fill(0));
  const wide = (high - low) / count || 1;
  for (let i = 0; i < values.length; i++) {
    if (kinds[i] < 0 || Number.isNaN(values[i])) continue;
    found[kinds[i]][Math.max(0, Math.min(count - 1, Math.floor((values[i] - low) / wide)))]++;
  }
  return found;
}

const KINDS = [
  { letter: "o", kind: "normal solid", color: "#0072b2", dash: [] },
  { letter: "^", kind: "anomaly dashed", color: "#d55e00", dash: [6, 3] },
  { letter: "D", kind: "unknown dotted", color: "#6b6b6b", dash: [2, 2] },
];

// Where 99 of 100 values lie; the outer bars hold what is beyond, or few would press the rest.
export function reach(values) {
  const every = Math.ceil(values.length / 20000); // to sort a part is enough
  const own = values.filter((value, i) => i % every === 0 && !Number.isNaN(value)).sort();
  const at = (share) => own[Math.round(share * (own.length - 1))] ?? 0;
  return [at(0.005), at(0.995)];
}

const short = (value) => String(+value.toPrecision(3));

// A histogram of one number a clip, in which a drag or keys take a range of bins.
function histogram(parent, name, { ratio, signal, take }) {
  const box = element("div", parent, { class: "chart", "data-name": name });
  const title = element("div", box);
  const plot = element("div", box, { class: "plot", tabindex: "0", role: "application", ...QUIET });
  const canvas = element("canvas", plot);
  let seen = null, range = null, from = null; // range in bins, from in pixels
  const frame = () => ({
    left: 34, right: plot.clientWidth - 8, top: 6, low: plot.clientHeight - 18 });
  const edge = (bin) => seen.limits[0] + (bin * (seen.limits[1] - seen.limits[0])) / BINS;
  const bin = (x) => {
    const { left, right } = frame();
    return Math.max(0, Math.min(BINS - 1, Math.floor(((x - left) / (right - left)) * BINS)));
  };

  function counts() {
    const { values, limits, shown, chosen, shapes } = seen;
    const kinds = new Int8Array(values.length), taken = new Int8Array(values.length);
    const codes = KINDS.map(({ letter }) => letter.charCodeAt(0));
    for (let i = 0; i < kinds.length; i++) {
      kinds[i] = shown[i] ? codes.indexOf(shapes[i]) : -1;
      taken[i] = chosen[i] && shown[i] ? 0 : -1;
    }
    const found = binned(values, limits, BINS, kinds, KINDS.length);
    const lines = KINDS.map((kind, number) => ({ ...kind, counts: found[number] }));
    return [lines.filter((own) => own.counts.some(Boolean)),
      binned(values, limits, BINS, taken, 1)[0]];
  }

  function draw() {
    if (!seen || !plot.clientWidth) return;
    [canvas.width, canvas.height] = [plot.clientWidth, plot.clientHeight].map(
      (length) => Math.round(length * ratio));
    const context = canvas.getContext("2d"), { left, right, top, low } = frame();
    const [lines, filled] = counts(), wide = (right - left) / BINS;
    const { threshold: bound, called } = seen;
    const most = Math.max(1, ...filled, ...lines.flatMap((own) => own.counts));
    const up = (count) => low - (count / most) * (low - top);
    context.scale(ratio, ratio);
    context.fillStyle = "#e4eef5";
    if (range)
      context.fillRect(left + range[0] * wide, top, (range[1] - range[0] + 1) * wide, low - top);
    context.fillStyle = "#8c8c8c";
    filled.forEach((count, k) =>
      context.fillRect(left + k * wide, up(count), wide, low - up(count)));
    for (const { counts, color, dash } of lines) {
      context.beginPath();
      context.moveTo(left, low);
      counts.forEach((count, k) => {
        context.lineTo(left + k * wide, up(count));
        context.lineTo(left + (k + 1) * wide, up(count));
      });
      context.lineTo(right, low);
      context.setLineDash(dash);
      [context.strokeStyle, context.lineWidth] = [color, 1.6];
      context.stroke();
    }
    axis(context, most, bound);
    const looks = lines.map((own) => own.kind).join(", ");
    const limit = bound === null ? "" : `, ${called} ${short(bound)} dash-dotted`;
    title.textContent = `${name}, clips: ${looks}; selected filled${limit}`;
    plot.setAttribute("aria-label", `Histogram of the ${title.textContent}. Left and right ` +
      "move the lower end of a range, down and up its upper end.");
  }

  function axis(context, most, bound) {
    const { left, right, top, low } = frame(), [first, last] = seen.limits;
    const at = (value) => left + ((value - first) / (last - first || 1)) * (right - left);
    [context.strokeStyle, context.fillStyle, context.lineWidth] = ["#111", "#111", 1.2];
    context.font = "11px sans-serif";
    context.beginPath();
    context.setLineDash([]);
    context.moveTo(left, low);
    context.lineTo(right, low);
    context.stroke();
    for (let k = 0; k <= 4; k++) {
      context.textAlign = k === 4 ? "right" : k ? "center" : "left";
      const rim = k === 0 ? "\u2264 " : k === 4 ? "\u2265 " : "";
      const words = `${rim}${short(edge((k * BINS) / 4))}`;
      context.fillText(words, left + (k * (right - left)) / 4, low + 13);
    }
    context.textAlign = "right";
    context.fillText(most, left - 4, top + 8);
    context.fillText("0", left - 4, low);
    if (bound === null || bound < first || bound > last) return;
    context.setLineDash([8, 3, 2, 3]);
    context.beginPath();
    context.moveTo(at(bound), top);
    context.lineTo(at(bound), low);
    context.stroke();
  }

  function choose(ends, how) {
    const own = [Math.min(...ends), Math.max(...ends)], found = [];
    const [low, high] = [edge(own[0]), edge(own[1] + 1)];
    for (let i = 0; i < seen.values.length; i++) {
      const value = seen.values[i], below = own[1] === BINS - 1 || value < high;
      if (seen.shown[i] && below && (own[0] === 0 ? !Number.isNaN(value) : value >= low))
        found.push(i);
    }
    take(found, how, `${name} from ${short(low)} to ${short(high)}: clips found ${found.length}`);
    range = own; // the selection that is taken frees it
    draw();
  }

  const x = (event) => event.clientX - plot.getBoundingClientRect().left - plot.clientLeft;
  const acts = {
    pointerdown(event) {
      if (event.button !== 0) return;
      plot.focus({ preventScroll: true });
      plot.setPointerCapture(event.pointerId);
      from = x(event);
    },
    pointermove(event) {
      if (from === null) return;
      range = [bin(Math.min(from, x(event))), bin(Math.max(from, x(event)))];
      draw();
    },
    pointerup(event) {
      if (from === null) return;
      const ends = [bin(from), bin(x(event))];
      from = null;
      choose(ends, event.shiftKey ? "add" : event.altKey ? "remove" : "lasso");
    },
    pointercancel: () => (from = null),
    keydown(event) {
      const [low, high] = range ?? [0, BINS - 1], by = ARROWS[event.key];
      if (event.ctrlKey || event.metaKey || !(by || event.key === "Escape")) return;
      event.preventDefault();
      event.stopPropagation();
      if (!by) return take([], "lasso", "nothing is selected");
      const ends = [low + by[0], high - by[1]];
      if (ends[0] >= 0 && ends[1] < BINS && ends[0] <= ends[1]) choose(ends, "lasso");
    },
  };
  for (const [kind, act] of Object.entries(acts)) plot.addEventListener(kind, act, { signal });
  return {
    show(next) {
      box.hidden = !next;
      seen = next;
      draw();
    },
    free: () => (range = null),
    draw,
  };
}

// The map as it is shown, with title and legend: where the words and swatches stand.
function layout(width, height, words, legend) {
  const context = document.createElement("canvas").getContext("2d"), row = 20, title = [""];
  context.font = "bold 13px sans-serif";
  for (const word of words.split(" ")) {
    const longer = `${title.at(-1)} ${word}`.trim();
    if (title.at(-1) && context.measureText(longer).width > width - 24) title.push(word);
    else title[title.length - 1] = longer;
  }
  const head = 8 + row * title.length;
  context.font = "13px sans-serif";
  let [x, y] = [12, head + height + row];
  const entries = legend.map((group) => {
    const wide = 26 + context.measureText(group.text).width;
    if (x > 12 && x + wide > width) [x, y] = [12, y + row];
    const entry = { ...group, x, y };
    x += wide;
    return entry;
  });
  return { width, height: y + row, head, title, entries };
}

function asPng(canvases, ratio, plan) {
  const sheet = document.createElement("canvas");
  [sheet.width, sheet.height] = [Math.round(plan.width * ratio), Math.round(plan.height * ratio)];
  const context = sheet.getContext("2d");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, sheet.width, sheet.height);
  for (const canvas of canvases) context.drawImage(canvas, 0, Math.round(plan.head * ratio));
  context.scale(ratio, ratio);
  context.fillStyle = "#111";
  context.font = "bold 13px sans-serif";
  plan.title.forEach((words, line) => context.fillText(words, 12, 19 + 20 * line));
  context.font = "13px sans-serif";
  for (const { text, color, shape, hollow, x, y } of plan.entries) {
    swatch(context, color, shape, hollow, x + 6, y - 4, 5);
    context.fillStyle = "#111";
    context.fillText(text, x + 16, y);
  }
  return new Promise((done) => sheet.toBlob(done, "image/png"));
}

// The same as shapes: one element a point that is in the frame.
function asSvg(plan, seen, marks) {
  const space = new DOMParser().parseFromString("<svg></svg>", "text/html").querySelector("svg")
    .namespaceURI;
  const make = (tag, parent, attributes, text = "") => {
    const made = document.createElementNS(space, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.textContent = text;
    parent?.append(made);
    return made;
  };
  const cut = (value) => +value.toFixed(1);
  const mark = (parent, shape, x, y, r, look) => {
    const corners = CORNERS[shape];
    if (!corners) return make("circle", parent, { cx: cut(x), cy: cut(y), r, ...look });
    const points = corners.map((corner, k) => cut((k % 2 ? y : x) + r * corner)).join(" ");
    return make("polygon", parent, { points, ...look });
  };
  const filled = (color, hollow, opacity = 1) => hollow
    ? { fill: "#fff", stroke: color, "stroke-width": 1.5, opacity } : { fill: color, opacity };
  const { width, height, head, title, entries } = plan;
  const svg = make("svg", null, { width, height, viewBox: `0 0 ${width} ${height}`,
    "font-family": "sans-serif", "font-size": 13 });
  make("title", svg, {}, title.join(" "));
  make("rect", svg, { width, height, fill: "#fff" });
  title.forEach((words, line) =>
    make("text", svg, { x: 12, y: 19 + 20 * line, "font-weight": "bold" }, words));
  const group = make("g", svg, { transform: `translate(0 ${head})` });
  const { screen, shown, chosen, any, colors, shapes, hollow, ringed } = seen;
  const r = radius(shown.length);
  for (const on of any ? [0, 1] : [0])
    for (let i = 0; i < shown.length; i++) {
      const [x, y] = [screen[2 * i], screen[2 * i + 1]];
      if (!shown[i] || chosen[i] !== on || x < 0 || x > width || y < 0 || y > seen.height) continue;
      const color = `#${[...colors.subarray(3 * i, 3 * i + 3)].map(
        (part) => part.toString(16).padStart(2, "0")).join("")}`;
      const weight = any && !on ? 0.22 : 0.85;
      mark(group, String.fromCharCode(shapes[i]), x, y, r, filled(color, hollow[i], weight));
      if (ringed?.[i])
        make("circle", group, { cx: cut(x), cy: cut(y), r: r + 2.5, fill: "none", stroke: "#000",
          opacity: weight });
    }
  for (const { path, color, wide, trail } of marks.lines) {
    make("polyline", group, { points: path.map(cut).join(" "), fill: "none", stroke: color,
      "stroke-width": wide });
    if (trail) make("circle", group, { cx: cut(path[0]), cy: cut(path[1]), r: DOT, fill: color });
  }
  for (const [x, y, wide] of marks.circles)
    make("circle", group, { cx: cut(x), cy: cut(y), r: 8, fill: "none", stroke: "#000",
      "stroke-width": wide });
  for (const [letter, x, y, anchor] of marks.letters)
    make("text", group, { x: cut(x), y: cut(y), "font-weight": "bold", "text-anchor": anchor },
      letter);
  for (const { text, color, shape, hollow, x, y } of entries) {
    mark(svg, shape, x + 6, y - 4, 5, filled(color, hollow));
    make("text", svg, { x: x + 16, y }, text);
  }
  return new Blob([new XMLSerializer().serializeToString(svg)], { type: "image/svg+xml" });
}

function furniture(el) {
  element("style", el, {}, STYLE);
  const root = element("div", el, { class: "asdkit-map" });
  const part = (tag, name, more = {}) => element(tag, root, { class: name, ...more });
  const box = { root }, group = (words) => ({ role: "group", "aria-label": words });
  const top = part("div", "row");
  box.colors = element("div", top, {
    class: "row colors", role: "radiogroup", "aria-label": "Color by", ...QUIET });
  box.losses = element("label", top, { class: "loss" }, "loss ");
  box.loss = element("select", box.losses, QUIET);
  const tools = part("div", "row");
  box.modes = element("div", tools, { class: "row modes", ...group("What a drag does") });
  box.rings = element("button", tools, { class: "rings", ...QUIET }, "rings: neighbors lost");
  box.stage = part("div", "stage", { tabindex: "0", role: "application", ...QUIET });
  [box.canvas, box.over] = [element("canvas", box.stage), element("canvas", box.stage)];
  box.tip = element("div", box.stage, { class: "tip", hidden: "" });
  box.gone = element("div", box.stage, { class: "gone", role: "alert", hidden: "" });
  // below the map, since what grows above it would move it under the hand
  box.scrub = part("div", "row scrub");
  box.at = element("strong", box.scrub, { class: "at" });
  box.range = element("input", box.scrub, {
    type: "range", min: "0", step: "1", "aria-label": "epoch", ...QUIET });
  box.changed = element("span", box.scrub, { class: "changed" });
  box.movers = part("div", "row movers", group("Who moved most"));
  box.legend = part("div", "row legend", group("Groups, shown or not"));
  const foot = part("div", "row");
  box.count = element("strong", foot, { class: "count", role: "status", "aria-live": "polite" });
  box.save = element("button", foot, { class: "save", ...QUIET }, "save the selection as CSV");
  box.png = element("button", foot, { class: "png", ...QUIET }, "save as PNG");
  box.svg = element("button", foot, { class: "svg", ...QUIET }, "save as SVG");
  box.player = part("div", "row player");
  box.words = part("div", "words", { "aria-live": "polite" });
  box.charts = part("div", "charts");
  box.key = part("p", "help key");
  const help = part("details", "help");
  element("summary", help, QUIET, "mouse and keys");
  element("p", help, {}, HELP);
  return box;
}

function render({ model, el }) {
  const box = furniture(el), kernel = line(model, box.gone), ratio = window.devicePixelRatio || 1;
  const sounds = soundbox(model, box.player, () => names, kernel.ask);
  const live = new AbortController(), signal = live.signal;
  const charts = { angle: null, score: null }, numbers = {};
  for (const name of Object.keys(charts))
    charts[name] = histogram(box.charts, name === "angle" ? "angle to the own center in degrees"
      : "score", { ratio, signal, take });
  let points, track, colors, shapes, groups, hollow, kept, names, shown, chosen, screen, view;
  let hover = -1, mode = "lasso", drag = null, dragged = false, drawing = 0, turning = 0, sweep = 0;
  let side = "", at = -1, trained = -1; // A or B; the scene and the loss that are shown
  let rings = "", said = ""; // sentences of the key

  const put = (values) => {
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    model.save_changes();
  };
  // Colors and scenes with other groups show what was hidden.
  const go = (values) => {
    const before = sheet();
    for (const [name, value] of Object.entries(values)) model.set(name, value);
    put(sheet() === before ? {} : { hidden: [] });
  };
  const picked = () => model.get("picked");

  // A scene is one epoch of one loss, a sheet how one look colors one scene.
  const epochs = () => model.get("epochs")[model.get("loss")];
  const epoch = () => Math.min(model.get("epoch"), epochs().length - 1);
  const first = () => model.get("epochs").slice(0, model.get("loss")).flat().length;
  const scene = () => first() + epoch();
  const told = () => model.get("scenes")[scene()];
  const look = () => model.get("looks")[model.get("color")];
  const sheet = () => look().sheets[scene()];
  const legendNow = () => model.get("legends")[sheet()];
  const where = () => [model.get("losses")[model.get("loss")],
    epochs().length > 1 ? `epoch ${epochs()[epoch()]}` : ""].filter(Boolean).join(", ");
  // The bytes of a trait for one scene or sheet, or for ``count`` of them; null where none are.
  const part = (name, size, from, Kind = Uint8Array, count = 1) => {
    const all = model.get(name), each = size * names.length * Kind.BYTES_PER_ELEMENT;
    if (all.byteLength < (from + count) * each) return null;
    const start = (all.byteOffset ?? 0) + from * each;
    return new Kind((all.buffer ?? all).slice(start, start + count * each));
  };
  const share = (i) => kept && kept[i] !== UNKNOWN ? kept[i] / 100 : null;
  const agreed = (i) => share(i) === null ? ""
    : `the map keeps ${Math.round(share(i) * told().k)} of its ${told().k} nearest in D dimensions`;
  const named = (i) =>
    [names[i], legendNow()[groups[i]].name, agreed(i)].filter(Boolean).join("\n");

  function places() {
    names = JSON.parse(new TextDecoder().decode(bytes(model.get("names"))));
    shapes = bytes(model.get("shapes"));
  }

  function looks() {
    [colors, groups] = [part("colors", 3, sheet()), part("groups", 1, sheet())];
    const open = legendNow().map((group) => group.hollow);
    hollow = groups.map((group) => open[group]);
    box.colors.querySelectorAll("button").forEach((button, number) => {
      button.setAttribute("aria-checked", number === model.get("color"));
      button.tabIndex = number === model.get("color") ? 0 : -1;
    });
    ringed();
    marks();
  }

  function marks() {
    const hidden = new Set(model.get("hidden"));
    shown = new Uint8Array(groups.length).fill(1);
    if (hidden.size)
      for (let i = 0; i < shown.length; i++) shown[i] = hidden.has(groups[i]) ? 0 : 1;
    chosen = new Uint8Array(groups.length);
    for (const i of model.get("selected")) chosen[i] = 1;
  }

  function ringed() {
    const few = model.get("few"), { k } = told();
    box.rings.hidden = !kept;
    box.rings.setAttribute("aria-pressed", model.get("rings"));
    const count = kept?.filter((own) => own < 100 * few).length;
    box.rings.textContent = `rings: neighbors lost (${count})`;
    rings = "";
    if (model.get("rings") && kept) {
      const least = Math.ceil(few * k - 1e-9);
      rings = ` A ring: the map keeps less than ${least} of the clip's ${k} nearest ` +
        `in D dimensions (${count} of ${names.length} clips).`;
    }
    explain();
  }

  const many = () => model.get("selected").length > TRAILS;

  // What is drawn on the map, said below it and read aloud.
  function explain() {
    const whose = names.length <= TRAILS ? "a clip" : many()
      ? `the chosen clip alone, since more than ${TRAILS} are selected`
      : `a selected or chosen clip, for up to ${TRAILS}`;
    const trails = epochs().length < 2 ? ""
      : ` A thin colored line: the way over the epochs of ${whose}, from a small dot on.`;
    const words = `${look().words}${rings} A thick black circle: the clip that is chosen; black ` +
      `lines go to its nearest normal clips in D dimensions.${trails}`;
    if (words === said) return;
    said = box.key.textContent = words;
    spoken();
  }

  function spoken() {
    box.stage.setAttribute("aria-label", `${where() ? `${where()}. ` : ""}${said} ${HELP}`);
  }

  // Words, a tip and ranges that tell of what was shown before are no longer true.
  function restate() {
    box.words.textContent = picked() < 0 ? "" : named(picked()).replaceAll("\n", ", ");
  }

  function leave() {
    [hover, box.tip.hidden] = [-1, true];
  }

  function free() {
    for (const chart of Object.values(charts)) chart.free();
  }

  // Shows the scene that the model names, the points on their way where there were others.
  function restage() {
    if (scene() === at) return;
    const before = at >= 0 && screen ? screen : null, other = model.get("loss") !== trained;
    [at, trained, side] = [scene(), model.get("loss"), ""];
    kept = part("kept", 1, at);
    if (kept?.[0] === UNKNOWN) kept = null;
    if (other) training();
    looks();
    spoken();
    leave();
    free();
    restate();
    legend();
    scrubber();
    const to = part("points", 2, at, Float32Array);
    if (other && before) view = fit(track, box.stage.clientWidth, box.stage.clientHeight);
    if (before && !window.matchMedia("(prefers-reduced-motion: reduce)").matches) turn(before, to);
    else points = to;
    if (before) move(view);
  }

  // What all epochs of a loss share: their places, the limits of their histograms, the scrubber.
  function training() {
    const all = (name, size) => part(name, size, first(), Float32Array, epochs().length);
    track = all("points", 2);
    const traits = [["angle", "angles", 180 / Math.PI], ["score", "scores", 1]];
    for (const [name, trait, factor] of traits) {
      const values = all(trait, 1)?.map((own) => factor * own);
      numbers[name] = values && { values, limits: reach(values) };
    }
    box.range.max = epochs().length - 1;
    box.losses.hidden = model.get("losses").length < 2;
    box.loss.value = model.get("loss");
    box.scrub.hidden = box.movers.hidden = epochs().length < 2;
  }

  function turn(before, to) {
    const from = new Float32Array(to.length), start = performance.now();
    for (let i = 0; i < to.length; i += 2) {
      from[i] = (before[i] - view.x) / view.k;
      from[i + 1] = (view.y - before[i + 1]) / view.k;
    }
    points = from.slice();
    cancelAnimationFrame(turning);
    const frame = (now) => {
      const gone = Math.max(0, Math.min(1, (now - start) / TURN));
      const share = gone * gone * (3 - 2 * gone); // slow, fast, slow
      for (let i = 0; i < to.length; i++) points[i] = from[i] + share * (to[i] - from[i]);
      turning = gone < 1 ? requestAnimationFrame(frame) : 0;
      if (gone === 1) points = to;
      screen = project(points, view);
      picture();
    };
    turning = requestAnimationFrame(frame);
  }

  function scrubber() {
    const { moved } = told();
    box.range.value = epoch();
    box.range.setAttribute("aria-valuetext", where());
    box.at.textContent = `epoch ${epochs()[epoch()]}`;
    exchanged();
    box.movers.replaceChildren();
    element("span", box.movers, {}, moved?.length
      ? `moved most since epoch ${epochs()[epoch() - 1]}:` : "");
    const cut = brief((moved ?? []).map(([row]) => names[row]));
    for (const [place, [row]] of (moved ?? []).entries()) {
      const button = element("button", box.movers, {
        title: names[row], "aria-label": names[row], ...QUIET }, cut[place]);
      button.addEventListener("click", () => {
        if (!shown[row]) return (box.words.textContent = `${names[row]} is in a hidden group`);
        sounds.play(row);
        pick(row);
      });
    }
  }

  function exchanged() {
    const { changed, k } = told(), point = picked();
    if (!epoch()) return (box.changed.textContent = "the first epoch");
    const own = part("changes", 1, scene())?.[point] ?? UNKNOWN;
    const clip = own === UNKNOWN ? "" : `; this clip: ${own}%`;
    box.changed.textContent = typeof changed !== "number" ? "" : `since epoch ` +
      `${epochs()[epoch() - 1]} clips exchanged ${Math.round(100 * changed)}% of their ${k} ` +
      `nearest in D dimensions${clip}`;
  }

  function train(loss) {
    const now = epochs()[epoch()], own = model.get("epochs")[loss];
    const far = own.map((other) => Math.abs(other - now)), near = far.indexOf(Math.min(...far));
    const name = model.get("losses")[loss];
    go({ loss, epoch: near });
    box.words.textContent = own[near] === now ? where()
      : `${name} has no epoch ${now}: epoch ${own[near]} is shown`;
  }

  function size() {
    const width = box.stage.clientWidth, height = box.stage.clientHeight;
    if (!width) return;
    for (const canvas of [box.canvas, box.over])
      [canvas.width, canvas.height] = [Math.round(width * ratio), Math.round(height * ratio)];
    whole();
    for (const chart of Object.values(charts)) chart.draw();
  }

  function whole() {
    move(fit(track, box.stage.clientWidth, box.stage.clientHeight)); // one frame for all epochs
  }

  function move(to) {
    view = to;
    screen = project(points, view);
    draw();
  }

  function draw() {
    if (!drawing) drawing = requestAnimationFrame(() => {
      drawing = 0;
      if (screen) picture();
    });
  }

  function seen() {
    const few = 100 * model.get("few"), any = model.get("selected").length > 0;
    const rings = model.get("rings") && kept ? kept.map((own) => (own < few ? 1 : 0)) : null;
    return { screen, shown, chosen, any, colors, shapes, hollow, ringed: rings };
  }

  function picture() {
    paint(box.canvas, ratio, seen());
    sketch();
  }

  // Lines to neighbors, trails over the epochs so far, and rings around picked and hovered points.
  function drawn() {
    const at = (i) => [screen[2 * i], screen[2 * i + 1]], point = picked();
    const lines = [], circles = [];
    const n = names.length, rows = new Set(many() ? [] : model.get("selected"));
    if (point >= 0) rows.add(point);
    if (epoch()) for (const i of n <= TRAILS ? shown.keys() : rows) {
      if (!shown[i]) continue;
      const path = [], color = `rgb(${colors.subarray(3 * i, 3 * i + 3).join(" ")} / 0.6)`;
      for (let e = 0; e < epoch(); e++) {
        const [a, b] = track.subarray(2 * (e * n + i), 2 * (e * n + i) + 2);
        path.push(view.x + view.k * a, view.y - view.k * b);
      }
      lines.push({ path: [...path, ...at(i)], color, wide: 1, trail: true });
    }
    const near = point >= 0 ? model.get("lines") : [];
    for (const other of near)
      lines.push({ path: [...at(point), ...at(other)], color: "#000", wide: 1.2 });
    const main = side === "B" && near.length ? near[0] : point;
    for (const [i, wide] of [[main, 3], [hover, 1.5]])
      if (i >= 0 && shown[i]) circles.push([...at(i), wide]);
    const letters = [];
    if (side && near.length) { // outside of the two, so that they part where these are close
      const [[x, y], [u, v]] = [at(point), at(near[0])], way = x <= u ? 1 : -1;
      letters.push(["A", x - 11 * way, y - 8, way > 0 ? "end" : "start"]);
      letters.push(["B", u + 11 * way, v - 8, way > 0 ? "start" : "end"]);
    }
    return { lines, circles, letters };
  }

  function sketch() {
    const context = box.over.getContext("2d"), { lines, circles, letters } = drawn();
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, box.over.width, box.over.height);
    const stroke = (color, width, rim = 3) => { // black on a white rim is seen on every color
      for (const [tone, more] of rim ? [["#fff", rim], [color, 0]] : [[color, 0]]) {
        [context.strokeStyle, context.lineWidth] = [tone, width + more];
        context.stroke();
      }
    };
    const follow = (path) => {
      context.beginPath();
      for (let i = 0; i < path.length; i += 2) context.lineTo(path[i], path[i + 1]);
    };
    for (const { path, color, wide, trail } of lines) {
      follow(path);
      stroke(color, wide, trail ? 0 : 3);
      if (!trail) continue;
      context.beginPath();
      context.arc(path[0], path[1], DOT, 0, 2 * Math.PI);
      context.fillStyle = color;
      context.fill();
    }
    for (const [x, y, wide] of circles) {
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      stroke("#000", wide);
    }
    [context.font, context.fillStyle, context.lineJoin] = ["bold 15px sans-serif", "#000", "round"];
    for (const [letter, x, y, anchor] of letters) {
      [context.strokeStyle, context.lineWidth, context.textAlign] = ["#fff", 4, anchor];
      context.strokeText(letter, x, y);
      context.fillText(letter, x, y);
    }
    if (!drag?.path) return;
    context.setLineDash([4, 3]);
    follow(drag.path);
    context.closePath();
    stroke("#000", 1.5);
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
    chart();
  }

  // The limits of a histogram are those of all epochs of the loss, so that epochs compare.
  function chart() {
    const from = epoch() * names.length;
    for (const [name, own] of Object.entries(numbers)) {
      const values = own?.values.subarray(from, from + names.length);
      const threshold = name === "score" ? told().threshold ?? null : null;
      charts[name].show(values && !Number.isNaN(values[0])
        ? { values, limits: own.limits, shown, chosen, shapes, threshold,
          called: told().bound ?? "threshold" } : null);
    }
  }

  function legend() {
    box.legend.replaceChildren();
    legendNow().forEach(({ color, shape, hollow }, group) => {
      const button = element("button", box.legend, QUIET);
      const sample = element("canvas", button, { class: "swatch", style: "position: static" });
      [sample.width, sample.height] = [24, 24];
      swatch(sample.getContext("2d"), color, shape, hollow, 12, 12, 9);
      element("span", button);
      button.addEventListener("click", () => toggle(group));
    });
    count();
  }

  function toggle(group) {
    const hidden = new Set(model.get("hidden"));
    if (!hidden.delete(group)) hidden.add(group);
    const seen = (i) => i >= 0 && !hidden.has(groups[i]);
    leave();
    if (picked() >= 0 && !seen(picked())) sounds.stop();
    put({
      hidden: [...hidden].sort((a, b) => a - b),
      selected: model.get("selected").filter(seen),
      picked: seen(picked()) ? picked() : -1,
    });
  }

  function pick(point) {
    side = "";
    sounds.prefetch([point, ...around(screen, shown, point)]);
    put({ picked: point });
    restate(); // where it was picked before too
  }

  // A/B: the clip, and the nearest normal clip in D dimensions.
  function swap() {
    const [point, near] = [picked(), model.get("lines")[0]];
    if (point < 0) return (box.words.textContent = "choose a clip first: an arrow key, or a click");
    if (near === undefined) return (box.words.textContent = "its nearest normal clip is not known");
    side = side === "B" ? "A" : "B";
    sounds.play(side === "B" ? near : point);
    box.words.textContent =
      `A: ${names[point]} / B: ${names[near]}, its nearest normal clip. ${side} is played.`;
    sketch();
  }

  // Takes found points into the selection: anew, or with those before, or out of them.
  function take(found, how, words = "") {
    const next = how === "lasso" ? new Uint8Array(chosen.length) : chosen.slice();
    for (const i of found) next[i] = how === "remove" ? 0 : 1;
    const selected = [];
    for (let i = 0; i < next.length; i++) if (next[i]) selected.push(i);
    put({ selected });
    if (words) box.words.textContent = `${words}; ${selected.length} of ${next.length} selected`;
  }

  function shot() {
    const counted = [...box.legend.children].map((button) => button.lastChild.textContent);
    const hidden = new Set(model.get("hidden")), all = names.length, legend = legendNow();
    const some = shown.reduce((sum, own) => sum + own, 0), out = legend.filter(
      (group, number) => hidden.has(number)).map(({ name }) => name).join(" and ");
    const title = [where(), `colored by ${look().name}`, out
      ? `n = ${some} of ${all} clips (without ${out})` : `n = ${all} clips`,
      box.count.textContent].filter(Boolean).join(", ");
    const entries = legend.map((group, number) => ({ ...group, text: counted[number] }))
      .filter((group, number) => !hidden.has(number));
    const drawn = new Set(shapes.filter((code, i) => shown[i]));
    // a legend of labels names the shapes itself
    if (!legend.some(({ name }) => name === "normal" || name === "anomaly"))
      for (const { letter, kind } of KINDS) if (drawn.has(letter.charCodeAt(0)))
        entries.push({ color: "#6b6b6b", shape: letter, text: kind.split(" ")[0] });
    return layout(box.stage.clientWidth, box.stage.clientHeight, title, entries);
  }

  async function asPicture(kind) {
    picture();
    if (kind === "png") save(await asPng([box.canvas, box.over], ratio, shot()), "map.png");
    else save(asSvg(shot(), { ...seen(), height: box.stage.clientHeight }, drawn()), "map.svg");
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
      const [width, height] = [box.tip.offsetWidth, box.tip.offsetHeight];
      box.tip.style.left = `${Math.max(0, Math.min(x + 12, box.stage.clientWidth - width))}px`;
      box.tip.style.top = `${y + (y > HEIGHT / 2 ? -height - 10 : 14)}px`;
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
      if (moved && path) take(inside(screen, shown, path), how);
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
      leave();
      if (screen) sketch();
    },
    wheel(event) {
      if (document.activeElement !== box.stage) return;
      event.preventDefault();
      move(zoomed(view, ...place(event), Math.exp(-event.deltaY / 500)));
    },
    keydown(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !key(event.key)) return;
      leave(); // a key moves what is below the hand
      if (screen) sketch();
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
      put({ selected: [], picked: -1 });
      box.words.textContent = "nothing is chosen";
    } else if (pressed === "a") swap();
    else if (pressed === "0") whole();
    else if (pressed === "+" || pressed === "=") move(zoomed(view, ...middle, 1.3));
    else if (pressed === "-") move(zoomed(view, ...middle, 1 / 1.3));
    else return false;
    return true;
  }

  element("span", box.colors, {}, "color by");
  model.get("looks").forEach(({ name }, number) => {
    const button = element("button", box.colors, { role: "radio", ...QUIET }, name);
    button.addEventListener("click", () => go({ color: number }));
  });
  box.colors.addEventListener("keydown", (event) => {
    if (!(event.key in ARROWS)) return;
    const by = ARROWS[event.key][0] + ARROWS[event.key][1];
    event.preventDefault();
    event.stopPropagation();
    const count = model.get("looks").length;
    const next = (model.get("color") + by + count) % count;
    go({ color: next });
    box.colors.querySelectorAll("button")[next].focus();
  });

  model.get("losses").forEach((name, value) => element("option", box.loss, { value }, name));
  box.loss.addEventListener("change", () => train(+box.loss.value));
  box.range.addEventListener("input", () => go({ epoch: +box.range.value }));
  box.rings.addEventListener("click", () => put({ rings: !model.get("rings") }));
  box.png.addEventListener("click", () => asPicture("png"));
  box.svg.addEventListener("click", () => asPicture("svg"));

  for (const [name, words] of Object.entries(MODES)) {
    const button = element("button", box.modes, { ...QUIET, "data-mode": name }, words);
    button.addEventListener("click", () => choose(name));
  }
  function choose(name) {
    mode = box.stage.dataset.mode = name;
    for (const button of box.modes.children)
      button.setAttribute("aria-pressed", button.dataset.mode === name);
  }

  const messages = (message, buffers) => {
    kernel.heard();
    if (message.kind === "sound") sounds.take(message, buffers);
    if (message.kind === "table") {
      save(new Blob([bytes(buffers[0])], { type: "text/csv" }), message.name);
    }
  };
  const follow = () => {
    free();
    restate();
    marks();
    explain();
    count();
    draw();
  };
  const recolor = () => {
    looks();
    restate(); // its words name the group
    legend();
    draw();
  };
  const ring = () => {
    ringed();
    draw();
  };
  const chose = () => {
    side = "";
    restate();
    exchanged();
    draw();
  };
  const near = () => {
    if (picked() >= 0) sounds.prefetch(model.get("lines").slice(0, 1)); // for A/B
    draw();
  };
  const lost = () => {
    sounds.again();
    kernel.lost();
  };
  const heard = {
    "msg:custom": messages, comm_live_update: lost, "comm:close": lost, "change:color": recolor,
    "change:legends": recolor, "change:selected": follow, "change:hidden": follow,
    "change:picked": chose, "change:lines": near, "change:loss": restage, "change:epoch": restage,
    "change:rings": ring,
  };
  for (const [name, act] of Object.entries(heard)) model.on(name, act);
  for (const [name, act] of Object.entries(acts))
    box.stage.addEventListener(name, act, { signal, passive: false });
  box.save.addEventListener("click", () => kernel.ask({ kind: "table" }));
  choose("lasso");
  places();
  restage();
  const watcher = new ResizeObserver(size);
  watcher.observe(box.stage);
  return () => {
    watcher.disconnect();
    live.abort();
    kernel.end();
    clearTimeout(sweep);
    cancelAnimationFrame(drawing);
    cancelAnimationFrame(turning);
    sounds.clear();
    for (const [name, act] of Object.entries(heard)) model.off(name, act);
  };
}

export default { render };
