package dev.countersign.gate;

import dev.countersign.evidence.Evidence.Document;
import dev.countersign.evidence.Evidence.Finding;
import dev.countersign.evidence.Purl;
import dev.countersign.evidence.StatedVersion;
import dev.countersign.release.Release;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Takes from the vulnerabilities of a release those that its VEX statements excuse: {@code not_affected} with a reason, or
 * {@code fixed}, for the same vulnerability and the same package or this release, and not contradicted by a statement that is as new.
 */
final class Vex {
    /** The detail of a document under which the findings stand that a statement took from it, in words. */
    static final String EXCUSED = "excused";

    private static final List<String> GRAVEST_FIRST = List.of("critical", "high", "medium", "low");

    private Vex() {}

    private record Statement(
            List<String> ids,
            boolean excuses,
            List<String> products,
            List<String> subcomponents,
            List<String> versions,
            String at,
            String words) {}

    static List<Document> apply(Release release, List<Document> documents) {
        List<Statement> statements =
                documents.stream().flatMap(document -> read(document).stream()).toList();
        List<Finding> scanned = documents.stream()
                .filter(document -> !isVex(document))
                .flatMap(document -> document.findings().stream())
                .toList();
        return documents.stream()
                .map(document -> statements.isEmpty() ? document : without(release, document, statements))
                .map(document -> isVex(document) ? once(release, document, scanned) : document)
                .toList();
    }

    private static boolean isVex(Document document) {
        return document.type().equals("vex");
    }

    /** What a scan counts as gravely is not counted a second time in the document that analyses it. */
    private static Document once(Release release, Document vex, List<Finding> scanned) {
        List<Finding> left = new ArrayList<>();
        Map<String, Object> summary = new HashMap<>(vex.summary());
        for (Finding finding : vex.findings()) {
            if (scanned.stream().anyMatch(one -> isSame(release, one, finding))) {
                finding.counts().forEach(count -> add(summary, count, -1));
            } else {
                left.add(finding);
            }
        }
        return left.size() == vex.findings().size() ? vex : vex.with(summary, left);
    }

    private static boolean isSame(Release release, Finding scanned, Finding analysed) {
        if (scanned.rule() == null || scanned.component() == null || analysed.component() == null) {
            return false;
        }
        boolean named = scanned.rule().equals(analysed.rule())
                || scanned.aliases().contains(analysed.rule())
                || analysed.aliases().contains(scanned.rule());
        return named
                && gravity(scanned) <= gravity(analysed)
                && Arrays.stream(analysed.component().split(" "))
                        .allMatch(component -> isRelease(release, component) || isSame(component, scanned.component()));
    }

    private static int gravity(Finding finding) {
        int known = GRAVEST_FIRST.indexOf(finding.severity());
        return known < 0 ? GRAVEST_FIRST.size() : known;
    }

    private static List<Statement> read(Document document) {
        List<Statement> all = new ArrayList<>();
        if (document.details().get("statements") instanceof List<?> list) {
            for (Object one : list) {
                if (one instanceof Map<?, ?> said) {
                    all.add(new Statement(
                            words(said.get("ids")),
                            Boolean.TRUE.equals(said.get("excuses")),
                            words(said.get("products")),
                            words(said.get("subcomponents")),
                            words(said.get("versions")),
                            String.valueOf(said.get("at")),
                            words(said, document)));
                }
            }
        }
        return all;
    }

    /** What it says, who said it, and where. */
    private static String words(Map<?, ?> said, Document document) {
        Object reason = said.get("reason");
        return "%s%s, by %s in %s"
                .formatted(
                        said.get("status"),
                        reason == null || reason.toString().isBlank() ? "" : " because of " + reason,
                        document.receivedBy(),
                        document.sha256().substring(0, 12));
    }

    private static List<String> words(Object list) {
        return list instanceof List<?> some ? some.stream().map(String::valueOf).toList() : List.of();
    }

    private static Document without(Release release, Document document, List<Statement> statements) {
        List<Finding> left = new ArrayList<>();
        List<String> excused = new ArrayList<>();
        Map<String, Object> summary = new HashMap<>(document.summary());
        for (Finding finding : document.findings()) {
            if (isExcused(release, finding, statements)) {
                excused.add(finding.rule() + " (" + excuse(release, finding, statements) + ")");
                finding.counts().forEach(count -> add(summary, count, -1));
                add(summary, "notAffected", 1);
            } else {
                left.add(finding);
            }
        }
        return excused.isEmpty() ? document : document.with(summary, left).with(EXCUSED, List.copyOf(excused));
    }

    private static String excuse(Release release, Finding finding, List<Statement> statements) {
        return statements.stream()
                .filter(one -> one.excuses()
                        && Stream.concat(Stream.of(finding.rule()), finding.aliases().stream())
                                .anyMatch(one.ids()::contains)
                        && Arrays.stream(finding.component().split(" "))
                                .anyMatch(component -> isAbout(release, one, component)))
                .map(Statement::words)
                .findFirst()
                .orElseThrow();
    }

    private static void add(Map<String, Object> summary, String count, int change) {
        if (summary.get(count) instanceof Number number) {
            summary.put(count, number.longValue() + change);
        }
    }

    private static boolean isExcused(Release release, Finding finding, List<Statement> statements) {
        if (finding.rule() == null
                || finding.component() == null
                || finding.component().isBlank()) {
            return false;
        }
        // A finding of several components is excused when each of them is.
        for (String component : finding.component().split(" ")) {
            List<Statement> about = statements.stream()
                    .filter(one -> isAbout(release, one, component))
                    .toList();
            if (!isExcused(finding, about)) {
                return false;
            }
        }
        return true;
    }

    /** Under its own name, or under all others: an advisory for several vulnerabilities is not excused by one of them. */
    private static boolean isExcused(Finding finding, List<Statement> about) {
        return !isContradicted(finding.rule(), about)
                && finding.aliases().stream().noneMatch(alias -> isContradicted(alias, about))
                && (hasExcuse(finding.rule(), about)
                        || (!finding.aliases().isEmpty()
                                && others(finding).stream().allMatch(alias -> hasExcuse(alias, about))));
    }

    /** An advisory is about its CVEs, whatever else they are called. */
    private static List<String> others(Finding finding) {
        List<String> numbers =
                finding.aliases().stream().filter(Vex::isNumbered).toList();
        return isNumbered(finding.rule()) || numbers.isEmpty() ? finding.aliases() : numbers;
    }

    private static boolean isNumbered(String id) {
        return id.startsWith("CVE-");
    }

    private static boolean hasExcuse(String id, List<Statement> about) {
        return about.stream().anyMatch(one -> one.excuses() && one.ids().contains(id));
    }

    /** A statement against it stands unless one under the same name is newer. */
    private static boolean isContradicted(String id, List<Statement> about) {
        return about.stream()
                .filter(against -> !against.excuses() && against.ids().contains(id))
                .anyMatch(against -> about.stream()
                        .noneMatch(one -> one.excuses() && one.ids().contains(id) && isNewer(one, against)));
    }

    private static boolean isNewer(Statement one, Statement other) {
        Instant mine = time(one.at());
        Instant theirs = time(other.at());
        return mine != null && theirs != null && mine.isAfter(theirs);
    }

    private static Instant time(String text) {
        try {
            return OffsetDateTime.parse(text).toInstant();
        } catch (DateTimeParseException unknown) {
            return null;
        }
    }

    /** The statement names the package itself, or this release and, where it names parts, the package among them. */
    private static boolean isAbout(Release release, Statement statement, String component) {
        if (!statement.versions().isEmpty()
                && statement.versions().stream().noneMatch(version -> StatedVersion.isOf(release, version))) {
            // Against a release a limited statement still counts: only an excuse has to fit.
            return !statement.excuses() && !isAboutAnother(release, statement);
        }
        return statement.products().stream()
                .anyMatch(product ->
                        (isSame(product, component) && statement.subcomponents().isEmpty())
                                || (isRelease(release, product)
                                        && (statement.subcomponents().isEmpty()
                                                || statement.subcomponents().stream()
                                                        .anyMatch(part -> isSame(part, component)))));
    }

    /** It is limited to ranges of versions in which this release's is not, or of another product. */
    private static boolean isAboutAnother(Release release, Statement statement) {
        return statement.versions().stream().allMatch(VersionRange::isRange)
                && (statement.products().stream().noneMatch(product -> isRelease(release, product))
                        || statement.versions().stream()
                                .allMatch(range -> VersionRange.excludes(range, release.version())));
    }

    private static boolean isSame(String product, String component) {
        Purl said = Purl.of(product);
        Purl found = Purl.of(component);
        return said != null && found != null ? said.covers(found) : !product.isBlank() && product.equals(component);
    }

    /** By digest, or by name and version, which may be the commit; a product without a version is every version of it. */
    private static boolean isRelease(Release release, String product) {
        if (release.artifacts().stream().anyMatch(artifact -> product.contains(artifact.digest()))) {
            return true;
        }
        Purl purl = Purl.of(product);
        int at = product.lastIndexOf('@');
        String name = purl != null ? purl.name() : at < 0 ? product : product.substring(0, at);
        String version = purl != null ? purl.version() : at < 0 ? null : product.substring(at + 1);
        boolean ours = name.equals(release.service())
                || release.artifacts().stream()
                        .anyMatch(artifact -> name.equals(
                                artifact.name().substring(artifact.name().lastIndexOf('/') + 1)));
        return ours
                && (version == null
                        || StatedVersion.isOf(release, version)
                        || purl != null && isOurs(release, version));
    }

    private static boolean isOurs(Release release, String digest) {
        return release.artifacts().stream()
                .anyMatch(artifact -> artifact.digest().equals(digest));
    }
}
