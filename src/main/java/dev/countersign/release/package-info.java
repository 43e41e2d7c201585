/**
 * The release: its state, timeline, dossier and clearance.
 */
@ApplicationModule(allowedDependencies = {"api", "identity", "catalog", "workflow", "audit"})
package dev.countersign.release;

import org.springframework.modulith.ApplicationModule;
