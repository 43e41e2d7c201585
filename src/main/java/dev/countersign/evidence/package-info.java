/**
 * Documents as received, readers of the standard formats, and what was read.
 */
@ApplicationModule(allowedDependencies = {"api", "release", "identity", "catalog", "workflow", "audit"})
package dev.countersign.evidence;

import org.springframework.modulith.ApplicationModule;
