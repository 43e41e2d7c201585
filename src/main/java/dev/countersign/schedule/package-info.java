/**
 * Windows and calendars.
 */
@ApplicationModule(allowedDependencies = {"release", "notice", "identity", "catalog", "workflow", "audit"})
package dev.countersign.schedule;

import org.springframework.modulith.ApplicationModule;
