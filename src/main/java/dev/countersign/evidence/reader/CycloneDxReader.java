package dev.countersign.evidence.reader;

import java.io.IOException;
import java.util.Set;
import org.springframework.stereotype.Component;

/**
 * CycloneDX (ECMA-424), JSON and XML. Read in two passes, since vulnerabilities name components that may stand behind them in the
 * document.
 */
@Component
class CycloneDxReader implements DocumentReader {
    private static final Set<String> DECISIVE = Set.of("bomFormat", "specVersion", "components", "vulnerabilities");

    @Override
    public DocumentType type() {
        return DocumentType.CYCLONEDX;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        return read(content, false);
    }

    /** @param asVex only what it says about vulnerabilities is wanted */
    static Reading read(Content content, boolean asVex) throws IOException, Unreadable {
        CycloneDx bom = new CycloneDx();
        if (Detection.firstCharacter(content) == '<') {
            CycloneDxXml.read(content, bom);
        } else {
            readJson(content, bom);
        }
        return bom.reading(asVex);
    }

    private static void readJson(Content content, CycloneDx bom) throws IOException, Unreadable {
        String[] format = new String[2];
        JsonCursor.document(content, json -> field -> {
            switch (field) {
                case "bomFormat" -> format[0] = json.text(field);
                case "specVersion" -> format[1] = json.text(field);
                case "metadata" -> bom.metadata(json.tree(field));
                case "components" -> {
                    if (!json.isNull()) {
                        bom.hasComponents();
                    }
                    int[] index = new int[1];
                    json.array(field, () -> {
                        String place = json.at() + ", /components/" + index[0]++;
                        bom.component(json.tree("a component"), place);
                    });
                }
                case "vulnerabilities" -> json.skip();
                default -> {
                    Misspelt.refuse(json, field, DECISIVE);
                    json.skip();
                }
            }
        });
        if (!"CycloneDX".equals(format[0])) {
            throw new Unreadable("not CycloneDX: bomFormat must be CycloneDX", "line 1, column 1");
        }
        requireVersion(format[1]);
        JsonCursor.document(content, json -> field -> {
            if (!field.equals("vulnerabilities")) {
                json.skip();
                return;
            }
            if (!json.isNull()) {
                bom.hasVulnerabilities();
            }
            int[] index = new int[1];
            json.array(field, () -> {
                String place = json.at() + ", /vulnerabilities/" + index[0]++;
                bom.vulnerability(json.tree("a vulnerability"), place);
            });
        });
    }

    static void requireVersion(String version) throws Unreadable {
        if (version == null || !version.matches("1\\.\\d")) {
            throw new Unreadable(
                    "CycloneDX version " + Words.of(version) + " is not read; 1.0 to 1.9 are", "line 1, column 1");
        }
    }
}
