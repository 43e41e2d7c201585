package dev.countersign.rollout.flagd;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFileAttributes;
import java.util.Arrays;
import java.util.UUID;

/**
 * A definition file of flagd. It is replaced in one step, so that flagd never reads half of it, and what it holds besides is written as it was read. Writers of this
 * platform take turns by a lock beside it.
 */
final class DefinitionFile {
    private static final long LARGEST = 5_000_000;

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(SerializationFeature.INDENT_OUTPUT)
            .build();

    /** Locks of a process are its own: threads of one node take turns here. */
    private static final Object TURN = new Object();

    private final Path file;

    private DefinitionFile(Path file) {
        this.file = file;
    }

    /** @throws IOException where it is not there; a link is followed, and stays one */
    static DefinitionFile at(Path file) throws IOException {
        try {
            return new DefinitionFile(file.toRealPath());
        } catch (IOException missing) {
            throw new IOException(
                    "The definitions of flagd cannot be read: there is no " + file.getFileName(), missing);
        }
    }

    interface Change {
        void to(ObjectNode definitions) throws IOException;
    }

    ObjectNode read() throws IOException {
        return parse(bytes());
    }

    void change(Change change) throws IOException {
        synchronized (TURN) {
            Path lock = file.resolveSibling("." + file.getFileName() + ".lock");
            try (FileChannel turn = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    var held = turn.lock()) {
                byte[] before = bytes();
                ObjectNode definitions = parse(before);
                ObjectNode changed = definitions.deepCopy();
                change.to(changed);
                if (held.isValid() && !changed.equals(definitions)) {
                    replace(before, JSON.writeValueAsBytes(changed));
                }
            }
        }
    }

    private byte[] bytes() throws IOException {
        if (Files.size(file) > LARGEST) {
            throw new IOException("The definitions of flagd are larger than %d bytes".formatted(LARGEST));
        }
        return Files.readAllBytes(file);
    }

    private static ObjectNode parse(byte[] bytes) throws IOException {
        try {
            JsonNode read = JSON.readTree(bytes);
            if (read instanceof ObjectNode definitions
                    && definitions.path("flags").isObject()) {
                return definitions;
            }
            throw new IOException("The definitions of flagd have no flags");
        } catch (JsonProcessingException broken) {
            throw new IOException("The definitions of flagd are no JSON", broken);
        }
    }

    private void replace(byte[] before, byte[] after) throws IOException {
        Path made = file.resolveSibling(".countersign-" + UUID.randomUUID() + ".json");
        try {
            try (FileChannel channel =
                    FileChannel.open(made, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                ByteBuffer content = ByteBuffer.wrap(after);
                while (content.hasRemaining()) {
                    channel.write(content);
                }
                channel.force(true);
            }
            whoMayRead(made);
            if (!Arrays.equals(before, Files.readAllBytes(file))) {
                throw new IOException("Somebody else changed the definitions of flagd meanwhile");
            }
            Files.move(made, file, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(made);
        }
    }

    /** A file made here is this user's alone: flagd is another one. */
    private void whoMayRead(Path made) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(made, PosixFileAttributeView.class);
        if (view != null) {
            PosixFileAttributes former = Files.readAttributes(file, PosixFileAttributes.class);
            view.setPermissions(former.permissions());
            if (!former.group().equals(view.readAttributes().group())) {
                view.setGroup(former.group());
            }
        }
    }
}
