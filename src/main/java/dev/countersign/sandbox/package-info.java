/**
 * A sample target beside the platform: service in two versions, router, load and metrics. Never in production.
 */
@ApplicationModule(allowedDependencies = {"api", "rollout", "observe", "catalog", "identity"})
package dev.countersign.sandbox;

import org.springframework.modulith.ApplicationModule;
