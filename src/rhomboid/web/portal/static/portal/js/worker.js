/* The service worker: keeps the day's pages and what they need, and nothing else. GIVEN (version, shell, files, kept) stands before this. */
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
const kept = new Set(GIVEN.kept);
const CARD = "/me/worry/card";
const CARE = ["/me/today", "/me/session"];
const AFTER = ["/me/well", "/me/flare"];

/* Puts a page in the place of the kept one. Where Today says that exercises are paused, the player is forgotten and those that are open
   are told; where Today leads elsewhere, as after discharge or when signed out, both are. */
const renew = async (pages, path, response) => {
  const paused = path === "/me/today" && response.headers.get("X-Exercises") === "paused";
  if (worth(response)) await pages.put(path, response);
  else if (path === "/me/today" && (response.type === "opaqueredirect" || response.redirected)) await forget(pages, CARE);
  if (!paused) return;
  await forget(pages, ["/me/session"]);
  for (const one of await self.clients.matchAll()) one.postMessage({ paused: true });
};
const forget = (pages, paths) => Promise.all(paths.map((path) => pages.delete(path)));

self.addEventListener("message", (event) => {
  const asked = event.data?.keep;
  if (!Array.isArray(asked)) return;
  event.waitUntil((async () => {
    const pages = await caches.open(PAGES);
    const before = await pages.match("/who");
    if (before && await before.text() !== event.data.who) await Promise.all((await pages.keys()).map((one) => pages.delete(one)));
    await pages.put("/who", new Response(event.data.who));
    if (asked.some((one) => AFTER.includes(one))) await forget(pages, CARE);
    else if (asked.some((one) => CARE.includes(one))) await forget(pages, ["/me/well"]);
    await Promise.all(asked.filter((address) => kept.has(address)).map(async (address) => {
      const response = await fetch(address, { cache: "no-store", redirect: "manual" }).catch(() => null);
      if (response) await renew(pages, address, response);
    }));
  })());
});

const page = async (event) => {
  const { request } = event;
  const path = new URL(request.url).pathname;
  const pages = await caches.open(PAGES);
  try {
    const there = kept.has(path) && Boolean(await pages.match(path));
    const asked = fetch(request).then(async (response) => {
      if (kept.has(path)) await renew(pages, path, response.clone());
      return response;
    });
    event.waitUntil(asked.catch(() => {}));
    return await within(asked, there);
  } catch {
    const wanted = path.startsWith("/me/worry") ? [CARD] : { "/me": ["/me/today", "/me/well"], "/me/session": ["/me/session", "/me/today"] }[path] || [path];
    const found = await Promise.all(wanted.filter((one) => kept.has(one)).map((one) => pages.match(one)));
    return found.find(Boolean) || (await caches.match(GIVEN.shell)) || Response.error();
  }
};
/* A phone that is asked for a date of birth, or told that its link is over, belongs to nobody known: nothing kept is shown any more. */
const door = async (request) => {
  const response = await fetch(request);
  if (response.type !== "opaqueredirect") await caches.delete(PAGES);
  return response;
};
/* Where the page is here already, a slow network is not waited for. */
const within = (asked, impatient) => impatient ? Promise.race([asked, new Promise((_, fail) => setTimeout(() => fail(new Error("slow")), WAIT))]) : asked;

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate" && (address.pathname === "/me" || address.pathname.startsWith("/me/"))) event.respondWith(page(event));
  else if (request.mode === "navigate" && (address.pathname === "/p" || address.pathname.startsWith("/p/"))) event.respondWith(door(request));
  else if (GIVEN.files.includes(address.pathname)) event.respondWith(caches.match(request).then((found) => found || fetch(request)));
});
