/* Saved while one goes on typing: an answer never takes away what was entered since it was asked for. The entry made since is
   sent by itself and brings its own answer. */
(() => {
  const entries = (data) => [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken").map((pair) => pair.join("=")).sort().join("&");
  const asked = (event) => event.detail.requestConfig?.elt?.closest?.("form[data-keep]");
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = asked(event);
    if (!form || !form.isConnected || event.detail.xhr.status >= 400) return;
    const goneOn = entries(new FormData(form)) !== entries(event.detail.requestConfig.formData);
    const others = [...event.detail.target.querySelectorAll("form[data-keep]")].filter((other) => other !== form);
    if (goneOn || others.some((other) => [...other.elements].some(window.ui.begun))) event.detail.shouldSwap = false;
  });
})();
