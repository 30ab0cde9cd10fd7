/* What every page says aloud and shows as saved. window.ui.announce(text) speaks through the page's one live region. */
(() => {
  const say = (words) => {
    const region = document.getElementById("announce");
    if (!region) return;
    region.textContent = "";
    requestAnimationFrame(() => { region.textContent = words; });
  };
  const saved = (state, words, at = "") => {
    const slot = document.getElementById("saved");
    if (!slot) return;
    slot.hidden = false;
    slot.dataset.state = state;
    slot.querySelector(".saved-word").textContent = words;
    slot.querySelector(".saved-at").textContent = at;
  };
  const clock = () => new Date().toLocaleTimeString(document.documentElement.lang, { hour: "numeric", minute: "2-digit" }).replace(/\s?[AP]M$/i, "");
  const stood = (select) => ([...select.options].find((option) => option.defaultSelected) || select.options[0])?.value;
  /* Whether a field holds something else than the page was drawn with. */
  const begun = (field) => {
    if (["hidden", "submit", "button"].includes(field.type) || field.disabled) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    return field.value !== (field.tagName === "SELECT" ? stood(field) : field.defaultValue);
  };
  const outcome = (status) => {
    if (status < 400) saved("saved", "Saved", clock());
    else saved("failed", [401, 403].includes(status) ? "Signed out" : "Not saved");
  };

  /* The request tells how it ended: what sent it may have been drawn anew since, and hears of nothing any more. */
  let underway = 0;
  document.addEventListener("htmx:beforeSend", (event) => {
    const { elt, xhr, requestConfig } = event.detail;
    if (requestConfig.verb === "get" || elt.matches("[data-passing]")) return;
    underway += 1;
    elt.setAttribute("aria-busy", "true");
    saved("saving", "Saving");
    xhr.addEventListener("loadend", () => {
      underway -= 1;
      elt.removeAttribute("aria-busy");
      if (xhr.status >= 400 || (xhr.status && !underway)) outcome(xhr.status);
    });
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const problem = event.detail.target?.querySelector("[data-focus]");
    if (problem) problem.focus();
  });
  document.addEventListener("announce", (event) => say(event.detail.value || event.detail.words || ""));
  window.ui = Object.assign(window.ui || {}, { announce: say, saved, clock, begun });
})();
