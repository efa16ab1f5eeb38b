// Zooms without loading the whole page again; arrows move along, Escape goes up.
"use strict";
(() => {
  const frame = document.getElementById("timeline");
  if (!frame) return;

  const show = async (href) => {
    const answer = await fetch(href, { headers: { accept: "text/html" } });
    if (!answer.ok) { location.href = href; return; }
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    frame.replaceChildren(...fresh.getElementById("timeline").childNodes);
    document.title = fresh.title;
  };
  const go = (href) => { history.pushState({}, "", href); return show(href); };

  frame.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const href = link.getAttribute("href");
    if (!href.split("?")[0].endsWith("/timeline")) return;
    event.preventDefault();
    go(href);
  });
  window.addEventListener("popstate", () => show(location.href));
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea")) return;
    const step = { ArrowLeft: "back", ArrowRight: "on", Escape: "up" }[event.key];
    const link = step && frame.querySelector(`[data-step="${step}"]`);
    if (link) { event.preventDefault(); go(link.getAttribute("href")); }
  });
})();
