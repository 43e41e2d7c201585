/** Lines and errors in logs, counted by Grafana Loki. */
package dev.countersign.observe.loki;
