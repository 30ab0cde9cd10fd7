/* Shows what needs passkeys where the browser has them, and says in place when one was not used. */
(() => {
  document.addEventListener("DOMContentLoaded", () => {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("[data-passkey]").forEach((part) => { part.hidden = false; });
  });
  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    const place = document.querySelector("[data-passkey-says]");
    if (!place) return;
    const taken = event.detail.exception && event.detail.exception.name === "InvalidStateError";
    place.textContent = taken ? place.dataset.taken : place.dataset.unused;
    place.hidden = false;
  });
})();
