// After an answer the next open question has the focus: whoever works by keyboard goes on there.
(() => {
  "use strict";

  let answered = null;

  document.addEventListener("htmx:beforeSwap", (event) => {
    const place = event.detail.target;
    answered = event.detail.xhr.status === 200 && place.matches?.(".question") ? place.id : null;
  });

  document.addEventListener("htmx:afterSettle", () => {
    if (!answered) return;
    const place = document.getElementById(answered);
    const open = [...document.querySelectorAll("form.question")];
    const comes = place && open.find(
      (one) => place.compareDocumentPosition(one) & Node.DOCUMENT_POSITION_FOLLOWING,
    );
    const own = place?.matches("form.question") ? place : null;
    answered = null;
    (own || comes || open[0] || document.getElementById("questions-head"))?.focus();
  });
})();
