package dev.countersign.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.reader.DocumentType;
import dev.countersign.evidence.reader.Readers;
import dev.countersign.evidence.reader.Reading;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M4.1")
class GitlabScanTests {
    private static Reading report(String kind) throws Exception {
        String text =
                """
                {"version": "15.0.7", "vulnerabilities": [], "dependency_files": [],
                 "scan": {"type": "%s", "status": "success", "start_time": "2026-11-24T08:00:00", "end_time": "2026-11-24T08:01:00",
                          "scanner": {"id": "s", "name": "Scanner", "version": "1", "vendor": {"name": "v"}},
                          "analyzer": {"id": "a", "name": "Analyzer", "version": "1", "vendor": {"name": "v"}}}}
                """
                        .formatted(kind);
        return Readers.all()
                .get(DocumentType.GITLAB_REPORT)
                .read(() -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void a_scan_of_another_kind_is_another_source_under_whatever_one_name() throws Exception {
        assertThat(GitlabScan.source(DocumentType.GITLAB_REPORT, "gitlab", report("dependency_scanning")))
                .isEqualTo("gitlab dependency_scanning")
                .isNotEqualTo(GitlabScan.source(DocumentType.GITLAB_REPORT, "gitlab", report("container_scanning")));
        Reading sast = report("sast");
        assertThat(GitlabScan.source(DocumentType.GITLAB_REPORT, sast.producer(), sast))
                .as("without a name it is called by its kind already")
                .isEqualTo(sast.producer());
        assertThat(GitlabScan.source(DocumentType.SARIF, "gitlab", sast)).isEqualTo("gitlab");
    }
}
