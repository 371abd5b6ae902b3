// A column copied from a sheet and pasted into one cell fills the cells below it.
(() => {
  "use strict";
  document.addEventListener("paste", (event) => {
    const first = event.target.closest("input[data-column]");
    if (!first) return;
    const lines = event.clipboardData.getData("text").replace(/\r/g, "").replace(/\n$/, "").split("\n");
    if (lines.length < 2) return;
    event.preventDefault();
    const cells = [...document.querySelectorAll("input[data-column]")];
    const start = cells.indexOf(first);
    lines.forEach((line, place) => {
      const cell = cells[start + place];
      if (cell) cell.value = line.split("\t")[0].trim();
    });
  });
})();
