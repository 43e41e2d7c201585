package dev.countersign.evidence.infrastructure;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The resources of one file that checks of others ask for, and which of them belong to the same bucket. */
public final class Resources {
    private static final Pattern OF_BUCKET = Pattern.compile("(.*aws_s3_bucket\\.[^.]+)\\.(id|bucket)");
    /** The same words mean something else in each resource. */
    private static final Pattern OWN = Pattern.compile(".*\\b(each|count|self)\\..*|.*\\(.*", Pattern.DOTALL);

    private static final int LONGEST = 1000;

    private final Map<String, List<Resource>> byKind = new HashMap<>();
    private final Map<String, List<Resource>> byBucket = new HashMap<>();
    /** What a bucket is called, by its address. */
    private final Map<String, String> named = new HashMap<>();

    public void add(Resource resource) {
        byKind.computeIfAbsent(resource.kind(), kind -> new ArrayList<>()).add(resource);
        if (resource.kind().equals("aws_s3_bucket") && resource.value("bucket").isTextual()) {
            named.put(resource.address(), resource.value("bucket").asText());
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
        if (byBucket.isEmpty()) {
            all().forEach(one -> byBucket.computeIfAbsent(one.kind() + " " + bucketOf(one), key -> new ArrayList<>())
                    .add(one));
        }
        return byBucket.getOrDefault(kind + " " + bucket, List.of());
    }

    /** Whether the file has one of the kind of which is not told which bucket it is about. */
    boolean hasLoose(String kind) {
        return !ofBucket(kind, "").isEmpty();
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
        return OWN.matcher(text).matches() ? "" : reference.matches() ? name(reference.group(1)) : text;
    }

    private String name(String address) {
        return named.getOrDefault(address, address);
    }
}
