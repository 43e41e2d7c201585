package dev.countersign.observe;

/** Series of one table, read at the moment Prometheus scrapes: one statement, however many releases run. */
public interface ScrapedSeries {

    /** The word by which {@code countersign_series_up} tells whether these could be read. */
    String name();

    void scrape(Scrape scrape);
}
