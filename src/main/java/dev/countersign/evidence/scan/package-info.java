/** Servers that keep what scanners found: asked for what they know of a release's version or commit. */
package dev.countersign.evidence.scan;
