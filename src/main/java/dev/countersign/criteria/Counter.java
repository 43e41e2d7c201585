package dev.countersign.criteria;

import dev.countersign.criteria.Criteria.Criterion;

/**
 * A counter-proposal as a party submits it, with what it left unchanged filled in from the criterion that it is about.
 *
 * @param number null for a new criterion
 */
record Counter(Integer number, boolean dropped, String text, String binding, String limit, String reason) {
    static Counter to(Criterion criterion, boolean dropped, String text, String binding, String limit, String reason) {
        return new Counter(
                criterion.number(),
                dropped,
                or(text, criterion.text()),
                or(binding, criterion.binding()),
                or(limit, criterion.limit()),
                reason);
    }

    static String or(String given, String otherwise) {
        return given == null || given.isBlank() ? otherwise : given;
    }
}
