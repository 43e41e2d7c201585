/**
 * Services, owners, tiers, environments, SLOs and checklists, read from files and versioned by digest.
 */
@ApplicationModule(allowedDependencies = {"identity", "workflow"})
package dev.countersign.catalog;

import org.springframework.modulith.ApplicationModule;
