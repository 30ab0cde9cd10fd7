/* Counts a dose: rhomboid.counter(moves, show) with {sets, reps, hold, secs, sides, rest}. `show` gets each change of what is to be
   seen: {kind: ready|work|hold|rest|switch|end, n, of, set, sets, side, left}. A repetition takes four seconds and its hold. */
(() => {
  const REP = 4, READY = 5, SWITCH = 5, LEAST_REST = 10;

  const parts = (dose) => {
    const found = [{ kind: "ready", secs: READY }];
    for (let set = 1; set <= dose.sets; set += 1) {
      for (let side = 1; side <= dose.sides; side += 1) {
        if (side > 1) found.push({ kind: "switch", secs: SWITCH, set, side });
        found.push({ kind: "work", set, side, reps: dose.reps, hold: dose.hold, secs: dose.reps ? dose.reps * (REP + dose.hold) : dose.secs });
      }
      if (set < dose.sets) found.push({ kind: "rest", secs: dose.rest || LEAST_REST, set, side: 1 });
    }
    return found;
  };

  const seen = (part, gone, dose) => {
    const common = { set: part.set || 1, sets: dose.sets, side: part.side || 1, sides: dose.sides };
    const left = Math.max(0, Math.ceil(part.secs - gone));
    if (part.kind !== "work") return { ...common, kind: part.kind, left };
    if (!part.secs) return { ...common, kind: "free" };
    if (!part.reps) return { ...common, kind: "work", left, of: part.secs };
    const length = REP + part.hold;
    const n = Math.min(part.reps, Math.floor(gone / length) + 1);
    const into = gone - (n - 1) * length - REP / 2;
    const holding = part.hold > 0 && into >= 0 && into < part.hold;
    return { ...common, kind: holding ? "hold" : "work", n, of: part.reps, left: holding ? Math.ceil(part.hold - into) : 0 };
  };

  window.rhomboid.counter = (dose, show) => {
    const list = parts(dose);
    let at = 0, gone = 0, last = 0, timer = 0, told = "";
    const tell = () => {
      const now = at < list.length ? seen(list[at], gone, dose) : { kind: "end" };
      const text = JSON.stringify(now);
      if (text !== told) { told = text; show(now); }
    };
    const stop = () => { clearInterval(timer); timer = 0; };
    const on = () => { at += 1; gone = 0; if (at >= list.length) stop(); tell(); };
    const tick = () => {
      const now = performance.now();
      gone += (now - last) / 1000;
      last = now;
      const part = list[at];
      if (part.secs && gone >= part.secs) on(); else tell();
    };
    return {
      start() { if (!timer && at < list.length) { last = performance.now(); timer = setInterval(tick, 100); tell(); } },
      pause: stop,
      next: on,
      get running() { return Boolean(timer); },
      get ended() { return at >= list.length; },
    };
  };
})();
