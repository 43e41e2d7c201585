/* Charts of the trend, drawn from its table. */
(function () {
  "use strict";
  const table = document.getElementById("trend-table");
  const room = document.getElementById("trend-charts");
  if (!table || !window.uPlot) return;
  const HEIGHT = 170;
  const rows = Array.from(table.tBodies[0].rows);
  const read = function (name) { return rows.map(function (row) { return row.dataset[name] === undefined ? null : Number(row.dataset[name]); }); };
  const days = rows.map(function (row) { return row.dataset.from; });
  const x = days.map(function (day) { return Date.parse(day + "T00:00:00Z") / 1000; });
  const colour = { plain: "#1f5f6b", bad: "#a3231f", band: "rgba(163, 35, 31, 0.10)" };

  function span(seconds) {
    if (seconds === null) return "–";
    const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
    const unit = units.find(function (one) { return seconds >= one[1] * (one[0] === "s" ? 0 : 2); });
    const number = seconds / unit[1];
    return (number < 10 && number % 1 ? number.toFixed(1) : Math.round(number)) + " " + unit[0];
  }
  function percent(fraction) { return fraction === null ? "–" : (fraction > 0 && fraction < 0.1 ? (fraction * 100).toFixed(1) : Math.round(fraction * 100)) + " %"; }
  function count(number) { return String(number || 0); }

  const times = [1, 5, 15, 30, 60, 300, 900, 1800, 3600, 7200, 21600, 43200, 86400, 172800, 432000, 864000, 1728000, 4320000, 8640000, 31536000];

  const charts = [
    { title: "Deployments", unit: count, whole: true, lines: [
      { label: "attempted", values: read("deployments"), colour: colour.plain, bars: true },
      { label: "failed", values: read("failed").map(function (failed) { return failed || null; }), colour: colour.bad, bars: true }] },
    { title: "Change fail rate", unit: percent, most: 1, lines: [
      { label: "95 % interval to", values: read("high"), colour: colour.bad, dash: [2, 4] },
      { label: "from", values: read("low"), colour: colour.bad, dash: [2, 4] },
      { label: "failed", values: read("rate"), colour: colour.bad, points: true }], band: [1, 2] },
    { title: "Change lead time", unit: span, lines: [{ label: "median", values: read("lead"), colour: colour.plain, points: true }] },
    { title: "Recovery time", unit: span, lines: [{ label: "median", values: read("recovery"), colour: colour.plain, points: true }] }
  ];

  function told(chart, at) {
    return chart.lines.map(function (line) { return line.label + " " + chart.unit(line.values[at]); }).join(", ");
  }

  function key(chart, at) {
    const where = at === null || at === undefined ? rows.length - 1 : at;
    chart.key.replaceChildren.apply(chart.key, chart.lines.map(function (line) {
      const item = document.createElement("li");
      item.innerHTML = '<svg viewBox="0 0 22 8"><line x1="0" y1="4" x2="22" y2="4" stroke="' + line.colour + '" stroke-width="3" stroke-dasharray="' + (line.dash || []).join(" ") + '"/></svg>';
      item.append(line.label + " " + chart.unit(line.values[where]));
      return item;
    }));
    const item = document.createElement("li");
    item.className = "at";
    item.textContent = days[where];
    chart.key.append(item);
  }

  /* With the arrow keys from part to part; what stands there is said. */
  function walk(chart, event) {
    const end = rows.length - 1;
    const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -4, PageDown: 4, Home: -end, End: end };
    if (!(event.key in steps)) return;
    event.preventDefault();
    chart.at = Math.min(end, Math.max(0, (chart.at === null ? end : chart.at) + steps[event.key]));
    chart.plot.setCursor({ left: chart.plot.valToPos(x[chart.at], "x"), top: HEIGHT / 2 });
    key(chart, chart.at);
    document.getElementById("trend-said").textContent = days[chart.at] + ": " + told(chart, chart.at);
  }

  charts.forEach(function (chart) {
    const figure = document.createElement("figure");
    const caption = document.createElement("figcaption");
    caption.textContent = chart.title;
    const host = document.createElement("div");
    host.className = "chart";
    host.tabIndex = 0;
    host.setAttribute("role", "img");
    host.setAttribute("aria-label", chart.title + ", " + rows.length + " parts from " + days[0] + " to " + days[days.length - 1] + ". Last: " + told(chart, rows.length - 1) + ". Arrow keys go from part to part; the table below has the same.");
    chart.key = document.createElement("ul");
    chart.key.className = "key";
    chart.key.setAttribute("aria-hidden", "true");
    chart.at = null;
    figure.append(caption, host, chart.key);
    room.append(figure);
    const step = rows.length > 1 ? x[1] - x[0] : 604800;
    const bars = uPlot.paths.bars({ size: [0.7, 60] });
    chart.plot = new uPlot({
      width: host.clientWidth || 320, height: HEIGHT, padding: [8, 16, 0, null], legend: { show: false }, tzDate: function (at) { return uPlot.tzDate(new Date(at * 1000), "Etc/UTC"); },
      cursor: { sync: { key: "delivery" }, drag: { x: false, y: false } },
      scales: {
        x: { range: [x[0] - step / 2, x[x.length - 1] + step / 2] },
        y: { range: function (plot, min, max) { return [0, chart.most || Math.max(max || 0, chart.whole ? 4 : 1) * 1.1]; } }
      },
      axes: [
        { stroke: "#55636a", grid: { show: false }, size: 30, space: 70, values: function (plot, values) { return values.map(function (at) { return new Date(at * 1000).toISOString().slice(5, 10); }); } },
        { stroke: "#55636a", size: 64, space: 34, grid: { stroke: "#e4e9eb" }, incrs: chart.unit === span ? times : chart.whole ? [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] : undefined, values: function (plot, values) { return values.map(chart.unit); } }],
      series: [{}].concat(chart.lines.map(function (line) {
        return { label: line.label, stroke: line.colour, fill: line.bars ? line.colour : undefined, width: line.dash ? 1 : 2, dash: line.dash, spanGaps: false,
          paths: line.bars ? bars : undefined, points: { show: Boolean(line.points), size: 6, fill: line.colour } };
      })),
      bands: chart.band ? [{ series: chart.band, fill: colour.band }] : [],
      hooks: { setCursor: [function (plot) { key(chart, plot.cursor.idx); }] }
    }, [x].concat(chart.lines.map(function (line) { return line.values; })), host);
    key(chart, null);
    host.addEventListener("keydown", function (event) { walk(chart, event); });
    host.addEventListener("blur", function () { chart.at = null; key(chart, null); });
    new ResizeObserver(function () {
      if (host.clientWidth && host.clientWidth !== chart.plot.width) chart.plot.setSize({ width: host.clientWidth, height: HEIGHT });
    }).observe(host);
  });
})();
