/* What was answered on this phone waits in IndexedDB until the clinic has it, and is sent once: the server knows each key.

   rhomboid.add(body)      keeps a report and tries to send it        rhomboid.flush()        sends what waits
   rhomboid.rows(who)      what waits of one person                   rhomboid.get, put       small notes of this phone
   Event "outbox" on document after each change; detail: waiting, refused, out (signed out), answers. */
(() => {
  document.documentElement.classList.add("js");
  const DAY = 86400000;
  let opened;
  const base = () => opened ??= new Promise((done, fail) => {
    const asked = indexedDB.open("rhomboid", 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore("outbox", { keyPath: "key" });
      asked.result.createObjectStore("notes");
    };
    asked.onsuccess = () => { asked.result.onversionchange = () => asked.result.close(); done(asked.result); };
    asked.onerror = () => fail(asked.error);
  });
  const ask = async (store, mode, what) => {
    const run = (await base()).transaction(store, mode);
    const asked = what(run.objectStore(store));
    return new Promise((done, fail) => {
      run.oncomplete = () => done(asked.result);
      run.onerror = run.onabort = () => fail(run.error);
    });
  };
  const all = async () => (await ask("outbox", "readonly", (rows) => rows.getAll())).sort((one, other) => one.at - other.at);
  const rows = async (who) => (await all()).filter((row) => row.who === who);

  const key = () => crypto.randomUUID ? crypto.randomUUID() : [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const add = async (body) => {
    const row = { key: key(), who: body.episode, at: Date.now(), body: { ...body, done_at: new Date().toISOString() } };
    await ask("outbox", "readwrite", (store) => store.put(row));
    navigator.storage?.persist?.().catch(() => {});
    await tell();
    flush();
    return row.key;
  };

  let out = false;
  const tell = async (answers = []) => {
    const kept = await all();
    document.dispatchEvent(new CustomEvent("outbox", { detail: { rows: kept, out, answers } }));
  };

  /* One flusher for all tabs. A row is deleted only when the answer names its key; anything else keeps it. */
  const locked = (work) => navigator.locks ? navigator.locks.request("rhomboid-outbox", work) : work();
  let running = null;
  let again = false;
  const flush = () => {
    if (running) { again = true; return running; }
    running = locked(send).catch(() => []).then(async (answers) => {
      running = null;
      await tell(answers);
      if (answers.length) keep();
      if (again) { again = false; return flush(); }
      return answers;
    });
    return running;
  };
  const json = async (response) => (response.headers.get("Content-Type") || "").includes("json") ? response.json().catch(() => null) : null;
  /* A line that hangs must not keep the lock from all others. */
  const call = (address, given = {}) => {
    const stop = new AbortController();
    const timer = setTimeout(() => stop.abort(), 20000);
    return fetch(address, { cache: "no-store", redirect: "error", signal: stop.signal, ...given }).finally(() => clearTimeout(timer));
  };
  const send = async () => {
    const answers = [];
    const waiting = (await all()).filter((row) => !row.refused);
    if (!waiting.length) return answers;
    const asked = await call("/me/api/csrf");
    out = asked.status === 401;
    const mine = asked.ok ? await json(asked) : null;
    if (!mine) return answers;
    for (const row of waiting.filter((one) => one.who === mine.who)) {
      const response = await call("/me/api/reports", {
        method: "POST", body: JSON.stringify(row.body),
        headers: { "Content-Type": "application/json", "Idempotency-Key": row.key, "X-CSRFToken": mine.token },
      }).catch(() => null);
      const said = response && await json(response);
      if (said?.ack === row.key) {
        await ask("outbox", "readwrite", (store) => store.delete(row.key));
        answers.push({ ...said, kind: row.body.kind });
      } else if (said?.refused === row.key) {
        await ask("outbox", "readwrite", (store) => store.put({ ...row, refused: said.error }));
      } else {
        out = response?.status === 401;
        break;
      }
    }
    return answers;
  };

  /* The pages of the day stay on the phone for when there is no network. */
  const AFTER = document.querySelector("[data-after][data-who]") !== null;
  const PAGES = AFTER ? ["/me/well", "/me/flare", "/me/worry/card"] : ["/me/today", "/me/session", "/me/worry/card"];
  const who = () => document.querySelector("[data-who]")?.dataset.who || "";
  const keep = (pages = PAGES) => navigator.serviceWorker?.ready.then((there) => there.active?.postMessage({ keep: pages, who: who() }));
  /* A page that came through the worker is kept already. */
  const others = () => PAGES.filter((page) => page !== location.pathname || !navigator.serviceWorker.controller);
  if ("serviceWorker" in navigator) {
    navigator.serviceWorker.register("/sw.js", { scope: "/", updateViaCache: "none" }).then(() => keep(others())).catch(() => {});
  }

  /* Says on the page what waits. */
  document.addEventListener("outbox", (event) => {
    document.querySelectorAll("[data-outbox]").forEach((place) => {
      const mine = event.detail.rows.filter((row) => row.who === place.dataset.who);
      const refused = mine.filter((row) => row.refused).length;
      const waiting = mine.length - refused;
      const words = waiting && event.detail.out ? place.dataset.out
        : waiting ? (waiting === 1 ? place.dataset.one : place.dataset.many.replace("%n", waiting))
          : refused ? place.dataset.refused : place.dataset.none;
      place.hidden = false;
      place.classList.toggle("is-waiting", Boolean(mine.length));
      const said = place.querySelector("[role=status]");
      if (said.textContent !== words) said.textContent = words;
    });
  });

  window.rhomboid = {
    add, flush, rows, who,
    get: (name) => ask("notes", "readonly", (store) => store.get(name)),
    put: (name, value) => ask("notes", "readwrite", (store) => store.put(value, name)),
    drop: (name) => ask("notes", "readwrite", (store) => store.delete(name)),
    today: () => { const now = new Date(); return new Date(now - now.getTimezoneOffset() * 60000).toISOString().slice(0, 10); },
  };
  const start = () => flush();
  window.addEventListener("online", start);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) start(); });
  window.addEventListener("pageshow", start);
  setInterval(start, 60000);
  /* A refused row is of use to nobody after a month. */
  all().then((kept) => kept.filter((row) => row.refused && Date.now() - row.at > 30 * DAY).forEach((row) => ask("outbox", "readwrite", (store) => store.delete(row.key)))).catch(() => {});
})();
