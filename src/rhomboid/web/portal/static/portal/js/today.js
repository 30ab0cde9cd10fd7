/* Today: what waits on this phone shows at once, and the question of the morning works without a network. */
(() => {
  const box = window.rhomboid;
  const form = document.querySelector("[data-morning]");
  const who = box.who();
  const CODES = { better: 0, same: 1 };

  form?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const told = new FormData(form);
    if (!told.has("rest")) return;
    const body = { kind: "morning", episode: who, rest: Number(told.get("rest")) };
    const was = told.get("was");
    if (was in CODES) body.response = CODES[was];
    else if (told.has("response")) body.response = Number(told.get("response"));
    if (was === "worse") Object.assign(body, { stiff: told.has("stiff"), bad_night: told.has("bad_night") });
    await box.add(body);
    form.hidden = true;
    document.querySelector("[data-outbox]")?.scrollIntoView({ block: "nearest" });
  });

  document.addEventListener("outbox", (event) => {
    const mine = event.detail.rows.filter((row) => row.who === who && !row.refused);
    if (form && mine.some((row) => row.body.kind === "morning")) form.hidden = true;
    for (const row of mine.filter((one) => one.body.kind === "exercise" && one.body.outcome !== "skipped")) {
      document.querySelector(`[data-ref="${row.body.item}"]`)?.classList.add("is-out");
    }
    /* A stop symptom that the clinic does not have yet pauses everything here already; the player says whom to call. */
    const told = document.querySelector("[data-told-stop]");
    if (told && mine.some((row) => row.body.kind === "stop")) {
      told.hidden = false;
      document.querySelectorAll(".today-start, .today-list, [data-stale]").forEach((one) => one.remove());
    }
    /* What was sent may have changed the day: the page is asked for anew. */
    if (event.detail.answers.length && !mine.length) location.reload();
  });

  /* Paused meanwhile, in another tab or by the clinic. */
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data?.paused && document.querySelector(".today-start")) location.reload();
  });

  const stale = document.querySelector("[data-stale]");
  if (stale && stale.dataset.stale !== box.today() && !navigator.onLine) stale.hidden = false;
})();
