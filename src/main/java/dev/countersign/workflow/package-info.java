/**
 * The engine's set-up: deployment of models, guardrails, human tasks, messages, decisions.
 */
@ApplicationModule(allowedDependencies = {"api", "identity"})
package dev.countersign.workflow;

import org.springframework.modulith.ApplicationModule;
