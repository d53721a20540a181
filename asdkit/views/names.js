// What ipywidgets leaves out and a screen reader needs: the name of a slider, its value in words,
// which button of a row is down, and that the line of words follows the hand.

const WATCHED = { subtree: true, childList: true, characterData: true, attributes: true,
  attributeFilter: ["class", "title", "aria-valuetext"] };

function put(node, values) {
  for (const [name, value] of Object.entries(values))
    if (node && value && node.getAttribute(name) !== value) node.setAttribute(name, value);
}

export function name(box) {
  for (const slider of box.querySelectorAll(".widget-slider")) {
    const { textContent: label, title } = slider.querySelector(".widget-label");
    const readout = slider.querySelector(".widget-readout");
    const spoken = { "aria-label": label, "aria-description": title };
    put(slider.querySelector("[role=slider]"),
      { ...spoken, "aria-valuetext": readout.textContent });
    if (readout.isContentEditable) put(readout, { role: "textbox", ...spoken });
  }
  for (const row of box.querySelectorAll(".widget-toggle-buttons")) {
    const { textContent: label, title } = row.querySelector(".widget-label");
    put(row, { role: "group", "aria-label": label, "aria-description": title });
    for (const button of row.querySelectorAll("button"))
      put(button, { "aria-pressed": String(button.classList.contains("mod-active")) });
  }
  for (const words of box.querySelectorAll(".asdkit-words")) put(words, { role: "status" });
}

function render({ el }) {
  let watch = null, waiting = 0;
  const start = () => {
    const box = el.closest(".widget-vbox");
    if (!box) return (waiting = requestAnimationFrame(start)); // not on the page yet
    watch = new MutationObserver(() => name(box));
    watch.observe(box, WATCHED);
    name(box);
  };
  start();
  return () => {
    cancelAnimationFrame(waiting);
    watch?.disconnect();
  };
}

export default { render };
