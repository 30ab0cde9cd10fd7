/* A lost connection loses nothing and says so. Forms marked data-keep="what it is" wait on the page, in order, and go out when the
   connection is back. Nothing is written to the browser's storage: health data stays in the page and on the server. */
(() => {
  const waiting = [];
  let sending = false;
  let down = false;
  const bar = () => document.getElementById("offline");
  const clock = () => window.ui.clock();

  const paint = () => {
    const box = bar();
    if (!box) return;
    box.hidden = !down && waiting.length === 0;
    const words = box.querySelector("[data-offline-words]");
    if (waiting.length) words.textContent = `Kept on this page, ${waiting.length} to send. First kept at ${waiting[0].at}. Do not close this page.`;
    else words.textContent = "What you type is kept on this page and sent when the connection is back.";
    if (window.ui) {
      if (waiting.length) window.ui.saved("offline", `${waiting.length} to send`);
      else if (down) window.ui.saved("offline", "Offline");
    }
    const slot = document.getElementById("saved");
    if (!down && !waiting.length && slot?.dataset.state === "offline") slot.hidden = true;
  };
  const note = (entry) => {
    entry.note = document.createElement("p");
    entry.note.className = "unsent";
    entry.note.textContent = `Not sent yet: ${entry.words}, kept at ${entry.at}`;
    const line = entry.form.closest("tr");
    if (!line) { entry.form.after(entry.note); return; }
    const row = document.createElement("tr");
    const cell = row.appendChild(document.createElement("td"));
    cell.colSpan = 5;
    cell.append(entry.note);
    entry.note = row;
    line.after(row);
  };
  const keep = (form, config) => {
    const path = config.path || form.getAttribute("action") || location.pathname;
    const data = config.parameters instanceof FormData ? config.parameters : new FormData(form);
    const shown = form.querySelector("[data-fast-entry]")?.value || form.dataset.keep || "an entry";
    const entry = { form, path, verb: config.verb || "post", data: new URLSearchParams(data), words: shown, at: clock(), target: config.target || null };
    entry.key = crypto.randomUUID ? crypto.randomUUID() : String(Math.random()).slice(2);
    waiting.push(entry);
    note(entry);
    const field = form.querySelector("[data-fast-entry]");
    if (field) field.value = "";
    paint();
  };
  const send = (entry) => new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open(entry.verb.toUpperCase(), entry.path);
    request.setRequestHeader("Content-Type", "application/x-www-form-urlencoded");
    request.setRequestHeader("HX-Request", "true");
    request.setRequestHeader("Idempotency-Key", entry.key);
    const headers = JSON.parse(document.body.getAttribute("hx-headers") || "{}");
    Object.entries(headers).forEach(([name, value]) => request.setRequestHeader(name, value));
    request.onload = () => resolve(request);
    request.onerror = () => resolve(null);
    request.send(entry.data);
  });
  const flush = async () => {
    if (sending || !waiting.length) { paint(); return; }
    sending = true;
    while (waiting.length) {
      const entry = waiting[0];
      const answer = await send(entry);
      if (!answer || answer.status >= 500 || answer.status === 0) { down = true; break; }
      down = false;
      if (answer.status === 401 || answer.status === 403 || answer.getResponseHeader("HX-Redirect")) {
        entry.note.textContent = `Not sent: ${entry.words}. You were signed out. Sign in in another tab, then try again.`;
        break;
      }
      waiting.shift();
      entry.note.remove();
      const target = entry.target && document.contains(entry.target) ? entry.target : null;
      if (target && window.htmx) window.htmx.swap(target, answer.responseText, { swapStyle: entry.form.getAttribute("hx-swap")?.split(" ")[0] || "innerHTML" }, { eventInfo: { target } });
    }
    sending = false;
    paint();
    if (!waiting.length && window.ui) {
      window.ui.saved("saved", "Saved", clock());
      window.ui.announce("Everything is sent.");
    }
  };

  // Asked of the request itself: what sent it may have been drawn anew since, and hears of nothing any more.
  document.addEventListener("htmx:beforeSend", (event) => {
    const { elt, xhr, requestConfig, target } = event.detail;
    const form = requestConfig.verb === "get" || elt.matches("[data-passing]") ? null : elt.closest("[data-keep]");
    xhr.addEventListener("error", () => {
      down = true;
      if (form) keep((form.id && document.getElementById(form.id)) || form, { ...requestConfig, target });
      paint();
      if (window.ui) window.ui.announce("No connection. What you entered is kept on this page.");
    });
  });
  // While earlier entries wait, a new one goes behind them: an older value never follows a newer one.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig, target } = event.detail;
    const form = elt.matches("[data-passing]") ? null : elt.closest("[data-keep]");
    if (!waiting.length || !form || requestConfig.verb === "get") return;
    event.preventDefault();
    keep(form, { ...requestConfig, target });
    flush();
  });
  document.addEventListener("htmx:timeout", () => { down = true; paint(); });
  document.addEventListener("htmx:responseError", (event) => {
    if (!window.ui) return;
    const out = [401, 403].includes(event.detail.xhr.status);
    const reads = event.detail.requestConfig?.verb === "get";
    if (reads) window.ui.saved("failed", out ? "Signed out" : "Not loaded");
    if (out) window.ui.announce("You were signed out. Sign in again; the page keeps what you typed.");
    else window.ui.announce(reads ? "This could not be loaded; try again." : "This was not saved. What you typed is still here; try again.");
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.successful && down) { down = false; flush(); }
  });
  window.addEventListener("offline", () => { down = true; paint(); });
  window.addEventListener("online", () => { down = false; flush(); });
  setInterval(() => { if (waiting.length && navigator.onLine) flush(); }, 5000);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-offline-retry]")) { down = !navigator.onLine; flush(); } });
  document.addEventListener("DOMContentLoaded", () => { if (!navigator.onLine) { down = true; paint(); } });
  window.addEventListener("beforeunload", (event) => { if (waiting.length) event.preventDefault(); });
})();
