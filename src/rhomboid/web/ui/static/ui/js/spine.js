/* The spine: a level toggles by click, touch or Space in the mode that is on (stiff or pain); Up and Down move.
   Hidden inputs are the record: NAME-T6-mobility, NAME-T6-pain, and NAME-changed with the level. The last one fires `change`. */
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const NEXT = { mobility: ["", "stiff", "normal", "loose"], pain: ["", "left", "right", "both", "center"] };
  const WORDS = {
    stiff: "stiff", loose: "moves too much", normal: "normal",
    left: "familiar pain on the left", right: "familiar pain on the right", both: "familiar pain on both sides", center: "familiar pain in the middle",
  };
  const SIDES = { left: [-2.65], right: [2.65], both: [-2.65, 2.65], center: [0] };
  const fieldOf = (target) => target.closest("[data-spine]");
  const input = (field, level, what) => field.querySelector(`input[name="${field.dataset.name}-${level}-${what}"]`);

  const paint = (field, level) => {
    const mobility = input(field, level, "mobility").value;
    const pain = input(field, level, "pain").value;
    const bone = field.querySelector(`[data-bone="${level}"]`);
    bone.classList.remove("stiff", "loose", "normal", "pending");
    if (mobility) bone.classList.add(mobility);
    const discs = field.querySelector(`[data-discs="${level}"]`);
    discs.replaceChildren(...(SIDES[pain] || []).map((x) => {
      const disc = document.createElementNS(SVG, "circle");
      disc.setAttribute("class", "disc");
      disc.setAttribute("cx", String(x));
      disc.setAttribute("cy", String(Number(discs.dataset.y) - 0.46));
      disc.setAttribute("r", ".62");
      return disc;
    }));
    const marked = Boolean(mobility || pain);
    field.querySelector(`[data-leader="${level}"]`).classList.toggle("on", marked);
    const said = [WORDS[mobility], WORDS[pain]].filter(Boolean).join(", ") || "not tested";
    const button = field.querySelector(`[data-level="${level}"]`);
    button.setAttribute("aria-pressed", String(marked));
    button.setAttribute("aria-label", `${level}: ${said}`);
    if (window.ui) window.ui.announce(`${level} ${said}`);
  };
  const mark = (field, level, side) => {
    if (!field.dataset.name) return;
    const what = field.dataset.mode === "pain" ? "pain" : "mobility";
    const box = input(field, level, what);
    if (!box) return;
    const turn = NEXT[what];
    box.value = side && what === "pain" ? (box.value === side ? "" : side) : turn[(turn.indexOf(box.value) + 1) % turn.length];
    paint(field, level);
    const changed = field.querySelector(`input[name="${field.dataset.name}-changed"]`);
    changed.value = level;
    changed.dispatchEvent(new CustomEvent("change", { bubbles: true, detail: { level, what, value: box.value } }));
  };
  const focus = (field, button) => {
    field.querySelectorAll("[data-level]").forEach((other) => other.setAttribute("tabindex", other === button ? "0" : "-1"));
    button.focus();
  };

  document.addEventListener("click", (event) => {
    const field = fieldOf(event.target);
    if (!field) return;
    const mode = event.target.closest("[data-mode-choice]");
    if (mode) {
      field.dataset.mode = mode.dataset.modeChoice;
      field.querySelectorAll("[data-mode-choice]").forEach((button) => button.setAttribute("aria-pressed", String(button === mode)));
      return;
    }
    const button = event.target.closest("[data-level]");
    if (button) { focus(field, button); mark(field, button.dataset.level); return; }
    const tap = event.target.closest("[data-tap]");
    if (!tap) return;
    const box = tap.getBoundingClientRect();
    const part = (event.clientX - box.left) / box.width;
    mark(field, tap.dataset.tap, part < 0.38 ? "left" : part > 0.62 ? "right" : "center");
  });
  document.addEventListener("keydown", (event) => {
    const button = event.target.closest?.("[data-spine] [data-level]");
    if (!button) return;
    const field = fieldOf(button);
    const buttons = [...field.querySelectorAll("[data-level]")];
    const at = buttons.indexOf(button);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: buttons.length - 1 }[event.key];
    if (to !== undefined) { event.preventDefault(); focus(field, buttons[Math.min(Math.max(to, 0), buttons.length - 1)]); }
    if (field.dataset.mode === "pain" && (event.key === "ArrowLeft" || event.key === "ArrowRight")) {
      event.preventDefault();
      mark(field, button.dataset.level, event.key === "ArrowLeft" ? "left" : "right");
    }
  });
})();
