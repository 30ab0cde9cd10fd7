/* The service worker: keeps the day's pages and what they need, and nothing else. GIVEN (version, shell, files) stands before this. */
const FILES = `files-${GIVEN.version}`;
const PAGES = "pages";
const WAIT = 4000;

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const files = await caches.open(FILES);
    await files.addAll([...GIVEN.files, GIVEN.shell].map((address) => new Request(address, { cache: "no-cache" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    const names = await caches.keys();
    await Promise.all(names.filter((name) => name.startsWith("files-") && name !== FILES).map((name) => caches.delete(name)));
    await self.clients.claim();
  })());
});

/* A page is kept only as itself: one that led elsewhere, as to signing in, is not. */
const worth = (response) => response.ok && response.type === "basic" && !response.redirected && (response.headers.get("Content-Type") || "").startsWith("text/html");
const kept = new Set(["/me/today", "/me/session", "/me/worry/card", "/me/well", "/me/flare"]);

self.addEventListener("message", (event) => {
  const asked = event.data?.keep;
  if (!Array.isArray(asked)) return;
  event.waitUntil((async () => {
    const pages = await caches.open(PAGES);
    const before = await pages.match("/who");
    if (before && await before.text() !== event.data.who) await Promise.all((await pages.keys()).map((one) => pages.delete(one)));
    await pages.put("/who", new Response(event.data.who));
    await Promise.all(asked.filter((address) => kept.has(address)).map(async (address) => {
      const response = await fetch(address, { cache: "no-store", redirect: "manual" }).catch(() => null);
      if (response && worth(response)) await pages.put(address, response);
    }));
  })());
});

const page = async (request) => {
  const path = new URL(request.url).pathname;
  const pages = await caches.open(PAGES);
  try {
    const response = await within(fetch(request), kept.has(path) && Boolean(await pages.match(path)));
    if (kept.has(path) && worth(response)) await pages.put(path, response.clone());
    return response;
  } catch {
    const wanted = path === "/me" ? ["/me/today", "/me/well"] : [path];
    const found = await Promise.all(wanted.filter((one) => kept.has(one)).map((one) => pages.match(one)));
    return found.find(Boolean) || (await caches.match(GIVEN.shell)) || Response.error();
  }
};
/* Where the page is here already, a slow network is not waited for. */
const within = (asked, impatient) => impatient ? Promise.race([asked, new Promise((_, fail) => setTimeout(() => fail(new Error("slow")), WAIT))]) : asked;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && (address.pathname === "/me" || address.pathname.startsWith("/me/"))) event.respondWith(page(request));
  else if (GIVEN.files.includes(address.pathname)) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});
