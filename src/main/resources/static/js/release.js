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

  /* Chart */
  const colours = { candidate: "#b3541e", baseline: "#1f5f6b", limit: "#a3231f", alert: "#7a5200", change: "#55636a", PASS: "#1e6b3a", FAIL: "#a3231f" };
  const charts = {};
  let drawn = null;

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
      pen.fillStyle = "#55636a";
      pen.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
      /* The axes are drawn before, and leave it at "right". */
      pen.textAlign = "left";
      const begin = Math.max(left, plot.bbox.left);
      const label = band.kind === "step" ? Math.round(band.share * 100) + " %" : "all users";
      if (right - begin > pen.measureText(label).width + 8) pen.fillText(label, begin + 4 * devicePixelRatio, plot.bbox.top + 12 * devicePixelRatio);
    });
    pen.restore();
  }

  function marks(plot, limit) {
    const pen = plot.ctx;
    pen.save();
    pen.beginPath();
    pen.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height);
    pen.clip();
    if (limit !== null) {
      const y = plot.valToPos(limit, "y", true);
      pen.fillStyle = colours.limit;
      pen.font = 11 * devicePixelRatio + "px system-ui, sans-serif";
      pen.textAlign = "right";
      pen.fillText("limit", plot.bbox.left + plot.bbox.width - 4 * devicePixelRatio, y - 4 * devicePixelRatio);
      pen.textAlign = "left";
      pen.strokeStyle = colours.limit;
      pen.setLineDash([6 * devicePixelRatio, 4 * devicePixelRatio]);
      pen.lineWidth = devicePixelRatio;
      pen.beginPath();
      pen.moveTo(plot.bbox.left, y);
      pen.lineTo(plot.bbox.left + plot.bbox.width, y);
      pen.stroke();
      pen.setLineDash([]);
    }
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

  function plot(id, unit, limit) {
    const host = document.getElementById(id);
    const line = function (label, colour, dash) {
      return { label: label, stroke: colour, width: 2, dash: dash, spanGaps: false, points: { show: false }, value: function (u, v) { return v === null || v === undefined ? "–" : unit(v); } };
    };
    return new uPlot({
      width: host.clientWidth, height: 220, padding: [null, 24, null, null], cursor: { drag: { x: true, y: false } },
      scales: { y: { range: function (u, min, max) { return [0, Math.max(max || 0, (limit() || 0) * 1.2, 1e-6) * 1.05]; } } },
      axes: [{ stroke: "#55636a", grid: { stroke: "#e4e9eb" }, space: 70, values: function (u, values) { return values.map(clock); } }, { stroke: "#55636a", size: 64, grid: { stroke: "#e4e9eb" }, values: function (u, values) { return values.map(unit); } }],
      series: [{ value: function (u, v) { return v === null || v === undefined ? "–" : clock(v); } }, line("candidate", colours.candidate), line("baseline", colours.baseline, [4, 3])],
      hooks: { drawClear: [bands], draw: [function (u) { marks(u, limit()); }] }
    }, [[], [], []], host);
  }

  function clock(seconds) { return new Date(seconds * 1000).toTimeString().substring(0, 8); }
  function percent(value) { const p = value * 100; return (p && p < 1 ? p.toFixed(2) : p.toFixed(1)) + " %"; }
  function millis(value) { return Math.round(value) + " ms"; }

  function chart() {
    return ask("chart").then(function (data) {
      if (!data || !data.t.length) return;
      drawn = data;
      document.getElementById("measured").hidden = false;
      if (!charts.errors) {
        charts.errors = plot("chart-errors", percent, function () { return drawn.limits ? drawn.limits.errorRate : null; });
        charts.latency = plot("chart-latency", millis, function () {
          const base = drawn.baselineP95.filter(function (v) { return v !== null; }).slice(-1)[0];
          return drawn.limits && base !== undefined ? base + drawn.limits.latencyIncreaseMs : null;
        });
      }
      charts.errors.setData([data.t, data.candidateErrors, data.baselineErrors]);
      charts.latency.setData([data.t, data.candidateP95, data.baselineP95]);
      moments(data.moments);
      const last = data.bands[data.bands.length - 1];
      document.getElementById("chart-text").textContent = last && last.sentence ? "Last verdict: " + last.verdict.replace("_", " ") + ". " + last.sentence : "";
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

  window.addEventListener("resize", function () {
    Object.values(charts).forEach(function (one) { one.setSize({ width: one.root.parentElement.clientWidth, height: 220 }); });
  });

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
