package dev.countersign.evidence.reader;

import dev.countersign.evidence.infrastructure.Answer;
import dev.countersign.evidence.infrastructure.Checks;
import dev.countersign.evidence.infrastructure.Hcl;
import dev.countersign.evidence.infrastructure.Resource;
import java.io.BufferedReader;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Component;

/** Kubernetes manifests, Terraform configuration and Terraform plans, looked at by the platform itself. */
@Component
class InfrastructureReader implements DocumentReader {
    private static final int LONGEST = 10_000_000;
    private static final int HEAD = 20_000;

    @Override
    public DocumentType type() {
        return DocumentType.INFRASTRUCTURE;
    }

    @Override
    public Reading read(Content content) throws IOException, Unreadable {
        if (Detection.firstCharacter(content) == '{') {
            Set<String> names = new HashSet<>();
            JsonCursor.document(content, json -> name -> {
                names.add(name);
                json.skip();
            });
            return InfrastructurePlan.isOne(names)
                    ? new InfrastructurePlan().read(content)
                    : new Manifests().read(content, false);
        }
        return isConfiguration(content) ? configuration(content) : new Manifests().read(content, true);
    }

    static boolean isConfiguration(Content content) throws IOException {
        try {
            return Hcl.begins(text(content, HEAD, false));
        } catch (Unreadable | CharacterCodingException | CharConversionException other) {
            return false;
        }
    }

    private static Reading configuration(Content content) throws IOException, Unreadable {
        InfrastructureTally tally = new InfrastructureTally();
        String text;
        try {
            text = text(content, LONGEST, true);
        } catch (CharacterCodingException | CharConversionException broken) {
            throw new Unreadable("it is not in the encoding that it begins with", "line 1, column 1");
        }
        Hcl.read(text, block -> {
            Resource resource = block.resource();
            if (resource == null) {
                return;
            }
            if (block.type().equals("resource")) {
                tally.found(resource.address());
            }
            if (Checks.isCovered(resource.kind())) {
                refuseMisspelt(resource);
            }
            if (Checks.isCovered(resource.kind()) && resource.stands() != Answer.NO) {
                tally.look(resource, block.size());
            }
        });
        return tally.reading("terraform configuration", Map.of(), true);
    }

    static void refuseMisspelt(Resource resource) throws Unreadable {
        Set<String> decisive = Checks.decisive(resource.kind());
        for (Map.Entry<String, com.fasterxml.jackson.databind.JsonNode> said :
                resource.values().properties()) {
            String right = decisive.contains(said.getKey()) ? null : Misspelt.near(said.getKey(), decisive);
            if (right != null) {
                throw new Unreadable(
                        "the property '%s' is not known here; '%s' would be right"
                                .formatted(Words.of(said.getKey()), right),
                        resource.at("/" + said.getKey()));
            }
        }
    }

    private static String text(Content content, int longest, boolean whole) throws IOException, Unreadable {
        try (Reader in = new BufferedReader(XmlText.open(content.open()))) {
            StringBuilder text = new StringBuilder();
            char[] some = new char[8192];
            for (int read = in.read(some); read >= 0; read = in.read(some)) {
                text.append(some, 0, read);
                if (text.length() > longest) {
                    if (whole) {
                        throw new Unreadable(
                                "it has more than %d characters: send it in parts".formatted(longest),
                                "line 1, column 1");
                    }
                    break;
                }
            }
            return text.toString();
        }
    }
}
