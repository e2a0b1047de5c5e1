// The people of a rotation as chips: moved by dragging and by keys, added by typing. The form
// sends them as names with commas, as it does without this file.
"use strict";

(() => {
  const template = document.getElementById("chip");
  const says = template.dataset;
  for (const field of document.querySelectorAll("[data-chips]")) {
    const list = field.querySelector(".chips");
    const input = field.querySelector("input");
    const form = input.form;
    const chips = () => [...list.children];
    const names = () => chips().map((chip) => chip.dataset.name);
    const tell = (text, values) => {
      document.getElementById("status").textContent = Object.entries(values).reduce((all, [name, value]) => all.replace(`%${name}`, value), text);
    };
    const changed = () => input.dispatchEvent(new Event("change", { bubbles: true }));

    function make(name, hue) {
      const chip = template.content.firstElementChild.cloneNode(true);
      chip.dataset.name = name;
      chip.querySelector(".name").textContent = name;
      const words = name.split(/\s+/);
      const face = chip.querySelector(".face");
      face.classList.add(hue ? `colour-${hue}` : "fresh");
      face.dataset.initials = (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
      for (const button of chip.querySelectorAll("button")) button.ariaLabel = button.ariaLabel.replace("%name", name);
      return chip;
    }

    function add() {
      const fresh = input.value.split(/[,\n]/).map((part) => part.trim()).filter(Boolean);
      for (const name of fresh) {
        if (names().includes(name)) continue;
        list.append(make(name));
        tell(says.added, { name });
      }
      input.value = "";
      if (fresh.length) changed();
    }

    function move(chip, way) {
      const other = way < 0 ? chip.previousElementSibling : chip.nextElementSibling;
      if (!other) return;
      if (way < 0) other.before(chip);
      else other.after(chip);
      const all = chips();
      tell(says.moved, { name: chip.dataset.name, at: all.indexOf(chip) + 1, of: all.length });
      changed();
    }

    const hues = field.dataset.hues.split(" ");
    list.replaceChildren(...input.value.split(",").map((part) => part.trim()).filter(Boolean).map((name, i) => make(name, hues[i])));
    input.value = "";
    list.hidden = false;
    field.querySelector(".hint").textContent = says.hint;
    form.addEventListener("formdata", ({ formData }) => formData.set("people", names().join(", ")));
    form.addEventListener("submit", add, { capture: true });

    input.addEventListener("keydown", (event) => {
      if ((event.key === "Enter" && input.value.trim()) || event.key === ",") {
        event.preventDefault();
        add();
      } else if (event.key === "Backspace" && !input.value && list.lastElementChild) {
        list.lastElementChild.querySelector(".off").click();
        input.focus();
      }
    });
    input.addEventListener("paste", (event) => {
      const text = event.clipboardData.getData("text/plain");
      if (!/[,\n]/.test(text.trim())) return;
      event.preventDefault();
      input.value = text;
      add();
    });

    list.addEventListener("click", ({ target }) => {
      const button = target.closest("button");
      const chip = target.closest("li");
      if (button?.matches(".up, .down")) {
        move(chip, button.matches(".up") ? -1 : 1);
        button.focus();
      } else if (button?.matches(".off")) {
        const next = chip.nextElementSibling ?? chip.previousElementSibling;
        chip.remove();
        tell(says.removed, { name: chip.dataset.name });
        (next?.querySelector(".off") ?? input).focus();
        changed();
      }
    });
    list.addEventListener("keydown", (event) => {
      const chip = event.target.closest("li");
      if (event.key === "ArrowUp" || event.key === "ArrowDown") {
        event.preventDefault();
        move(chip, event.key === "ArrowUp" ? -1 : 1);
        event.target.focus();
      } else if (event.key === "Delete") chip.querySelector(".off").click();
    });

    let carried;
    list.addEventListener("pointerdown", (event) => {
      if (event.target.closest("button") || event.button !== 0) return;
      carried = event.target.closest("li");
      carried?.classList.add("carried");
      if (carried) event.preventDefault();
    });
    document.addEventListener("pointermove", (event) => {
      if (!carried) return;
      const over = document.elementFromPoint(event.clientX, event.clientY)?.closest("li");
      if (!over || over === carried || over.parentElement !== list) return;
      const all = chips();
      if (all.indexOf(over) < all.indexOf(carried)) over.before(carried);
      else over.after(carried);
    });
    const drop = () => {
      if (!carried) return;
      carried.classList.remove("carried");
      carried = undefined;
      changed();
    };
    document.addEventListener("pointerup", drop);
    document.addEventListener("pointercancel", drop);
  }
})();
