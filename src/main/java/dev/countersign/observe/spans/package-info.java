/** What tracing systems tell of a request, brought into calls: the forms of Zipkin, Jaeger and OpenTelemetry, and how a bounded number of traces is asked for. */
package dev.countersign.observe.spans;
