/* A slider in place of eleven choices, empty until it is touched; and "none of these" beside a list. Without it the forms work as they are. */
(() => {
  const slider = (nrs) => {
    const radios = [...nrs.querySelectorAll("input[type=radio]")];
    const range = nrs.querySelector("[data-nrs-range]");
    const shown = nrs.querySelector("[data-nrs-value]");
    const set = (value) => {
      const kept = Math.min(10, Math.max(0, value));
      range.value = String(kept);
      range.removeAttribute("data-empty");
      range.setAttribute("aria-valuetext", String(kept));
      shown.textContent = String(kept);
      radios.forEach((radio) => { radio.checked = Number(radio.value) === kept; });
    };
    const chosen = radios.find((radio) => radio.checked);
    if (chosen) set(Number(chosen.value));
    else {
      range.value = "5";
      range.setAttribute("data-empty", "");
      range.setAttribute("aria-valuetext", nrs.dataset.unset);
    }
    ["input", "change", "pointerup"].forEach((kind) => range.addEventListener(kind, () => set(Number(range.value))));
    nrs.querySelectorAll("[data-nrs-step]").forEach((button) => button.addEventListener("click", () => {
      set(range.hasAttribute("data-empty") ? 5 : Number(range.value) + Number(button.dataset.nrsStep));
    }));
    nrs.querySelector(".nrs-plain").hidden = true;
    nrs.querySelectorAll("[data-nrs-slider], [data-nrs-steps]").forEach((part) => { part.hidden = false; });
  };
  const alone = (event) => {
    const list = event.target.closest("[data-several]");
    if (!list || !event.target.checked) return;
    const only = ["-", "?", "none"].includes(event.target.value);
    list.querySelectorAll("input").forEach((other) => {
      if (other !== event.target && (only || ["-", "?", "none"].includes(other.value))) other.checked = false;
    });
  };
  document.addEventListener("change", alone);
  document.querySelectorAll("a[href='#list']").forEach((link) => link.addEventListener("click", () => { document.querySelector("#list").open = true; }));
  document.querySelectorAll("[data-nrs]").forEach(slider);
})();
