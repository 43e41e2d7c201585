/** Whether what is left of a service's error budgets lets a release begin, and what its rollout may cost of them. */
@NamedInterface("budget")
package dev.countersign.gate.budget;

import org.springframework.modulith.NamedInterface;
