// The row of stops: the number above follows, a finger may slide along it, and two large buttons go one down or up.
"use strict";

for (const stops of document.querySelectorAll("[data-stops]")) {
  const radios = [...stops.querySelectorAll("input[type=radio]")];
  const value = stops.querySelector("[data-value]");
  const row = stops.querySelector(".stops-row");
  const chosen = () => radios.findIndex((radio) => radio.checked);
  const show = () => { value.textContent = chosen() < 0 ? "–" : radios[chosen()].value; };
  const choose = (place) => {
    radios[Math.min(Math.max(place, 0), radios.length - 1)].checked = true;
    show();
  };
  const under = (event) => {
    const box = row.getBoundingClientRect();
    return Math.floor(((event.clientX - box.left) / box.width) * radios.length);
  };
  stops.addEventListener("change", show);
  row.addEventListener("pointermove", (event) => { if (event.buttons) choose(under(event)); });
  const buttons = stops.querySelector("[data-step-buttons]");
  value.hidden = buttons.hidden = false;
  for (const button of buttons.querySelectorAll("[data-step]")) {
    button.addEventListener("click", () => choose(chosen() < 0 ? (button.dataset.step > 0 ? 1 : 0) : chosen() + Number(button.dataset.step)));
  }
  show();
}
