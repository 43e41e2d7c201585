/**
 * Mail and calendar invitations, sent outside the transaction and never lost.
 */
@ApplicationModule(allowedDependencies = {"api", "identity", "catalog"})
package dev.countersign.notice;

import org.springframework.modulith.ApplicationModule;
