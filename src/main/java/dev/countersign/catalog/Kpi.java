package dev.countersign.catalog;

/**
 * A business figure of a service: events for each visit, or whatever it is held against.
 *
 * @param digest of the exact bytes of the file that declares it: the version
 * @param events what is counted, as the service's metrics source asks for it
 * @param per what it is held against, likewise
 * @param worse {@code more} or {@code less}: the direction that is a deterioration
 * @param deviation the tolerated part: 0.1 is 10 %
 * @param critical a deviation from the version beside it takes a release back
 * @param concurrent held against the version that serves beside it
 * @param seasonal held against the median of the same hour over four weeks
 */
public record Kpi(
        String id,
        String service,
        String digest,
        String events,
        String per,
        String worse,
        double deviation,
        boolean critical,
        boolean concurrent,
        boolean seasonal) {}
