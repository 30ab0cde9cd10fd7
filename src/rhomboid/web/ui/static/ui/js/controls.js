/* Steppers, sliders, dialogs and rows that are links. The form works without any of it. */
(() => {
  const fire = (input) => { input.dispatchEvent(new Event("input", { bubbles: true })); input.dispatchEvent(new Event("change", { bubbles: true })); };
  const ends = (box) => {
    const input = box.querySelector("input");
    box.querySelectorAll("[data-step]").forEach((button) => {
      const next = Number(input.value) + Number(button.dataset.step) * Number(input.step || 1);
      button.disabled = next < Number(input.min) || next > Number(input.max);
    });
  };
  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step]");
    if (step) {
      const box = step.closest("[data-stepper]");
      const input = box.querySelector("input");
      const value = Number(input.value) + Number(step.dataset.step) * Number(input.step || 1);
      input.value = String(Math.min(Math.max(value, Number(input.min)), Number(input.max)));
      ends(box);
      if (step.disabled) input.focus();
      fire(input);
      return;
    }
    const tab = event.target.closest("[data-column-tab]");
    if (tab) {
      tab.closest(".columns").dataset.tab = tab.dataset.columnTab;
      tab.parentElement.querySelectorAll("[data-column-tab]").forEach((other) => other.setAttribute("aria-pressed", String(other === tab)));
      return;
    }
    const opener = event.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog) { event.preventDefault(); dialog.showModal(); }
      return;
    }
    if (event.target.closest("[data-shortcuts-open]")) {
      document.getElementById("user-menu")?.hidePopover();
      document.getElementById("shortcuts")?.showModal();
      return;
    }
    if (event.target.matches("dialog[open].dialog, dialog[open].sheet-dialog")) {
      const box = event.target.getBoundingClientRect();
      const outside = event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
      if (outside && (event.clientX || event.clientY)) event.target.close();
      return;
    }
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, select, label, summary") && !String(getSelection())) location.assign(row.dataset.href);
  });
  /* A press on something that is drawn anew before it is let go counts for the same thing as it stands now, even if it has moved. */
  const told = (one) => [one.localName, one.id, one.control?.id, one.textContent, one.name, one.value, one.href].join();
  let pressed = null;
  document.addEventListener("pointerdown", (event) => {
    const on = event.target.closest?.("button, a[href], label, summary");
    pressed = on && { on, x: event.clientX, y: event.clientY };
  }, true);
  document.addEventListener("pointerup", (event) => {
    const was = pressed;
    pressed = null;
    if (!was || was.on.isConnected || Math.hypot(event.clientX - was.x, event.clientY - was.y) > 8) return;
    const now = [...document.getElementsByTagName(was.on.localName)].filter((one) => told(one) === told(was.on));
    if (now.length === 1) now[0].click();
  }, true);
  document.addEventListener("input", (event) => {
    const slider = event.target.closest("[data-slider]");
    if (slider) {
      delete slider.dataset.untouched;
      slider.querySelector("output").value = event.target.value;
      const range = event.target;
      slider.querySelector(".track rect").setAttribute("width", `${(100 * (range.value - range.min)) / (range.max - range.min)}%`);
    }
    const box = event.target.closest("[data-stepper]");
    if (box) ends(box);
  });
})();
