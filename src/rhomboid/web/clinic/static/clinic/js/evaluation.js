/* The evaluation page: what opens and closes in place, what is entered survives a swap, the fast entry and the spine say the same. */
(() => {
  const page = () => document.getElementById("evaluation");
  const fields = (root) => [...root.querySelectorAll("input[id], select[id], textarea[id]")];
  const ticks = (field) => field.type === "checkbox" || field.type === "radio";
  const chosen = (field) => ticks(field) || field.tagName === "SELECT";
  const same = (one, other) => one.trim() === other.trim() || (one !== "" && parseFloat(one.replace(",", ".")) === parseFloat(other));
  let sent = "";
  const kept = [];

  /* The section on the page goes with every request: the answer is drawn for it. */
  document.addEventListener("htmx:configRequest", (event) => {
    const section = page()?.querySelector("[data-section-key]");
    if (section && event.detail.verb !== "get") event.detail.parameters.section = section.dataset.sectionKey;
  });

  /* Opened in place, closed by the same button. Runs before htmx sees the click. */
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-draw]")) {
      document.querySelector("[data-column-tab=pictures]")?.click();
      document.querySelector("#pictures .region[tabindex='0']")?.focus();
      return;
    }
    const closes = event.target.closest("[data-closes]");
    if (closes) {
      const row = document.getElementById(closes.dataset.closes);
      row?.previousElementSibling?.querySelector("[data-opens]")?.focus();
      row?.remove();
      return;
    }
    const opener = event.target.closest("[data-opens], [data-why]");
    if (!opener || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const open = opener.dataset.opens ? document.getElementById(opener.dataset.opens) : document.querySelector(opener.getAttribute("hx-target"));
    if (!open || (opener.dataset.why !== undefined && !open.hasChildNodes())) return;
    event.preventDefault();
    event.stopPropagation();
    if (opener.dataset.opens) open.remove(); else open.replaceChildren();
    opener.setAttribute("aria-expanded", "false");
  }, true);
  document.addEventListener("htmx:afterSwap", (event) => {
    const opener = event.detail.requestConfig?.elt;
    if (opener?.matches?.("[data-opens], [data-why]")) opener.setAttribute("aria-expanded", "true");
  });
  document.addEventListener("click", (event) => {
    const nav = document.getElementById("sections-sheet");
    if (event.target.closest("#sections a") && nav?.matches(":popover-open")) nav.hidePopover();
  });

  /* What is put back after a swap is sent: a choice at once, typing when the field is left. The browser itself calls it no change. */
  const leave = (field) => {
    if (field.dataset.restored === undefined) return;
    delete field.dataset.restored;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  };
  document.addEventListener("change", (event) => { if (event.isTrusted) delete event.target.dataset.restored; }, true);
  document.addEventListener("focusout", (event) => leave(event.target));
  // A value that was refused stays in its field, which says that it does not stand.
  document.addEventListener("htmx:afterRequest", (event) => {
    const refused = event.detail.xhr?.status === 422;
    for (const field of event.detail.elt.querySelectorAll?.('input[name^="v."][type="text"]') ?? []) {
      if (refused && field.value !== field.defaultValue) field.setAttribute("aria-invalid", "true");
      else field.removeAttribute("aria-invalid");
    }
  });

  /* What was typed or chosen, and what was folded open, survives a swap. It is put back when the whole answer is in: what sent it
     may itself have been drawn anew, and hears of nothing any more. */
  const keep = (target) => {
    if (!kept.length) queueMicrotask(putBack);
    const entered = fields(target).filter(window.ui.begun).map((field) => [field.id, ticks(field) ? field.checked : field.value]);
    kept.push({ id: target.id, entered, open: [...target.querySelectorAll("details[id][open]")].map((one) => one.id) });
  };
  const enter = ([id, value]) => {
    const field = document.getElementById(id);
    if (!field || (field.type === "text" && same(value, field.defaultValue))) return;
    if (ticks(field)) field.checked = value; else field.value = value;
    const all = [...document.getElementsByName(field.name)].filter((one) => !ticks(one) || one.checked).map((one) => one.value);
    if (!window.ui.begun(field) || window.ui.onItsWay(field.name, all)) return;
    field.dataset.restored = "";
    setTimeout(() => { if (chosen(field) || field !== document.activeElement) leave(field); }, 60);
  };
  const putBack = () => {
    for (const { id, entered, open } of kept.splice(0)) {
      entered.forEach(enter);
      open.forEach((one) => document.getElementById(one)?.setAttribute("open", ""));
      document.getElementById(id)?.querySelector("[data-focus]")?.focus();
    }
  };
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    keep(target);
    if (target.id.startsWith("row-")) document.getElementById(target.id.replace("row-", "detail-"))?.remove();
  });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "intake-section") keep(event.detail.target); });

  /* The fast entry. */
  const dashed = (levels) => document.querySelectorAll("[data-bone]").forEach((bone) => bone.classList.toggle("pending", levels.includes(bone.dataset.bone)));
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "fast") sent = event.detail.elt.querySelector("[data-fast-entry]").value;
  });
  document.addEventListener("reading", (event) => dashed(event.detail.levels || []));
  document.addEventListener("recorded", (event) => {
    document.querySelectorAll("#chosen-section .now").forEach((row) => row.classList.remove("now"));
    const field = document.querySelector("[data-fast-entry]");
    if (event.detail.fast && field && field.value === sent) field.value = "";
    dashed([]);
    setTimeout(() => document.querySelector("#chosen-section .now")?.scrollIntoView({ block: "nearest" }), 60);
  });
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-fast-entry]") && !event.target.value) dashed([]);
  });

  /* The spine says which of its two sides was touched. */
  document.addEventListener("change", (event) => {
    if (event.target.name === "spine-changed" && event.detail?.what) event.target.form.elements["spine-what"].value = event.detail.what;
  }, true);
})();
