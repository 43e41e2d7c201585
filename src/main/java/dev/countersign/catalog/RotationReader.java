package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import dev.countersign.catalog.Declaration.Read;
import dev.countersign.catalog.Rotation.Endpoint;
import dev.countersign.catalog.Rotation.Secret;
import dev.countersign.catalog.Rotation.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Certificates and secrets of a service from YAML, held to the published schema {@value #SCHEMA}. */
final class RotationReader {
    static final String SCHEMA = "/processes/rotation/rotation.schema.json";
    private static final PublishedSchema RULES =
            PublishedSchema.of(SCHEMA, "A file of certificates and secrets describes one service");

    private RotationReader() {}

    static Read<Rotation> read(SourceFile file) {
        return RULES.read(file, RotationReader::problems, document -> rotation(document, file.digest()));
    }

    private static List<Problem> problems(YamlDocument document) {
        List<Problem> problems = new ArrayList<>();
        if (document.has("/nothing") && (document.has("/endpoints") || document.has("/secrets"))) {
            problems.add(document.problem("/nothing", "It says that there is nothing, and names something"));
        }
        Set<String> ids = new HashSet<>();
        for (String list : List.of("/endpoints", "/secrets")) {
            for (int i = 0; i < document.content().at(list).size(); i++) {
                String at = list + "/" + i + "/id";
                if (!ids.add(document.text(at))) {
                    problems.add(document.problem(at, "The id `" + document.text(at) + "` is given twice"));
                }
            }
        }
        return problems;
    }

    private static Rotation rotation(YamlDocument document, String digest) {
        List<Endpoint> endpoints = new ArrayList<>();
        for (int i = 0; i < document.content().at("/endpoints").size(); i++) {
            endpoints.add(endpoint(document, "/endpoints/" + i));
        }
        List<Secret> secrets = new ArrayList<>();
        for (int i = 0; i < document.content().at("/secrets").size(); i++) {
            secrets.add(secret(document, "/secrets/" + i));
        }
        return new Rotation(
                document.text("/rotation"),
                document.text("/service"),
                digest,
                document.text("/nothing"),
                List.copyOf(endpoints),
                List.copyOf(secrets));
    }

    private static Endpoint endpoint(YamlDocument document, String at) {
        String host = document.text(at + "/host").toLowerCase(Locale.ROOT);
        String serverName = document.text(at + "/serverName");
        return new Endpoint(
                document.text(at + "/id"),
                host,
                document.content().at(at + "/port").asInt(),
                serverName == null ? host : serverName.toLowerCase(Locale.ROOT));
    }

    private static Secret secret(YamlDocument document, String at) {
        Store store =
                Store.valueOf(document.text(at + "/in").toUpperCase(Locale.ROOT).replace('-', '_'));
        String container = document.text(at + (store == Store.KUBERNETES ? "/namespace" : "/mount"));
        String name = document.text(at
                + switch (store) {
                    case VAULT_KV -> "/path";
                    case VAULT_DATABASE -> "/role";
                    case KUBERNETES -> "/name";
                });
        return new Secret(
                document.text(at + "/id"),
                document.text(at + "/kind"),
                store,
                container,
                name,
                document.text(at + "/rotatedAt"));
    }
}
