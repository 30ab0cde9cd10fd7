/* The command palette (Ctrl K). The address in data-src answers a POST of q and from (search words stand in no address) with {"results": [{group, label, hint, url, key, confirm, method}]}.
   What changes a record has `confirm` (the words of the question) and is sent as a POST only after it was asked once more. */
(() => {
  const MOST = 8;
  const GROUPS = ["People", "Go to", "Actions", "Findings"];
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const input = dialog.querySelector("input[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const none = dialog.querySelector(".palette-none");
  const nothing = none.textContent;
  const form = dialog.querySelector(".palette-confirm");
  const count = dialog.querySelector("[data-count]");
  let found = [];
  let chosen = 0;
  let asked = 0;
  let shown = null;
  let timer = 0;

  const node = (name, classes, words) => {
    const made = document.createElement(name);
    if (classes) made.className = classes;
    if (words) made.textContent = words;
    return made;
  };
  const choose = (index) => {
    chosen = found.length ? (index + found.length) % found.length : 0;
    list.querySelectorAll("[role=option]").forEach((option, at) => {
      option.setAttribute("aria-selected", String(at === chosen));
      if (at === chosen) option.scrollIntoView({ block: "nearest" });
    });
    if (found.length) input.setAttribute("aria-activedescendant", `palette-${chosen}`); else input.removeAttribute("aria-activedescendant");
  };
  const show = (results) => {
    const order = (entry) => (GROUPS.includes(entry.group) ? GROUPS.indexOf(entry.group) : GROUPS.length);
    found = results.slice(0, MOST).sort((a, b) => order(a) - order(b));
    list.replaceChildren();
    let box = null;
    found.forEach((entry, index) => {
      if (!box || box.dataset.group !== entry.group) {
        box = node("div");
        box.dataset.group = entry.group;
        box.setAttribute("role", "group");
        box.setAttribute("aria-label", entry.group);
        const title = node("p", "palette-group", entry.group);
        title.setAttribute("aria-hidden", "true");
        box.append(title);
        list.append(box);
      }
      const option = node("div");
      option.id = `palette-${index}`;
      option.setAttribute("role", "option");
      option.append(node("span", "", entry.label), node("span", "hint", entry.hint || ""));
      if (entry.key) option.append(node("kbd", "", entry.key));
      option.addEventListener("click", () => { choose(index); go(); });
      option.addEventListener("pointermove", () => { if (chosen !== index) choose(index); });
      box.append(option);
    });
    none.textContent = nothing;
    none.hidden = found.length > 0 || !input.value.trim();
    count.textContent = found.length === 1 ? "1 result" : `${found.length} results`;
    choose(0);
  };
  const ask = async () => {
    const turn = ++asked;
    const words = input.value.trim();
    const body = new URLSearchParams({ q: input.value.trim(), from: location.pathname });
    const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
    try {
      const headers = { Accept: "application/json", "X-CSRFToken": token };
      const answer = await fetch(dialog.dataset.src, { method: "POST", body, headers, credentials: "same-origin", redirect: "error" });
      if (!answer.ok) throw new Error(String(answer.status));
      const data = await answer.json();
      if (turn !== asked) return;
      shown = words;
      show(data.results || []);
    } catch {
      if (turn !== asked) return;
      show([]);
      none.hidden = false;
      none.textContent = navigator.onLine ? "The search did not answer. Sign in again, or try once more." : "No connection. Search comes back with it.";
    }
  };
  const unconfirm = () => { form.hidden = true; input.focus(); };
  const go = () => {
    const entry = found[chosen];
    if (!entry) return;
    if (entry.method !== "post") { location.assign(entry.url); return; }
    form.action = entry.url;
    form.querySelector("[data-confirm-what]").textContent = entry.confirm || entry.label;
    form.querySelector("[data-confirm-why]").textContent = entry.hint || "";
    form.hidden = false;
    form.querySelector("[data-confirm-yes]").focus();
  };
  const open = () => {
    if (dialog.open || document.querySelector("dialog[open]")) return;
    form.hidden = true;
    input.value = "";
    dialog.showModal();
    input.focus();
    ask();
  };

  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-palette-open]");
    if (opener && !event.ctrlKey && !event.metaKey) { event.preventDefault(); open(); }
    if (event.target === dialog) dialog.close();
    if (event.target.closest("[data-confirm-no]")) unconfirm();
  });
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      if (dialog.open) dialog.close(); else open();
    }
  });
  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 90); });
  dialog.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !form.hidden) { event.preventDefault(); unconfirm(); return; }
    if (event.target !== input) return;
    const moves = { ArrowDown: chosen + 1, ArrowUp: chosen - 1, PageDown: found.length - 1, PageUp: 0 };
    if (event.key in moves) { event.preventDefault(); choose(moves[event.key]); }
    if (event.key === "Enter") {
      event.preventDefault();
      /* Fast fingers: what is on the list may still answer the words before. */
      if (shown === input.value.trim()) go();
      else { clearTimeout(timer); ask().then(() => { if (shown === input.value.trim()) go(); }); }
    }
  });
})();
