package dev.countersign.release;

import dev.countersign.api.Problem;
import dev.countersign.api.Problem.FieldError;
import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.release.Release.Artifact;
import dev.countersign.release.Release.SuccessMetric;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.stereotype.Component;

/** What a request to open a release must say. Everything that is wrong is said at once, each at its place (JSON pointer). */
@Component
class OpeningRules {
    /** The databases' years end later, but no plan does. */
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");

    private static final int LONGEST_LIST = 100;
    private static final Set<String> KINDS = Set.of("standard", Release.HOTFIX);
    private static final Set<String> DIRECTIONS = Set.of("increase", "decrease");
    private static final String VERSION = "[0-9A-Za-z][0-9A-Za-z.+_-]{0,63}";
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cntrl}&&[^\\t\\n\\r]]");
    private final Catalog catalog;
    private final Clock clock;

    OpeningRules(Catalog catalog, Clock clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    /** @throws Problem 422 with every fault */
    Service check(OpenRelease request) {
        Faults faults = new Faults();
        Service service = service(request, faults);
        build(request, faults);
        artifacts(request, faults);
        people(request, faults);
        plan(request, faults);
        window(request.window(), faults);
        metrics(request, faults);
        faults.refuse();
        return service;
    }

    private Service service(OpenRelease request, Faults faults) {
        Service service = request.service() == null
                ? null
                : catalog.service(request.service()).orElse(null);
        faults.unless(service != null, "/service", "must name a service of the catalog");
        if (service != null) {
            catalog.whyItCannotRelease(service.name())
                    .ifPresent(reason -> faults.add("/service", "cannot release: " + reason));
        }
        return service;
    }

    private static void build(OpenRelease request, Faults faults) {
        faults.unless(
                matches(request.version(), VERSION),
                "/version",
                "must be 1 to 64 letters, digits, dots, plus, minus or underscore, for example 2.4.0");
        faults.unless(request.kind() == null || KINDS.contains(request.kind()), "/kind", "must be standard or hotfix");
        faults.unless(matches(request.commit(), "[0-9a-f]{7,64}"), "/commit", "must be a commit's hexadecimal id");
        faults.unless(isATime(request.committedAt()), "/committedAt", "must be a time from 1970 to 9999");
        faults.unless(
                request.environment() == null || "production".equals(request.environment()),
                "/environment",
                "must be production: releases go there");
    }

    private static void artifacts(OpenRelease request, Faults faults) {
        List<Artifact> artifacts = Objects.requireNonNullElse(request.artifacts(), List.of());
        faults.unless(!artifacts.isEmpty(), "/artifacts", "must name at least one artifact");
        faults.limit(artifacts, "/artifacts");
        for (int i = 0; i < artifacts.size(); i++) {
            Artifact artifact = artifacts.get(i);
            faults.text(artifact == null ? null : artifact.name(), "/artifacts/" + i + "/name", 500);
            faults.unless(
                    artifact != null && matches(artifact.digest(), "sha256:[0-9a-f]{64}"),
                    "/artifacts/" + i + "/digest",
                    "must be sha256: and 64 hexadecimal digits");
        }
    }

    /** Without an author anybody could approve what they wrote: a pipeline that opens the release is not its author. */
    private static void people(OpenRelease request, Faults faults) {
        List<String> authors = Objects.requireNonNullElse(request.authors(), List.of());
        faults.unless(!authors.isEmpty(), "/authors", "must name at least one author: authors never approve");
        faults.limit(authors, "/authors");
        for (int i = 0; i < authors.size(); i++) {
            faults.text(authors.get(i), "/authors/" + i, 100);
        }
    }

    private static void plan(OpenRelease request, Faults faults) {
        faults.optional(request.summary(), "/summary", 2000);
        faults.optional(request.rfc(), "/rfc", 80);
        faults.unless(
                request.flag() == null || matches(request.flag(), "[0-9A-Za-z][0-9A-Za-z._~-]{0,99}"),
                "/flag",
                "must be a flag's key: 1 to 100 letters, digits, dots, hyphens, underscores or tildes");
        faults.optional(request.fixes(), "/fixes", 500);
        if (request.changes() != null) {
            request.changes()
                    .keySet()
                    .forEach(fact -> faults.unless(
                            ReleaseOpening.CHANGE_FACTS.contains(fact),
                            "/changes/" + fact.replace("~", "~0").replace("/", "~1"),
                            "is no change fact; there are " + ReleaseOpening.CHANGE_FACTS));
        }
        List<String> needed = Objects.requireNonNullElse(request.dependsOn(), List.of());
        faults.limit(needed, "/dependsOn");
        for (int i = 0; i < needed.size(); i++) {
            faults.unless(
                    matches(needed.get(i), "[^@\\s\\p{Cntrl}]{1,100}@" + VERSION + "(~[0-9]{1,4})?"),
                    "/dependsOn/" + i,
                    "must be service@version, for example payments@1.9.0");
        }
    }

    private void window(OpenRelease.Window window, Faults faults) {
        if (window == null) {
            return;
        }
        faults.unless(isATime(window.start()), "/window/start", "must be a time from 1970 to 9999");
        faults.unless(isATime(window.end()), "/window/end", "must be a time from 1970 to 9999");
        faults.unless(
                window.start() == null || window.end() == null || window.start().isBefore(window.end()),
                "/window",
                "must end after it starts");
        faults.unless(window.end() == null || window.end().isAfter(clock.instant()), "/window/end", "is past");
    }

    private static void metrics(OpenRelease request, Faults faults) {
        List<SuccessMetric> metrics = Objects.requireNonNullElse(request.successMetrics(), List.of());
        faults.limit(metrics, "/successMetrics");
        for (int i = 0; i < metrics.size(); i++) {
            SuccessMetric metric = metrics.get(i);
            String place = "/successMetrics/" + i;
            if (metric == null) {
                faults.add(place, "must not be null");
                continue;
            }
            faults.text(metric.name(), place + "/name", 200);
            faults.unless(Double.isFinite(metric.target()), place + "/target", "must be a number");
            faults.unless(
                    metric.direction() != null && DIRECTIONS.contains(metric.direction()),
                    place + "/direction",
                    "must be increase or decrease");
        }
    }

    private static boolean isATime(Instant time) {
        return time == null || (!time.isBefore(Instant.EPOCH) && time.isBefore(LATEST));
    }

    private static boolean matches(String value, String pattern) {
        return value != null && value.matches(pattern);
    }

    private static final class Faults {
        private final List<FieldError> found = new ArrayList<>();

        private void add(String pointer, String message) {
            found.add(new FieldError(pointer, message));
        }

        private void unless(boolean condition, String pointer, String message) {
            if (!condition) {
                add(pointer, message);
            }
        }

        private void text(String value, String pointer, int longest) {
            unless(value != null && !value.isBlank(), pointer, "must not be empty");
            optional(value, pointer, longest);
        }

        private void optional(String value, String pointer, int longest) {
            unless(value == null || value.length() <= longest, pointer, "must have at most " + longest + " characters");
            unless(
                    value == null || !UNPRINTABLE.matcher(value).find(),
                    pointer,
                    "must not contain control characters other than tabs and line breaks");
        }

        private void limit(List<?> values, String pointer) {
            unless(values.size() <= LONGEST_LIST, pointer, "must have at most " + LONGEST_LIST + " entries");
        }

        private void refuse() {
            if (!found.isEmpty()) {
                FieldError first = found.get(0);
                throw Problem.invalid(
                        "The release cannot be opened: " + first.pointer() + " " + first.message(),
                        List.copyOf(found.subList(0, Math.min(found.size(), LONGEST_LIST))));
            }
        }
    }
}
