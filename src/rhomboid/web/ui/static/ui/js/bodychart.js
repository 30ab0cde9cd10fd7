/* The body chart: a region toggles by click, touch, Space or Enter; arrow keys go to the nearest region that way.
   The checkboxes of the list are the record: the picture and the list always say the same. */
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const BOXES = { close: "-25 17.5 50 45", back: "-39 -1.5 78 105.5" };
  const chartOf = (target) => target.closest("[data-bodychart]");
  const areas = (chart, region) => [...chart.querySelectorAll(".region")].filter((area) => !region || area.dataset.region === region);
  const boxes = (chart) => [...chart.querySelectorAll(".region-groups input")];
  const make = (name, given) => {
    const made = document.createElementNS(SVG, name);
    Object.entries(given).forEach(([key, value]) => made.setAttribute(key, value));
    return made;
  };
  const chosen = (chart) => {
    const checked = boxes(chart).filter((box) => box.checked).map((box) => box.value);
    const known = (chart.numbers || []).filter((region) => checked.includes(region));
    chart.numbers = [...known, ...checked.filter((region) => !known.includes(region))];
    return chart.numbers;
  };
  const pins = (chart) => {
    const order = chosen(chart);
    chart.querySelectorAll("figure").forEach((figure) => {
      const group = figure.querySelector("[data-pins]");
      const placed = [];
      group.replaceChildren();
      [...figure.querySelectorAll(".region")]
        .filter((area) => order.includes(area.dataset.region))
        .sort((a, b) => a.dataset.y - b.dataset.y)
        .forEach((area) => {
          const way = Number(area.dataset.x) >= -0.01 ? 1 : -1;
          const edge = Number(area.dataset.edge);
          const x = edge + way * 4.6;
          let y = Number(area.dataset.y) + 0.8;
          while (placed.some(([px, py]) => Math.abs(px - x) < 5.4 && Math.abs(py - y) < 5.4)) y += 1;
          placed.push([x, y]);
          const pin = make("g", { class: "pin-mark" });
          const words = make("text", { x, y: y + 0.1 });
          words.textContent = String(order.indexOf(area.dataset.region) + 1);
          pin.append(make("path", { d: `M${edge - way * 0.4} ${area.dataset.y}L${x - way * 2.7} ${y}` }), make("circle", { cx: x, cy: y, r: 2.7 }), words);
          group.append(pin);
        });
    });
  };
  const paint = (chart) => {
    boxes(chart).forEach((box) => areas(chart, box.value).forEach((area) => area.setAttribute("aria-checked", String(box.checked))));
    pins(chart);
  };
  const toggle = (area) => {
    const chart = chartOf(area);
    const box = boxes(chart).find((entry) => entry.value === area.dataset.region);
    if (!box || box.disabled) return;
    box.checked = !box.checked;
    box.dispatchEvent(new Event("change", { bubbles: true }));
    if (window.ui) window.ui.announce(`${area.getAttribute("aria-label")} ${box.checked ? "marked" : "cleared"}`);
  };
  const name = (chart, area) => {
    const words = chart.querySelector("[data-naming]");
    if (words) words.textContent = area ? area.getAttribute("aria-label") : "Point at a region, or use the arrow keys";
  };
  const focus = (area) => {
    area.closest("svg").querySelectorAll(".region").forEach((other) => other.setAttribute("tabindex", other === area ? "0" : "-1"));
    area.focus();
  };
  const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };
  const nearest = (area, [dx, dy]) => {
    const x = Number(area.dataset.x), y = Number(area.dataset.y);
    const cost = (other) => {
      const ox = Number(other.dataset.x) - x, oy = Number(other.dataset.y) - y;
      const along = ox * dx + oy * dy, across = Math.abs(ox * dy) + Math.abs(oy * dx);
      return along > 0.2 ? along + across * 2 : Infinity;
    };
    const others = [...area.closest("svg").querySelectorAll(".region")].filter((other) => other !== area && cost(other) < Infinity);
    return others.sort((a, b) => cost(a) - cost(b))[0];
  };

  document.addEventListener("click", (event) => {
    const view = event.target.closest("[data-view-choice]");
    if (view) {
      const chart = chartOf(view);
      chart.querySelector(".views").dataset.view = view.dataset.viewChoice;
      if (view.dataset.viewChoice in BOXES) chart.querySelector("[data-figure=back] svg").setAttribute("viewBox", BOXES[view.dataset.viewChoice]);
      chart.querySelectorAll("[data-view-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button === view)));
      return;
    }
    const area = event.target.closest("[data-bodychart] .region[role]");
    if (area) { toggle(area); focus(area); }
  });
  document.addEventListener("keydown", (event) => {
    const area = event.target.closest?.("[data-bodychart] .region[role]");
    if (!area) return;
    if (event.key === " " || event.key === "Enter") { event.preventDefault(); toggle(area); }
    if (WAYS[event.key]) {
      event.preventDefault();
      const next = nearest(area, WAYS[event.key]);
      if (next) focus(next);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-bodychart] .region-groups input")) paint(chartOf(event.target));
  });
  ["pointerover", "focusin"].forEach((kind) => document.addEventListener(kind, (event) => {
    const area = event.target.closest?.("[data-bodychart] .region[role]");
    if (area) name(chartOf(area), area);
  }));
  const start = (root) => root.querySelectorAll("[data-bodychart]").forEach((chart) => {
    chart.numbers = (chart.dataset.order || "").split(" ").filter(Boolean);
    if (boxes(chart).length) paint(chart);
  });
  document.addEventListener("DOMContentLoaded", () => start(document));
  document.addEventListener("htmx:load", (event) => start(event.detail.elt.parentElement || document));
})();
