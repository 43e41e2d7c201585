package dev.countersign.criteria;

/** A criterion before it has its number. */
record Draft(String text, String binding, String limit, String origin, String before) {
    static Draft of(Criteria.Criterion criterion) {
        return new Draft(criterion.text(), criterion.binding(), criterion.limit(), criterion.origin(), null);
    }
}
