/* The guided player: one exercise at a time, counted aloud and in large figures, with pain limits that stop it. Works without a network. */
(() => {
  const box = window.rhomboid;
  const form = document.querySelector("[data-player]");
  const data = JSON.parse(document.getElementById("session-data").textContent);
  const words = data.words;
  const find = (name, from = document) => from.querySelector(`[data-${name}]`);
  const [acts, live, hurts, stopped, finished, next, pause] = ["acts", "live", "hurts", "stopped", "finished", "next", "pause"].map((name) => find(name));
  const icons = [...find("icons").content.querySelectorAll("svg")];
  const icon = (place) => icons[place].cloneNode(true);
  const of = (ref) => data.exercises.find((one) => one.ref === ref);
  const fresh = data.day === box.today();
  let rest = fresh ? data.rest : null;
  let steps = [];
  let at = 0;
  let counter = null;
  let after = false;
  let saved = { day: box.today(), session: "", done: [] };
  const peak = {}, ended = new Set();
  const waiting = {};

  /* --- sound, vibration, a screen that stays on ------------------------------------------------------------------------ */
  const set = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private window */ } };
  const is = (name) => { try { return localStorage.getItem(name) === "on"; } catch { return false; } };
  let audio = null, lock = null;
  const beep = (height = 660, length = 0.09) => {
    if (!is("sound")) return;
    audio ??= new (window.AudioContext || window.webkitAudioContext)();
    const tone = audio.createOscillator(), gain = audio.createGain();
    tone.frequency.value = height;
    gain.gain.setValueAtTime(0.2, audio.currentTime);
    gain.gain.exponentialRampToValueAtTime(0.001, audio.currentTime + length);
    tone.connect(gain).connect(audio.destination);
    tone.start();
    tone.stop(audio.currentTime + length);
  };
  const buzz = (pattern) => { if (is("vibration")) navigator.vibrate?.(pattern); };
  const awake = async (wanted) => {
    if (!wanted) { lock?.release().catch(() => {}); lock = null; return; }
    try { lock ??= await navigator.wakeLock?.request("screen"); lock?.addEventListener("release", () => { lock = null; }); } catch { /* battery is low */ }
  };
  document.addEventListener("visibilitychange", () => { if (!document.hidden && counter?.running) awake(true); });
  const say = (text) => { live.textContent = text; };

  /* --- limits ---------------------------------------------------------------------------------------------------------- */
  const limits = () => data.limits.colors.length ? { colors: data.limits.colors[rest ?? 0], words: data.limits.words[rest ?? 0] } : null;
  const judge = (pain) => {
    const found = limits();
    if (!found) return { color: "r", text: words.stop };
    const color = found.colors[pain];
    return { color, text: data.limits.texts[found.words[pain]]["gar".indexOf(color)], top: found.colors.lastIndexOf("r") > -1 ? found.colors.indexOf("r") - 1 : 10 };
  };
  const range = (from, to) => (from === to ? words.one : to === 10 ? words.up : to - from === 1 ? words.two : words.to).replace("%a", from).replace("%b", to);
  const zones = (place) => {
    const found = limits();
    if (!found) return;
    place.replaceChildren(...[["g", "green", words.fine], ["a", "amber", words.smaller], ["r", "red", words.stop]].filter(([letter]) => found.colors.includes(letter)).map(([letter, name, word]) => {
      const one = document.createElement("li"), head = document.createElement("b"), text = document.createElement("span");
      one.className = `zone-${name}`;
      const numbers = range(found.colors.indexOf(letter), found.colors.lastIndexOf(letter));
      head.textContent = letter === "g" ? words.pain.replace("%r", numbers) : numbers;
      text.textContent = word;
      one.append(head, text);
      return one;
    }));
  };
  const answer = (pain) => {
    const found = judge(pain);
    return { ...found, said: found.color === "r" ? [words.above.replace("%n", Math.max(0, found.top ?? 0)), found.text, data.half ? words.half : ""].filter(Boolean).join(" ") : found.text };
  };

  /* --- steps ----------------------------------------------------------------------------------------------------------- */
  const now = () => steps[at];
  const kind = () => now().dataset.step;
  const exercises = () => steps.filter((step) => step.dataset.step === "ex");
  const choose = () => {
    const loaded = rest === null || !data.limits.loaded.length || data.limits.loaded[rest];
    steps = [...form.querySelectorAll(".step")].filter((step) => {
      if (step.dataset.step === "before") return rest === null;
      if (step.dataset.step === "stop") return false;
      const one = step.dataset.ref && of(step.dataset.ref);
      return !one || (!saved.done.includes(one.ref) && (waiting[one.ref] || 0) < one.left && (loaded || !one.loaded));
    });
  };
  const show = (place) => {
    at = place;
    after = false;
    form.querySelectorAll(".step").forEach((step) => step.classList.toggle("is-now", step === now()));
    now().classList.remove("is-after", "is-counting");
    form.hidden = false;
    hurts.hidden = true;
    acts.hidden = false;
    const doing = kind() === "ex";
    find("ouch").parentElement.hidden = !doing;
    next.textContent = doing ? words.start : kind() === "end" ? words.finish : words.next;
    next.disabled = kind() === "before" && !form.querySelector("[name=rest]:checked");
    if (doing) { zones(find("zones", now())); counter = box.counter(of(now().dataset.ref), seen); }
    dots();
    pausing();
    window.scrollTo(0, 0);
    now().querySelector("h2").focus({ preventScroll: true });
  };
  const dots = () => {
    const count = exercises().length, before = steps.slice(0, at).filter((step) => step.dataset.step === "ex").length;
    find("progress").replaceChildren(...Array.from({ length: count }, (_, place) => { const dot = document.createElement("i"); dot.classList.toggle("is-done", place < before); return dot; }));
  };
  const pausing = () => {
    const running = Boolean(counter?.running);
    pause.disabled = kind() !== "ex" || after || !now().classList.contains("is-counting");
    pause.setAttribute("aria-pressed", String(!running && !pause.disabled));
    pause.replaceChildren(icon(running || pause.disabled ? 1 : 0), Object.assign(document.createElement("span"), { textContent: running || pause.disabled ? words.pause : words.resume }));
  };

  /* --- the count ------------------------------------------------------------------------------------------------------- */
  let part = "";
  const clock = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  const seen = (one) => {
    const step = now(), number = find("n", step), line = find("of", step), below = find("set", step), pips = find("pips", step);
    if (one.kind === "end") { ask("done"); return; }
    const place = `${one.kind === "hold" ? "work" : one.kind} ${one.set} ${one.side}`;
    const setWords = [one.sets > 1 ? words.set.replace("%n", one.set).replace("%all", one.sets) : "", one.sides > 1 ? (one.side === 1 ? words.first : words.other) : ""].filter(Boolean).join(", ");
    const counting = one.n !== undefined;
    const long = one.kind === "work" && !counting && one.of >= 120;
    number.textContent = one.kind === "free" ? "" : counting ? one.n : long ? clock(one.left) : one.left;
    line.textContent = one.kind === "hold" ? `${words.hold} ${one.left}` : counting ? words.of.replace("%n", one.of) : { ready: words.ready, rest: words.rest, switch: words.switch }[one.kind] || (one.kind === "free" ? "" : long ? words.minutes : words.seconds);
    below.textContent = setWords;
    pips.replaceChildren(...Array.from({ length: counting && one.of <= 20 ? one.of : 0 }, (_, n) => { const pip = document.createElement("i"); pip.classList.toggle("is-done", n < one.n); return pip; }));
    if (place !== part) {
      part = place;
      next.textContent = ["ready", "rest", "switch"].includes(one.kind) ? words.skip : words.next;
      say([line.textContent && !counting ? line.textContent : "", counting ? words.times.replace("%n", one.of) : "", setWords].filter(Boolean).join(". "));
      if (one.kind !== "ready") { beep(one.kind === "work" ? 880 : 520, 0.2); buzz(one.kind === "work" ? 80 : [60, 60, 60]); }
      if (one.kind === "switch" || (one.kind === "work" && one.sides > 1)) mirror(step, one.side > 1);
    } else if (one.kind === "work" && counting) beep();
  };
  const ask = (outcome) => {
    counter.pause();
    awake(false);
    after = true;
    const step = now(), ref = step.dataset.ref;
    step.classList.add("is-after");
    const chosen = form.querySelector(`[name="outcome-${ref}"][value="${outcome}"]`);
    if (chosen) chosen.checked = true;
    if (ref in peak) form.querySelector(`[name="during-${ref}"][value="${peak[ref]}"]`).checked = true;
    step.classList.toggle("is-ended", ended.has(ref));
    if (ended.has(ref)) form.querySelector(`[name="why-${ref}"][value="pain"]`).checked = true;
    find("ouch").parentElement.hidden = true;
    next.textContent = words.next;
    beep(990, 0.3);
    buzz(200);
    say(words.done);
    window.scrollTo(0, 0);
    find("after", step).querySelector("h2").focus({ preventScroll: true });
  };
  const number = (name) => { const one = form.querySelector(`[name="${name}"]:checked`); return one ? Number(one.value) : null; };
  const told = (name) => form.querySelector(`[name="${name}"]:checked`)?.value || "";
  const report = (body) => box.add({ episode: data.who, ...body });
  const keepExercise = async (ref) => {
    const outcome = told(`outcome-${ref}`) || "done";
    await report({
      kind: "exercise", item: ref, session: saved.session, outcome, why: outcome === "done" ? "" : told(`why-${ref}`), rest,
      during: number(`during-${ref}`), effort: number(`effort-${ref}`), stopped: ended.has(ref),
    });
    saved.done.push(ref);
    await box.put("session", saved);
  };

  /* --- what is tapped -------------------------------------------------------------------------------------------------- */
  let busy = false;
  next.addEventListener("click", async () => {
    if (busy) return;
    busy = true;
    try { await go(); } finally { busy = false; }
  });
  const go = async () => {
    if (kind() === "before") {
      rest = number("rest");
      if (rest === null) return;
      await report({ kind: "rest", rest });
      choose();
      show(0);
    } else if (kind() === "end") {
      await report({ kind: "session", session: saved.session, after: number("after"), note: form.querySelector("[name=note]").value.slice(0, 300) });
      await box.drop("session");
      leave(finished);
    } else if (after) {
      await keepExercise(now().dataset.ref);
      show(at + 1);
    } else if (!now().classList.contains("is-counting")) {
      now().classList.add("is-counting");
      part = "";
      counter.start();
      awake(true);
      pausing();
    } else {
      if (!counter.running) { counter.start(); pausing(); }
      counter.next();
    }
  };
  pause.addEventListener("click", () => {
    if (counter.running) { counter.pause(); awake(false); } else { counter.start(); awake(true); }
    pausing();
  });
  form.addEventListener("change", (event) => {
    const name = event.target.name || "";
    if (name === "rest") next.disabled = false;
    if (!name.startsWith("during-")) return;
    const found = answer(Number(event.target.value)), place = find("answer", now());
    place.hidden = found.color === "g";
    place.querySelector("span").textContent = found.said;
    if (found.color === "r") ended.add(now().dataset.ref); else ended.delete(now().dataset.ref);
  });
  form.addEventListener("submit", (event) => event.preventDefault());

  /* --- it hurts -------------------------------------------------------------------------------------------------------- */
  const goOn = find("go-on");
  find("ouch").addEventListener("click", () => {
    counter.pause();
    pausing();
    form.hidden = acts.hidden = true;
    hurts.hidden = false;
    goOn.hidden = true;
    find("hurts-answer").textContent = "";
    hurts.querySelectorAll("[data-pain]").forEach((one) => one.setAttribute("aria-pressed", "false"));
    hurts.querySelector("h2").focus();
  });
  let color = "";
  hurts.querySelectorAll("[data-pain]").forEach((one) => one.addEventListener("click", () => {
    const pain = Number(one.dataset.pain), found = answer(pain), place = find("hurts-answer"), ref = now().dataset.ref;
    hurts.querySelectorAll("[data-pain]").forEach((other) => other.setAttribute("aria-pressed", String(other === one)));
    peak[ref] = Math.max(peak[ref] ?? 0, pain);
    color = found.color;
    place.className = `zone-${{ g: "green", a: "amber", r: "red" }[color]} say`;
    place.textContent = found.said;
    goOn.hidden = false;
    goOn.textContent = color === "r" ? words.next : words.skip;
  }));
  goOn.addEventListener("click", () => {
    form.hidden = acts.hidden = false;
    hurts.hidden = true;
    if (color === "r") { ended.add(now().dataset.ref); ask("part"); return; }
    if (now().classList.contains("is-counting")) counter.start();
    pausing();
    next.focus();
  });

  /* --- something else: stop symptoms ------------------------------------------------------------------------------------ */
  const list = form.querySelector("[data-step=stop]");
  find("other").addEventListener("click", () => {
    hurts.hidden = true;
    form.hidden = false;
    now().classList.remove("is-now");
    list.classList.add("is-now");
    list.querySelector("h2").focus();
  });
  find("none-of", list).addEventListener("click", () => {
    list.classList.remove("is-now");
    now().classList.add("is-now");
    acts.hidden = false;
    pausing();
    next.focus();
  });
  find("stop", list).addEventListener("click", async () => {
    const symptoms = [...list.querySelectorAll("[name=symptom]:checked")].map((one) => one.value);
    if (!symptoms.length) return;
    halt(symptoms);
    await report({ kind: "stop", symptoms, item: now().dataset.ref || "" });
    await box.drop("session");
  });
  /* A sign that this page does not know may be one for the emergency number. */
  const halt = (symptoms) => {
    if (!stopped.hidden) return;
    const rows = symptoms.map((id) => list.querySelector(`[name=symptom][value="${id}"]`));
    const emergency = rows.some((one) => !one || "emergency" in one.dataset);
    stopped.classList.toggle("is-911", emergency);
    find("for='911'", stopped).hidden = !emergency;
    find("for='clinic'", stopped).hidden = emergency;
    leave(stopped);
  };
  /* Told on this phone and not with the clinic yet: in another tab, or before this page was opened again without a network. */
  const toldStop = (rows) => rows.filter((row) => row.who === data.who && row.body.kind === "stop" && !row.refused).flatMap((row) => row.body.symptoms);
  document.addEventListener("outbox", (event) => {
    const symptoms = toldStop(event.detail.rows);
    if (symptoms.length) halt(symptoms);
  });
  /* Paused by the clinic, or in "When to worry": Today says why. */
  navigator.serviceWorker?.addEventListener("message", (event) => {
    if (event.data?.paused && stopped.hidden) location.replace(find("close").href);
  });
  const leave = (to) => {
    counter?.pause();
    awake(false);
    form.hidden = acts.hidden = true;
    find("progress").replaceChildren();
    to.hidden = false;
    window.scrollTo(0, 0);
    to.focus();
  };
  document.addEventListener("outbox", (event) => {
    if (event.detail.answers.some((one) => one.changes?.some((change) => change.pct < 100))) find("said").replaceChildren(Object.assign(document.createElement("p"), { textContent: data.half ? words.half : "" }));
  });

  /* --- the picture ----------------------------------------------------------------------------------------------------- */
  const picture = (step) => step.querySelector(".stage > svg");
  const mirror = (step, on) => {
    const svg = picture(step);
    if (!svg) return;
    svg.classList.toggle("is-mirrored", on);
    const alts = of(step.dataset.ref).alts;
    if (alts.length) svg.setAttribute("aria-label", alts[on ? 1 : 0]);
  };
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    const step = button.closest(".step");
    if ("mirror" in button.dataset) mirror(step, !picture(step)?.classList.contains("is-mirrored"));
    if ("sound" in button.dataset) { set("sound", is("sound") ? "off" : "on"); tools(); beep(); }
    if ("move" in button.dataset) {
      const svg = picture(step), moves = button.dataset.still === undefined;
      if (svg && moves) svg.pauseAnimations(); else svg?.unpauseAnimations();
      if (moves) button.dataset.still = ""; else delete button.dataset.still;
      tools();
    }
  });
  const label = (button, place, text) => { button.replaceChildren(icon(place), Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: text })); };
  const tools = () => {
    form.querySelectorAll("[data-sound]").forEach((one) => { label(one, is("sound") ? 2 : 3, is("sound") ? words.soundOff : words.soundOn); one.setAttribute("aria-pressed", String(is("sound"))); });
    form.querySelectorAll("[data-move]").forEach((one) => label(one, one.dataset.still === undefined ? 1 : 0, one.dataset.still === undefined ? words.moveOff : words.moveOn));
  };

  /* --- begin, or go on where it was left -------------------------------------------------------------------------------- */
  const begin = (kept, rows) => {
    if (kept && kept.day === box.today()) saved = kept;
    if (!saved.session) saved.session = String(Date.now()) + Math.random().toString(36).slice(2);
    /* A page from before the network went does not know what has been done since. */
    for (const { body } of rows.filter((row) => row.body.kind === "exercise" && row.body.outcome !== "skipped" && !saved.done.includes(row.body.item))) {
      waiting[body.item] = (waiting[body.item] || 0) + 1;
    }
    if (rest === null) form.querySelectorAll("[name=rest]").forEach((one) => { one.checked = false; });
    tools();
    choose();
    const symptoms = toldStop(rows);
    if (symptoms.length) { halt(symptoms); return; }
    if (exercises().length || saved.done.length) show(0); else leave(finished);
  };
  Promise.all([box.get("session").catch(() => null), box.rows(data.who).catch(() => [])]).then((found) => begin(...found));
})();
