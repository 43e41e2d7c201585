/**
 * What people prepare before a release is voted on: the checklist, ticked role by role, and the communication plan, whose messages are
 * sent at their moments and taken back with the release.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "gate",
            "evidence",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.preparation;

import org.springframework.modulith.ApplicationModule;
