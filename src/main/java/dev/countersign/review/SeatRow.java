package dev.countersign.review;

import dev.countersign.release.Dossiers.Dossier;
import java.util.Map;

/**
 * A seat of one release.
 *
 * @param id {@code qa}, or {@code platform-owner:message-bus} where the scope is one platform
 * @param group whose people vote
 * @param flag {@code required}, {@code veto} or {@code advisory}
 * @param meeting must be present or delegated at the meeting
 */
record SeatRow(
        String id,
        String role,
        String scope,
        String group,
        String flag,
        String alternate,
        String authority,
        boolean meeting,
        String because) {

    static final String WHOLE_RELEASE = "release";

    static String idOf(String role, String scope) {
        return WHOLE_RELEASE.equals(scope) ? role : role + ":" + scope;
    }

    boolean isVeto() {
        return "veto".equals(flag);
    }

    boolean isRequired() {
        return !"advisory".equals(flag);
    }

    /** What of the dossier concerns this seat: the table of materiality speaks of roles. */
    Map<String, String> sees(Dossier dossier) {
        return dossier.seenBy(role);
    }
}
