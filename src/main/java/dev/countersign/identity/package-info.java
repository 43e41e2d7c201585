/**
 * Users, roles and who acts.
 */
@ApplicationModule(allowedDependencies = {})
package dev.countersign.identity;

import org.springframework.modulith.ApplicationModule;
