package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/** A bucket says how it is encrypted, itself or by a resource of its own. */
record BucketEncryption(String id, String title) implements Check {
    private static final String APART = "aws_s3_bucket_server_side_encryption_configuration";
    private static final Set<String> ALGORITHMS = Set.of("AES256", "aws:kms", "aws:kms:dsse");

    @Override
    public Set<String> kinds() {
        return Set.of("aws_s3_bucket");
    }

    @Override
    public boolean looksAround() {
        return true;
    }

    @Override
    public Verdict of(Resource bucket, Resources all) {
        Answer good = configured(Values.blocks(bucket.value("server_side_encryption_configuration")));
        for (Resource apart : all.ofBucket(APART, all.bucketOf(bucket))) {
            good = good.or(() -> apart.stands().and(() -> configured(List.of(apart.values()))));
        }
        boolean loose = all.hasLoose(APART) || all.hasForSome(APART, bucket);
        return Verdict.of(good == Answer.NO && loose ? Answer.UNTOLD : good, "");
    }

    private static Answer configured(List<JsonNode> configurations) {
        Answer good = Answer.NO;
        for (JsonNode one : configurations) {
            if (Untold.is(one)) {
                good = good.or(() -> Answer.UNTOLD);
            }
            for (JsonNode rule : Values.blocks(one.path("rule"))) {
                good = good.or(() -> Untold.is(rule) ? Answer.UNTOLD : named(rule));
            }
        }
        return good;
    }

    private static Answer named(JsonNode rule) {
        Answer good = Answer.NO;
        for (JsonNode usual : Values.blocks(rule.path("apply_server_side_encryption_by_default"))) {
            JsonNode algorithm = Resource.said(usual.path("sse_algorithm"));
            Answer one = algorithm.isTextual()
                    ? Answer.of(ALGORITHMS.contains(algorithm.asText()))
                    : Answer.of(!algorithm.isMissingNode() || Untold.is(usual)).and(() -> Answer.UNTOLD);
            good = good.or(() -> one);
        }
        return good;
    }
}
