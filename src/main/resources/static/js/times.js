/* Times as people say them; the absolute time stays in the title. */
(function () {
  "use strict";
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

  function span(seconds) {
    const at = units.findIndex(function (unit) { return seconds >= unit[1]; });
    if (at < 0) return "0 s";
    const whole = Math.floor(seconds / units[at][1]);
    const next = units[at + 1];
    const rest = next && at < 2 ? Math.floor((seconds - whole * units[at][1]) / next[1]) : 0;
    return whole + " " + units[at][0] + (rest ? " " + rest + " " + next[0] : "");
  }

  function say(element, now) {
    const seconds = Math.round((Date.parse(element.dateTime) - now) / 1000);
    const text = Math.abs(seconds) < 5 ? "now" : seconds > 0 ? "in " + span(seconds) : span(-seconds) + " ago";
    if (element.textContent !== text) element.textContent = text;
  }

  function sayAll() {
    const now = Date.now();
    document.querySelectorAll("time[data-relative]").forEach(function (element) { say(element, now); });
  }

  window.countersignTimes = sayAll;
  sayAll();
  setInterval(sayAll, 10000);
})();
