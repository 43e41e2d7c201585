/** Changes of contracts: the facts that they show, and the consent of those whom they break. */
@NamedInterface("contract")
package dev.countersign.gate.contract;

import org.springframework.modulith.NamedInterface;
