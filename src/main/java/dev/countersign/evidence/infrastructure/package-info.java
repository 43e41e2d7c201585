/** What infrastructure files say, and the few things that are looked at in them: no tool, and nothing is computed that only a run would know. */
package dev.countersign.evidence.infrastructure;
