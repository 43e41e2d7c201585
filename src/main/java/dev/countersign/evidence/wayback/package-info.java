/** Scripts of the way back, registered with their releases by digest. */
package dev.countersign.evidence.wayback;
