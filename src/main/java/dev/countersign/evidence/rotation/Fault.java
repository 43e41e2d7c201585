package dev.countersign.evidence.rotation;

import dev.countersign.evidence.reader.Words;

/**
 * What is wrong with an endpoint or a secret, apart from time: how long a certificate is valid, and how old a secret may be, is judged later.
 *
 * @param code in the published format
 * @param what in words; the same each time, so that the same state gives the same document
 */
record Fault(String code, String what) {
    static final String REFUSED = "refused-address";
    static final String UNREACHABLE = "unreachable";
    static final String TIMED_OUT = "timed-out";
    static final String HANDSHAKE = "handshake-failed";
    static final String WRONG_HOST = "wrong-host";
    static final String UNTRUSTED = "untrusted";
    static final String INCOMPLETE = "incomplete-chain";
    static final String WEAK = "weak";
    static final String MISSING = "missing";
    static final String NO_AGE = "no-age";
    static final String ERROR = "error";

    Fault {
        what = Words.of(what);
    }
}
