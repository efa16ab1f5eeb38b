// What every page gains from scripts: completion in the search boxes. Everything works without it.
"use strict";
(() => {
  for (const input of document.querySelectorAll("input[data-suggest]")) complete(input);

  // The combobox pattern of the ARIA Authoring Practices: the focus stays in the field.
  function complete(input) {
    const list = document.createElement("ul");
    list.id = `${input.id}-suggestions`;
    list.className = "suggestions";
    list.hidden = true;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Suggestions");
    input.parentElement.classList.add("suggest");
    input.after(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-expanded", "false");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-autocomplete", "list");
    let chosen = -1;
    let asked = 0;

    const close = () => {
      list.hidden = true;
      chosen = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    };
    // In a form the name is filled in; elsewhere the page of the thing is opened.
    const take = (option) => {
      if (!("fill" in input.dataset)) { location.href = option.dataset.href; return; }
      input.value = input.dataset.fill === "path" ? option.dataset.path : option.dataset.label;
      close();
    };
    const choose = (place) => {
      const options = [...list.children];
      chosen = (place + options.length) % options.length;
      options.forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    };
    const show = (found) => {
      list.replaceChildren(...found.map((it, index) => {
        const option = document.createElement("li");
        option.id = `${list.id}-${index}`;
        option.setAttribute("role", "option");
        option.dataset.href = it.href;
        const name = document.createElement("span");
        name.textContent = it.other ? `${it.label} ${it.other}` : it.label;
        const kind = document.createElement("span");
        kind.className = "kind";
        kind.textContent = it.kind;
        option.append(name, kind);
        option.addEventListener("mousedown", (event) => event.preventDefault());
        option.dataset.label = it.label;
        option.dataset.path = (it.iri ?? it.href).split("/id/").pop();
        option.addEventListener("click", () => take(option));
        return option;
      }));
      chosen = -1;
      list.hidden = found.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
    };

    input.addEventListener("input", async () => {
      const words = input.value.trim();
      const mine = ++asked;
      if (!words) return close();
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(words)}`);
      if (mine !== asked || !answer.ok) return;
      show(await answer.json());
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) return;
      if (event.key === "ArrowDown") { event.preventDefault(); choose(chosen + 1); }
      else if (event.key === "ArrowUp") { event.preventDefault(); choose(chosen - 1); }
      else if (event.key === "Escape") { event.preventDefault(); close(); }
      else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); take(list.children[chosen]); }
    });
    input.addEventListener("blur", close);
  }
})();
