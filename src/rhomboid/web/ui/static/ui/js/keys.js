/* "/" goes to the fast entry, "?" lists the shortcuts, Esc and Up work inside the fast entry. */
(() => {
  const typing = (target) => target.closest("input:not([type=checkbox]):not([type=radio]):not([type=range]), textarea, select, [contenteditable]");
  let last = "";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    const entry = event.target.closest("[data-fast-entry]");
    if (entry) {
      if (event.key === "Escape" && entry.value) { entry.value = ""; entry.dispatchEvent(new Event("input", { bubbles: true })); event.preventDefault(); }
      if (event.key === "ArrowUp" && !entry.value && last) { entry.value = last; entry.dispatchEvent(new Event("input", { bubbles: true })); event.preventDefault(); }
      if (event.key === "Enter" && entry.value.trim()) last = entry.value;
      return;
    }
    if (typing(event.target) || document.querySelector("dialog[open]")) return;
    if (event.key === "/") {
      const field = document.querySelector("[data-fast-entry]") || document.querySelector("[data-palette-open]");
      if (!field) return;
      event.preventDefault();
      if (field.matches("[data-palette-open]")) field.click(); else field.focus();
    }
    if (event.key === "?") { event.preventDefault(); document.getElementById("shortcuts")?.showModal(); }
  });
})();
