/**
 * Acceptance criteria negotiated for a release before its gates open.
 */
@ApplicationModule(allowedDependencies = {"api", "release", "notice", "identity", "catalog", "workflow", "audit"})
package dev.countersign.criteria;

import org.springframework.modulith.ApplicationModule;
