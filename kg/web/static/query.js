// FairSemaphore the textarea of the query page into an editor; without it, the form works all the same.
"use strict";
(() => {
  const area = document.getElementById("query");
  const form = document.getElementById("queryform");
  if (!area || !window.Yasqe) return;

  const store = { prefixes: {}, terms: [] };
  const short = (term) => {
    for (const [name, iri] of Object.entries(store.prefixes)) {
      if (term.startsWith(iri)) return `${name}:${term.slice(iri.length)}`;
    }
    return `<${term}>`;
  };
  const completer = (name, kinds, valid) => ({
    name,
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: valid,
    get: (_yasqe, token) => {
      const typed = (token && token.string ? token.string : "").toLowerCase();
      return store.terms
        .filter((term) => kinds.includes(term.kind))
        .filter((term) => short(term.iri).toLowerCase().startsWith(typed) || term.label.includes(typed.replace(/^kg:/, "")))
        .map((term) => short(term.iri));
    },
    preProcessToken: (_yasqe, token) => token,
    postProcessSuggestion: (_yasqe, _token, suggestion) => suggestion,
  });
  const inTerm = (yasqe) => {
    const token = yasqe.getCompleteToken();
    return token.string.length > 0 && !/^[?$"'#]/.test(token.string) && /^[\w:<]+$/.test(token.string) && token.string.includes(":");
  };

  const Yasqe = window.Yasqe.Yasqe || window.Yasqe;
  Yasqe.defaults.autocompleters = [];
  Yasqe.registerAutocompleter(completer("kg-terms", ["property", "class", "value"], inTerm), true);
  Yasqe.defaults.autocompleters = ["variables", "kg-terms"];

  const host = document.createElement("div");
  area.before(host);
  area.hidden = true;
  area.previousElementSibling.previousElementSibling?.removeAttribute("for");
  const editor = new Yasqe(host, {
    value: area.value,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    prefixCcApi: null,
    showQueryButton: false,
    resizeable: false,
    editorHeight: "24rem",
    lineWrapping: true,
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit() },
  });
  editor.getInputField().setAttribute("aria-label", "SPARQL query");
  form.addEventListener("submit", () => { area.value = editor.getValue(); });

  fetch(area.dataset.vocabulary).then((answer) => answer.json()).then((told) => Object.assign(store, told));
})();
