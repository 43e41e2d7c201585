/**
 * The conventions of the HTTP contract: problem details, idempotency keys, the OpenAPI description.
 */
@ApplicationModule(allowedDependencies = {})
package dev.countersign.api;

import org.springframework.modulith.ApplicationModule;
