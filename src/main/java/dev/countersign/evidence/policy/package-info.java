/** Engines of policy that are asked directly. */
package dev.countersign.evidence.policy;
