/**
 * Metrics, SLO evaluation, the canary judge and observations; told its target and share.
 */
@ApplicationModule(allowedDependencies = {"identity", "catalog", "workflow"})
package dev.countersign.observe;

import org.springframework.modulith.ApplicationModule;
