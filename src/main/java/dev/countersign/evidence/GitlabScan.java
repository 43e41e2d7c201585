package dev.countersign.evidence;

import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Reading;

/** GitLab writes scans of all kinds in one format: one of another kind does not take the place of what was found, whatever one name a pipeline gives them. */
final class GitlabScan {
    private static final String KIND = "scan";

    private GitlabScan() {}

    static String source(DocumentType type, String source, Reading reading) {
        return type == DocumentType.GITLAB_REPORT
                        && reading.details().get(KIND) instanceof String kind
                        && !source.contains(kind)
                ? source + " " + kind
                : source;
    }
}
