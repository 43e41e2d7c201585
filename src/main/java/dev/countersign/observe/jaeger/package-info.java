/** Traces from a Jaeger query service, or from what speaks its JSON API. */
package dev.countersign.observe.jaeger;
