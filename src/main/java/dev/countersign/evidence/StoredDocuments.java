package dev.countersign.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The bytes of documents, each stored once by its SHA-256. A document that no release refers to is harmless. */
@Component
class StoredDocuments {
    /** Of 1 MB, each would be an allocation of its own kind in a small heap, and the embedded database holds some twenty at once. */
    private static final int PIECE = 256 * 1024;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final TransactionTemplate ownTransaction;

    StoredDocuments(JdbcClient jdbc, Clock clock, PlatformTransactionManager transactions) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.ownTransaction = new TransactionTemplate(transactions);
        this.ownTransaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    /** Stores the document unless it is there; in a transaction of its own, since another sender may store the same one now. */
    void store(ReceivedBody document) {
        if (exists(document.sha256Hex())) {
            return;
        }
        try {
            ownTransaction.executeWithoutResult(status -> insert(document));
        } catch (DuplicateKeyException another) {
            // The other sender's bytes are the same bytes.
        }
    }

    private void insert(ReceivedBody document) {
        jdbc.sql("insert into evidence_document (sha256, bytes, stored_at) values (?, ?, ?)")
                .params(document.sha256Hex(), document.bytes(), clock.instant().atOffset(ZoneOffset.UTC))
                .update();
        try (InputStream in = document.open()) {
            int piece = 0;
            for (byte[] content = in.readNBytes(PIECE); content.length > 0; content = in.readNBytes(PIECE)) {
                jdbc.sql("insert into evidence_piece (sha256, piece, content) values (?, ?, ?)")
                        .params(List.of(document.sha256Hex(), piece++, content))
                        .update();
            }
        } catch (IOException unreadable) {
            throw new java.io.UncheckedIOException(unreadable);
        }
    }

    private boolean exists(String sha256) {
        return jdbc.sql("select count(*) from evidence_document where sha256 = ?")
                        .param(sha256)
                        .query(Integer.class)
                        .single()
                > 0;
    }

    /** The exact bytes, piece by piece. */
    InputStream open(String sha256) {
        return new java.io.SequenceInputStream(new java.util.Enumeration<>() {
            private int piece;
            private byte[] next = piece(sha256, 0);

            @Override
            public boolean hasMoreElements() {
                return next != null;
            }

            @Override
            public InputStream nextElement() {
                InputStream now = new java.io.ByteArrayInputStream(next);
                next = piece(sha256, ++piece);
                return now;
            }
        });
    }

    private byte[] piece(String sha256, int number) {
        return jdbc.sql("select content from evidence_piece where sha256 = ? and piece = ?")
                .params(sha256, number)
                .query((row, n) -> row.getBytes("content"))
                .optional()
                .orElse(null);
    }

    /** Writes the exact bytes; holds no connection while the receiver is slow. */
    void writeTo(String sha256, OutputStream out) throws IOException {
        for (int piece = 0; ; piece++) {
            byte[] content = piece(sha256, piece);
            if (content == null) {
                return;
            }
            out.write(content);
        }
    }
}
