/**
 * Rollout plans, steps, deployer, traffic router, promotion and circuit breaker.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "observe",
            "observe :: correlation",
            "schedule",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.rollout;

import org.springframework.modulith.ApplicationModule;
