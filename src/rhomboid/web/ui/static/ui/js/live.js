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
  const writes = (event) => event.detail.requestConfig && event.detail.requestConfig.verb !== "get";

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (!writes(event)) return;
    event.detail.elt.setAttribute("aria-busy", "true");
    saved("saving", "Saving");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.elt.removeAttribute("aria-busy");
    if (!writes(event)) return;
    if (event.detail.successful) saved("saved", "Saved", clock());
    else if (event.detail.xhr && event.detail.xhr.status) saved("failed", "Not saved");
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    const problem = event.detail.target?.querySelector("[data-focus]");
    if (problem) problem.focus();
  });
  document.addEventListener("announce", (event) => say(event.detail.value || event.detail.words || ""));
  window.ui = Object.assign(window.ui || {}, { announce: say, saved, clock });
})();
