/** Errors in logs, counted by OpenSearch or Elasticsearch. */
package dev.countersign.observe.opensearch;
