/* Before a phone is wiped: says how much on it has not reached the clinic yet. The answers wait in IndexedDB, "rhomboid", "outbox". */
(() => {
  const warning = document.querySelector("[data-unsent]");
  const count = () => new Promise((done) => {
    const asked = indexedDB.open("rhomboid");
    asked.onupgradeneeded = () => asked.transaction.abort();
    asked.onerror = () => done(0);
    asked.onsuccess = () => {
      const base = asked.result;
      if (!base.objectStoreNames.contains("outbox")) { base.close(); done(0); return; }
      const rows = base.transaction("outbox").objectStore("outbox").count();
      rows.onsuccess = () => { base.close(); done(rows.result); };
      rows.onerror = () => { base.close(); done(0); };
    };
  });
  /* A message to the therapist that is written and not sent (messages.js). */
  const written = () => { try { return Object.keys(localStorage).filter((name) => name.startsWith("message:")).length; } catch { return 0; } };
  count().then((unsent) => {
    const all = unsent + written();
    if (!all) return;
    warning.querySelector("[data-count]").textContent = String(all);
    warning.hidden = false;
  }).catch(() => {});

  /* Older phones do not know the header by which the server asks for it, so the page wipes as well. */
  const wipe = async () => {
    const workers = await navigator.serviceWorker?.getRegistrations() ?? [];
    await Promise.all(workers.map((one) => one.unregister()));
    if (window.caches) await Promise.all((await caches.keys()).map((name) => caches.delete(name)));
    await new Promise((done) => { const gone = indexedDB.deleteDatabase("rhomboid"); gone.onsuccess = gone.onerror = gone.onblocked = done; });
    localStorage.clear();
  };
  const form = document.querySelector("form.acts");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    wipe().catch(() => {}).finally(() => form.submit());
  });
})();
