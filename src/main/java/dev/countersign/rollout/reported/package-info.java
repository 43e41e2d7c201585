/** What other systems report that they deployed, compared with what was approved: changes that went past the platform are found here. */
package dev.countersign.rollout.reported;
