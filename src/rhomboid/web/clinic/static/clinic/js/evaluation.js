/* The evaluation page: what opens and closes in place, what is typed survives a swap, the fast entry and the spine say the same. */
(() => {
  const page = () => document.getElementById("evaluation");
  const typed = (root) => [...root.querySelectorAll("input[type=text][id], textarea[id]")];
  const same = (one, other) => one.trim() === other.trim() || (one !== "" && parseFloat(one.replace(",", ".")) === parseFloat(other));
  let sent = "";
  let kept = [];

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

  /* A value put back after a swap is sent when the field is left: the browser itself would not call it a change. */
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

  /* What was typed, and what was folded open, survives a swap. */
  const before = (target) => {
    target.keptTyped = typed(target).filter((field) => field.value !== field.defaultValue).map((field) => [field.id, field.value]);
    target.keptOpen = [...target.querySelectorAll("details[id][open]")].map((one) => one.id);
  };
  const after = (target) => {
    (target.keptTyped || []).forEach(([id, value]) => {
      const field = document.getElementById(id);
      if (!field || same(value, field.defaultValue)) return;
      field.value = value;
      field.dataset.restored = "";
      setTimeout(() => { if (field !== document.activeElement) leave(field); }, 60);
    });
    (target.keptOpen || []).forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    target.querySelector("[data-focus]")?.focus();
  };
  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const target = event.detail.target;
    kept = [target, ...kept];
    before(target);
    if (target.id.startsWith("row-")) document.getElementById(target.id.replace("row-", "detail-"))?.remove();
  });
  document.addEventListener("htmx:oobAfterSwap", (event) => {
    const old = kept.find((one) => one.id && one.id === event.detail.target.id);
    const now = document.getElementById(event.detail.target.id) || event.detail.target;
    if (old && old !== now) Object.assign(now, { keptTyped: old.keptTyped, keptOpen: old.keptOpen });
    after(now);
    kept = kept.filter((one) => one !== old);
  });
  document.addEventListener("htmx:beforeSwap", (event) => { if (event.detail.target.id === "intake-section") before(event.detail.target); });
  document.addEventListener("htmx:afterSwap", (event) => { if (event.detail.target.id === "intake-section") after(event.detail.target); });

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
