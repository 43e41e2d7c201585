/**
 * Users, roles and who acts.
 */
@ApplicationModule(allowedDependencies = {"api"})
package dev.countersign.identity;

import org.springframework.modulith.ApplicationModule;
