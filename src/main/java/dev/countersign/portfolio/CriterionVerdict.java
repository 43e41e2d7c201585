package dev.countersign.portfolio;

import dev.countersign.criteria.Criteria.Criterion;
import dev.countersign.release.Verdict;

/**
 * How an agreed criterion came out.
 *
 * @param measured the value with its unit; null where nothing was measured
 * @param why value, sample and source, or what is missing, in one sentence
 */
record CriterionVerdict(Criterion criterion, Verdict verdict, String measured, Long sample, String why) {}
