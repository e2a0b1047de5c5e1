// The status line: what just happened, and that the server does not answer.
"use strict";

(() => {
  const statusSeconds = 6;

  // Messages leave the screen after a while. They are not removed: what was read out
  // stays for those who read again.
  let hide;
  new MutationObserver(() => {
    const status = document.getElementById("status");
    if (!status?.classList.contains("shown")) return;
    clearTimeout(hide);
    const seconds = status.classList.contains("failed") ? 3 * statusSeconds : statusSeconds;
    hide = setTimeout(() => status.classList.remove("shown"), seconds * 1000);
  }).observe(document.body, { childList: true });

  document.addEventListener("htmx:error", () => {
    const status = document.getElementById("status");
    status.textContent = status.dataset.lost;
    status.classList.add("shown", "failed");
  });
})();
