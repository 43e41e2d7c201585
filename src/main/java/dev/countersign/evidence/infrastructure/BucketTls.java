package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * A bucket whose access list lets everybody in demands TLS by its policy. One that is closed, or closed by its public access block, and one that serves a website, which AWS does without TLS, are not
 * held to it: they pass and show nothing.
 */
record BucketTls(String id, String title) implements Check {
    private static final Set<String> CLOSED =
            Set.of("private", "bucket-owner-read", "bucket-owner-full-control", "log-delivery-write", "aws-exec-read");
    private static final Set<String> OPEN = Set.of("public-read", "public-read-write", "authenticated-read");
    private static final Set<String> EVERYBODY = Set.of(
            "http://acs.amazonaws.com/groups/global/AllUsers",
            "http://acs.amazonaws.com/groups/global/AuthenticatedUsers");
    private static final String BLOCK = "aws_s3_bucket_public_access_block";
    private static final String WEBSITE = "aws_s3_bucket_website_configuration";
    private static final String POLICY = "aws_s3_bucket_policy";

    @Override
    public Set<String> kinds() {
        return Set.of("aws_s3_bucket_acl");
    }

    @Override
    public boolean looksAround() {
        return true;
    }

    @Override
    public Set<String> decisive() {
        return Set.of("acl", "access_control_policy", "bucket");
    }

    @Override
    public Verdict of(Resource list, Resources all) {
        String bucket = all.bucketOf(list);
        Answer closed = isOpen(list).not().or(() -> isClosed(bucket, all));
        if (closed == Answer.YES) {
            return new Verdict(Answer.YES, "", false);
        }
        Answer demanded = Answer.NO;
        for (Resource policy : bucket.isEmpty() ? List.<Resource>of() : all.ofBucket(POLICY, bucket)) {
            demanded = demanded.or(() -> policy.stands()
                    .and(() -> BucketPolicy.of(policy.value("policy"), all).demandsTls()));
        }
        boolean loose =
                bucket.isEmpty() || List.of(BLOCK, WEBSITE, POLICY).stream().anyMatch(all::hasLoose);
        Answer good = demanded.or(() -> closed).or(() -> loose ? Answer.UNTOLD : Answer.NO);
        return Verdict.of(good, list.value("acl").isMissingNode() ? "" : "/acl");
    }

    private static Answer isOpen(Resource list) {
        JsonNode acl = list.value("acl");
        if (acl.isTextual()) {
            return OPEN.contains(acl.asText()) ? Answer.YES : CLOSED.contains(acl.asText()) ? Answer.NO : Answer.UNTOLD;
        }
        JsonNode grants = list.value("access_control_policy");
        if (!acl.isMissingNode() || grants.isMissingNode()) {
            return Answer.UNTOLD;
        }
        Answer open = Answer.NO;
        for (JsonNode policy : Values.blocks(grants)) {
            open = open.or(() -> Untold.is(policy) ? Answer.UNTOLD : Answer.NO);
            for (JsonNode grant : Values.blocks(policy.path("grant"))) {
                open = open.or(() -> Untold.is(grant) ? Answer.UNTOLD : Answer.NO);
                for (JsonNode grantee : Values.blocks(grant.path("grantee"))) {
                    open = open.or(() -> isEverybody(grantee));
                }
            }
        }
        return open;
    }

    private static Answer isEverybody(JsonNode grantee) {
        JsonNode uri = Resource.said(grantee.path("uri"));
        return Untold.is(grantee) || Untold.is(uri) ? Answer.UNTOLD : Answer.of(EVERYBODY.contains(uri.asText("")));
    }

    private static Answer isClosed(String bucket, Resources all) {
        Answer closed = Answer.NO;
        if (!bucket.isEmpty()) {
            for (Resource website : all.ofBucket(WEBSITE, bucket)) {
                closed = closed.or(website::stands);
            }
            for (Resource block : all.ofBucket(BLOCK, bucket)) {
                closed = closed.or(
                        () -> block.stands().and(() -> Values.truth(block.value("restrict_public_buckets"), Answer.NO)
                                .or(() -> Values.truth(block.value("ignore_public_acls"), Answer.NO))));
            }
        }
        return closed;
    }
}
