/** Traces from a Zipkin server, or from what speaks its API (version 2). */
package dev.countersign.observe.zipkin;
