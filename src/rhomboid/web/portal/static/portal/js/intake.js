/* "None of these" beside a list, and the list of places beside the picture. Without it the forms work as they are. */
(() => {
  const alone = (event) => {
    const list = event.target.closest("[data-several]");
    if (!list || !event.target.checked) return;
    const only = ["-", "?", "none"].includes(event.target.value);
    list.querySelectorAll("input").forEach((other) => {
      if (other !== event.target && (only || ["-", "?", "none"].includes(other.value))) other.checked = false;
    });
  };
  document.addEventListener("change", alone);
  document.querySelectorAll("a[href='#list']").forEach((link) => link.addEventListener("click", () => { document.querySelector("#list").open = true; }));
})();
