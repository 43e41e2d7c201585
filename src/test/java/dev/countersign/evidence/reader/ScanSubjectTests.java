package dev.countersign.evidence.reader;

import static org.assertj.core.api.Assertions.assertThat;

import dev.countersign.evidence.reader.Stated.Version;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What scans and bills of materials say themselves that they are about. */
@Tag("M4.2")
class ScanSubjectTests {
    private static Reading read(DocumentReader reader, String document) throws IOException, Unreadable {
        byte[] bytes = document.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return reader.read(() -> new ByteArrayInputStream(bytes));
    }

    private static List<String> names(String joined) {
        return joined == null ? List.of() : Arrays.asList(joined.split(" "));
    }

    @ParameterizedTest
    @ValueSource(strings = {"version-12.json", "version-9.xml"})
    void dependency_check_states_the_version_of_its_project(String file) throws Exception {
        Path sample = Path.of("src/test/resources/samples/sca_dependency_check", file);
        Reading reading = new DependencyCheckReader().read(() -> Files.newInputStream(sample));
        assertThat(reading.stated().versions()).isEmpty();
        assertThat(reading.stated().builds()).containsExactly(new Version("checkout", "2.0.0"));
        assertThat(reading.findings()).singleElement().satisfies(finding -> assertThat(finding.id())
                .isEqualTo("CVE-2026-0001@pkg:maven/example/left-pad@1.3.0"));
    }

    @ParameterizedTest(name = "{1} {0}: {2}")
    @CsvSource({
        "registry.example/billing:1.0.0, container_image, registry.example/billing:1.0.0",
        "billing, container_image,",
        "build/oci, container_image,",
        "billing.tar, container_image,",
        "build/billing.tar.gz, container_image,",
        "sha256:1111111111111111111111111111111111111111111111111111111111111111, container_image,",
        "., filesystem,",
        "/src, filesystem,",
        "billing, filesystem,",
        "package-lock.json, filesystem,",
        "https://git.example/payments, repository,",
        "bom.json, cyclonedx,",
        "deploy, '',",
        "billing:1.0.0, '', billing:1.0.0",
    })
    void trivy_names_an_image_and_not_a_directory(String artifact, String type, String named) throws Exception {
        Reading reading = read(
                new TrivyReader(),
                "{'SchemaVersion':2,'ArtifactName':'%s','ArtifactType':'%s','Results':[]}".formatted(artifact, type));
        assertThat(reading.stated().names()).containsExactlyElementsOf(names(named));
    }

    @Test
    void trivy_names_an_archive_by_its_tags() throws Exception {
        assertThat(read(
                                new TrivyReader(),
                                "{'SchemaVersion':2,'ArtifactName':'a.tar','ArtifactType':'container_image','Metadata':{'RepoTags':['billing:1.0.0']},'Results':[]}")
                        .stated()
                        .names())
                .containsExactly("billing:1.0.0");
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @CsvSource({
        "image, registry.example/billing:1.0.0, registry.example/billing:1.0.0 also:1",
        "image, docker:billing:1.0.0, billing:1.0.0 also:1",
        "image, docker-archive:billing.tar, also:1",
        "image, 0123456789ab, also:1",
        "directory, billing,",
    })
    void grype_names_an_image_by_what_was_asked_for_and_by_its_tags(String type, String input, String named)
            throws Exception {
        Reading reading = read(
                new GrypeReader(),
                "{'matches':[],'source':{'type':'%s','target':{'userInput':'%s','tags':['also:1']}},'descriptor':{'name':'grype'}}"
                        .formatted(type, input));
        assertThat(reading.stated().names()).containsExactlyElementsOf(names(named));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'type':'application','name':'billing'; billing",
                "'type':'container','name':'registry.example/billing:1.0.0'; registry.example/billing:1.0.0",
                "'type':'application','name':'billing','purl':'pkg:npm/billing'; billing",
                "'type':'application','name':'billing','version':'1.0.0';",
                "'type':'file','name':'billing';",
                "'type':'application','name':'.';",
                "'type':'application','name':'target/app.jar';",
                "'type':'application','name':'src','properties':[{'name':'aquasecurity:trivy:SchemaVersion','value':'2'}];",
                "'type':'container','name':'a.tar','properties':[{'name':'aquasecurity:trivy:RepoTag','value':'billing:1'}]; billing:1",
            })
    void cyclonedx_names_its_component(String component, String named) throws Exception {
        Reading reading = read(
                new CycloneDxReader(),
                "{'bomFormat':'CycloneDX','specVersion':'1.5','metadata':{'component':{%s}},'components':[]}"
                        .formatted(component));
        assertThat(reading.stated().names()).containsExactlyElementsOf(names(named));
    }

    private static String spdx(String subject, String from, String type, String to) {
        return ("{'spdxVersion':'SPDX-2.3','SPDXID':'SPDXRef-DOCUMENT','name':'n','packages':[{'SPDXID':'SPDXRef-a',%s}],"
                        + "'relationships':[{'spdxElementId':'%s','relationshipType':'%s','relatedSpdxElement':'%s'}]}")
                .formatted(subject, from, type, to);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource({"SPDXRef-DOCUMENT, DESCRIBES, SPDXRef-a", "SPDXRef-a, DESCRIBED_BY, SPDXRef-DOCUMENT"})
    void spdx_says_in_either_direction_what_it_describes(String from, String type, String to) throws Exception {
        assertThat(read(new SpdxReader(), spdx("'name':'billing','versionInfo':'1.0.0'", from, type, to))
                        .stated()
                        .versions())
                .containsExactly(new Version("billing", "1.0.0"));
        Stated attributed = read(
                        new SpdxReader(),
                        spdx(
                                "'name':'a.tar','attributionTexts':['RepoDigest: r.example/billing@sha256:aa','ImageID: sha256:bb','RepoTag: billing:1']",
                                from,
                                type,
                                to))
                .stated();
        assertThat(attributed.digests()).containsExactly("sha256:aa");
        assertThat(attributed.hints()).containsExactly("sha256:bb");
        assertThat(attributed.names()).containsExactly("billing:1");
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "'name':'billing','primaryPackagePurpose':'CONTAINER'; billing",
                "'name':'billing'; billing",
                "'name':'billing','primaryPackagePurpose':'FILE';",
                "'name':'src','primaryPackagePurpose':'SOURCE';",
                "'name':'com.github.shop/billing';",
            })
    void spdx_names_the_package_that_it_describes(String subject, String named) throws Exception {
        assertThat(read(new SpdxReader(), spdx(subject, "SPDXRef-DOCUMENT", "DESCRIBES", "SPDXRef-a"))
                        .stated()
                        .names())
                .containsExactlyElementsOf(names(named));
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(
            strings = {
                "{'type':'SpdxDocument','spdxId':'d','rootElement':['p']}",
                "{'type':'SpdxDocument','spdxId':'d','rootElement':['b']},{'type':'software_Sbom','spdxId':'b','rootElement':['p']}",
                "{'type':'Relationship','spdxId':'r','relationshipType':'describes','from':'d','to':['p']},{'type':'SpdxDocument','spdxId':'d'}",
            })
    void the_graph_of_spdx_3_says_by_its_root_or_a_relationship_what_it_describes(String frame) throws Exception {
        Stated stated = read(
                        new SpdxReader(),
                        "{'@context':'https://spdx.org/rdf/3.0.1/spdx-context.jsonld','@graph':[%s,{'type':'software_Package','spdxId':'p','name':'billing','software_primaryPurpose':'container'}]}"
                                .formatted(frame))
                .stated();
        assertThat(stated.names()).containsExactly("billing");
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"null", "{'type':'directory','target':'.'}", "{'type':'file','target':'target/app.jar'}"})
    void grype_says_nothing_of_a_directory_or_a_list_of_packages(String source) throws Exception {
        Stated stated = read(
                        new GrypeReader(),
                        "{'matches':[],'source':%s,'distro':{},'descriptor':{'name':'grype','version':'0.91.0'}}"
                                .formatted(source))
                .stated();
        assertThat(stated).isEqualTo(Stated.nothing());
    }

    /** By the schemas that the tools publish: a property of their own is no misspelling of one that decides. */
    @ParameterizedTest(name = "{0}")
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "trivy; 'SchemaVersion':2,'Results':[]; ReportID CreatedAt ArtifactID ArtifactName ArtifactType Metadata Trivy",
                "grype; 'matches':[],'descriptor':{'name':'grype'}; ignoredMatches alertsByPackage source distro",
                "cyclonedx; 'bomFormat':'CycloneDX','specVersion':'1.7','components':[]; $schema serialNumber version metadata services externalReferences dependencies compositions annotations formulation properties declarations definitions citations signature",
                "spdx; 'spdxVersion':'SPDX-2.3','packages':[]; SPDXID dataLicense name documentNamespace externalDocumentRefs comment creationInfo files snippets annotations hasExtractedLicensingInfos revieweds",
                "vex; '@context':'https://openvex.dev/ns','statements':[]; @id author role timestamp last_updated version tooling supplier",
                "checkov; 'check_type':'terraform','results':{}; summary url support_path",
                "dependency-check; 'reportSchema':'1.1','dependencies':[]; scanInfo projectInfo",
            })
    void a_property_of_the_tools_own_is_no_misspelling(String type, String decisive, String own) throws Exception {
        String others = names(own).stream().map(name -> ",'" + name + "':null").collect(Collectors.joining());
        Reading reading = read(Readers.all().get(DocumentType.of(type).orElseThrow()), "{" + decisive + others + "}");
        assertThat(reading.findings()).isEmpty();
    }
}
