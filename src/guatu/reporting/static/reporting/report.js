// One project's report: this period and the cumulative figure move together, what is typed is kept.
// The server computes and checks everything again; without this file the form works as it is.
(() => {
  "use strict";

  const form = document.querySelector("form.report");
  if (!form) return;
  const { year, month, life } = form.elements;
  const told = form.querySelector(".kept");
  const FINE = 10000; // 万元 with four places: whole yuan

  function yuan(text) {
    const plain = text.normalize("NFKC").replace(/[,\s]/g, "");
    if (!/^[-+]?(\d+(\.\d{0,4})?|\.\d{1,4})$/.test(plain)) return null;
    return Math.round(Number(plain) * FINE);
  }

  function wan(value) {
    return String(value / FINE);
  }

  const last = form.dataset.beginsYear ? 0 : form.dataset.isNext ? yuan(form.dataset.last) : null;
  const lastLife = yuan(form.dataset.lastLife);
  let ownLife = life && life.value !== "" && life.value !== form.dataset.lastLife;

  function follow(step) {
    if (!ownLife && lastLife !== null && step !== null) life.value = wan(lastLife + step);
  }

  if (year) {  // a programme has no money to keep in step
    year.addEventListener("input", () => {
      const now = yuan(year.value);
      if (last === null || now === null) return;
      month.value = wan(now - last);
      follow(now - last);
    });
    month.addEventListener("input", () => {
      const step = yuan(month.value);
      if (last === null || step === null) return;
      year.value = wan(last + step);
      follow(step);
    });
    life.addEventListener("input", () => { ownLife = true; });
  }

  // Autosave: a while after the last key, and when the page is left.
  let version = form.dataset.draftVersion;
  let waiting = null;
  let busy = false;
  let stopped = false;

  async function keep() {
    waiting = null;
    if (stopped || busy) return;
    busy = true;
    const body = new FormData(form);
    body.append("draft_version", version);
    try {
      const answer = await fetch(form.dataset.draft, { method: "POST", body, keepalive: true });
      const said = await answer.json();
      told.textContent = said.words;
      if (answer.ok) version = said.version;
      else stopped = answer.status === 409;
    } catch {
      told.textContent = "没有暂存：网络不通，请先不要关闭页面";
    }
    busy = false;
    if (waiting === "again") keep();
  }

  form.addEventListener("input", () => {
    if (busy) { waiting = "again"; return; }
    clearTimeout(waiting);
    waiting = setTimeout(keep, 1500);
  });
  form.addEventListener("submit", () => { clearTimeout(waiting); stopped = true; });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden" && waiting) { clearTimeout(waiting); keep(); }
  });
})();
