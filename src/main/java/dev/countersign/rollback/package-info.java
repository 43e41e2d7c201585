/**
 * The rollback ladder, its time budget and the validation afterwards.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "rollout",
            "observe",
            "evidence",
            "incident",
            "schedule",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.rollback;

import org.springframework.modulith.ApplicationModule;
