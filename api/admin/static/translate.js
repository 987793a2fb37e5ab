// The translating page with scripts: findings while one types, each text saved by itself, the keys, and what was typed
// kept in this browser until the server has it. Without it the page is one form. It knows no words: the page has them.

import "./count.js";
import { say, send } from "./enhance.js";

const bench = document.querySelector("#bench");
const words = bench.dataset;
const shelf = `tolk:${words.owner}:${bench.getAttribute("action").split("?")[0]}:`;
const grows = !CSS.supports("field-sizing", "content");
const PAUSE = 450;

const segmentOf = (one) => one?.closest?.(".segment") ?? null;
const fieldOf = (segment) => segment.querySelector("textarea");
const markOf = (segment) => segment.querySelector('input[type="hidden"]');
const segments = () => [...bench.querySelectorAll(".segment")];
const isDirty = (field) => field.value !== field.tolkSaved;

// Make one segment work: at the start, and whenever the server sends it afresh.
function prepare(segment) {
  segment.querySelectorAll("[data-scripted]").forEach((one) => { one.hidden = false; });
  const field = fieldOf(segment);
  if (!field) return;
  // What was refused stands in the field, and is not what the server has.
  field.tolkSaved = field.hasAttribute("data-kept") ? null : field.value;
  segment.querySelector("[data-copy-source]")?.removeAttribute("hidden");
  show(segment);
}

function show(segment) {
  const field = fieldOf(segment);
  const dirty = isDirty(field);
  segment.querySelector("[data-unsaved]").hidden = !dirty;
  field.toggleAttribute("data-dirty", dirty);
  if (grows) {
    field.style.blockSize = "auto";
    field.style.blockSize = `${field.scrollHeight + 2}px`;
  }
}

// What was typed and is not saved is kept here, with what it was typed over: a clash is seen also after a crash.
function keep(segment) {
  const field = fieldOf(segment);
  const key = shelf + segment.dataset.path;
  try {
    if (isDirty(field)) localStorage.setItem(key, JSON.stringify({ text: field.value, mark: markOf(segment).value }));
    else localStorage.removeItem(key);
  } catch { /* a full or forbidden store keeps nobody from working */ }
}

function restore() {
  let found = 0;
  for (const segment of segments()) {
    const field = fieldOf(segment);
    let kept = null;
    try { kept = JSON.parse(localStorage.getItem(shelf + segment.dataset.path)); } catch { /* not ours */ }
    if (!field || !kept || field.hasAttribute("data-kept")) continue;
    if (kept.text === field.value) {
      localStorage.removeItem(shelf + segment.dataset.path);
      continue;
    }
    field.value = kept.text;
    markOf(segment).value = kept.mark;
    show(segment);
    look(segment);
    found += 1;
  }
  if (found) say(words.saidRestored);
}

// Say something to who listens only: eyes see it at its place.
function hear(text) {
  const place = document.querySelector("#heard");
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
}

// Findings: asked for when typing pauses; only the last answer counts, and only what is new is said.
const timers = new WeakMap();

function typed(segment) {
  show(segment);
  clearTimeout(timers.get(segment));
  timers.set(segment, setTimeout(() => {
    keep(segment);
    look(segment);
  }, PAUSE));
}

async function look(segment) {
  const field = fieldOf(segment);
  segment.tolkLook?.abort();
  segment.tolkLook = new AbortController();
  const body = new URLSearchParams({ csrf: bench.elements.csrf.value, path: segment.dataset.path, text: field.value });
  let answer;
  try {
    answer = await fetch(words.check, { method: "POST", body, signal: segment.tolkLook.signal, credentials: "same-origin" });
  } catch { return; }
  if (!answer.ok) return;
  const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".findings");
  const now = segment.querySelector(".findings");
  if (!next || !now || !segment.isConnected) return;
  const plain = (list) => list.textContent.trim().replace(/\s+/g, " ");
  const [before, after] = [now.dataset.plain ?? plain(now), plain(next)];
  if (before === after) return;
  next.dataset.plain = after;
  now.replaceWith(next);
  hear(after || words.saidClean);
}

// Send one segment with the button that was pressed, and take in what comes back without moving what one reads.
// Returns what was said of it, null where it was not done.
async function submit(segment, button) {
  const field = fieldOf(segment);
  const data = new URLSearchParams({ csrf: bench.elements.csrf.value, [button.name]: button.value });
  segment.querySelectorAll("input, textarea").forEach((one) => { if (one.name) data.set(one.name, one.value); });
  if ("take" in button.dataset) data.delete("do");
  const sent = field?.value;
  clearTimeout(timers.get(segment));
  if (field) keep(segment);
  segment.setAttribute("aria-busy", "true");
  const answer = await send(bench.action, { method: "POST", body: data });
  segment.removeAttribute("aria-busy");
  const came = answer && new DOMParser().parseFromString(await answer.text(), "text/html");
  if (!came?.querySelector(".segment")) {
    // An error page says in its heading what it is, and why below; what was typed is still in the field and on the shelf.
    const said = [...(came?.querySelectorAll("h1, h1 + ul > li") ?? [])].map((one) => one.textContent.trim()).join(" ");
    if (answer) say(said || document.body.dataset.failed);
    return null;
  }
  const steady = document.activeElement !== document.body ? document.activeElement : segment;
  const top = steady.getBoundingClientRect().top;
  const replaces = ["save", "review", "approve", "accept", "theirs"].includes(button.value.split(" ")[0]) || "take" in button.dataset;
  const typedSince = field && (field.value !== sent || !replaces) ? field.value : null;
  const focused = document.activeElement === field ? [field.selectionStart, field.selectionEnd] : null;
  const inside = !focused && segment.contains(document.activeElement);
  came.querySelectorAll(".segment").forEach((next) => takeIn(document.importNode(next, true)));
  takeInSummary(came);
  const fresh = document.getElementById(segment.id);
  const freshField = fieldOf(fresh);
  if (typedSince !== null && freshField && typedSince !== freshField.value) {
    freshField.value = typedSince;
    show(fresh);
    look(fresh);
  }
  if (freshField) keep(fresh);
  const trouble = fresh.querySelector("[data-trouble]");
  if (trouble) trouble.focus({ preventScroll: true });
  else if (focused) {
    freshField.focus({ preventScroll: true });
    freshField.setSelectionRange(...focused);
  } else if (inside) placeIn(fresh).focus({ preventScroll: true });
  const anchor = steady.isConnected ? steady : fresh;
  window.scrollBy({ top: anchor.getBoundingClientRect().top - top, behavior: "instant" });
  // Of trouble its own place tells, which has the focus now.
  const told = trouble ? "" : fresh.dataset.told ?? "";
  if (told) say(told);
  return trouble ? null : told;
}

// One after the other: what is sent of a text while it is being saved waits, and is not sent where that went wrong.
const turns = new Map();

async function inTurn({ id }, button) {
  const before = turns.get(id) ?? Promise.resolve("");
  const mine = before.then((told) => (told === null ? null : submit(document.getElementById(id), button))).catch(() => null);
  turns.set(id, mine);
  const told = await mine;
  if (turns.get(id) === mine) turns.delete(id);
  return told;
}

function takeIn(next) {
  document.getElementById(next.id)?.replaceWith(next);
  next.classList.add("arrived");
  prepare(next);
}

function takeInSummary(came) {
  const typedSlug = bench.elements.slug?.value !== bench.elements.slug?.defaultValue ? bench.elements.slug.value : null;
  for (const id of ["progress", "narrowing", "publish"]) {
    const next = came.getElementById(id);
    if (next) document.getElementById(id)?.replaceWith(document.importNode(next, true));
  }
  if (typedSlug !== null && bench.elements.slug) bench.elements.slug.value = typedSlug;
}

// To the next (1) or previous (-1) text to do, round the corner too; `from` is where one is.
function jump(way, from, told = "") {
  const all = segments();
  const at = from ? all.indexOf(from) : way > 0 ? -1 : all.length;
  const order = way > 0 ? [...all.slice(at + 1), ...all.slice(0, Math.max(at, 0))] : [...all.slice(0, at).reverse(), ...all.slice(at + 1).reverse()];
  const goal = order.find((segment) => "open" in segment.dataset);
  if (!goal) {
    say(`${told} ${from && "open" in from.dataset ? words.saidLast : words.saidNone}`.trim());
    return;
  }
  goto(goal);
}

// Where one works in a segment: its field, or the button of who only approves, or it itself.
function placeIn(segment) {
  const place = fieldOf(segment) ?? segment.querySelector("[data-key]");
  if (!place) segment.tabIndex = -1;
  return place ?? segment;
}

function goto(segment) {
  const field = placeIn(segment);
  segment.scrollIntoView({ block: "center", behavior: "instant" });
  field.focus({ preventScroll: true });
  if (field.setSelectionRange) field.setSelectionRange(field.value.length, field.value.length);
}

function copySource(segment) {
  const field = fieldOf(segment);
  const source = [...segment.querySelectorAll(".from .source")].pop().cloneNode(true);
  source.querySelectorAll(".term-wanted, del").forEach((one) => one.remove());
  put(segment, source.textContent);
  field.focus();
}

// Go back to what the server has.
function discard(segment) {
  const [field, mark] = [fieldOf(segment), markOf(segment)];
  field.value = field.defaultValue;
  mark.value = mark.defaultValue;
  field.tolkSaved = field.value;
  show(segment);
  keep(segment);
  look(segment);
  field.focus();
}

// Put a text in a field so that the browser's own undo takes it out again.
function put(segment, text) {
  const field = fieldOf(segment);
  field.focus({ preventScroll: true });
  field.select();
  if (!document.execCommand("insertText", false, text)) field.value = text;
  typed(segment);
}

bench.addEventListener("input", (event) => {
  if (event.target.matches("textarea")) typed(segmentOf(event.target));
});

bench.addEventListener("submit", async (event) => {
  const segment = segmentOf(event.submitter);
  if (!segment) {
    // The whole form goes; what the server refuses comes back in its fields.
    segments().forEach((each) => { if (fieldOf(each)) each.tolkLeaving = true; });
    return;
  }
  event.preventDefault();
  if ("take" in event.submitter.dataset) {
    put(segment, event.submitter.value);
    return;
  }
  const goesOn = event.submitter.dataset.key === "finish" || event.submitter.dataset.offer;
  const told = await inTurn(segment, event.submitter);
  if (told !== null && goesOn) jump(1, document.getElementById(segment.id), told);
});

// Enter in a line of its own, a waiver's reason or the address, presses the button beside it, not the form's first.
bench.addEventListener("keydown", (event) => {
  const line = event.target.matches("input") && event.target.closest(".waive-form, .slug-line");
  if (event.key !== "Enter" || !line) return;
  event.preventDefault();
  line.querySelector("button").click();
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") document.body.classList.add("hush");
  else if (event.key !== "Tab") document.body.classList.remove("hush");
  if (event.isComposing) return;
  const segment = segmentOf(document.activeElement);
  const press = (selector) => {
    const button = segment?.querySelector(selector);
    if (button) bench.requestSubmit(button);
    return Boolean(button);
  };
  const command = event.ctrlKey || event.metaKey;
  let done = false;
  if (event.altKey && !command && !event.shiftKey) {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      jump(event.key === "ArrowDown" ? 1 : -1, segment);
      done = true;
    } else if (segment && /^Digit[1-9]$/.test(event.code)) done = press(`[data-offer="${event.code.slice(5)}"]`);
    else if (segment && event.code === "Digit0" && fieldOf(segment)) {
      copySource(segment);
      done = true;
    }
  } else if (command && !event.altKey && event.key === "Enter") done = press('[data-key="finish"]');
  else if (command && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "s" && segment) {
    press('[data-key="save"]');
    done = true;
  }
  if (done) event.preventDefault();
});
document.addEventListener("pointermove", () => document.body.classList.remove("hush"), { passive: true });

document.addEventListener("click", async (event) => {
  const way = event.target.closest("[data-jump]")?.dataset.jump;
  if (way) {
    jump(Number(way), segmentOf(lastFocus));
    return;
  }
  const aim = event.target.closest("[data-goto]")?.dataset.goto;
  if (aim && document.getElementById(aim)) {
    event.preventDefault();
    goto(document.getElementById(aim));
    return;
  }
  if (event.target.closest("[data-discard]")) discard(segmentOf(event.target));
  if (event.target.closest("[data-copy-source]")) copySource(segmentOf(event.target));
  const memory = event.target.closest("[data-memory]");
  if (memory) {
    event.preventDefault();
    await remember(segmentOf(memory), memory.dataset.memory);
  }
});

// What the memory has that is like one text; it is asked for one by one, since it compares with all that it holds.
async function remember(segment, path) {
  const answer = await send(`${words.recall}?${new URLSearchParams({ path })}`);
  if (!answer?.ok) return;
  const came = new DOMParser().parseFromString(await answer.text(), "text/html");
  const offers = came.querySelector(".offers");
  if (!offers) {
    say(words.saidNothingAlike);
    return;
  }
  const fresh = document.importNode(offers, true);
  fresh.querySelectorAll("[data-scripted]").forEach((one) => { one.hidden = false; });
  const now = segment.querySelector(".offers");
  if (now) now.replaceWith(fresh);
  else segment.querySelector(".tools").before(fresh);
  fresh.querySelector("button").focus();
}

// Where one was before pressing a button outside the texts.
let lastFocus = null;
bench.addEventListener("focusin", (event) => { lastFocus = event.target; });

window.addEventListener("beforeunload", (event) => {
  const left = segments().filter((segment) => fieldOf(segment) && isDirty(fieldOf(segment)) && !segment.tolkLeaving);
  left.forEach(keep);
  if (left.length) event.preventDefault();
});

if (/Mac|iPhone|iPad/.test(navigator.platform)) {
  document.querySelectorAll("kbd").forEach((one) => {
    one.textContent = one.textContent.replace("Alt+", "⌥").replace("Ctrl+", "⌘");
  });
}
segments().forEach(prepare);
restore();

// Where the address leads: once the browser has gone there by itself, for that takes the focus away.
function arrive() {
  const goal = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (goal && goal.matches(".segment")) goto(goal);
}
if (document.readyState === "complete") arrive();
else window.addEventListener("load", () => requestAnimationFrame(arrive));
