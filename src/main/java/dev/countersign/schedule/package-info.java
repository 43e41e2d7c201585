/**
 * Windows and calendars.
 */
@ApplicationModule(allowedDependencies = {"api", "release", "notice", "identity", "catalog", "workflow", "audit"})
package dev.countersign.schedule;

import org.springframework.modulith.ApplicationModule;
