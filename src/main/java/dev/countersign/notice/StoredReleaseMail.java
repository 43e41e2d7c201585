package dev.countersign.notice;

import java.util.List;
import org.springframework.stereotype.Service;

/** One statement for a release. */
@Service
class StoredReleaseMail implements ReleaseMail {
    private static final int AT_MOST = 50;
    private final MailStore store;
    private final MailReaders readers;

    StoredReleaseMail(MailStore store, MailReaders readers) {
        this.store = store;
        this.readers = readers;
    }

    @Override
    public List<Written> of(String releaseKey) {
        return store.list(readers.onlyOf(), releaseKey, 0, AT_MOST).stream()
                .map(mail -> new Written(mail.id(), mail.kind(), mail.subject(), mail.createdAt()))
                .toList();
    }
}
