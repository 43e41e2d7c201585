/**
 * Automated criteria over evidence, waivers and security sign-off.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "evidence",
            "observe",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.gate;

import org.springframework.modulith.ApplicationModule;
