/** Asks in the background whether a release is the root of what goes wrong around it, and does what the table {@code correlation-actions} says. */
package dev.countersign.rollout.correlation;
