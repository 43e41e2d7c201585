package dev.countersign.catalog;

import java.util.List;

/** The business figures of one service, as a file declares them. */
record KpiFile(String name, String service, List<Kpi> kpis) implements Declaration.Declared {}
