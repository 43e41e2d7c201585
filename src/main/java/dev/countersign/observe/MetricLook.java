package dev.countersign.observe;

/** How one metric stands by itself, whatever the others make of the verdict. */
record MetricLook(String metric, Outcome outcome, String sentence) {
    static final String ERROR_RATE = "error rate";
    static final String SLOWER = "latency p95 over baseline";

    static String ofObjective(String name) {
        return "objective " + name;
    }

    /** Known by requests, and by nothing beside them. */
    boolean isOfRequests() {
        return !metric.startsWith("kpi ") && !metric.startsWith("rum ");
    }

    MetricLook because(Outcome other, String why) {
        return new MetricLook(metric, other, why);
    }
}
