/**
 * Retrospectives and their outcome.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "rollback",
            "rollout",
            "review",
            "gate",
            "criteria",
            "evidence",
            "evidence :: http",
            "incident",
            "observe",
            "schedule",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.learning;

import org.springframework.modulith.ApplicationModule;
