/* Reads a page with the browser's own voice, in the language of the page. One sentence at a time: some voices stop by themselves in
   long texts, and some phones forget what they paused. Where a lesson turns one page after the other, reading goes on with the next. */
(() => {
  const place = document.querySelector("[data-aloud]");
  if (!place || !("speechSynthesis" in window)) return;
  const voices = window.speechSynthesis, language = document.documentElement.lang.slice(0, 2);
  const go = place.querySelector("[data-aloud-go]"), stop = place.querySelector("[data-aloud-stop]");
  const still = place.querySelector("[data-when-still]"), reading = place.querySelector("[data-when-reading]");
  const lesson = document.querySelector("[data-lesson]");
  let state = "still", parts = [], at = 0, turn = 0;

  const voice = () => voices.getVoices().find((one) => one.lang.toLowerCase().startsWith(language));
  const offer = () => { place.hidden = !voice(); };

  const to = (now) => {
    state = now;
    still.hidden = now === "reading";
    reading.hidden = now !== "reading";
    stop.hidden = now === "still";
    go.setAttribute("aria-pressed", String(now === "reading"));
    go.setAttribute("aria-label", now === "reading" ? go.dataset.pause : go.dataset.start);
  };

  const sentences = () => [...document.querySelectorAll("[data-read]")]
    .filter((one) => one.offsetParent !== null)
    .flatMap((one) => one.innerText.replace(/([.?:])\s+/g, "$1\n").split("\n"))
    .filter((one) => one.trim());

  const speak = () => {
    const mine = ++turn;
    voices.cancel();
    if (at >= parts.length) { finished(); return; }
    to("reading");
    const said = new SpeechSynthesisUtterance(parts[at]);
    said.lang = document.documentElement.lang;
    said.voice = voice();
    said.rate = 0.95;
    said.onend = () => { if (mine === turn && state === "reading") { at += 1; speak(); } };
    voices.speak(said);
  };

  const begin = () => { parts = sentences(); at = 0; speak(); };

  const finished = () => {
    to("still");
    if (!lesson) return;
    lesson.addEventListener("turned", begin, { once: true });
    lesson.dispatchEvent(new Event("read"));
    lesson.removeEventListener("turned", begin);
  };

  const quiet = (then) => { turn += 1; voices.cancel(); to(then); };

  go.addEventListener("click", () => {
    if (state === "still") begin();
    else if (state === "reading") quiet("paused");
    else speak();
  });
  stop.addEventListener("click", () => { quiet("still"); go.focus(); });
  if (lesson) lesson.addEventListener("turned", () => { if (state === "reading") begin(); else if (state === "paused") quiet("still"); });
  addEventListener("pagehide", () => quiet("still"));
  voices.addEventListener?.("voiceschanged", offer);
  offer();
})();
