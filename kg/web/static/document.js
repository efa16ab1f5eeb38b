// Lights up a passage and what it supports together, on hovering, tapping and focus.
"use strict";
(() => {
  const reading = document.getElementById("reading");
  if (!reading) return;
  const marks = [...reading.querySelectorAll("mark[data-spans]")];
  const notes = new Map([...reading.querySelectorAll("li.passage")].map((note) => [note.dataset.span, note]));

  const light = (spans) => {
    for (const mark of marks) mark.classList.toggle("lit", mark.dataset.spans.split(" ").some((span) => spans.includes(span)));
    for (const [span, note] of notes) note.classList.toggle("lit", spans.includes(span));
  };
  const spansAt = (target) => {
    const mark = target.closest("mark[data-spans]");
    if (mark) return mark.dataset.spans.split(" ");
    const single = target.closest("[data-span]");
    return single ? [single.dataset.span] : [];
  };
  reading.addEventListener("pointerover", (event) => light(spansAt(event.target)));
  reading.addEventListener("pointerleave", () => light([]));
  reading.addEventListener("focusin", (event) => light(spansAt(event.target)));
  reading.addEventListener("click", (event) => {
    const mark = event.target.closest("mark[data-spans]");
    if (!mark) return;
    const spans = mark.dataset.spans.split(" ");
    light(spans);
    notes.get(spans[spans.length - 1])?.scrollIntoView({ block: "nearest" });
  });
})();
