// The flame graph's zoom, search and keyboard. Without it the picture is whole, with the names in its titles.
const WIDTH = 1200;
const LETTER = 6.7;
const frames = [...document.querySelectorAll(".frame")].map((element) => ({
  element,
  rect: element.querySelector("rect"),
  text: element.querySelector("text"),
  title: element.querySelector("title").textContent,
  x: Number(element.dataset.x),
  width: Number(element.dataset.w),
  row: Number(element.dataset.row),
}));
const search = document.getElementById("search");
const said = document.getElementById("said");

function short(name, width) {
  const room = Math.floor((width - 6) / LETTER);
  if (name.length <= room) return name;
  return room < 4 ? "" : "…" + name.slice(name.length + 1 - room);
}

function zoom(to) {
  const scale = WIDTH / to.width;
  for (const frame of frames) {
    const contains = frame.x <= to.x + 0.01 && frame.x + frame.width >= to.x + to.width - 0.01;
    const around = frame.row < to.row && contains;
    const x = around ? 0 : (frame.x - to.x) * scale;
    const width = around ? WIDTH : frame.width * scale;
    const shown = x + width > 0.5 && x < WIDTH - 0.5 && (around || frame.row >= to.row);
    frame.element.classList.toggle("hidden", !shown);
    frame.element.classList.toggle("dimmed", around);
    frame.rect.setAttribute("x", x);
    frame.rect.setAttribute("width", Math.max(width, 0.5));
    frame.text.setAttribute("x", x + 3);
    frame.text.textContent = short(frame.title.replace(/: \d+ samples, [\d.]+ %$/, ""), width);
  }
}

function focus(frame) {
  if (!frame) return;
  for (const other of frames) other.element.tabIndex = other === frame ? 0 : -1;
  frame.element.focus();
}

function find(word) {
  const wanted = word.toLowerCase();
  let found = 0;
  for (const frame of frames) {
    const fits = wanted !== "" && frame.title.toLowerCase().includes(wanted);
    frame.element.classList.toggle("found", fits);
    found += fits;
  }
  said.textContent = wanted === "" ? "" : `${found} found`;
}

// The neighbour in a direction, among what is shown: above is whoever called it.
function neighbour(from, key) {
  const shown = frames.filter((frame) => !frame.element.classList.contains("hidden"));
  const middle = from.x + from.width / 2;
  const holds = (outer, inner) => outer.x <= inner.x + 0.01 && outer.x + outer.width >= inner.x + inner.width - 0.01;
  switch (key) {
    case "ArrowUp": return shown.find((frame) => frame.row === from.row - 1 && holds(frame, from));
    case "ArrowDown": {
      const below = shown.filter((frame) => frame.row === from.row + 1 && holds(from, frame));
      return below.sort((a, b) => b.width - a.width)[0];
    }
    case "ArrowLeft": return shown.filter((frame) => frame.row === from.row && frame.x + frame.width / 2 < middle).at(-1);
    default: return shown.find((frame) => frame.row === from.row && frame.x + frame.width / 2 > middle);
  }
}

if (frames.length > 0) {
  frames[0].element.tabIndex = 0;
  for (const frame of frames) frame.element.addEventListener("click", () => { zoom(frame); focus(frame); });
  search.addEventListener("input", () => find(search.value.trim()));
  document.addEventListener("keydown", (event) => {
    const here = frames.find((frame) => frame.element === document.activeElement);
    if (event.target === search) {
      if (event.key === "Escape") { search.value = ""; find(""); focus(frames[0]); }
      return;
    }
    if (event.key === "/") search.focus();
    else if (event.key === "Escape") zoom(frames[0]);
    else if (event.key === "Enter" && here) zoom(here);
    else if (event.key.startsWith("Arrow")) focus(here ? neighbour(here, event.key) : frames[0]);
    else return;
    event.preventDefault();
  });
}
