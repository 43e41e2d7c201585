/**
 * Metrics, SLO evaluation, the canary judge and observations; told its target and share.
 */
@ApplicationModule(allowedDependencies = {"api", "identity", "catalog", "workflow"})
package dev.countersign.observe;

import org.springframework.modulith.ApplicationModule;
