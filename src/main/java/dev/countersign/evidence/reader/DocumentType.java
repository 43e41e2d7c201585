package dev.countersign.evidence.reader;

import java.util.Arrays;
import java.util.Optional;

/** The types of documents in the HTTP contract, and those that only the platform brings. */
public enum DocumentType {
    JUNIT("JUnit XML"),
    JACOCO("a JaCoCo coverage report"),
    COBERTURA("a Cobertura coverage report"),
    SARIF("SARIF 2.1.0"),
    SEMGREP("a Semgrep report"),
    CYCLONEDX("a CycloneDX bill of materials"),
    SPDX("an SPDX bill of materials"),
    VEX("a VEX statement"),
    TRIVY("a Trivy report"),
    GRYPE("a Grype report"),
    DEPENDENCY_CHECK("an OWASP Dependency-Check report"),
    NPM_AUDIT("an npm audit report"),
    OSV_SCANNER("an OSV-Scanner report"),
    GITLAB_REPORT("a security report of GitLab"),
    CHECKOV("a Checkov report"),
    CONFTEST("a Conftest report"),
    KYVERNO("a Kyverno policy report"),
    KICS("a KICS report"),
    TFSEC("a tfsec report"),
    KUBESCAPE("a Kubescape report"),
    KUBE_BENCH("a kube-bench report"),
    TRIVY_OPERATOR("a report of Trivy's operator"),
    INFRASTRUCTURE("an infrastructure file (Kubernetes manifests, Terraform configuration or plan)"),
    OPENAPI("an OpenAPI description"),
    AVRO("an Avro schema"),
    JSON_SCHEMA("a JSON schema"),
    PACT("a Pact broker's answer"),
    INTOTO("an in-toto statement"),
    MIGRATION_CHECK("a migration check"),
    MIGRATION_REHEARSAL("a rehearsal of a migration and its way back"),
    PENTEST("a penetration test report"),
    DPIA("a data protection impact assessment"),
    ROLLBACK_DRILL("a rollback drill's record"),
    COMMUNICATION_PLAN("a communication plan"),
    CHANGE_RECORD("a change record", true),
    CERTIFICATE_CHECK("a check of certificates and secrets", true),
    SONARQUBE("what SonarQube answered", true),
    OPA("a decision of Open Policy Agent", true),
    GENERIC("a document of no standard format");

    private final String words;
    private final boolean own;

    DocumentType(String words) {
        this(words, false);
    }

    DocumentType(String words, boolean own) {
        this.words = words;
        this.own = own;
    }

    /** The name in the contract, for example {@code dependency-check}. */
    public String id() {
        return name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    }

    /** What a person calls it. */
    public String words() {
        return words;
    }

    /** Whether the platform asks for it, or measures it, itself: nobody can send it. */
    public boolean isOwn() {
        return own;
    }

    /** Whether it may be about one environment and not another: the same artifact has one bill of materials and one contract wherever it runs. */
    public boolean mayNameEnvironment() {
        return switch (this) {
            case JUNIT,
                    SARIF,
                    TRIVY,
                    CHECKOV,
                    CONFTEST,
                    KYVERNO,
                    KICS,
                    TFSEC,
                    KUBESCAPE,
                    KUBE_BENCH,
                    TRIVY_OPERATOR,
                    INFRASTRUCTURE,
                    PACT,
                    MIGRATION_CHECK,
                    MIGRATION_REHEARSAL,
                    PENTEST,
                    ROLLBACK_DRILL,
                    CERTIFICATE_CHECK,
                    OPA,
                    GENERIC -> true;
            default -> false;
        };
    }

    public static Optional<DocumentType> of(String id) {
        return Arrays.stream(values()).filter(type -> type.id().equals(id)).findFirst();
    }
}
