// Small behaviours, bound through data- attributes. Everything works without them.
(() => {
  "use strict";

  // A link that goes back keeps what was typed on the page before.
  document.addEventListener("click", (event) => {
    const back = event.target.closest("[data-back]");
    if (back && history.length > 1) {
      event.preventDefault();
      history.back();
    }
  });

  // A destructive act names the thing before it happens.
  document.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) {
      event.preventDefault();
      return;
    }
    // One press, one post; the form token guards the rest.
    if (event.target.method === "post" && !event.target.dataset.sent) {
      event.target.dataset.sent = "1";
      setTimeout(() => delete event.target.dataset.sent, 3000);
    } else if (event.target.dataset.sent) {
      event.preventDefault();
    }
  });

  // Filters apply when a choice is made.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-submit-on-change]");
    if (form && event.target.matches("select, input[type=checkbox]")) form.requestSubmit();
  });

  // Copy a text, and say so.
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    const text = source.value ?? source.textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      source.focus();
      source.select?.();
      document.execCommand("copy");
    }
    const before = button.textContent;
    button.textContent = "已复制";
    setTimeout(() => (button.textContent = before), 2000);
  });

  // One box checks them all.
  document.addEventListener("change", (event) => {
    if (!event.target.matches("[data-check-all]")) return;
    const table = event.target.closest("table");
    for (const box of table.querySelectorAll("tbody input[type=checkbox][name=id]")) {
      box.checked = event.target.checked;
    }
  });

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
})();
