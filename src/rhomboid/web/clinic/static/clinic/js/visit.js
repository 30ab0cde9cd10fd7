/* Saved while one goes on typing: an answer never takes away what was entered since it was asked for. The entry made since is
   sent by itself and brings its own answer. */
(() => {
  const entries = (data) => [...data.entries()].filter(([name]) => name !== "csrfmiddlewaretoken").map((pair) => pair.join("=")).sort().join("&");
  const asked = (event) => event.detail.requestConfig?.elt?.closest?.("form[data-keep]");
  const begun = (field) => {
    if (field.type === "hidden" || field.type === "submit" || field.disabled) return false;
    if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
    if (field.tagName === "SELECT") return [...field.options].some((option) => option.selected !== option.defaultSelected && option.value !== "");
    return field.value !== field.defaultValue;
  };
  document.addEventListener("htmx:beforeSwap", (event) => {
    const form = asked(event);
    if (!form || !form.isConnected || event.detail.xhr.status >= 400) return;
    const goneOn = entries(new FormData(form)) !== entries(event.detail.requestConfig.formData);
    const others = [...event.detail.target.querySelectorAll("form[data-keep]")].filter((other) => other !== form);
    if (goneOn || others.some((other) => [...other.elements].some(begun))) event.detail.shouldSwap = false;
  });
})();
