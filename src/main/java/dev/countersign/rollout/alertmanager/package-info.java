/** Alerts in: what Alertmanager (webhook, version 4) says while a release is being rolled out. */
package dev.countersign.rollout.alertmanager;
