package dev.countersign.evidence.reader;

import java.util.Locale;
import java.util.Map;
import java.util.Map.Entry;
import java.util.regex.Pattern;

/** What a package is called (github.com/package-url/purl-spec) that a scanner names by its ecosystem, or by the file that lists it. */
final class PackageUrl {
    /** The ecosystems of the OSV schema, without what stands behind a colon. */
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("npm", "npm"),
            Map.entry("go", "golang"),
            Map.entry("maven", "maven"),
            Map.entry("pypi", "pypi"),
            Map.entry("rubygems", "gem"),
            Map.entry("crates.io", "cargo"),
            Map.entry("packagist", "composer"),
            Map.entry("nuget", "nuget"),
            Map.entry("hex", "hex"),
            Map.entry("pub", "pub"),
            Map.entry("conancenter", "conan"),
            Map.entry("cran", "cran"),
            Map.entry("hackage", "hackage"),
            Map.entry("debian", "deb/debian"),
            Map.entry("ubuntu", "deb/ubuntu"),
            Map.entry("alpine", "apk/alpine"));

    private static final Map<Pattern, String> FILES = Map.ofEntries(
            file("go\\.(sum|mod)", "go"),
            file("(package-lock|npm-shrinkwrap)\\.json|yarn\\.lock|pnpm-lock\\.yaml", "npm"),
            file("pom\\.xml|.+\\.gradle(\\.kts)?|gradle\\.lockfile|build\\.sbt|maven_install\\.json", "maven"),
            file("Gemfile\\.lock|gems\\.locked", "rubygems"),
            file("composer\\.lock", "packagist"),
            file("requirements.*\\.txt|Pipfile(\\.lock)?|setup\\.py|(poetry|uv)\\.lock", "pypi"),
            file("conan\\.lock", "conancenter"),
            file("packages\\.lock\\.json", "nuget"),
            file("Cargo\\.lock", "crates.io"));

    private PackageUrl() {}

    private static Entry<Pattern, String> file(String name, String ecosystem) {
        return Map.entry(Pattern.compile("(?:.*[/\\\\])?(?:" + name + ")"), ecosystem);
    }

    /** The ecosystem whose packages that file lists; null where none is known. */
    static String ecosystemOf(String file) {
        return FILES.entrySet().stream()
                .filter(one -> one.getKey().matcher(file == null ? "" : file).matches())
                .map(Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    /**
     * Name and version where the ecosystem has no package URL.
     *
     * @param version null or blank where it is not known
     */
    static String of(String ecosystem, String name, String version) {
        String behind = version == null || version.isBlank() ? "" : "@" + version.strip();
        String type = ecosystem == null
                ? null
                : TYPES.get(ecosystem.split(":", 2)[0].strip().toLowerCase(Locale.ROOT));
        if (type == null) {
            return whole(name + behind);
        }
        String clean =
                switch (type) {
                    case "maven" -> name.replace(':', '/');
                    case "pypi" -> name.toLowerCase(Locale.ROOT).replace('_', '-');
                    case "npm" -> name.startsWith("@") ? "%40" + name.substring(1) : name;
                    default -> name;
                };
        // A module of Go is published under a tag, and the databases leave its first letter out.
        boolean bare = type.equals("golang") && behind.matches("@\\d.*") && !name.equals("stdlib");
        return whole("pkg:" + type + "/" + clean + (bare ? "@v" + behind.substring(1) : behind));
    }

    /** Where several components are named they stand apart by a space. */
    private static String whole(String component) {
        return component.strip().replaceAll("\\s", "%20");
    }
}
