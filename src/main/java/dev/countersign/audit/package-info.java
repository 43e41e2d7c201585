/**
 * The transparency log: every fact as a leaf record, written in its own transaction.
 */
@ApplicationModule(allowedDependencies = {"api", "identity", "workflow"})
package dev.countersign.audit;

import org.springframework.modulith.ApplicationModule;
