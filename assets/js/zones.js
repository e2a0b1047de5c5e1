// Time zones are chosen: a field for one suggests all that the browser knows, its own first, each
// with the time there now.
"use strict";

(() => {
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches("input[name=zone], input[name$='.zone']") || target.list) return;
    const list = document.createElement("datalist");
    list.id = "zones";
    const own = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    for (const zone of [own, ...Intl.supportedValuesOf("timeZone").filter((one) => one !== own)]) {
      const option = document.createElement("option");
      option.value = zone;
      option.label = new Date().toLocaleTimeString(document.documentElement.lang, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
      list.append(option);
    }
    document.getElementById("zones")?.remove();
    document.body.append(list);
    target.setAttribute("list", list.id);
  });
})();
