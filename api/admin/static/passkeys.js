// Passkeys: forms with data-passkey="sign-in" or "add" ask the browser, and send what it answers. They need scripts.
import { say, send } from "./enhance.js";

async function asked(form, address, more) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries(more)) body.set(name, value);
  const answer = await send(address, { method: "POST", body });
  if (!answer) return undefined;
  const told = await answer.json();
  if (told.said) show(form, told.said);
  return answer.ok ? told : undefined;
}

function show(form, text) {
  const place = form.querySelector("[data-problem]");
  place.hidden = false;
  place.querySelector("[data-words]").textContent = text;
}

async function run(form) {
  const adding = form.dataset.passkey === "add";
  form.querySelector("[data-problem]").hidden = true;
  const told = await asked(form, form.dataset.options, {});
  if (!told) return;
  let made;
  try {
    made = adding
      ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(told.options) })
      : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(told.options) });
  } catch {
    show(form, form.dataset.cancelled);
    return;
  }
  const done = await asked(form, form.action, { answer: JSON.stringify(made.toJSON()) });
  if (done?.go) location.assign(done.go);
}

if (window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      run(form).catch(() => say(document.body.dataset.failed));
    });
  }
}
