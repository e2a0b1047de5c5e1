// A field for a date shows the browser's order of day and month. The words beside it say which day
// it is, and follow what one types.
"use strict";

(() => {
  const language = document.documentElement.lang;
  const words = new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, {
    weekday: "short", day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
  });
  document.addEventListener("input", ({ target }) => {
    const beside = target.closest(".dated");
    if (!beside) return;
    const text = target.valueAsDate ? words.format(target.valueAsDate) : "";
    beside.dataset.words = language === "en-US" ? text : text.replace(/\.?,/g, "").replace(/\.(?= \d{4})/, ""); // as the server writes it
  });
})();
