/** Change records: of ServiceNow, of Jira Service Management, or of a register of the platform's own. */
package dev.countersign.evidence.change;
