package dev.countersign.evidence.infrastructure;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What is looked at. Which of it counts, and which control it shows, says the table {@code control-checks}. */
public final class Checks {
    private static final Set<String> TCP = Set.of("tcp", "6");
    private static final Set<String> TCP_UDP = Set.of("tcp", "6", "udp", "17");

    private static final String BY =
            ": by cidr_blocks or cidr_ipv4 (0.0.0.0/0), by ipv6_cidr_blocks or cidr_ipv6 (::/0), or by naming no source";

    public static final List<Check> ALL = List.of(
            new ContainerCheck("privileged-container", "the container is privileged", "privileged", false, Answer.NO),
            new ContainerCheck(
                    "writable-root-filesystem",
                    "the container can write to its own root: readOnlyRootFilesystem is not true",
                    "readOnlyRootFilesystem",
                    true,
                    Answer.NO),
            new ContainerCheck(
                    "privilege-escalation",
                    "the container may gain privileges: allowPrivilegeEscalation is not false",
                    "allowPrivilegeEscalation",
                    false,
                    Answer.YES),
            new RootUser("root-user", "the container may run as root: runAsNonRoot is not true"),
            new PodCheck(
                    "host-namespaces",
                    "the pod shares namespaces of the machine: hostNetwork, hostPID or hostIPC is true",
                    List.of("hostNetwork", "hostPID", "hostIPC")),
            new TruthCheck(
                    "volume-unencrypted",
                    "the volume is not encrypted",
                    "aws_ebs_volume",
                    "encrypted",
                    true,
                    Answer.NO,
                    List.of("snapshot_id")),
            new TruthCheck(
                    "database-unencrypted",
                    "the database is not encrypted: storage_encrypted is not true",
                    "aws_db_instance",
                    "storage_encrypted",
                    true,
                    Answer.NO,
                    List.of("snapshot_identifier", "replicate_source_db", "restore_to_point_in_time")),
            new TruthCheck(
                    "database-public",
                    "the database has an address on the internet: publicly_accessible is true",
                    "aws_db_instance",
                    "publicly_accessible",
                    false,
                    Answer.NO,
                    List.of()),
            new BucketEncryption("bucket-unencrypted", "nothing says how the bucket (aws_s3_bucket) is encrypted"),
            new BucketTls("bucket-without-tls", "the bucket is public, and its policy does not demand TLS"),
            new OpenPort("ssh-from-anywhere", "everybody can reach port 22 (SSH)" + BY, 22, TCP),
            new OpenPort("rdp-from-anywhere", "everybody can reach port 3389 (RDP)" + BY, 3389, TCP_UDP),
            new OpenBesideSelf("open-beside-self", "a rule with self = true is for everybody too" + BY),
            new UnseenModule(
                    "unseen-module",
                    "the module describes what it must not: it was not looked at, a plan would show it"));

    private static final Map<String, List<Check>> BY_KIND = ALL.stream()
            .flatMap(check -> check.kinds().stream().map(kind -> Map.entry(kind, check)))
            .collect(Collectors.groupingBy(
                    Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toList())));

    /** What no check is of, and some check asks for. */
    private static final Set<String> ASKED_FOR = Set.of(
            "aws_s3_bucket_public_access_block",
            "aws_s3_bucket_policy",
            "aws_s3_bucket_website_configuration",
            "aws_s3_bucket_server_side_encryption_configuration",
            BucketPolicy.DOCUMENT);

    private Checks() {}

    static List<Check> of(String kind) {
        return BY_KIND.getOrDefault(kind, List.of());
    }

    public static List<Check> alone(Resource resource) {
        return of(resource.kind()).stream()
                .filter(check -> !check.looksAround())
                .toList();
    }

    public static List<Check> around(Resource resource) {
        return of(resource.kind()).stream().filter(Check::looksAround).toList();
    }

    /** Whether checks look at such a resource, or ask for it. */
    public static boolean isCovered(String kind) {
        return BY_KIND.containsKey(kind) || ASKED_FOR.contains(kind);
    }

    /** Whether it is kept until the whole file is read. */
    public static boolean isKept(String kind) {
        return ASKED_FOR.contains(kind) || of(kind).stream().anyMatch(Check::looksAround);
    }

    public static Set<String> decisive(String kind) {
        Set<String> names = new HashSet<>();
        of(kind).forEach(check -> names.addAll(check.decisive()));
        return names;
    }
}
