package dev.countersign.observe;

import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** What the judge says of each release that it watches. */
@Component
class VerdictSeries implements ScrapedSeries {
    /** Before the first look there is no verdict, and nothing that could be mistaken for one. */
    private static final String NONE_YET = "NONE";

    private final JdbcClient jdbc;

    VerdictSeries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @Override
    public String name() {
        return "verdict";
    }

    @Override
    public void scrape(Scrape scrape) {
        jdbc.sql(
                        """
                select release_key, service, kind, coalesce(verdict, ?) as verdict, metric, value_, limit_, sample_
                  from observation where ended = false order by no_""")
                .param(NONE_YET)
                .query((row, number) -> {
                    String release = row.getString("release_key");
                    String service = row.getString("service");
                    String kind = row.getString("kind");
                    scrape.gauge(
                            "verdict",
                            "1 for the verdict that stands on a release that is watched",
                            1.0,
                            labels(release, service, kind, "verdict", row.getString("verdict")));
                    String metric = row.getString("metric");
                    if (metric != null) {
                        String[] judged = labels(release, service, kind, "metric", metric);
                        scrape.gauge(
                                "judged_value",
                                "The value that the verdict names",
                                row.getObject("value_", Double.class),
                                judged);
                        scrape.gauge(
                                "judged_limit",
                                "The limit that the verdict names",
                                row.getObject("limit_", Double.class),
                                judged);
                        Long sample = row.getObject("sample_", Long.class);
                        scrape.gauge(
                                "judged_sample",
                                "How much the verdict rests on",
                                sample == null ? null : sample.doubleValue(),
                                judged);
                    }
                    return number;
                })
                .list();
    }

    private static String[] labels(String release, String service, String kind, String more, String value) {
        return new String[] {"release", release, "service", service, "kind", kind, more, value};
    }
}
