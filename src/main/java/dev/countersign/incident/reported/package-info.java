/** Incidents in: what PagerDuty, ServiceNow, Jira and our own form report, and which release caused them, as persons say. */
package dev.countersign.incident.reported;
