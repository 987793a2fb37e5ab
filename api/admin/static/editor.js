// The page on which an entry is written, made pleasanter: buttons change only their part of the page, what is typed is
// kept while one types, texts have tools, and what comes from Word becomes blocks. All of it works without this.

import "./count.js";
import { reach, say, send, SignedOut, swap } from "./enhance.js";
import { combobox, findEntries } from "./pick.js";

const TYPING = 2000;
const AGAIN = 5000;
const SELDOM = 60000;
let form = null;
let timer;
let request = null;
let failing = false;
let again = AGAIN;

const words = () => form.dataset;
const store = () => `tolk-unsent:${form.dataset.entry}`;
const texts = () => [...new FormData(form)].filter(([name, value]) => typeof value === "string" && name !== "csrf");
const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);

function start() {
  const found = document.querySelector("form[data-writing]");
  if (!found || found === form) return;
  form = found;
  form.addEventListener("submit", onSubmit);
  form.addEventListener("input", onInput);
  form.addEventListener("change", onInput);
  form.addEventListener("focusout", () => { if (form.tolkDirty) keepSoon(400); });
  form.addEventListener("keydown", onKey);
  form.addEventListener("paste", onPaste);
  form.addEventListener("focusin", (event) => { if (event.target.matches("textarea[data-inline]")) giveTools(event.target); });
  form.addEventListener("click", (event) => fillGap(event.target.closest(".between > summary")?.parentElement));
  enrich(form);
  offerUnsent();
}

// Buttons.

async function onSubmit(event) {
  const what = event.submitter?.value ?? "keep";
  event.preventDefault();
  // Pressed twice, it is done once.
  if (form.getAttribute("aria-busy")) return;
  await act(what, new FormData(form, event.submitter ?? undefined));
}

async function act(what, data) {
  const [verb, at = ""] = what.split(" ");
  data.set("do", what);
  clearTimeout(timer);
  request?.abort();
  form.setAttribute("aria-busy", "true");
  let answer;
  try {
    answer = await reach(form.action, { method: "POST", body: data });
  } catch (error) {
    refused(error instanceof SignedOut ? document.body.dataset.signedOut : document.body.dataset.failed);
    return;
  } finally {
    form.removeAttribute("aria-busy");
  }
  if (verb === "keep") {
    await kept(answer);
    return;
  }
  const html = await answer.text();
  if (!answer.ok && answer.status !== 422) {
    // Not another page in the place of what was typed: what is wrong is said, and it can be sent again.
    const heading = new DOMParser().parseFromString(html, "text/html").querySelector("h1");
    refused(heading?.textContent.trim() || document.body.dataset.failed);
    return;
  }
  confirmed();
  if (["save", "discard", "preview"].includes(verb) || answer.status === 422) {
    swap(html, "#main");
    const title = document.querySelector("#main .notice-title");
    if (title) say(title.textContent);
    if (answer.redirected) history.pushState({ swapped: true }, "", answer.url);
    if (!document.querySelector("#problems")) {
      document.querySelector("#main").focus();
      window.scrollTo({ top: 0, behavior: "instant" });
    }
    return;
  }
  history.replaceState(null, "", answer.url.split("#")[0]);
  const region = regionOf(verb, at);
  const open = openDetails();
  swap(html, `${document.querySelector(region) ? region : "#writing"} #autosaved`);
  showDiscard();
  reopen(open);
  land(verb, new URL(answer.url).searchParams.get("at") || at);
}

// Which part of the page a button changes: the list that it is about; columns change the whole table.
function regionOf(verb, at) {
  const list = verb === "add" || verb === "paste" ? at : at.replace(/\/\d+$/, "");
  const place = verb === "paste" ? at.replace(/\/\d+$/, "") : list.replace(/\/columns$/, "/rows");
  return verb === "upload" || verb === "focus" ? "#editor" : `[data-region="${CSS.escape(place)}"]`;
}

function land(verb, at) {
  if (verb === "upload") {
    // What the picture shows is said of it, or of the figure around it.
    const alt = document.getElementById(`${at}/alt`) ?? document.getElementById(at.replace(/[^/]*$/, "alt"));
    alt?.focus();
    alt?.scrollIntoView({ block: "center" });
    return;
  }
  const here = document.getElementById(`at${at}`);
  if (verb === "remove") {
    (document.querySelector(".undo button") ?? here)?.focus();
    say(words().removed);
    return;
  }
  if (!here) return;
  const fields = [...here.querySelectorAll("textarea, input:not([type=hidden], [type=file]), select")].filter((one) => !one.hidden);
  const target = verb === "up" || verb === "down" ? here.querySelector(`[data-key="${verb}"]`) ?? here.querySelector("[data-key]") : fields[0] ?? here;
  target?.focus();
  here.scrollIntoView({ block: "nearest" });
  if (verb === "up" || verb === "down") {
    const all = [...here.parentElement.children].filter((one) => "item" in one.dataset);
    say(fill(words().moved, { place: all.indexOf(here) + 1, count: all.length }));
  } else {
    say(words().added);
  }
}

const keyOf = (details) => `${details.className} ${details.closest("[data-block]")?.querySelector('input[name$="/id"]')?.value ?? details.id}`;
const openDetails = () => new Set([...form.querySelectorAll("details.more[open], details.panel[open]")].map(keyOf));
function reopen(open) {
  form.querySelectorAll("details.more, details.panel").forEach((one) => { if (open.has(keyOf(one))) one.open = true; });
}

// Keeping what is typed.

function onInput(event) {
  if (event.target.matches("[data-transient]")) return;
  form.tolkDirty = true;
  remember();
  keepSoon(TYPING);
  if (event.target.matches("[data-inline]")) lookSoon(event.target);
}

function keepSoon(after) {
  clearTimeout(timer);
  timer = setTimeout(keep, after);
}

async function keep() {
  if (!form.isConnected) return;
  request?.abort();
  request = new AbortController();
  const data = new FormData(form);
  data.set("do", "keep");
  for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
  try {
    await kept(await reach(form.action, { method: "POST", body: data, signal: request.signal }));
  } catch (error) {
    if (error.name !== "AbortError") failed(error instanceof SignedOut ? document.body.dataset.signedOut : undefined);
  }
}

async function kept(answer) {
  if (!answer.ok || answer.redirected || !answer.headers.get("Content-Type")?.includes("json")) {
    failed(document.body.dataset.failed);
    return;
  }
  const told = await answer.json();
  const place = document.querySelector("#autosaved");
  if (place.textContent !== told.said) place.textContent = told.said;
  showDiscard();
  if (failing) say(words().online);
  failing = false;
  again = AGAIN;
  confirmed();
}

// There is a draft now, which can be thrown away.
function showDiscard() {
  const discard = document.querySelector("form.discard");
  if (discard) discard.hidden = false;
}

function failed(said = words().offline) {
  document.querySelector("#autosaved").textContent = said;
  if (!failing) say(said);
  failing = true;
  remember();
  clearTimeout(timer);
  timer = setTimeout(keep, again);
  again = Math.min(again * 2, SELDOM);
}

// What somebody pressed did not work: said each time, and what is typed is kept meanwhile.
function refused(said) {
  failing = true;
  failed(said);
  say(said);
}

function confirmed() {
  form.tolkDirty = false;
  try { localStorage.removeItem(store()); } catch { /* a browser that stores nothing */ }
}

// In this browser too, until the server has confirmed it.
function remember() {
  try { localStorage.setItem(store(), JSON.stringify(texts())); } catch { /* full, or not allowed */ }
}

function unsent() {
  try { return JSON.parse(localStorage.getItem(store())); } catch { return null; }
}

function offerUnsent() {
  const banner = document.querySelector("#unsent");
  const found = unsent();
  if (!found || !banner) return;
  if (JSON.stringify(texts()) === JSON.stringify(found)) {
    confirmed();
    return;
  }
  banner.hidden = false;
  banner.querySelector("[data-forget]").addEventListener("click", () => { confirmed(); banner.hidden = true; });
  banner.querySelector("[data-resend]").addEventListener("click", async () => {
    const data = new FormData();
    found.forEach(([name, value]) => data.append(name, value));
    data.set("csrf", form.elements.csrf.value);
    data.set("do", "keep");
    const answer = await send(form.action, { method: "POST", body: data });
    if (!answer?.ok) return;
    confirmed();
    const place = new URL(form.action);
    place.search = form.elements.entry ? `?entry=${form.dataset.entry}` : "?draft=on";
    location.assign(place);
  });
}

// Back from a page that was put in the place of another: what is shown must be asked for again.
window.addEventListener("popstate", () => location.reload());
window.addEventListener("online", () => { if (failing) keep(); });
document.addEventListener("visibilitychange", () => { if (failing && !document.hidden) keep(); });

// Keys.

function onKey(event) {
  const move = { ArrowUp: "up", ArrowDown: "down" }[event.key];
  if (event.altKey && move && !event.ctrlKey && !event.metaKey) {
    const button = event.target.closest("[data-item]")?.querySelector(`:scope > .moving [data-key="${move}"], :scope > .block-head [data-key="${move}"], :scope > td > .moving [data-key="${move}"]`);
    event.preventDefault();
    button?.click();
    return;
  }
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    addBelow(event.target.closest("[data-item]"));
    return;
  }
  const field = event.target.closest("[data-inline]");
  if (!field || !(event.ctrlKey || event.metaKey) || event.altKey) return;
  const tool = { b: "bold", i: "italic", k: "link" }[event.key.toLowerCase()];
  if (!tool) return;
  event.preventDefault();
  TOOLS[tool](field);
}

// Another of the same kind below: an item after an item, a row after a row, else a paragraph after a block.
function addBelow(item) {
  if (!item) return;
  const [, list, index] = item.id.match(/^at(.*)\/(\d+)$/);
  const kind = item.matches("[data-block]") ? " paragraph" : "";
  act(`add ${list} ${Number(index) + 1}${kind}`, new FormData(form));
}

// Texts.

function giveTools(field) {
  if (field.previousElementSibling?.classList.contains("tools")) return;
  const bar = document.createElement("div");
  bar.className = "tools";
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", `${words().tools}: ${field.labels[0]?.textContent ?? ""}`);
  for (const [tool, icon, label] of [["bold", "bold", words().bold], ["italic", "italic", words().italic], ["link", "link", words().link], ["entry", "article", words().entryLink]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button tool";
    button.title = label;
    button.setAttribute("aria-label", label);
    button.append(picture(icon));
    button.addEventListener("click", () => TOOLS[tool](field));
    bar.append(button);
  }
  field.before(bar);
}

// The menu of what can be added, where one is opened between two blocks.
function fillGap(gap) {
  if (!gap || gap.querySelector(".adding")) return;
  const menu = gap.parentElement.querySelector(":scope > .adding").cloneNode(true);
  menu.querySelectorAll("button").forEach((one) => {
    const [verb, list, , kind] = one.value.split(" ");
    one.value = `${verb} ${list} ${gap.dataset.index} ${kind}`;
  });
  gap.append(menu);
}

function enrich(root) {
  root.querySelectorAll(".pick").forEach(combobox);
  root.querySelectorAll("[data-focal]").forEach(focal);
}

// What matters in a picture, pointed at.
function focal(frame) {
  const [x, y] = ["x", "y"].map((way) => document.getElementById(`${frame.dataset.focal}-focus-${way}`));
  const point = document.createElement("span");
  point.className = "focal-point";
  frame.append(point);
  const draw = () => { point.style.left = `${x.value}%`; point.style.top = `${y.value}%`; };
  draw();
  [x, y].forEach((one) => one.addEventListener("input", draw));
  frame.addEventListener("click", (event) => {
    const box = frame.getBoundingClientRect();
    x.value = Math.round(((event.clientX - box.left) / box.width) * 100);
    y.value = Math.round(((event.clientY - box.top) / box.height) * 100);
    draw();
  });
}

function picture(name) {
  const one = document.querySelector(".icon use");
  const icon = one.parentElement.cloneNode(true);
  icon.setAttribute("class", "icon");
  icon.firstElementChild.setAttribute("href", one.getAttribute("href").replace(/#.*/, `#${name}`));
  return icon;
}

function write(field, text, from, to) {
  field.focus();
  field.setSelectionRange(from, to);
  // Through the browser's own editing, so that Ctrl+Z takes it back.
  if (!document.execCommand("insertText", false, text)) field.setRangeText(text, from, to, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function mark(sign) {
  return (field) => {
    let { selectionStart: from, selectionEnd: to } = field;
    const text = field.value;
    while (from < to && /\s/.test(text[from])) from += 1;
    while (to > from && /\s/.test(text[to - 1])) to -= 1;
    const inner = text.slice(from, to);
    const around = text.slice(from - sign.length, from) === sign && text.slice(to, to + sign.length) === sign;
    if (around) write(field, inner, from - sign.length, to + sign.length);
    else write(field, `${sign}${inner}${sign}`, from, to);
    const start = around ? from - sign.length : from + sign.length;
    field.setSelectionRange(start, start + inner.length);
  };
}

const TOOLS = { bold: mark("**"), italic: mark("*"), link: linkTo, entry: linkToEntry };

function box(title) {
  const dialog = document.createElement("dialog");
  dialog.className = "link-box";
  dialog.setAttribute("aria-label", title);
  const inner = document.createElement("form");
  inner.method = "dialog";
  dialog.append(inner);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  return [dialog, inner];
}

function labelled(label, control) {
  const around = document.createElement("div");
  around.className = "field";
  const name = document.createElement("label");
  control.id = `box-${label.length}-${document.querySelectorAll("dialog *").length}`;
  name.htmlFor = control.id;
  name.textContent = label;
  around.append(name, control);
  return around;
}

function button(label, tone, type = "button") {
  const one = document.createElement("button");
  one.type = type;
  one.className = `button ${tone}`;
  one.textContent = label;
  return one;
}

function insertLink(field, target, otherwise, [from, to]) {
  const said = field.value.slice(from, to).trim() || otherwise;
  write(field, `[${said.replace(/([\\[\]])/g, "\\$1")}](${target.replace(/\(/g, "%28").replace(/\)/g, "%29").replace(/\s/g, "%20")})`, from, to);
}

function linkTo(field) {
  const range = [field.selectionStart, field.selectionEnd];
  const [dialog, inner] = box(words().link);
  const address = document.createElement("input");
  address.type = "text";
  address.inputMode = "url";
  address.dir = "ltr";
  address.placeholder = "https://";
  const actions = document.createElement("div");
  actions.className = "actions";
  const cancel = button(words().cancel, "quiet");
  cancel.addEventListener("click", () => dialog.close());
  actions.append(button(words().ok, "primary", "submit"), cancel);
  inner.append(labelled(words().address, address), actions);
  inner.addEventListener("submit", () => {
    let target = address.value.trim();
    if (target && !/^(https?:|mailto:|tel:)/i.test(target)) target = target.includes("@") ? `mailto:${target}` : `https://${target}`;
    dialog.close();
    if (target) insertLink(field, target, target.replace(/^(https?:\/\/|mailto:|tel:)/, ""), range);
    else field.focus();
  });
  dialog.addEventListener("cancel", () => setTimeout(() => field.focus()));
  dialog.showModal();
}

function linkToEntry(field) {
  const range = [field.selectionStart, field.selectionEnd];
  const [dialog, inner] = box(words().entryLink);
  const kinds = document.createElement("select");
  JSON.parse(words().types).forEach(([value, label]) => kinds.append(new Option(label, value)));
  const search = document.createElement("input");
  search.type = "search";
  search.dir = "auto";
  const list = document.createElement("ul");
  const cancel = button(words().cancel, "quiet");
  cancel.addEventListener("click", () => dialog.close());
  const actions = document.createElement("div");
  actions.className = "actions";
  actions.append(cancel);
  inner.append(labelled(words().entryLink, kinds), labelled(words().search, search), list, actions);
  inner.addEventListener("submit", (event) => event.preventDefault());
  const look = async () => {
    const found = await findEntries(words().find, kinds.value, search.value);
    list.replaceChildren(...found.map(({ id, title }) => {
      const line = document.createElement("li");
      const choose = button(title, "plain");
      choose.addEventListener("click", () => { dialog.close(); insertLink(field, `entry:${id}`, title, range); });
      line.append(choose);
      return line;
    }));
    if (!found.length) list.textContent = words().nothing;
  };
  let wait;
  search.addEventListener("input", () => { clearTimeout(wait); wait = setTimeout(look, 200); });
  kinds.addEventListener("change", look);
  dialog.addEventListener("cancel", () => setTimeout(() => field.focus()));
  dialog.showModal();
  search.focus();
  look();
}

const looking = new WeakMap();
function lookSoon(field) {
  clearTimeout(looking.get(field));
  looking.set(field, setTimeout(() => look(field), 350));
}

async function look(field) {
  const view = field.parentElement.querySelector("[data-view]");
  // Most texts have no marks; nothing need be asked of the server for them.
  if (!/[*_`[\\&<]|\n/.test(field.value)) {
    view.hidden = true;
    return;
  }
  const asked = field.value;
  const data = new URLSearchParams({ csrf: form.elements.csrf.value, text: asked });
  const answer = await send(words().view, { method: "POST", body: data });
  if (!answer?.ok || field.value !== asked) return;
  const told = await answer.json();
  view.innerHTML = told.html;
  view.hidden = !told.marked;
}

// What was copied in Word or on a page.

async function onPaste(event) {
  const field = event.target.closest("[data-inline]");
  const html = event.clipboardData.getData("text/html");
  const plain = event.clipboardData.getData("text/plain");
  // One line of plain text is what it is.
  if (!field || !(html || plain.trim().includes("\n"))) return;
  const copied = html ? { html } : { plain };
  event.preventDefault();
  const range = [field.selectionStart, field.selectionEnd];
  const answer = await send(words().paste, { method: "POST", body: new URLSearchParams({ csrf: form.elements.csrf.value, ...copied }) });
  const told = answer?.ok ? await answer.json() : { text: plain };
  // Several paragraphs become blocks behind a paragraph, and items behind an item.
  const place = field.closest(".block-paragraph, .block-heading, :is(.block-list, .block-steps) li[data-item]");
  if (told.text !== null || !place) {
    write(field, told.text ?? plain.replace(/\s*\n\s*/g, " "), ...range);
    return;
  }
  const data = new FormData(form);
  Object.entries(copied).forEach(([name, value]) => data.set(name, value));
  await act(`paste ${place.id.slice(2)}`, data);
}

document.addEventListener("tolk:swapped", (event) => {
  if (form && form.contains(event.target) && event.target !== form) enrich(event.target);
  else { form = null; start(); }
});
start();
