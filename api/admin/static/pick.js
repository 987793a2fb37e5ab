// Another entry, sought by name as one types: in the place of a list to choose from, which works without this.

import { send } from "./enhance.js";

export async function findEntries(address, type, asked) {
  const answer = await send(`${address}?${new URLSearchParams({ type, q: asked })}`);
  return answer?.ok ? answer.json() : [];
}

export function combobox(around) {
  const select = around.querySelector("select");
  if (!select || select.hidden) return;
  const input = document.createElement("input");
  input.type = "text";
  input.id = select.id;
  input.autocomplete = "off";
  input.dir = "auto";
  input.dataset.transient = "";
  input.setAttribute("role", "combobox");
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  for (const name of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  const list = document.createElement("ul");
  list.className = "pick-list";
  list.id = `${select.id}-list`;
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", around.dataset.many);
  input.setAttribute("aria-controls", list.id);
  select.removeAttribute("id");
  select.hidden = true;
  around.append(input, list);
  const chosen = () => (select.value ? select.selectedOptions[0].text : "");
  input.value = chosen();
  input.placeholder = around.dataset.many;
  let at = -1;
  let wait;
  const source = new URL(around.dataset.pick, location.href);

  const close = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const point = (to) => {
    const lines = [...list.querySelectorAll('[role="option"]')];
    if (!lines.length) return;
    at = (to + lines.length) % lines.length;
    lines.forEach((line, index) => line.setAttribute("aria-selected", String(index === at)));
    input.setAttribute("aria-activedescendant", lines[at].id);
    lines[at].scrollIntoView({ block: "nearest" });
  };
  const choose = (line) => {
    if (![...select.options].some((option) => option.value === line.dataset.id)) select.append(new Option(line.textContent, line.dataset.id));
    select.value = line.dataset.id;
    input.value = line.textContent;
    close();
    select.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const open = async () => {
    const asked = input.value === chosen() ? "" : input.value;
    const found = await findEntries(source.pathname, source.searchParams.get("type"), asked);
    if (document.activeElement !== input) return;
    list.replaceChildren(...found.map(({ id, title }, index) => {
      const line = document.createElement("li");
      line.id = `${list.id}-${index}`;
      line.dataset.id = id;
      line.textContent = title;
      line.setAttribute("role", "option");
      line.setAttribute("aria-selected", "false");
      line.addEventListener("mousedown", (event) => { event.preventDefault(); choose(line); });
      return line;
    }));
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "pick-none";
      none.textContent = around.dataset.none;
      none.setAttribute("role", "option");
      none.setAttribute("aria-disabled", "true");
      list.append(none);
    }
    list.hidden = false;
    at = -1;
    input.setAttribute("aria-expanded", "true");
  };
  input.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(open, 180); });
  input.addEventListener("click", open);
  input.addEventListener("keydown", (event) => {
    if (event.altKey) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) open();
      else point(at + (event.key === "ArrowDown" ? 1 : -1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const line = list.querySelector('[aria-selected="true"]');
      if (!list.hidden && line?.dataset.id) choose(line);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    }
  });
  input.addEventListener("blur", () => {
    clearTimeout(wait);
    close();
    if (!input.value.trim() && select.value) {
      select.value = "";
      select.dispatchEvent(new Event("input", { bubbles: true }));
    }
    input.value = chosen();
  });
}

document.querySelectorAll("[data-pick]").forEach(combobox);
