/** Deployment markers out: a series for Prometheus, annotations for Grafana, events for OpenTelemetry. */
package dev.countersign.rollout.marker;
