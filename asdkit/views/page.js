
// The page that works alone stands below scatter.js in one module: what a kernel answers there is
// answered here from the page's own data.
{
  const data = JSON.parse(document.getElementById("data").textContent);
  const LABELS = { 0: "normal", 1: "anomaly", [-1]: "unknown" };
  const FORMULA = /^[=+\-@\t\r]/; // what a spreadsheet would run
  const decode = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  // Bytes are DataViews, as Jupyter hands them over.
  const revive = (value) => {
    if (Array.isArray(value)) return value.map(revive);
    if (value === null || typeof value !== "object") return value;
    if ("$bytes" in value) return new DataView(decode(value.$bytes).buffer);
    return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, revive(own)]));
  };
  const numbers = (Kind, value) => (value.byteLength ? new Kind(value.buffer) : null);

  const state = revive(data.traits), heard = new Map();
  const names = JSON.parse(new TextDecoder().decode(state.names)), n = names.length;
  const points = numbers(Float32Array, state.points), groups = numbers(Uint8Array, state.groups);
  const scores = numbers(Float32Array, state.scores), angles = numbers(Float32Array, state.angles);
  const kept = numbers(Uint8Array, state.kept), label = new Int8Array(decode(data.label).buffer);
  const near = data.near.map((text) => text && new Int32Array(decode(text).buffer));
  const part = (id) => document.getElementById(id);
  let shown = "";

  const scene = () =>
    state.epochs.slice(0, state.loss).reduce((sum, own) => sum + own.length, 0) + state.epoch;
  const at = (values, i) => (values ? values[scene() * n + i] : NaN);
  const neighbors = (i) => {
    const own = near[scene()];
    return own && i >= 0 ? [...own.subarray(i * data.nearest, (i + 1) * data.nearest)]
      .filter((other) => other >= 0) : [];
  };
  const absent = (i) => data.missing[i] ?? data.left;
  const three = (value) => String(+value.toPrecision(3));

  function told(i) {
    const words = [`${names[i]}: ${LABELS[label[i]]}`], cluster = data.cluster[scene()];
    if (at(scores, i) === at(scores, i)) words.push(`score ${three(at(scores, i))}`);
    if (at(angles, i) === at(angles, i))
      words.push(`${Math.round((at(angles, i) * 180) / Math.PI)} degrees to its center`);
    if (cluster) words.push(`sub-cluster ${cluster[i]}`);
    if (at(kept, i) <= 100) words.push(`the map keeps ${at(kept, i)}% of its neighbors`);
    return words.join(", ");
  }

  function readout() {
    const where = data.where[scene()], i = state.picked;
    const words = `${where ? `${where}: ` : ""}${state.selected.length} of ${n} clips selected`;
    if (i < 0) return `${words}; no clip is chosen`;
    const none = near[scene()] ? "none" : "not known, since no embeddings were given";
    const named = neighbors(i).map((other) => names[other]).join(", ") || none;
    return `${words}; ${told(i)}; nearest normal clips in D dimensions: ${named}`;
  }

  // The area under the ROC curve of some clips, from ranks; equal scores share theirs.
  function area(rows) {
    const told = (i) => label[i] >= 0 && at(scores, i) === at(scores, i); // NaN equals nothing
    const known = rows.filter(told).sort((a, b) => at(scores, a) - at(scores, b));
    const anomalies = known.reduce((sum, i) => sum + label[i], 0);
    const pairs = anomalies * (known.length - anomalies);
    let sum = 0;
    for (let from = 0, to = 0; from < known.length; from = to) {
      while (to < known.length && at(scores, known[to]) === at(scores, known[from])) to++;
      for (let j = from; j < to; j++) sum += label[known[j]] * ((from + to + 1) / 2);
    }
    return pairs ? (sum - (anomalies * (anomalies + 1)) / 2) / pairs : NaN;
  }

  function held() {
    const sheet = state.looks[state.color].sheets[scene()], legend = state.legends[sheet];
    const clips = legend.map(() => 0), own = legend.map(() => []);
    for (let i = 0; i < n; i++) clips[groups[sheet * n + i]]++;
    for (const i of state.selected) own[groups[sheet * n + i]].push(i);
    const line = (name, count, rows) => {
      const normal = rows.filter((i) => label[i] === 0).length;
      const anomalies = rows.filter((i) => label[i] === 1).length;
      const mean = rows.reduce((sum, i) => sum + at(scores, i), 0) / rows.length;
      const some = [mean, area(rows)].map((value) => (value === value ? value.toFixed(3) : "-"));
      return [name, count, rows.length, normal, anomalies, ...some];
    };
    return [
      ...legend.map(({ name }, group) => line(name, clips[group], own[group])),
      line("all", n, state.selected),
    ];
  }

  function table() {
    const head = ["group", "clips", "selected", "normal", "anomalies", "mean score", "AUC"];
    const rows = [head, ...held()].map((cells, row) => {
      const line = document.createElement("tr");
      for (const cell of cells) element(row ? "td" : "th", line, row ? {} : { scope: "col" }, cell);
      return line;
    });
    const caption = document.createElement("caption");
    caption.textContent = "What the selection holds";
    part("held").replaceChildren(caption, ...rows);
  }

  const cut = (i) =>
    data.lengths[i] > data.heard ? `, of which the first ${data.heard} s are heard` : "";

  function picture() {
    const i = state.picked, figure = part("seen"), image = figure.firstChild;
    figure.hidden = i < 0;
    image.hidden = !data.pictures[i];
    if (i < 0) return;
    if (image.hidden) image.removeAttribute("src");
    else image.src = `data:image/jpeg;base64,${data.pictures[i]}`;
    image.alt = `Log-mel spectrogram. ${told(i)}`;
    figure.lastChild.textContent = image.hidden
      ? `${names[i]} cannot be shown: ${absent(i)}`
      : `Log-mel spectrogram of ${data.lengths[i]} s${cut(i)}: time to the right, ` +
        `${data.scale}.`;
  }

  // As a kernel does, which hears of changes when they are saved.
  function follow() {
    const now = `${state.picked} ${scene()}`;
    if (now !== shown) {
      shown = now;
      model.set("lines", neighbors(state.picked));
      picture();
    }
    part("told").textContent = readout();
    part("places").textContent = data.places[scene()];
    setTimeout(table); // after the map is drawn
  }

  function csv() {
    const cell = (value) => {
      const plain = typeof value === "string" && FORMULA.test(value) ? `'${value}` : `${value}`;
      return /[",\n\r]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
    };
    const rows = state.selected.map((i) => {
      const [x, y] = points.subarray(2 * (scene() * n + i), 2 * (scene() * n + i) + 2);
      const score = at(scores, i), named = neighbors(i).map((other) => names[other]).join("; ");
      return [i, x, y, names[i], label[i] < 0 ? "" : label[i], score === score ? score : "", named];
    });
    const head = ["row", "x", "y", "name", "label", "score", "neighbors"];
    return [head, ...rows].map((row) => `${row.map(cell).join(",")}\n`).join("");
  }

  const tell = (name, ...more) => [...(heard.get(name) ?? [])].forEach((act) => act(...more));
  const say = (message, bytes) =>
    tell("msg:custom", message, bytes ? [new DataView(bytes.buffer)] : []);

  const model = {
    get: (name) => state[name],
    set(name, value) {
      const values = Object.entries(typeof name === "object" ? name : { [name]: value });
      const moved = values.filter(([key, own]) => JSON.stringify(state[key]) !== JSON.stringify(own));
      for (const [key, own] of moved) state[key] = own;
      for (const [key] of moved) tell(`change:${key}`);
    },
    save_changes: follow,
    on: (name, act) => heard.set(name, [...(heard.get(name) ?? []), act]),
    off: (name, act) => heard.set(name, (heard.get(name) ?? []).filter((one) => one !== act)),
    // Answered at once, so a sound starts in the hand's own click.
    send({ kind, points: asked = [] }) {
      if (kind === "ping") say({ kind: "pong" });
      if (kind === "table") {
        say({ kind: "table", name: "selection.csv" }, new TextEncoder().encode(csv()));
      }
      for (const point of asked) {
        const sound = data.sounds[point], missing = sound ? {} : { missing: absent(point) };
        say({ kind: "sound", point, ...missing }, sound && decode(sound));
      }
    },
  };
  render({ model, el: part("map") });
  part("map").querySelector(".charts").before(part("details")); // what a click shows, near the map
  follow();
}
