/** Asking systems over HTTP, with bounds on everything: what their connectors share. */
@NamedInterface("http")
package dev.countersign.evidence.http;

import org.springframework.modulith.NamedInterface;
