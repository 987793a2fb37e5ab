// Makes forms that work without it pleasanter, by data attributes. It knows no page.
//
//   <form data-swap="#id [#other …]">   sent without leaving the page; the regions named come from the answer.
//                                       Focus and scroll stay, and #said tells what the answer's first notice says.
//                                       A GET form with data-swap also follows its fields as they change.
//   <form data-guard>                   the browser asks before unsaved typing is lost.
//   [data-focus]                        is focused when the page or the region appears (the list of problems).
//   [data-copy="#id"]                   a button, hidden without scripts, that copies a text; data-copied is said.
//   [data-scripted] [data-scriptless]   shown only with scripts, only without.
// Other modules: import { say, swap, send } from "./enhance.js"; `tolk:swapped` is fired at each new region.

const words = document.body.dataset;

export function say(text) {
  const place = document.querySelector("#said");
  // Emptied first: the same words twice are said twice.
  place.textContent = "";
  requestAnimationFrame(() => { place.textContent = text; });
  clearTimeout(say.later);
  say.later = setTimeout(() => { place.textContent = ""; }, 8000);
}

export class SignedOut extends Error {}

// Send a form (or its body) as the browser would, and return the response; undefined where that failed, which is said.
export async function send(address, options = {}) {
  try {
    return await reach(address, options);
  } catch (error) {
    if (error.name !== "AbortError") say(error instanceof SignedOut ? words.signedOut : words.failed);
    return undefined;
  }
}

// The same, and nothing is said: what failed is thrown.
export async function reach(address, options = {}) {
  let answer = await ask(address, options);
  // The form of a stranger is refused for its token, or for its size before that.
  if ([403, 413].includes(answer.status) && options.body?.set) {
    const page = await ask(location.href);
    if (leadsOut(page)) answer = page;
    else if (renew(await page.text(), options.body)) answer = await ask(address, options);
  }
  if (leadsOut(answer)) throw new SignedOut();
  return answer;
}

const ask = (address, options = {}) =>
  fetch(address, { credentials: "same-origin", ...options, headers: { "X-Enhanced": "1", ...options.headers } });
const leadsOut = (answer) => answer.redirected && new URL(answer.url).pathname.endsWith("/sign-in");

// Whoever signed in again in another tab goes on in this one: its forms get the token of the new session, unless it is
// somebody else's. Tells whether there is a new one to send `body` with.
function renew(html, body) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const token = page.querySelector('input[name="csrf"]')?.value;
  if (!token || token === body.get("csrf") || page.body.dataset.visitor !== words.visitor) return false;
  document.querySelectorAll('input[name="csrf"]').forEach((one) => { one.value = token; });
  body.set("csrf", token);
  return true;
}

// Put the regions named by `selectors` from a page that was fetched in the place of those shown.
export function swap(html, selectors) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const kept = remember();
  let found = 0;
  for (const selector of selectors.split(/\s+/)) {
    const [now, next] = [document.querySelector(selector), page.querySelector(selector)];
    if (!now || !next) continue;
    found += 1;
    const fresh = document.adoptNode(next);
    now.replaceWith(fresh);
    enhance(fresh);
    fresh.dispatchEvent(new CustomEvent("tolk:swapped", { bubbles: true }));
  }
  if (page.title) document.title = page.title;
  restore(kept);
  const notice = page.querySelector(".notice:not([hidden])");
  if (notice) say(notice.textContent.trim().replace(/\s+/g, " "));
  return found;
}

function remember() {
  const one = document.activeElement;
  // Buttons and choices share their name with others.
  const valued = one?.matches("button, [type=radio], [type=checkbox]") ? `[value="${CSS.escape(one.value)}"]` : "";
  const named = one && one.name ? `[name="${CSS.escape(one.name)}"]${valued}` : "";
  const form = one && one.form && one.form.id ? `#${CSS.escape(one.form.id)} ` : "";
  const place = one && one.id ? `#${CSS.escape(one.id)}` : named && form + named;
  const marks = one && "selectionStart" in one ? [one.selectionStart, one.selectionEnd] : null;
  return { place, marks, top: window.scrollY };
}

function restore({ place, marks, top }) {
  const wanted = document.querySelector("[data-focus]:not([data-focused])") || (place && document.querySelector(place));
  if (wanted && wanted !== document.activeElement) {
    wanted.focus({ preventScroll: !wanted.hasAttribute("data-focus") });
    if (marks && marks[0] !== null && wanted.setSelectionRange) {
      try { wanted.setSelectionRange(...marks); } catch { /* not every kind of field has a selection */ }
    }
  }
  if (wanted && wanted.hasAttribute("data-focus")) wanted.setAttribute("data-focused", "");
  else window.scrollTo({ top, behavior: "instant" });
}

async function swapForm(form, button) {
  const data = new FormData(form, button || undefined);
  const method = (button?.getAttribute("formmethod") || form.method).toUpperCase();
  let address = button?.getAttribute("formaction") || form.getAttribute("action") || location.pathname;
  const options = { method };
  if (method === "GET") {
    address = `${address.split("?")[0]}?${new URLSearchParams([...data].filter(([, value]) => value !== ""))}`;
  } else {
    options.body = form.enctype === "multipart/form-data" ? data : new URLSearchParams(data);
    say(words.saving);
  }
  form.setAttribute("aria-busy", "true");
  form.tolkRequest?.abort();
  form.tolkRequest = new AbortController();
  const answer = await send(address, { ...options, signal: form.tolkRequest.signal });
  form.removeAttribute("aria-busy");
  if (!answer) return;
  const html = await answer.text();
  if (answer.ok) form.tolkDirty = false;
  // An answer without the regions is another page: an error, most likely. It takes the place of all.
  if (!swap(html, form.dataset.swap)) {
    swap(html, "#main");
    document.querySelector("#main").focus();
  }
  const shown = answer.redirected ? answer.url : address;
  if (method === "GET" || answer.redirected) history.replaceState(null, "", shown);
}

function soon(run, after) {
  let timer;
  return (...given) => { clearTimeout(timer); timer = setTimeout(() => run(...given), after); };
}

function enhance(root) {
  const each = (selector) => [...(root.matches?.(selector) ? [root] : []), ...root.querySelectorAll(selector)];
  each("[data-scripted]").forEach((one) => { one.hidden = false; });
  each("[data-scriptless]").forEach((one) => { one.hidden = true; });
  each("form[data-swap]").forEach((form) => {
    form.addEventListener("submit", (event) => {
      if (event.defaultPrevented) return;
      event.preventDefault();
      swapForm(form, event.submitter);
    });
    if (form.method === "get") {
      form.addEventListener("input", soon(() => { if (form.isConnected) swapForm(form, null); }, 350));
    }
  });
  each("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => { form.tolkDirty = true; });
    form.addEventListener("submit", () => { form.tolkDirty = false; });
  });
  each("[data-copy]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.querySelector(button.dataset.copy).textContent.trim());
      say(button.dataset.copied);
    });
  });
}

window.addEventListener("beforeunload", (event) => {
  if ([...document.forms].some((form) => form.tolkDirty)) event.preventDefault();
});

enhance(document);
const first = document.querySelector("[data-focus]");
if (first) {
  first.setAttribute("data-focused", "");
  first.focus();
}
