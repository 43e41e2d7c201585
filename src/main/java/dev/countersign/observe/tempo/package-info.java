/** Traces from Grafana Tempo. */
package dev.countersign.observe.tempo;
