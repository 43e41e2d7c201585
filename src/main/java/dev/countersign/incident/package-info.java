/**
 * Incidents, post-mortems and their actions.
 */
@ApplicationModule(allowedDependencies = {"api", "release", "notice", "identity", "catalog", "workflow", "audit"})
package dev.countersign.incident;

import org.springframework.modulith.ApplicationModule;
