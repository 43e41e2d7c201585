/**
 * Services, owners, tiers, environments, SLOs and checklists, read from files and versioned by digest.
 */
@ApplicationModule(allowedDependencies = {"api", "identity", "workflow"})
package dev.countersign.catalog;

import org.springframework.modulith.ApplicationModule;
