/** Splits traffic by the weights of an HTTPRoute of the Kubernetes Gateway API. */
package dev.countersign.rollout.gateway;
