/**
 * Seats, votes, the decision rule, meetings, conditions and escalation.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "preparation",
            "gate",
            "gate :: budget",
            "evidence",
            "incident",
            "schedule",
            "criteria",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.review;

import org.springframework.modulith.ApplicationModule;
