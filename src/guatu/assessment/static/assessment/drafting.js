// A fault leads to its line in the text; leaving with unsaved words asks first.
(() => {
  "use strict";
  const form = document.getElementById("drafting");
  if (!form) return;

  document.addEventListener("click", (event) => {
    const told = event.target.closest("[data-field][data-line]");
    const box = told && document.getElementById(told.dataset.field);
    if (!box) return;
    const folded = box.closest("details");
    if (folded) folded.open = true;
    const lines = box.value.split("\n");
    const at = Math.min(Number(told.dataset.line), lines.length) - 1;
    const start = lines.slice(0, at).reduce((sum, line) => sum + line.length + 1, 0);
    box.focus();
    box.setSelectionRange(start, start + lines[at].length);
    box.scrollTop = Math.max(0, (box.scrollHeight / lines.length) * (at - 4));
    box.scrollIntoView({ block: "center" });
  });

  // A page that answers a check or a refused save shows words that nobody has kept yet.
  let isChanged = form.hasAttribute("data-unsaved");
  form.addEventListener("input", () => { isChanged = true; });
  form.addEventListener("submit", () => { isChanged = false; });
  window.addEventListener("beforeunload", (event) => {
    if (isChanged) event.preventDefault();
  });
})();
