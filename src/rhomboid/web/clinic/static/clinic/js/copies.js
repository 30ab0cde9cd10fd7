/* A button that copies what stands in a field. Where the browser does not let it, the text is selected instead. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copies]");
  if (!button) return;
  const field = document.getElementById(button.dataset.copies);
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
  } catch { /* selected: Ctrl C copies it */ }
});
