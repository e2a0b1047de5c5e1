// Choosing days of the month at a glance, by pointer and by keyboard, and what is then
// done with them: typing a name, emptying, pasting names, undoing. The forms are HTML,
// and sent by htmx; without this file the page still works.
"use strict";

(() => {
  const cell = (date, role) => document.getElementById(`seat-${date}-${role}`);
  const seatOf = (node) => node?.closest?.(".grid .seat");
  const dateOf = (node) => node.id.slice(5, 15); // seat-2026-11-23-primary
  const roleOf = (node) => node.id.slice(16);
  const $ = (selector) => document.querySelector(selector);
  const narrow = matchMedia("(max-width: 48rem)");

  // Where the focus is in the grid, by id, and what is chosen: the days of one role from
  // where it was begun to where it ends. Both outlive the table, which is swapped.
  let at = "";
  let role = "";
  let begun = "";
  let ended = "";
  let dragging = false;

  const stops = () => [...document.querySelectorAll(".grid .dates a, .grid .seat")];
  const rows = () =>
    [...document.querySelectorAll(".grid tbody tr")].map((tr) => [...tr.querySelectorAll(".seat, .dates td a")]);
  const range = () => (begun <= ended ? [begun, ended] : [ended, begun]);
  const keyOf = (stop) => stop.id || stop.parentElement.id;

  // One stop is in the tab order; the arrow keys move on from there.
  function draw() {
    const [first, last] = range();
    const today = $(".grid .today.seat") ?? $(".grid .seat:not(.outside)");
    const all = stops();
    const reachable = all.find((stop) => keyOf(stop) === at) ?? today;
    for (const stop of all) {
      stop.tabIndex = stop === reachable ? 0 : -1;
      if (!stop.matches(".seat")) continue;
      const date = dateOf(stop);
      const chosen = role === roleOf(stop) && first <= date && date <= last;
      stop.setAttribute("aria-selected", String(chosen));
      stop.querySelector("a").tabIndex = -1;
    }
  }

  function choose(seat, extend) {
    if (!extend || !begun) {
      role = roleOf(seat);
      begun = dateOf(seat);
    }
    ended = dateOf(seat);
    const end = cell(ended, role) ?? seat;
    at = end.id;
    draw();
    return end;
  }

  function goTo(stop) {
    if (!stop) return;
    at = keyOf(stop);
    if (stop.matches(".seat")) choose(stop, false);
    else draw();
    stop.focus();
  }

  // The form for a name, at the chosen days.
  const form = () => $("#set");
  const isOpen = () => form()?.classList.contains("open");
  const seenNow = () =>
    [...document.querySelectorAll(".grid [data-revision]")]
      .map((day) => `${day.id.slice(4)}=${day.dataset.revision}`)
      .join(" ");

  function prepare(target) {
    const [first, last] = range();
    const fields = target.elements;
    fields.role.value = role;
    fields.from.value = first;
    if (fields.to) fields.to.value = last;
    // What the days are now is what is seen; news that come while a name is typed are not.
    fields.seen.value = seenNow();
  }

  function place() {
    const [, last] = range();
    const end = cell(last, role) ?? $(".grid");
    const work = $(".gridwork").getBoundingClientRect();
    const box = end.getBoundingClientRect();
    const left = Math.max(0, Math.min(box.left - work.left, work.width - form().offsetWidth));
    form().style.setProperty("--left", `${left}px`);
    form().style.setProperty("--top", `${box.bottom - work.top + 6}px`);
  }

  function open(text) {
    if (!begun || !form()) return; // without the form whoever looks may not edit
    prepare(form());
    const [first, last] = range();
    const names = new Set();
    for (const seat of document.querySelectorAll('.grid .seat[aria-selected="true"]')) {
      const who = seat.querySelector(".who");
      names.add(who.classList.contains("gap") ? "" : who.textContent);
    }
    const name = form().elements.name;
    name.value = text ?? (names.size === 1 ? [...names][0] : "");
    name.setAttribute("aria-label", first === last ? `Name, ${first}` : `Name, ${first} to ${last}`);
    show();
    if (text === undefined) name.select();
  }

  function show() {
    form().classList.add("open");
    form().querySelector(".cancel").hidden = false;
    place();
    form().elements.name.focus();
    form().scrollIntoView({ block: "nearest" });
  }

  function close() {
    form().classList.remove("open");
    form().querySelector(".cancel").hidden = true;
    document.getElementById(at)?.focus();
  }

  function paste(text) {
    const target = $("#paste");
    if (!target) return;
    prepare(target);
    target.elements.names.value = text;
    target.requestSubmit();
  }

  function clear() {
    if (!form()) return;
    prepare(form());
    form().requestSubmit(form().elements.nobody);
  }

  // With the keyboard. Where the roles stand beside each other, as on a phone, days are
  // one below the other, and the arrow keys follow what is seen.
  const turned = { ArrowUp: "ArrowLeft", ArrowLeft: "ArrowUp", ArrowDown: "ArrowRight", ArrowRight: "ArrowDown" };

  function move(stop, key) {
    const all = rows();
    const y = all.findIndex((row) => row.includes(stop));
    const x = all[y].indexOf(stop);
    switch (narrow.matches ? (turned[key] ?? key) : key) {
      case "ArrowLeft":
        return all[y][x - 1] ?? sameRow(all, y, -1)?.at(-1);
      case "ArrowRight":
        return all[y][x + 1] ?? sameRow(all, y, 1)?.[0];
      case "ArrowUp":
        return all[y - 1]?.[x];
      case "ArrowDown":
        return all[y + 1]?.[x];
      case "Home":
        return all[y][0];
      case "End":
        return all[y].at(-1);
      default:
        return undefined;
    }
  }

  // sameRow is the row of the same role in the week before or after.
  const sameRow = (all, y, way) => all[y + (way * all.length) / document.querySelectorAll(".grid tbody").length];

  // A day further, or with up and down a week.
  function extend(seat, key) {
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
    const step = steps[narrow.matches ? (turned[key] ?? key) : key];
    const days = [...document.querySelectorAll(".grid .seat")].filter((other) => roleOf(other) === roleOf(seat));
    const next = step && days[days.indexOf(seat) + step];
    if (next) choose(next, true).focus();
    return Boolean(step);
  }

  function onStop(event, stop) {
    const { key } = event;
    const seat = seatOf(stop);
    if ((event.ctrlKey || event.metaKey) && key.toLowerCase() === "z" && !event.shiftKey) {
      $(".undo")?.requestSubmit();
    } else if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    } else if (seat && event.shiftKey && extend(seat, key)) {
      // it is done
    } else if (move(stop, key)) {
      goTo(move(stop, key));
    } else if (key === "PageUp" || key === "PageDown") {
      document.getElementById(key === "PageUp" ? "earlier" : "later")?.click();
    } else if (!seat) {
      return;
    } else if (key === "Enter" || key === "F2") {
      open();
    } else if (key === "Delete" || key === "Backspace") {
      clear();
    } else if (key === "Escape") {
      goTo(seat);
    } else if (key.length === 1 && key !== " ") {
      open(key);
    } else {
      return;
    }
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    const stop = event.target.closest?.(".grid .seat, .grid .dates a");
    if (stop) onStop(event, stop);
    else if (event.key === "Escape" && isOpen() && form().contains(event.target)) {
      event.preventDefault();
      close();
    }
  });

  document.addEventListener("focusin", ({ target }) => {
    const stop = target.closest?.(".grid .seat, .grid .dates a");
    if (!stop || keyOf(stop) === at) return;
    at = keyOf(stop);
    if (stop.matches(".seat")) choose(stop, false);
    else draw();
  });

  // With the pointer. A finger scrolls, and a tap chooses one day.
  let pointer = "";
  document.addEventListener("pointerdown", (event) => {
    pointer = event.pointerType;
    const seat = seatOf(event.target);
    if (!seat || event.button !== 0 || pointer === "touch" || event.ctrlKey || event.metaKey) return;
    event.preventDefault(); // no text is chosen, nothing is carried
    dragging = true;
    choose(seat, event.shiftKey).focus({ preventScroll: true });
  });
  document.addEventListener("pointermove", (event) => {
    if (!dragging) return;
    const day = document.elementFromPoint(event.clientX, event.clientY)?.closest?.(".grid td");
    const end = day && cell(day.id.startsWith("day-") ? day.id.slice(4) : dateOf(day), role);
    if (end && dateOf(end) !== ended) choose(end, true);
  });
  document.addEventListener("pointerup", () => {
    if (dragging) open();
    dragging = false;
  });
  document.addEventListener("pointercancel", () => (dragging = false));
  document.addEventListener("click", (event) => {
    const seat = seatOf(event.target);
    if (seat && !event.ctrlKey && !event.metaKey) {
      event.preventDefault(); // the link is for those without this file
      if (pointer === "touch") {
        choose(seat, false);
        open();
      }
    } else if (event.target.closest?.("#set .cancel")) {
      close();
    }
  });

  // The form can choose other days; the grid shows them.
  document.addEventListener("input", ({ target }) => {
    if (!isOpen() || !target.matches("#set [name=role], #set [name=from], #set [name=to]")) return;
    const fields = form().elements;
    [role, begun, ended] = [fields.role.value, fields.from.value, fields.to.value];
    draw();
  });

  document.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const several = /[\t\n]./.test(text.trim());
    const inName = isOpen() && event.target === form().elements.name;
    if (!text.trim() || !(seatOf(event.target) || (inName && several))) return;
    event.preventDefault();
    paste(text);
  });

  // What comes in a swap knows nothing of what is chosen. After a save, what needs an
  // answer gets the focus, else the cell that had it; news leave it where it is.
  let next = "";
  document.addEventListener("htmx:before:swap", ({ detail }) => {
    const source = detail.ctx.sourceElement;
    const active = document.activeElement;
    if (source.closest(".gridwork") && !source.matches(".grid")) next = "answer";
    else if (active?.closest(".grid")) next = "cell";
  });
  document.addEventListener("htmx:after:swap", () => {
    if (!$(".grid")) return;
    draw();
    if (isOpen()) place();
    const asks = next === "answer" && $(".gridwork [autofocus]");
    if (asks && form().contains(asks)) show();
    if (asks) asks.focus();
    else if (next) stops().find((stop) => stop.tabIndex === 0)?.focus({ preventScroll: true });
    next = "";
  });

  addEventListener("resize", () => isOpen() && place());
  draw();
})();
