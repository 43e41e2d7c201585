/** Turns flags in the definition files that flagd serves. */
package dev.countersign.rollout.flagd;
