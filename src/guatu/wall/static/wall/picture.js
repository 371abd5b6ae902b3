// Saves a project's picture as PNG, which chats can show; without it the link saves the SVG.
(() => {
  "use strict";

  const SCALE = 2;

  async function drawn(address) {
    const response = await fetch(address, { credentials: "same-origin" });
    if (!response.ok) throw new Error(String(response.status));
    const bytes = new TextEncoder().encode(await response.text());
    let binary = "";
    for (const one of bytes) binary += String.fromCharCode(one);
    const picture = new Image();
    picture.src = "data:image/svg+xml;base64," + btoa(binary);
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * SCALE;
    canvas.height = picture.naturalHeight * SCALE;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return canvas.toDataURL("image/png");
  }

  function save(address, name) {
    const link = document.createElement("a");
    link.href = address;
    link.download = name;
    link.click();
  }

  document.addEventListener("click", async (event) => {
    const asked = event.target.closest("a[data-picture]");
    if (!asked) return;
    event.preventDefault();
    try {
      save(await drawn(asked.href), asked.dataset.picture);
    } catch {
      location.assign(asked.href);
    }
  });
})();
