/** Turns flags that an Unleash server manages. */
package dev.countersign.rollout.unleash;
