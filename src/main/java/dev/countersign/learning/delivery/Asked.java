package dev.countersign.learning.delivery;

import io.swagger.v3.oas.annotations.Parameter;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.web.util.UriComponentsBuilder;

/** What stands in an address. */
record Asked(
        @Parameter(description = "A service of the catalog; left out, all") String service,
        @Parameter(description = "A business unit: the services that it owns now") String unit,
        @Parameter(description = "RFC 3339, or a day; left out, 90 days before the end") String from,
        @Parameter(description = "Exclusive; a day counts to its end; left out, now") String to,
        @Parameter(
                        description =
                                "production, or sandbox; left out, production, unless all services that are asked for are in the sandbox")
                String target,
        @Parameter(description = "week or month; left out, week up to half a year") String trend,
        @Parameter(description = "true: only what is in the numerator; false: only what is not") Boolean counted,
        @Parameter(description = "From 0") Integer page,
        @Parameter(description = "How many deployments are shown, at most 200; left out, 50") Integer size) {

    /** The same period and target whenever it is followed: left out, they would move on, and the deployments would add up to other figures. */
    Asked of(Instant begin, Instant end, String found) {
        return new Asked(service, unit, begin.toString(), end.toString(), found, trend, null, null, size);
    }

    Asked of(Delivery.Found found) {
        return of(found.period().from(), found.period().to(), found.target().toString());
    }

    String at(String path) {
        return at(path, Map.of());
    }

    /** The same choice at another address, with others beside it. */
    String at(String path, Map<String, ?> others) {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("service", service);
        values.put("unit", unit);
        values.put("from", from);
        values.put("to", to);
        values.put("target", target);
        values.put("trend", trend);
        values.put("size", size);
        values.putAll(others);
        values.values().removeIf(value -> value == null || value.toString().isBlank());
        UriComponentsBuilder address = UriComponentsBuilder.fromPath(path);
        values.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(values).toUriString();
    }
}
