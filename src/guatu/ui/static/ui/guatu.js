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

  // A list is printed whole: where the page shows a part of it, the whole is opened first.
  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-print]")) return;
    const all = [...document.querySelectorAll("a[data-all]")];
    const whole = all.find((link) => link.pathname === location.pathname);
    if (whole) location.href = `${whole.href}#print`;
    else window.print();
  });
  window.addEventListener("load", () => {
    if (location.hash !== "#print") return;
    history.replaceState(null, "", location.pathname + location.search);
    window.print();
  });

  // Paper says what a list was narrowed to, and how much of it is there.
  function say(filters) {
    const told = [];
    for (const field of filters.querySelectorAll("select, input:not([type=hidden])")) {
      const label = field.labels?.[0]?.textContent.trim();
      const chosen = field.matches("select")
        ? [...field.options].find((option) => option.defaultSelected && option.value)?.text
        : field.type === "checkbox" || field.type === "radio" ? "" : field.defaultValue;
      if (label && chosen) told.push(`${label}：${chosen}`);
    }
    const count = document.querySelector(".pager span")?.textContent;
    const line = document.createElement("p");
    line.className = "print-only faint";
    line.textContent = [...told, count].filter(Boolean).join("　");
    if (!line.textContent) return;
    filters.after(line);
    document.querySelector(".pager")?.classList.add("no-print");
  }
  document.querySelectorAll("form.filters[method=get]").forEach(say);

  // A table that does not fit says so (guatu.css).
  function measure(box) {
    const table = box.querySelector("table");
    if (!table || !box.offsetWidth) return;
    const hidden = table.offsetWidth - box.clientWidth;
    const own = getComputedStyle(box).maxHeight !== "none" && !box.classList.contains("over");
    box.classList.toggle("over", hidden > 2);
    box.classList.toggle("fits", hidden <= 2 && !own);
    box.classList.toggle("more", hidden - box.scrollLeft > 2);
  }
  const sizes = new ResizeObserver((seen) => seen.forEach((one) => {
    measure(one.target.closest(".scroll"));
  }));
  function watch(root) {
    for (const box of root.querySelectorAll(".scroll")) {
      sizes.observe(box);
      if (box.firstElementChild) sizes.observe(box.firstElementChild);
      box.addEventListener("scroll", () => measure(box), { passive: true });
    }
  }
  watch(document);
  document.addEventListener("htmx:load", (event) => {
    if (event.target !== document.body) watch(event.target);
  });
})();
