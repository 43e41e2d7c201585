/** Asking systems over HTTP, with bounds on everything: what their connectors share. */
package dev.countersign.evidence.http;
