/** Brokers of contracts between consumers and providers. */
package dev.countersign.evidence.pact;
