/* Reads a page with the browser's own voice, in the language of the page. Sentence by sentence, since some voices stop by themselves
   in long texts. Where a lesson turns one page after the other, reading goes on with the next. */
(() => {
  const place = document.querySelector("[data-aloud]");
  if (!place || !("speechSynthesis" in window)) return;
  const voices = window.speechSynthesis, language = document.documentElement.lang.slice(0, 2);
  const go = place.querySelector("[data-aloud-go]"), stop = place.querySelector("[data-aloud-stop]");
  const still = place.querySelector("[data-when-still]"), reading = place.querySelector("[data-when-reading]");
  const lesson = document.querySelector("[data-lesson]");
  let state = "still", turn = 0;

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
    .flatMap((one) => one.innerText.match(/[^.?:]+[.?:]*\s*/g) || []);

  const read = () => {
    const parts = sentences(), mine = ++turn;
    voices.cancel();
    to("reading");
    parts.forEach((part, number) => {
      const said = new SpeechSynthesisUtterance(part);
      said.lang = document.documentElement.lang;
      said.voice = voice();
      said.rate = 0.95;
      if (number === parts.length - 1) said.onend = () => { if (mine === turn && state === "reading") finished(); };
      voices.speak(said);
    });
    if (!parts.length) to("still");
  };

  const finished = () => {
    to("still");
    if (!lesson) return;
    lesson.addEventListener("turned", read, { once: true });
    lesson.dispatchEvent(new Event("read"));
    lesson.removeEventListener("turned", read);
  };

  const end = () => { turn += 1; voices.cancel(); to("still"); };

  go.addEventListener("click", () => {
    if (state === "still") read();
    else if (state === "reading") { voices.pause(); to("paused"); }
    else { voices.resume(); to("reading"); }
  });
  stop.addEventListener("click", () => { end(); go.focus(); });
  if (lesson) lesson.addEventListener("turned", () => { if (state === "reading") read(); else if (state === "paused") end(); });
  addEventListener("pagehide", end);
  voices.addEventListener?.("voiceschanged", offer);
  offer();
})();
