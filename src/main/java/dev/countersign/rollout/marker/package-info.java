/** Deployment markers out: a series for Prometheus, annotations for Grafana. */
package dev.countersign.rollout.marker;
