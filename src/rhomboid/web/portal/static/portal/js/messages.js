/* A message that is being written survives: what is typed stays on this phone until the clinic has it. It is sent with the key it was
   begun under, so that sending it again, from wherever, makes no second one. */
(() => {
  const form = document.querySelector("[data-message]");
  const text = form.elements.text, key = form.elements.key;
  const place = `message:${form.dataset.message}`;
  const waiting = form.querySelector("[data-waiting]"), out = form.querySelector("[data-signed-out]");
  const read = () => { try { return JSON.parse(localStorage.getItem(place)) || {}; } catch { return {}; } };
  const keep = (row) => { try { row ? localStorage.setItem(place, JSON.stringify(row)) : localStorage.removeItem(place); } catch { /* private mode */ } };
  let busy = false;

  const kept = read();
  if (kept.text && !text.value) { text.value = kept.text; key.value = kept.key; }
  text.addEventListener("input", () => keep(text.value.trim() ? { text: text.value, key: key.value, sent: false } : null));

  /* A fresh token for each try: the one in a page that was kept is stale. Nothing where somebody else, or nobody, is signed in by now. */
  const token = async () => {
    const reply = await fetch("/me/api/csrf", { cache: "no-store", redirect: "error" });
    const found = reply.ok ? await reply.json() : {};
    return found.who === form.dataset.message ? found.token : "";
  };

  const send = async () => {
    if (busy || !text.value.trim()) return;
    busy = true;
    keep({ text: text.value, key: key.value, sent: true });
    waiting.hidden = out.hidden = true;
    try {
      const fresh = await token();
      out.hidden = Boolean(fresh);
      if (fresh) {
        form.elements.csrfmiddlewaretoken.value = fresh;
        const reply = await fetch(location.pathname, { method: "POST", body: new URLSearchParams(new FormData(form)), cache: "no-store" });
        if (reply.status === 422) { keep({ text: text.value, key: key.value, sent: false }); form.submit(); return; }
        if (reply.ok && new URL(reply.url).pathname === location.pathname) { keep(null); location.reload(); return; }
        waiting.hidden = false;
      }
    } catch { waiting.hidden = false; }
    busy = false;
  };

  form.addEventListener("submit", (event) => { event.preventDefault(); send(); });
  addEventListener("online", () => { if (read().sent) send(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden && read().sent) send(); });
  if (kept.sent && kept.text) send();
})();
