/** Certificates by a real handshake and ages of secrets: what of a service has to be rotated. */
package dev.countersign.evidence.rotation;
