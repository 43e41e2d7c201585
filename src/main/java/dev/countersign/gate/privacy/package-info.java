/** The assessment of a release's impact on personal data: the questionnaire, and what becomes of its answers. */
package dev.countersign.gate.privacy;
