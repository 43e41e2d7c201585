/**
 * What is particular to hotfixes: an approval that ends by itself, the review afterwards, and the block of the service's next release until it is done.
 */
@ApplicationModule(
        allowedDependencies = {
            "api",
            "rollout",
            "review",
            "gate",
            "evidence",
            "incident",
            "release",
            "notice",
            "identity",
            "catalog",
            "workflow",
            "audit"
        })
package dev.countersign.hotfix;

import org.springframework.modulith.ApplicationModule;
