package dev.countersign.evidence.infrastructure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The resources of one file that checks of others ask for, and which of them belong to the same bucket. */
public final class Resources {
    private static final Pattern OF_BUCKET = Pattern.compile("(.*aws_s3_bucket\\.[^.]+)\\.(id|bucket)");
    /** The same words mean something else in each resource. */
    private static final Pattern OWN = Pattern.compile(".*\\b(each|count|self)\\..*|.*\\(.*", Pattern.DOTALL);

    /** The first of those that {@code count} makes. */
    private static final String FIRST = "[0]";

    private static final int LONGEST = 1000;

    private final Map<String, List<Resource>> byKind = new HashMap<>();
    private final Map<String, List<Resource>> byBucket = new HashMap<>();
    /** What a bucket is called, by its address. */
    private final Map<String, String> named = new HashMap<>();

    /** Of which {@code count} makes one: in a configuration only, a plan has each by itself. */
    private final Set<String> single = new HashSet<>();
    /** Of which a configuration speaks as of one of several. */
    private final Set<String> several = new HashSet<>();

    public void add(Resource resource) {
        byKind.computeIfAbsent(resource.kind(), kind -> new ArrayList<>()).add(resource);
        if (resource.kind().equals("aws_s3_bucket") && resource.value("bucket").isTextual()) {
            named.put(resource.address(), resource.value("bucket").asText());
        }
        if (resource.kind().equals("aws_s3_bucket")
                && Integer.valueOf(1).equals(Values.number(resource.value("count")))) {
            single.add(resource.address());
        }
    }

    public List<Resource> all() {
        return byKind.values().stream().flatMap(List::stream).toList();
    }

    List<Resource> ofKind(String kind) {
        return byKind.getOrDefault(kind, List.of());
    }

    /** Those of a kind that are about the bucket; the address of a bucket, or the name of one that stands elsewhere. */
    List<Resource> ofBucket(String kind, String bucket) {
        index();
        return byBucket.getOrDefault(kind + " " + bucket, List.of());
    }

    private void index() {
        if (byBucket.isEmpty()) {
            for (Resource one : all()) {
                String of = bucketOf(one);
                byBucket.computeIfAbsent(one.kind() + " " + of, key -> new ArrayList<>())
                        .add(one);
                several.add(one.kind() + " " + of.substring(0, Math.max(0, of.lastIndexOf('['))));
            }
        }
    }

    /** Whether the file has one of the kind of which is not told which bucket it is about. */
    boolean hasLoose(String kind) {
        return !ofBucket(kind, "").isEmpty();
    }

    /** Whether one of the kind is about one of those that the configuration of the bucket makes: that is not told of the others. */
    boolean hasForSome(String kind, Resource bucket) {
        index();
        return several.contains(kind + " " + bucket.address());
    }

    /** Empty where it is not told. */
    String bucketOf(Resource resource) {
        if (resource.kind().equals("aws_s3_bucket")) {
            return name(resource.address());
        }
        var bucket = resource.value("bucket");
        if (bucket.isTextual()) {
            return bucket.asText();
        }
        String text = Untold.text(bucket);
        if (text.length() > LONGEST) {
            return "";
        }
        var reference = OF_BUCKET.matcher(text);
        return OWN.matcher(text).matches() ? "" : reference.matches() ? name(one(reference.group(1))) : text;
    }

    private String one(String reference) {
        String whole = reference.substring(0, Math.max(0, reference.length() - FIRST.length()));
        return reference.endsWith(FIRST) && single.contains(whole) ? whole : reference;
    }

    private String name(String address) {
        return named.getOrDefault(address, address);
    }
}
