/** Build servers: what they say by webhook, and the reports that they hold. */
package dev.countersign.evidence.ci;
