/** Measures services with a Prometheus server, or anything that speaks its HTTP API. */
package dev.countersign.observe.prometheus;
