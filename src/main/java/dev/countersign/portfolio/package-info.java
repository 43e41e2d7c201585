/**
 * The whole-release view: pages, the release document of the API, dashboards.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "learning",
            "hotfix",
            "rollback",
            "rollout",
            "review",
            "preparation",
            "gate",
            "gate :: budget",
            "gate :: contract",
            "criteria",
            "evidence",
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
package dev.countersign.portfolio;

import org.springframework.modulith.ApplicationModule;
