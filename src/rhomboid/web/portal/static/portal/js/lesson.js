/* One idea at a time. Without this script they stand below each other. */
(() => {
  const lesson = document.querySelector("[data-lesson]");
  const ideas = [...lesson.querySelectorAll("[data-idea]")];
  const bar = lesson.querySelector("[data-bar]"), count = lesson.querySelector("[data-count]");
  const turn = lesson.querySelector("[data-turn]"), end = lesson.querySelector("[data-end]");
  const before = lesson.querySelector("[data-before]"), next = lesson.querySelector("[data-next]");
  let at = 0;

  const show = (number, focus = true) => {
    at = Math.min(Math.max(number, 0), ideas.length - 1);
    ideas.forEach((idea, place) => { idea.hidden = place !== at; });
    const last = at === ideas.length - 1;
    before.disabled = at === 0;
    next.hidden = last;
    end.hidden = !last;
    turn.classList.toggle("acts-two", !last);
    bar.querySelector("rect").setAttribute("width", String(((at + 1) / ideas.length) * 100));
    count.textContent = count.dataset.words.replace("%n", at + 1).replace("%all", ideas.length);
    if (focus) { ideas[at].focus(); scrollTo(0, 0); }
  };

  before.addEventListener("click", () => { show(at - 1); lesson.dispatchEvent(new Event("turned")); });
  next.addEventListener("click", () => { show(at + 1); lesson.dispatchEvent(new Event("turned")); });
  lesson.addEventListener("read", () => { if (at < ideas.length - 1) { show(at + 1, false); lesson.dispatchEvent(new Event("turned")); } });
  turn.hidden = bar.hidden = false;
  show(0, false);
})();
