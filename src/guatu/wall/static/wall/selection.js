// How many rows are picked, all of the page at once, a range with Shift; one field for all of them.
(() => {
  "use strict";
  const form = document.querySelector("form[data-selection]");
  if (!form) return;
  const boxes = [...form.querySelectorAll("tbody input[name=id]")];
  const whole = form.querySelector("input[name=scope]");
  const page = form.querySelector("[data-pick-page]");
  const none = form.querySelector("[data-pick-none]");
  const head = form.querySelector("[data-check-all]");
  const told = form.querySelector("[data-picked]");
  const send = form.querySelector("button:not([type=button])");
  let last = null;

  function tell() {
    const picked = boxes.filter((box) => box.checked).length;
    const count = whole.checked ? Number(form.dataset.selection) : picked;
    told.textContent = `${count}项已选`;
    for (const box of boxes) {
      box.closest("tr").classList.toggle("picked", box.checked || whole.checked);
      box.disabled = whole.checked;
    }
    head.disabled = page.disabled = whole.checked;
    head.checked = picked === boxes.length;
    head.indeterminate = picked > 0 && picked < boxes.length;
    page.hidden = picked === boxes.length || whole.checked;
    none.hidden = !count;
    send.disabled = !count;
  }

  function pick(some, checked) {
    for (const box of some) box.checked = checked;
    tell();
  }

  page.addEventListener("click", () => { pick(boxes, true); none.focus(); });
  none.addEventListener("click", () => {
    whole.checked = false;
    pick(boxes, false);
    page.focus();
  });
  form.addEventListener("click", (event) => {
    const at = boxes.indexOf(event.target);
    if (at < 0) return;
    if (event.shiftKey && last !== null) {
      pick(boxes.slice(Math.min(at, last), Math.max(at, last) + 1), event.target.checked);
    }
    last = at;
  });
  // After the box in the head has done its work.
  document.addEventListener("change", (event) => {
    if (form.contains(event.target)) tell();
  });
  // A whole list of rows goes as one field: a form may not have thousands.
  form.addEventListener("formdata", (event) => {
    event.formData.delete("id");
    event.formData.set("ids", boxes.filter((box) => box.checked).map((box) => box.value).join());
  });
  window.addEventListener("pageshow", tell);
  tell();
})();
