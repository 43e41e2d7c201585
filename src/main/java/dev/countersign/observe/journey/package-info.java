/** Walks the catalog's journeys on versions of a service, by HTTP. */
package dev.countersign.observe.journey;
