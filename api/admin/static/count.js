// Says how much of a text's room is used, once little of it is left. Nothing is cut off; the server judges.

const FROM = 0.8;

function count(field) {
  const most = Number(field.dataset.most || field.getAttribute("maxlength"));
  const said = field.form?.dataset.counted;
  if (!most || !said) return;
  const used = [...field.value].length;
  let line = field.nextElementSibling?.matches(".counter") ? field.nextElementSibling : null;
  if (used < most * FROM) {
    line?.remove();
    return;
  }
  if (!line) {
    line = document.createElement("p");
    line.className = "counter";
    field.after(line);
  }
  line.textContent = said.replace("{used}", used).replace("{most}", most);
  line.classList.toggle("over", used > most);
  // Read out only once there is too much: a count at each key would drown what one types.
  if (used > most) line.setAttribute("role", "alert");
  else line.removeAttribute("role");
}

document.addEventListener("input", (event) => {
  if (event.target.matches?.("[data-most], textarea[maxlength]")) count(event.target);
});
