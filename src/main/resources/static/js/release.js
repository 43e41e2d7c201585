/* Keeps a release's page up to date: only what changed is replaced, so that nothing blinks, closes or loses its place. */
(function () {
  "use strict";
  const page = document.getElementById("release");
  const address = page.dataset.address;
  const live = document.getElementById("live");
  const shown = new Map();
  const versions = { live: live.dataset.shown };
  const state = function () { return live.querySelector("[data-part=closed]").dataset; };
  const closed = function () { return state().closed === "true"; };

  live.querySelectorAll("[data-part]").forEach(function (part) { shown.set(part.dataset.part, part.innerHTML); });

  function patch(text) {
    const fresh = new DOMParser().parseFromString(text, "text/html");
    /* Another page came instead: the session is over. */
    if (!fresh.querySelector("[data-part=closed]")) { location.reload(); return; }
    fresh.querySelectorAll("[data-part]").forEach(function (part) {
      const name = part.dataset.part;
      const html = part.innerHTML;
      const known = shown.get(name);
      shown.set(name, html);
      if (name === "closed") Object.assign(state(), part.dataset);
      if (known === html) return;
      replace(live.querySelector("[data-part=" + name + "]"), html);
    });
    window.countersignTimes();
  }

  function replace(old, html) {
    const open = Array.from(old.querySelectorAll("details[open][id]"), function (details) { return details.id; });
    const focused = old.contains(document.activeElement) ? document.activeElement.id || document.activeElement.getAttribute("href") : null;
    old.innerHTML = html;
    open.forEach(function (id) { const details = document.getElementById(id); if (details) details.open = true; });
    if (focused) {
      const again = Array.from(old.querySelectorAll("a, summary, [id]")).find(function (element) {
        return element.id === focused || element.getAttribute("href") === focused;
      });
      if (again) again.focus();
    }
  }

  document.body.addEventListener("htmx:beforeRequest", function (event) {
    if ((event.detail.elt === live || event.detail.elt.id === "budget-live") && (closed() || document.hidden)) event.preventDefault();
  });
  /* Named by the script, so that it learns of a 304: the browser's cache would answer it as a 200. */
  document.body.addEventListener("htmx:configRequest", function (event) {
    if (event.detail.elt === live) event.detail.headers["If-None-Match"] = versions.live;
  });
  document.body.addEventListener("htmx:afterSwap", function (event) {
    if (event.detail.target.id === "budget-live") window.countersignTimes();
  });
  document.body.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.elt !== live) return;
    event.detail.shouldSwap = false;
    event.detail.isError = false;
    if (event.detail.xhr.status !== 200) return;
    versions.live = event.detail.xhr.getResponseHeader("ETag") || "";
    patch(event.detail.xhr.responseText);
    path().catch(function () {});
    chart().catch(function () {});
  });

  /* Null where nothing has changed since it was asked for last. */
  function ask(what) {
    const known = versions[what] ? { "If-None-Match": versions[what] } : {};
    return fetch(address + "/" + what, { headers: known, cache: "no-store" }).then(function (answer) {
      if (answer.status !== 200) return null;
      return answer.json().then(function (data) { versions[what] = answer.headers.get("ETag"); return data; });
    });
  }

  /* Charts: one for each metric that the judge watches */
  const HEIGHT = 170;
  const colours = { alert: "#7a5200", change: "#55636a", PASS: "#1e6b3a", FAIL: "#a3231f" };
  /* In the order of the columns; the same dashes stand in the key below each chart. */
  const lines = [
    { column: "candidate", label: "candidate", colour: "#b3541e", width: 2 },
    { column: "baseline", label: "baseline", colour: "#1f5f6b", width: 2, dash: [4, 3] },
    { column: "median", label: "same hour of four weeks", colour: "#5b4a8a", width: 2, dash: [1, 3] },
    { column: "tolerated", label: "tolerated", colour: "#7a5200", width: 1, dash: [8, 3] },
    { column: "limit", label: "limit", colour: "#a3231f", width: 1, dash: [6, 4] }
  ];
  const units = { ratio: { name: "%", text: percent }, ms: { name: "ms", text: millis }, rate: { name: "per unit", text: figure }, score: { name: "score", text: figure }, value: { name: "value", text: figure } };
  const charts = new Map();
  const measured = document.getElementById("measured");
  const first = document.getElementById("charts-first");
  const others = document.getElementById("charts-others");
  let drawn = null, zoomed = false, placed = null;

  function bands(plot) {
    const pen = plot.ctx;
    pen.save();
    pen.beginPath();
    pen.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    pen.clip();
    drawn.bands.forEach(function (band, at) {
      const left = plot.valToPos(band.from, "x", true);
      const right = plot.valToPos(band.to, "x", true);
      pen.fillStyle = at % 2 ? "rgba(31, 95, 107, 0.04)" : "rgba(31, 95, 107, 0.10)";
      pen.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
    });
    pen.restore();
  }

  function marks(plot) {
    const pen = plot.ctx;
    pen.save();
    pen.beginPath();
    pen.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    pen.clip();
    /* The axes are drawn before, and leave it at "right". */
    pen.textAlign = "left";
    pen.fillStyle = colours.change;
    pen.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
    drawn.bands.forEach(function (band) {
      const begin = Math.max(plot.valToPos(band.from, "x", true), plot.bbox.left);
      const label = band.kind !== "stabilisation" ? Math.round(band.share * 100) + " %" : "all users";
      if (plot.valToPos(band.to, "x", true) - begin > pen.measureText(label).width + 8) pen.fillText(label, begin + 4 * devicePixelRatio, plot.bbox.top + 12 * devicePixelRatio);
    });
    drawn.moments.forEach(function (moment) {
      const x = plot.valToPos(moment.at, "x", true);
      const foot = plot.bbox.top + plot.bbox.height;
      const size = 5 * devicePixelRatio;
      pen.fillStyle = moment.alert ? colours.alert : colours.change;
      pen.beginPath();
      pen.moveTo(x, foot - 2 * size);
      pen.lineTo(x - size, foot);
      pen.lineTo(x + size, foot);
      pen.fill();
    });
    drawn.bands.filter(function (band) { return band.verdict && band.ended; }).forEach(function (band) {
      const x = plot.valToPos(band.judgedAt, "x", true);
      pen.fillStyle = colours[band.verdict] || "#7a5200";
      pen.strokeStyle = pen.fillStyle;
      pen.lineWidth = devicePixelRatio;
      /* The series are drawn before, and leave their dashes. */
      pen.setLineDash([]);
      pen.beginPath();
      pen.moveTo(x, plot.bbox.top);
      pen.lineTo(x, plot.bbox.top + plot.bbox.height);
      pen.stroke();
      pen.font = "bold " + 11 * devicePixelRatio + "px system-ui, sans-serif";
      const word = band.verdict === "PASS" ? "✓" : band.verdict === "FAIL" ? "✕" : "?";
      pen.fillText(word, x - 14 * devicePixelRatio, plot.bbox.top + 26 * devicePixelRatio);
    });
    pen.restore();
  }

  /* Every chart shows the same time: from the first measurement to now. */
  function span(plot, min, max) {
    if (zoomed) return [min, max];
    const begin = drawn.metrics.reduce(function (least, metric) { return metric.t.length ? Math.min(least, metric.t[0]) : least; }, drawn.bands.length ? drawn.bands[0].from : Infinity);
    const end = drawn.metrics.reduce(function (most, metric) { return metric.t.length ? Math.max(most, metric.t[metric.t.length - 1]) : most; }, drawn.bands.length ? drawn.bands[drawn.bands.length - 1].to : begin);
    return [begin - (end - begin) * 0.02, Math.max(end, begin + 1)];
  }

  /* Room above the lines for the shares and verdicts. */
  function reach(plot, min, max) { return [0, Math.max(max || 0, 1e-6) * 1.35]; }

  function plot(chart) {
    const unit = units[chart.metric.unit];
    const used = chart.used;
    const at = function (column) { return used.findIndex(function (line) { return line.column === column; }) + 1; };
    const beside = at("baseline") || at("median");
    const few = chart.metric.metric.indexOf("journey ") === 0;
    const data = chart.metric;
    const last = function (column) { return latest(data[column]) || 0; };
    const upwards = beside && at("tolerated") && last("tolerated") >= last(used[beside - 1].column);
    const made = new uPlot({
      width: chart.host.clientWidth || 320, height: HEIGHT, padding: [4, 28, 0, null],
      legend: { show: false },
      cursor: { sync: { key: "release" }, drag: { x: true, y: false }, bind: { dblclick: function (u, target, handler) { return function (event) { zoomed = false; handler(event); }; } } },
      scales: { x: { range: span }, y: { range: reach } },
      axes: [{ stroke: "#55636a", grid: { stroke: "#e4e9eb" }, space: 80, size: 30, values: function (u, values) { return values.map(clock); } }, { stroke: "#55636a", size: 70, space: 36, grid: { stroke: "#e4e9eb" }, values: function (u, values) { return values.map(unit.text); } }],
      series: [{}].concat(used.map(function (line) {
        return { label: line.label, stroke: line.colour, width: line.width, dash: line.dash, spanGaps: false, points: few && line.width > 1 ? { show: true, size: 7, fill: line.colour } : { show: false } };
      })),
      bands: at("tolerated") && beside ? [{ series: upwards ? [at("tolerated"), beside] : [beside, at("tolerated")], fill: "rgba(122, 82, 0, 0.08)" }] : [],
      hooks: { drawClear: [bands], draw: [marks], setCursor: [function (u) { key(chart, u.cursor.idx); }], setSelect: [function (u) { if (u.select.width > 0) zoomed = true; }] }
    }, columns(chart), chart.host);
    made.over.addEventListener("mouseleave", function () { charts.forEach(function (one) { key(one, null); }); });
    return made;
  }

  function columns(chart) {
    return [chart.metric.t].concat(chart.used.map(function (line) { return chart.metric[line.column]; }));
  }

  function latest(values) {
    for (let at = values.length - 1; at >= 0; at--) if (values[at] !== null) return values[at];
    return null;
  }

  function word(verdict) { return verdict ? verdict.replace("_", " ") : "waiting"; }

  function stamp(element, verdict) {
    element.className = "verdict " + (verdict ? verdict.toLowerCase().replace("_", "-") : "waiting");
    element.textContent = word(verdict);
  }

  function make(metric) {
    const chart = { metric: metric, used: [], plot: null };
    const element = function (name, into, type) { const made = document.createElement(name); if (type) made.className = type; into.append(made); return made; };
    chart.figure = document.createElement("figure");
    const caption = element("figcaption", chart.figure);
    const title = element("span", caption);
    title.append(metric.title + " ");
    element("span", title, "muted").textContent = units[metric.unit].name;
    title.lastChild.style.fontWeight = "400";
    chart.verdict = element("span", caption);
    chart.host = element("div", chart.figure, "chart");
    chart.host.tabIndex = 0;
    chart.host.setAttribute("role", "img");
    chart.key = element("ul", chart.figure, "key");
    chart.key.setAttribute("aria-hidden", "true");
    chart.why = element("p", chart.figure, "muted");
    chart.host.addEventListener("keydown", function (event) { walk(chart, event); });
    chart.host.addEventListener("blur", function () { chart.at = null; key(chart, null); });
    new ResizeObserver(function () {
      if (chart.plot && chart.host.clientWidth && chart.host.clientWidth !== chart.plot.width) chart.plot.setSize({ width: chart.host.clientWidth, height: HEIGHT });
    }).observe(chart.host);
    return chart;
  }

  /* With the arrow keys from point to point; what stands there is said. */
  function walk(chart, event) {
    if (!chart.plot) return;
    const end = chart.metric.t.length - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -end, End: end };
    if (event.key === "Escape") { chart.at = null; chart.plot.setCursor({ left: -10, top: -10 }); key(chart, null); return; }
    if (!(event.key in steps)) return;
    event.preventDefault();
    chart.at = Math.min(end, Math.max(0, (chart.at === null || chart.at === undefined ? end : chart.at) + steps[event.key]));
    chart.plot.setCursor({ left: chart.plot.valToPos(chart.metric.t[chart.at], "x"), top: chart.plot.over.clientHeight / 2 });
    key(chart, chart.at);
    document.getElementById("chart-said").textContent = clock(chart.metric.t[chart.at]) + ": " + told(chart, chart.at);
  }

  function value(chart, line, at) {
    if (at === null || at === undefined) return now(chart.metric, line.column) || "–";
    const shown = chart.metric[line.column][at];
    return shown === null || shown === undefined ? "–" : units[chart.metric.unit].text(shown);
  }

  /* The newest value; with the time, where it is not of the step that is the last. */
  function now(metric, column) {
    const values = metric[column];
    let at = values.length - 1;
    while (at >= 0 && values[at] === null) at--;
    if (at < 0) return "";
    const since = drawn.bands.length ? drawn.bands[drawn.bands.length - 1].from : 0;
    const old = metric.t[at] + 1 < since && column !== "candidate" && metric.candidate.slice(at + 1).some(function (value) { return value !== null; });
    return units[metric.unit].text(values[at]) + (old ? " until " + clock(metric.t[at]) : "");
  }

  function told(chart, at) { return chart.used.map(function (line) { return line.label + " " + value(chart, line, at); }).join(", "); }

  function key(chart, at) {
    const items = chart.used.map(function (line) {
      const item = document.createElement("li");
      item.innerHTML = '<svg viewBox="0 0 22 8"><line x1="0" y1="4" x2="22" y2="4" stroke="' + line.colour + '" stroke-width="' + line.width * 1.5 + '" stroke-dasharray="' + (line.dash || []).join(" ") + '"/></svg>';
      item.append(line.label + " " + value(chart, line, at));
      return item;
    });
    if (at !== null && at !== undefined) {
      const item = document.createElement("li");
      item.className = "at";
      item.textContent = "at " + clock(chart.metric.t[at]);
      items.push(item);
    }
    chart.key.replaceChildren.apply(chart.key, items);
  }

  function draw(chart, metric) {
    chart.metric = metric;
    stamp(chart.verdict, metric.verdict);
    const used = lines.filter(function (line) { return metric[line.column].length; });
    const same = used.length === chart.used.length && used.every(function (line, at) { return line === chart.used[at]; });
    chart.used = used;
    chart.host.hidden = !metric.t.length;
    chart.why.hidden = metric.t.length && (!metric.sentence || metric.verdict === "PASS");
    chart.why.textContent = metric.missing || metric.sentence || "";
    chart.host.setAttribute("aria-label", metric.title + " over time. Verdict: " + word(metric.verdict) + ". Now " + told(chart, null) + ". Arrow keys go from point to point.");
    if (!metric.t.length) { key(chart, null); return; }
    if (!same && chart.plot) { chart.plot.destroy(); chart.plot = null; }
    if (!chart.plot) {
      chart.plot = plot(chart);
    } else if (zoomed) {
      const x = chart.plot.scales.x;
      const min = x.min, max = x.max;
      chart.plot.setData(columns(chart), false);
      chart.plot.setScale("x", { min: min, max: max });
    } else {
      chart.plot.setData(columns(chart));
    }
    key(chart, chart.plot.cursor.idx);
  }

  /* What needs eyes first. Nothing moves under a hand: only a new step or a failure puts them in another order, and not where somebody reads. */
  function place() {
    const failed = drawn.metrics.filter(function (metric) { return metric.verdict === "FAIL"; }).map(function (metric) { return metric.metric; });
    const wanted = [drawn.bands.length, drawn.metrics.length, closed(), failed.join()].join("|");
    const read = placed !== null && (measured.contains(document.activeElement) || first.matches(":hover") || others.matches(":hover"));
    if (placed !== wanted && !read) {
      const open = drawn.metrics.filter(function (metric) { return metric.verdict !== "PASS"; });
      const ahead = open.length ? open : drawn.metrics;
      ahead.forEach(function (metric) { first.append(charts.get(metric.metric).figure); });
      drawn.metrics.filter(function (metric) { return !ahead.includes(metric); }).forEach(function (metric) { others.append(charts.get(metric.metric).figure); });
      placed = wanted;
    }
    const rest = drawn.metrics.filter(function (metric) { return others.contains(charts.get(metric.metric).figure); });
    const counts = new Map();
    rest.forEach(function (metric) { counts.set(word(metric.verdict), (counts.get(word(metric.verdict)) || 0) + 1); });
    document.getElementById("charts-more").hidden = !rest.length;
    document.getElementById("charts-more-title").textContent = rest.length + " more: " + Array.from(counts, function (each) { return each[1] + " " + each[0]; }).join(", ");
  }

  function table() {
    const body = document.querySelector("#charts-table tbody");
    const seasons = drawn.metrics.some(function (metric) { return metric.median.length; });
    document.getElementById("charts-table-median").hidden = !seasons;
    body.replaceChildren.apply(body, drawn.metrics.map(function (metric) {
      const row = document.createElement("tr");
      const cell = function (label, text, type) { const made = document.createElement("td"); made.dataset.label = label; made.className = type || ""; made.textContent = text; row.append(made); return made; };
      const head = document.createElement("th");
      head.scope = "row";
      head.textContent = metric.title;
      const note = document.createElement("span");
      note.className = "muted before";
      note.textContent = metric.note;
      head.append(note);
      row.append(head);
      stamp(cell("Verdict", "").appendChild(document.createElement("span")), metric.verdict);
      cell("Candidate", now(metric, "candidate"), "num");
      cell("Baseline", now(metric, "baseline"), "num");
      if (seasons) cell("Same hour of four weeks", now(metric, "median"), "num");
      cell("Tolerated", now(metric, "tolerated"), "num");
      cell("Limit", now(metric, "limit"), "num");
      cell("Why", metric.missing || metric.sentence || "Not looked at yet.");
      return row;
    }));
  }

  function clock(seconds) { return new Date(seconds * 1000).toTimeString().substring(0, 8); }
  function percent(value) { const p = value * 100; return (p && p < 1 ? p.toFixed(2) : p.toFixed(1)) + " %"; }
  function millis(value) { return (value && value < 10 ? value.toFixed(1) : Math.round(value)) + " ms"; }
  function figure(value) { return value === 0 ? "0" : String(+value.toPrecision(3)); }

  function chart() {
    return ask("chart").then(function (data) {
      if (!data || !data.metrics.length) return;
      drawn = data;
      const begins = measured.hidden;
      measured.hidden = false;
      data.metrics.forEach(function (metric) { if (!charts.has(metric.metric)) charts.set(metric.metric, make(metric)); });
      place();
      /* What passes is folded where it would be a long way down. */
      if (begins) document.getElementById("charts-more").open = matchMedia("(min-width: 721px)").matches;
      data.metrics.forEach(function (metric) { draw(charts.get(metric.metric), metric); });
      table();
      moments(data.moments);
      const last = data.bands.filter(function (band) { return band.sentence; }).pop();
      document.getElementById("chart-text").textContent = last ? "Last verdict: " + last.verdict.replace("_", " ") + ". " + last.sentence : "";
    });
  }

  /* The same as the marks below the lines, in words. */
  function moments(all) {
    const host = document.getElementById("chart-moments");
    host.hidden = !all.length;
    host.querySelector("ol").replaceChildren.apply(host.querySelector("ol"), all.map(function (moment) {
      const item = document.createElement("li");
      const at = document.createElement("span");
      at.className = "muted";
      at.textContent = clock(moment.at) + " ";
      item.className = moment.alert ? "alert" : "";
      item.append(at, moment.text);
      return item;
    }));
  }

  /* Path */
  const choice = document.getElementById("path-choice");
  const where = document.getElementById("path-now");
  let viewer = null, instances = [], chosen = null, marked = "";

  function path() {
    return ask("diagram").then(function (data) {
      if (!data || !data.instances.length) return null;
      document.getElementById("path-section").hidden = false;
      instances = data.instances;
      options();
      const current = chosen && instances.find(function (one) { return one.id === chosen; });
      return current ? mark(current) : show(instances.find(function (one) { return one.top; }) || instances[0]);
    });
  }

  function options() {
    const wanted = instances.map(function (one) { return one.id; }).join();
    if (choice.dataset.of === wanted) return;
    choice.dataset.of = wanted;
    choice.replaceChildren.apply(choice, instances.map(function (one) {
      const option = new Option(one.name + (one.top ? "" : " · " + one.started.substring(11, 16) + " UTC"), one.id);
      option.selected = one.id === chosen;
      return option;
    }));
  }

  function show(instance) {
    chosen = instance.id;
    choice.value = instance.id;
    marked = "";
    return fetch(address + "/diagram/" + encodeURIComponent(instance.id)).then(function (answer) { return answer.text(); }).then(function (xml) {
      if (!viewer) {
        viewer = new BpmnJS({ container: "#path", zoomScroll: { enabled: false } });
        viewer.get("eventBus").on("element.click", function (event) {
          const now = instances.find(function (one) { return one.id === chosen; });
          const called = now && now.calls[event.element.id];
          const target = called && instances.find(function (one) { return one.id === called; });
          if (target) show(target);
        });
      }
      return viewer.importXML(xml);
    }).then(function () {
      viewer.get("canvas").zoom("fit-viewport", "auto");
      mark(instance);
    });
  }

  function mark(instance) {
    const wanted = JSON.stringify([instance.done, instance.current]);
    if (!viewer || wanted === marked) return;
    marked = wanted;
    const canvas = viewer.get("canvas");
    const registry = viewer.get("elementRegistry");
    registry.forEach(function (element) {
      ["done", "now", "calls"].forEach(function (kind) {
        const has = kind === "done" ? instance.done.includes(element.id) : kind === "now" ? instance.current.includes(element.id) : instance.calls[element.id];
        if (element.type === "label") return;
        if (has) canvas.addMarker(element.id, kind); else if (element.parent) canvas.removeMarker(element.id, kind);
      });
    });
    where.textContent = instance.ended ? "Finished." : instance.currentNames.length ? "Now at: " + instance.currentNames.join(", ") : "";
  }

  function zoom(factor) { const canvas = viewer.get("canvas"); canvas.zoom(canvas.zoom() * factor); }
  document.getElementById("path-closer").addEventListener("click", function () { zoom(1.4); });
  document.getElementById("path-further").addEventListener("click", function () { zoom(1 / 1.4); });
  document.getElementById("path-fit").addEventListener("click", function () { viewer.get("canvas").zoom("fit-viewport", "auto"); });

  choice.addEventListener("change", function () {
    const wanted = instances.find(function (one) { return one.id === choice.value; });
    if (wanted) show(wanted);
  });

  chart().catch(function () {});
  path().catch(function () {});
  setInterval(function () {
    if (!closed() && state().measured === "true" && !document.hidden) chart().catch(function () {});
  }, 2000);
})();
