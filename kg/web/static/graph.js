// Draws the table of ties as a graph that grows node by node.
"use strict";
(() => {
  const host = document.getElementById("graph");
  if (!host || !window.cytoscape) return;
  host.hidden = false;
  document.getElementById("graphhelp").hidden = false;
  const body = document.querySelector("#ties tbody");
  const caption = document.querySelector("#ties caption");
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const opened = new Set();

  const graph = window.cytoscape({
    container: host,
    style: [
      { selector: "node", style: {
        label: "data(short)", "font-size": 11, "font-family": "Source Sans, sans-serif", color: colour("--ink"),
        "text-wrap": "wrap", "text-max-width": 110, "text-valign": "bottom", "text-margin-y": 4,
        "background-color": colour("--soft"), width: 18, height: 18 } },
      { selector: 'node[group="event"]', style: { shape: "rectangle", "background-color": colour("--paper"), "border-width": 2, "border-color": colour("--ink") } },
      { selector: 'node[group="topic"]', style: { shape: "diamond", "background-color": colour("--soft") } },
      { selector: 'node[group="agent"]', style: { "background-color": colour("--ink") } },
      { selector: "node.opened", style: { width: 28, height: 28, "font-size": 13, "font-weight": 600 } },
      { selector: "edge", style: {
        width: 1, "line-color": colour("--line"), "curve-style": "bezier", "target-arrow-shape": "triangle",
        "target-arrow-color": colour("--line"), "arrow-scale": .7 } },
      { selector: 'edge[relation="excluded topic"]', style: { "line-style": "dashed" } },
    ],
  });

  const cell = (node, isLink) => {
    const td = document.createElement("td");
    const text = document.createElement(isLink ? "a" : "span");
    text.textContent = node.label;
    if (isLink) text.href = node.href;
    td.append(text);
    return td;
  };
  const addRow = (from, edge, to) => {
    const row = document.createElement("tr");
    const tie = document.createElement("td");
    tie.className = "soft tie";
    tie.textContent = edge.relation;
    row.append(cell(from, true), tie, cell(to, true));
    body.append(row);
  };

  const open = async (slug) => {
    const answer = await fetch(`${host.dataset.source}?iri=${encodeURIComponent(slug)}`);
    if (!answer.ok) return;
    const told = await answer.json();
    const isFirst = opened.size === 0;
    opened.add(told.thing);
    const nodes = new Map(told.nodes.map((node) => [node.id, node]));
    graph.add(told.nodes.filter((node) => graph.getElementById(node.id).empty()).map((data) => ({ group: "nodes", data })));
    for (const edge of told.edges) {
      if (graph.getElementById(edge.id).nonempty()) continue;
      graph.add({ group: "edges", data: edge });
      if (!isFirst) addRow(nodes.get(edge.source), edge, nodes.get(edge.target));
    }
    graph.getElementById(told.thing).addClass("opened");
    caption.textContent = `${body.rows.length} ties shown`;
    graph.layout({ name: "cose", animate: false, nodeDimensionsIncludeLabels: true, nodeRepulsion: 40000, idealEdgeLength: 120, padding: 24, randomize: isFirst }).run();
  };
  graph.on("tap", "node", (event) => {
    const node = event.target.data();
    if (opened.has(node.id)) location.href = node.href;
    else open(node.slug);
  });
  open(host.dataset.iri);
})();
