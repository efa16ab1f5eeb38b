// Keys for reviewers, and words that are marked in the text: the pages work without.
"use strict";

const keys = {
  a: () => press("Accepted"),
  r: () => press("Rejected"),
  c: () => document.querySelector("#judgement fieldset :is(input, select)")?.focus(),
  n: () => (document.querySelector('a[rel="next"]') ?? document.querySelector("a[data-first]"))?.click(),
  p: () => document.querySelector('a[rel="prev"]')?.click(),
  q: () => document.querySelector('a[accesskey="q"]')?.click(),
  u: () => document.querySelector("button[data-undo]")?.click(),
};

function press(verdict) {
  document.querySelector(`#judgement button[value="${verdict}"]`)?.click();
}

document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest("input, textarea, select");
  if (event.key === "Escape" && isTyping) { event.target.blur(); return; }
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  if (Object.hasOwn(keys, event.key)) { event.preventDefault(); keys[event.key](); }
});

const body = document.querySelector("textarea#body");
function mark() {
  const [start, end] = [body.selectionStart, body.selectionEnd];
  if (start === end) return;
  for (const form of document.querySelectorAll("form[data-add]")) {
    form.elements.quote.value = body.value.slice(start, end);
    form.elements.start.value = Array.from(body.value.slice(0, start)).length;
  }
}
if (body) {
  body.readOnly = false; // a text that is read-only has no caret for the arrow keys
  body.addEventListener("beforeinput", (event) => event.preventDefault());
  for (const name of ["select", "keyup", "mouseup"]) body.addEventListener(name, mark);
}
for (const form of document.querySelectorAll("form[data-add]")) {
  form.elements.quote.addEventListener("input", () => { form.elements.start.value = ""; });
}
