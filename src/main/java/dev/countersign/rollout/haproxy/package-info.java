/** Splits traffic by the weights of a HAProxy's servers, set over its runtime API. */
package dev.countersign.rollout.haproxy;
