/**
 * Automated criteria over evidence, waivers and security sign-off.
 */
@ApplicationModule(
        allowedDependencies = {"evidence", "observe", "release", "notice", "identity", "catalog", "workflow", "audit"})
package dev.countersign.gate;

import org.springframework.modulith.ApplicationModule;
