/* The plan page: closing what was opened in place, and keeping the keyboard where it was. It works without any of it. */
(() => {
  const close = (part, opener) => {
    part.replaceChildren();
    if (opener) opener.focus();
  };
  document.addEventListener("click", (event) => {
    const shut = event.target.closest("[data-detail-close]");
    if (shut) {
      const part = shut.closest(".edit");
      if (part) close(part, document.querySelector(`[hx-target="#${part.id}"]`));
      else history.back();
    }
    if (event.target.closest("[data-add-close]")) close(document.getElementById("plan-add"), document.getElementById("plan-add-open"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const part = event.target.closest?.(".edit, #plan-add");
    if (part) part.querySelector("[data-detail-close], [data-add-close]")?.click();
  });
  const narrow = matchMedia("(max-width: 1039.98px)");
  const opened = new Map();
  const fold = () => document.querySelectorAll(".plan-fold").forEach((part, place) => {
    part.open = narrow.matches ? Boolean(opened.get(place)) : true;
    part.addEventListener("toggle", () => opened.set(place, part.open));
  });
  fold();
  narrow.addEventListener("change", fold);
  document.addEventListener("htmx:oobAfterSwap", fold);
  document.addEventListener("htmx:configRequest", (event) => {
    const by = event.detail.triggeringEvent?.submitter;
    if (by?.name && by.form === event.detail.elt) event.detail.parameters[by.name] = by.value;
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = document.querySelector(event.detail.elt.getAttribute("hx-target") || "none");
    if (event.detail.requestConfig.verb === "get" && part?.classList.contains("edit") && part.childElementCount) {
      event.preventDefault();
      close(part, event.detail.elt);
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const lost = document.activeElement === document.body || !document.activeElement;
    if (lost && event.detail.target.id === "plan-main") document.getElementById("plan-undo")?.focus();
  });
})();
