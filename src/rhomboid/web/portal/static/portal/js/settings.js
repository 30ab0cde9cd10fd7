/* What only this phone knows: whether the player sounds and buzzes. Kept here, sent nowhere. */
(() => {
  const place = document.querySelector("[data-phone]");
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  try { localStorage.setItem("phone-keeps", "1"); } catch { return; }
  place.hidden = false;
  place.querySelectorAll("[data-keeps]").forEach((box) => {
    box.checked = read(box.dataset.keeps) === "on";
    box.addEventListener("change", () => localStorage.setItem(box.dataset.keeps, box.checked ? "on" : "off"));
  });
})();
