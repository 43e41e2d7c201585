package dev.countersign.rollout.flagd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is written is evaluated by flagd's own evaluation, as a service has it in process. */
@Tag("M3.2")
class FlagdFlagsTests {
    private static final int USERS = 10_000;
    private static final String DEFINITIONS =
            """
            {
              "$schema": "https://flagd.dev/schema/v0/flags.json",
              "metadata": {"owner": "checkout", "ratio": 1.50},
              "flags": {
                "one-page": {
                  "state": "ENABLED",
                  "variants": {"on": true, "off": false},
                  "defaultVariant": "off",
                  "metadata": {"ticket": "SHOP-1"}
                },
                "banner": {
                  "state": "ENABLED",
                  "variants": {"red": "#f00", "blue": "#00f"},
                  "defaultVariant": "red",
                  "targeting": {"if": [{"==": [{"var": "locale"}, "de"]}, "blue"]}
                },
                "weights": {"state": "DISABLED", "variants": {"a": 0.10, "b": 12345678901234567890}, "defaultVariant": "a"}
              }
            }
            """;

    @TempDir
    Path folder;

    private Path file;
    private FlagdFlags flags;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(folder.resolve("flags.json"), DEFINITIONS);
        flags = new FlagdFlags(new FlagdProperties(Map.of("checkout", file.toAbsolutePath())));
    }

    private static double evaluated(Path file, String flag) throws Exception {
        String domain = "test-" + file.hashCode();
        OpenFeatureAPI api = OpenFeatureAPI.getInstance();
        FlagdProvider provider = new FlagdProvider(FlagdOptions.builder()
                .resolverType(Config.Resolver.FILE)
                .offlineFlagSourcePath(file.toString())
                .deadline(15_000)
                .build());
        try {
            api.setProviderAndWait(domain, provider);
            Client client = api.getClient(domain);
            long on = IntStream.range(0, USERS)
                    .filter(user -> client.getBooleanValue(flag, false, new ImmutableContext("user-" + user)))
                    .count();
            return (double) on / USERS;
        } finally {
            provider.shutdown();
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "0.05, 0.01", "0.25, 0.015", "0.0025, 0.003", "1, 0"})
    void a_share_of_users_really_gets_the_flag(double share, double chance) throws Exception {
        flags.setShare("checkout", "one-page", 0.5);
        flags.setShare("checkout", "one-page", share);
        assertThat(flags.readShare("checkout", "one-page")).isEqualTo(share);
        double evaluated = evaluated(file, "one-page");
        assertThat(evaluated).isBetween(share - chance, share + chance);
        assertThat(evaluated > 0).isEqualTo(share > 0);
    }

    @Test
    void what_else_the_file_holds_stays_as_it_was_written() throws IOException {
        flags.setShare("checkout", "one-page", 0.05);
        ObjectMapper json = new ObjectMapper();
        JsonNode before = json.readTree(DEFINITIONS);
        JsonNode after = json.readTree(file.toFile());
        assertThat(after.path("flags").path("banner"))
                .isEqualTo(before.path("flags").path("banner"));
        assertThat(after.path("metadata")).isEqualTo(before.path("metadata"));
        assertThat(after.path("flags").path("one-page").path("metadata"))
                .isEqualTo(before.path("flags").path("one-page").path("metadata"));
        assertThat(Files.readString(file)).contains("0.10", "1.50", "12345678901234567890", "\"$schema\"");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files.map(each -> each.getFileName().toString()))
                    .containsExactlyInAnyOrder("flags.json", ".flags.json.lock");
        }
    }

    @Test
    void the_same_share_again_writes_nothing_and_whoever_could_read_the_file_still_can() throws IOException {
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        flags.setShare("checkout", "one-page", 0.05);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r--r--");
        Object written = Files.getAttribute(file, "unix:ino");
        flags.setShare("checkout", "one-page", 0.05);
        assertThat(Files.getAttribute(file, "unix:ino")).isEqualTo(written);
    }

    @Test
    void a_link_is_followed_and_stays_one() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("mounted.json"), file);
        FlagdFlags linked = new FlagdFlags(new FlagdProperties(Map.of("checkout", link.toAbsolutePath())));
        linked.setShare("checkout", "one-page", 0.05);
        assertThat(Files.isSymbolicLink(link)).isTrue();
        assertThat(flags.readShare("checkout", "one-page")).isEqualTo(0.05);
    }

    @Test
    void rules_of_somebody_elses_are_not_replaced_by_a_share_and_do_not_keep_a_flag_on() throws Exception {
        Files.writeString(
                file,
                """
                {"flags": {"one-page": {"state": "ENABLED", "variants": {"yes": true, "no": false}, "defaultVariant": "no",
                  "targeting": {"if": [{"==": [{"var": "beta"}, true]}, "yes", "no"]}}}}""");
        assertThatThrownBy(() -> flags.readShare("checkout", "one-page"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("a share does not tell");
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", 0.05)).isInstanceOf(IOException.class);
        assertThat(Files.readString(file)).contains("beta");
        flags.setShare("checkout", "one-page", 0);
        assertThat(flags.readShare("checkout", "one-page")).isZero();
        assertThat(evaluated(file, "one-page")).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{",
                "[]",
                "{}",
                "{\"flags\": []}",
                "{\"flags\": {}}",
                "{\"flags\": {}} trailing",
                "{\"flags\": {\"one-page\": {\"state\": \"ENABLED\", \"variants\": {\"a\": \"x\", \"b\": \"y\"}, \"defaultVariant\": \"a\"}}}",
                "{\"flags\": {\"one-page\": {\"state\": \"ENABLED\", \"variants\": {\"a\": true}, \"defaultVariant\": \"a\"}}}",
                "{\"flags\": {\"one-page\": {\"state\": \"ENABLED\", \"variants\": {\"a\": true, \"b\": false, \"c\": true}, \"defaultVariant\": \"a\"}}}"
            })
    void a_file_without_such_a_flag_is_not_touched(String definitions) throws IOException {
        Files.writeString(file, definitions);
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", 0.05)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", 0)).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> flags.readShare("checkout", "one-page")).isInstanceOf(IOException.class);
        assertThat(Files.readString(file)).isEqualTo(definitions);
    }

    @Test
    void a_file_that_is_not_there_is_said_and_not_made() throws IOException {
        Files.delete(file);
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", 0)).isInstanceOf(IOException.class);
        assertThat(file).doesNotExist();
    }

    @Test
    void a_disabled_flag_is_on_for_nobody_knows_whom_until_it_is_set() throws IOException {
        Files.writeString(file, DEFINITIONS.replaceFirst("ENABLED", "DISABLED"));
        assertThatThrownBy(() -> flags.readShare("checkout", "one-page"))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("disabled");
        flags.setShare("checkout", "one-page", 0);
        assertThat(flags.readShare("checkout", "one-page")).isZero();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.00001, 0.333333, 1.01, -0.1, Double.NaN})
    void a_share_that_is_too_fine_or_none_is_refused_and_not_rounded(double share) throws IOException {
        assertThatThrownBy(() -> flags.setShare("checkout", "one-page", share)).isInstanceOf(IOException.class);
        assertThat(Files.readString(file)).isEqualTo(DEFINITIONS);
    }

    @Test
    void writers_take_turns_and_lose_nothing_of_each_other() throws Exception {
        StringBuilder many = new StringBuilder("{\"flags\": {");
        int count = 8;
        for (int i = 0; i < count; i++) {
            many.append(i == 0 ? "" : ",")
                    .append(
                            "\"f%d\": {\"state\": \"ENABLED\", \"variants\": {\"on\": true, \"off\": false}, \"defaultVariant\": \"off\"}"
                                    .formatted(i));
        }
        Files.writeString(file, many.append("}}"));
        ExecutorService writers = Executors.newFixedThreadPool(count);
        try {
            List<Callable<Void>> writes = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                String flag = "f" + i;
                writes.add(() -> {
                    flags.setShare("checkout", flag, 0.05);
                    return null;
                });
            }
            for (Future<Void> written : writers.invokeAll(writes)) {
                written.get();
            }
        } finally {
            writers.shutdownNow();
        }
        for (int i = 0; i < count; i++) {
            assertThat(flags.readShare("checkout", "f" + i)).isEqualTo(0.05);
        }
    }
}
