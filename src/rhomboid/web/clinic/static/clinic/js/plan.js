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
  /* What is pressed or moved while the plan is being solved waits for the answer, and is then done on what the answer has drawn. */
  let solving = 0;
  let next = null;
  const limits = (entries) => {
    const form = document.getElementById("plan-limit-form");
    for (const field of form?.elements ?? []) {
      if (!field.name || field.type === "hidden") continue;
      const part = field.type === "checkbox" ? "checked" : "value";
      const wanted = part === "checked" ? entries.getAll(field.name).includes(field.value) : entries.get(field.name) ?? field.value;
      if (field[part] === wanted) continue;
      field[part] = wanted;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    form?.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("htmx:confirm", (event) => {
    const { elt, triggeringEvent } = event.detail;
    if (!solving || !["plan-do", "plan-limit-form"].includes(elt.id)) return;
    event.preventDefault();
    const value = triggeringEvent?.submitter?.value;
    const entries = elt.id === "plan-limit-form" ? new FormData(elt) : null;
    next = () => { if (entries) limits(entries); else document.querySelector(`[form=plan-do][value="${CSS.escape(value)}"]`)?.click(); };
  });
  document.addEventListener("htmx:beforeSend", (event) => {
    const { xhr, requestConfig, target } = event.detail;
    if (requestConfig.verb === "get" || target?.id !== "plan-main") return;
    solving += 1;
    xhr.addEventListener("loadend", () => {
      solving -= 1;
      const then = next;
      next = null;
      if (then && xhr.status === 200) then();
    });
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const lost = document.activeElement === document.body || !document.activeElement;
    if (lost && event.detail.target.id === "plan-main") document.getElementById("plan-undo")?.focus();
  });
})();
