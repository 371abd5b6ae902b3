// Dropped files go up one by one, each acknowledged by itself; then they are taken in together.
(() => {
  "use strict";

  const form = document.querySelector("form[data-drop]");
  if (!form) return;
  const input = form.querySelector("input[type=file]");
  const place = form.querySelector(".drop-place");
  const list = form.querySelector(".drop-list");
  const button = form.querySelector("button");
  const word = form.elements.form_token.value;
  let isBusy = false;

  const send = (file, number, bar) =>
    new Promise((resolve) => {
      const body = new FormData();
      body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      body.append("form_token", `${word}-${number}`);
      body.append("drop", word);
      body.append("more", "1");
      body.append("files", file);
      const request = new XMLHttpRequest();
      request.open("POST", form.action);
      request.setRequestHeader("HX-Request", "true");
      request.upload.onprogress = (event) => {
        if (event.lengthComputable) bar.value = event.loaded / event.total;
      };
      request.onloadend = () => resolve(request);
      request.send(body);
    });

  const sendAgain = async (file, number, bar) => {
    // The same token a second time has the same effect: once.
    let answer = await send(file, number, bar);
    for (let tries = 1; answer.status === 0 && tries < 4; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1000 * tries));
      answer = await send(file, number, bar);
    }
    return answer;
  };

  const line = (file) => {
    const item = document.createElement("li");
    const bar = document.createElement("progress");
    const state = document.createElement("span");
    item.append(`${file.name} `, state, bar);
    bar.max = 1;
    bar.value = 0;
    state.textContent = "等待上传";
    list.append(item);
    return { file, item, bar, state };
  };

  const told = form.querySelector(".drop-told");
  const tell = (words, done, all) => {
    told.hidden = !words;
    told.querySelector("span").textContent = words;
    const bar = told.querySelector("progress");
    bar.max = all || 1;
    if (done === undefined) bar.removeAttribute("value");
    else bar.value = done;
  };

  // How far it is, from the table of files: that polls by itself once somebody is at work.
  const follow = () => {
    const bar = document.querySelector("#files progress[aria-label]");
    if (bar) tell(`文件都已收下，正在处理：已读取${bar.value}/${bar.max}个文件，请稍候`, bar.value, bar.max);
    if (document.querySelector("#files[hx-get]")) return;
    const table = { target: "#files", swap: "outerHTML" };
    window.htmx?.ajax("GET", form.dataset.files, table).catch(() => {}); // told below
  };

  const takeIn = async (delivery) => {
    const body = new FormData();
    body.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
    const address = form.dataset.drop.replace("/0/", `/${delivery}/`);
    const asked = fetch(address, { method: "POST", body, headers: { "HX-Request": "true" } });
    tell("文件都已收下，正在处理，请稍候");
    const watch = setInterval(follow, 700);
    try {
      return (await asked).ok;
    } finally {
      clearInterval(watch);
    }
  };

  const run = async (files) => {
    if (isBusy || files.length === 0) return;
    isBusy = true;
    button.disabled = true;
    list.replaceChildren();
    const lines = [...files].map(line);
    let delivery = "";
    let number = 0;
    let refused = 0;
    for (const { file, item, bar, state } of lines) {
      state.textContent = "正在上传";
      tell(`正在上传：${number}/${lines.length}个文件`, number, lines.length);
      const answer = await sendAgain(file, number, bar);
      number += 1;
      bar.remove();
      if (answer.status === 401) {
        location.assign(answer.getResponseHeader("HX-Redirect") || form.dataset.here);
        return;
      }
      if (answer.status === 200) {
        delivery = answer.responseText;
        state.textContent = "已收下";
      } else {
        refused += 1;
        state.textContent = answer.status ? "没有收下" : "没有连上，请重新拖一次";
        if (answer.status) item.insertAdjacentHTML("beforeend", answer.responseText);
      }
    }
    const isDone = delivery && (await takeIn(delivery).catch(() => false));
    if (isDone && !refused) {
      location.assign(`${form.dataset.here}?done=${delivery}#files`);
      return;
    }
    tell("");
    if (delivery && !isDone) {
      const rest = document.createElement("li");
      rest.textContent = "已收下的文件都在，还没有处理完。请稍后刷新本页，会接着处理";
      list.append(rest);
    }
    button.disabled = false;
    isBusy = false;
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    run(input.files);
  });
  input.addEventListener("change", () => run(input.files));
  for (const name of ["dragover", "dragenter"]) {
    place.addEventListener(name, (event) => {
      event.preventDefault();
      place.classList.add("is-over");
    });
  }
  place.addEventListener("dragleave", () => place.classList.remove("is-over"));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("is-over");
    run(event.dataTransfer.files);
  });
})();
