package dev.countersign.gate.signoff;

import static dev.countersign.gate.GateFixture.KEY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.anyMap;
import static org.mockito.ArgumentMatchers.anyString;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.countersign.ModelEngine;
import dev.countersign.ReadEachTime;
import dev.countersign.gate.GateFixture;
import dev.countersign.gate.Gates;
import dev.countersign.identity.NotEntitled;
import dev.countersign.release.Dossiers.Dossier;
import dev.countersign.release.Dossiers.MaterialDossierChanged;
import dev.countersign.release.Dossiers.Part;
import dev.countersign.release.StateConflict;
import dev.countersign.workflow.TaskRefused;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M4.1")
@Tag("M4.6")
class SecuritySignoffModelTests {
    private final GateFixture fixture = new GateFixture();
    private final SignoffRepository repository =
            new SignoffRepository(fixture.jdbc, new ReadEachTime(), new ObjectMapper());
    private final SignoffPolicy policy = new SignoffPolicy(fixture.decisions);
    private final Signoffs signoffs = new Signoffs(
            repository,
            policy,
            fixture.releases,
            fixture.dossiers,
            fixture.confirmed,
            fixture.timeline,
            fixture.actors,
            fixture.clock);
    private final SignoffBriefing briefing =
            new SignoffBriefing(signoffs, repository, policy, fixture.releases, fixture.dossiers, mock(Gates.class));
    private final SignOff signOff = new SignOff(signoffs, briefing);
    private final DecideMissingSignoffs decideMissing = new DecideMissingSignoffs(signoffs, briefing);
    private ModelEngine engine;

    @BeforeEach
    void dossier() {
        dossier("sarif-1", "junit-1");
    }

    private Dossier dossier(String sarif, String junit) {
        var dossier = new Dossier(
                KEY,
                "sha256:" + sarif + junit,
                Map.of(
                        "artifacts",
                        new Part("artifacts", "a", true, Set.of("all"), null),
                        "evidence.sarif",
                        new Part("evidence.sarif", sarif, true, Set.of("security"), null),
                        "evidence.junit",
                        new Part("evidence.junit", junit, true, Set.of("qa"), null)));
        when(fixture.dossiers.of(KEY)).thenReturn(dossier);
        return dossier;
    }

    private void start(boolean personalData) {
        fixture.release("critical", "standard", Map.of("personalData", personalData));
        Map<Object, Object> beans = new HashMap<>();
        beans.put("requiredSignoffs", new RequiredSignoffs(signoffs, policy, fixture.releases));
        beans.put("determineSignoffs", new DetermineSignoffs(signoffs));
        beans.put("weighSignoffs", new WeighSignoffs(signoffs));
        beans.put("remindSigners", new RemindSigners(new SignoffNotices(signoffs, fixture.notices)));
        beans.put("recordSignoffsMissed", new RecordSignoffsMissed(signoffs));
        engine = new ModelEngine("security-signoff", KEY, beans);
    }

    @AfterEach
    void close() {
        if (engine != null) {
            engine.close();
        }
    }

    private void sign(String name, String person, String decision) {
        fixture.actor(person, name);
        Map<String, Object> fields = new HashMap<>(
                Map.of("decision", decision, "dossier", fixture.dossiers.of(KEY).digest()));
        if (decision.equals("refuse")) {
            fields.put("reason", "not like this");
        }
        engine.complete(signOff, "signoff", name, person, fields);
    }

    @Test
    void security_alone_signs_where_no_personal_data_is_touched() {
        start(false);
        assertThat(engine.tasks("signoff")).isEqualTo(Map.of("signOff/security", Set.of("security")));
        sign("security", "security", "approve");
        assertThat(engine.end()).isEqualTo("releaseIsSignedOff");
        assertThat(engine.variable("signedOff")).isEqualTo(true);
        assertThat(signoffs.missing(fixture.releases.get(KEY), "d")).isEmpty();
    }

    @Test
    void privacy_and_legal_sign_too_where_personal_data_is_touched() {
        start(true);
        assertThat(engine.tasks("signoff").keySet())
                .containsExactlyInAnyOrder("signOff/security", "signOff/privacy", "signOff/legal");
        sign("privacy", "privacy", "approve");
        sign("legal", "legal", "approve");
        assertThat(engine.end()).isNull();
        assertThat(signoffs.missing(fixture.releases.get(KEY), "d")).hasSize(1);
        sign("security", "security", "approve");
        assertThat(engine.end()).isEqualTo("releaseIsSignedOff");
    }

    @Test
    void one_refusal_ends_it() {
        start(true);
        sign("privacy", "privacy", "refuse");
        assertThat(engine.end()).isEqualTo("signoffIsRefused");
        assertThat(engine.variable("signedOff")).isEqualTo(false);
        assertThat(signoffs.missing(fixture.releases.get(KEY), "d")).hasSize(3);
    }

    @Test
    void a_refusal_needs_its_reason() {
        start(false);
        fixture.actor("security", "security");
        assertThatThrownBy(() -> engine.complete(
                        signOff,
                        "signoff",
                        "security",
                        "security",
                        Map.of(
                                "decision",
                                "refuse",
                                "dossier",
                                fixture.dossiers.of(KEY).digest())))
                .isInstanceOf(TaskRefused.class);
    }

    @Test
    void only_the_signoffs_that_a_change_concerns_become_void_and_are_asked_for_again() {
        start(true);
        sign("security", "security", "approve");
        sign("privacy", "privacy", "approve");
        dossier("sarif-2", "junit-1");
        signoffs.on(new MaterialDossierChanged(KEY, "before", "now", List.of("evidence.sarif")));
        assertThat(repository.of(KEY))
                .extracting(Signoff::name, Signoff::isValid)
                .containsExactly(
                        org.assertj.core.api.Assertions.tuple("security", false),
                        org.assertj.core.api.Assertions.tuple("privacy", true));
        verify(fixture.timeline).record(eq(KEY), eq("signoff.voided"), anyString(), anyString(), anyMap());
        sign("legal", "legal", "approve");
        assertThat(engine.tasks("signoff").keySet()).containsExactly("signOff/security");
        sign("security", "security", "approve");
        assertThat(engine.end()).isEqualTo("releaseIsSignedOff");
    }

    @Test
    void a_change_that_does_not_concern_security_leaves_its_signoff_valid() {
        start(false);
        sign("security", "security", "approve");
        dossier("sarif-1", "junit-2");
        signoffs.on(new MaterialDossierChanged(KEY, "before", "now", List.of("evidence.junit")));
        assertThat(signoffs.missing(fixture.releases.get(KEY), "d")).isEmpty();
    }

    @Test
    void who_may_not_sign() {
        start(true);
        String digest = fixture.dossiers.of(KEY).digest();
        fixture.actor("developer", "security");
        assertThatThrownBy(() -> signoffs.sign(KEY, "security", true, null, digest))
                .isInstanceOf(NotEntitled.class)
                .hasMessageContaining("wrote or requested");
        fixture.actor("release-manager", "security");
        assertThatThrownBy(() -> signoffs.sign(KEY, "security", true, null, digest))
                .isInstanceOf(NotEntitled.class);
        fixture.actor("qa", "qa");
        assertThatThrownBy(() -> signoffs.sign(KEY, "security", true, null, digest))
                .isInstanceOf(NotEntitled.class)
                .hasMessageContaining("group security");
    }

    @Test
    void one_person_gives_one_signoff() {
        start(true);
        sign("privacy", "privacy", "approve");
        fixture.actor("privacy", "privacy", "legal");
        assertThatThrownBy(() -> signoffs.sign(
                        KEY, "legal", true, null, fixture.dossiers.of(KEY).digest()))
                .isInstanceOf(NotEntitled.class)
                .hasMessageContaining("one person, one sign-off");
    }

    @Test
    void a_signoff_on_an_old_dossier_is_refused_with_both_digests() {
        start(false);
        String old = fixture.dossiers.of(KEY).digest();
        dossier("sarif-2", "junit-1");
        fixture.actor("security", "security");
        assertThatThrownBy(() -> signoffs.sign(KEY, "security", true, null, old))
                .isInstanceOf(StateConflict.class)
                .hasMessageContaining("sarif-1")
                .hasMessageContaining("sarif-2");
    }

    @Test
    void silence_is_reminded_of_escalated_and_never_signs() {
        start(false);
        engine.fire("signoffReminderDue");
        verify(fixture.notices).mail(any());
        engine.fire("signoffOverdue");
        assertThat(engine.tasks("signoff")).isEqualTo(Map.of("decideMissingSignoffs", Set.of("head-of-security")));
        fixture.actor("head-of-security", "head-of-security");
        engine.complete(
                decideMissing,
                "signoff",
                null,
                "head-of-security",
                Map.of("decision", "extend", "reason", "ill", "dossier", "x"));
        assertThat(engine.tasks("signoff").keySet()).containsExactly("signOff/security");
        engine.fire("signoffOverdue");
        engine.fire("headOfSecuritySilent");
        assertThat(engine.end()).isEqualTo("signoffsAreMissing");
        assertThat(engine.variable("signedOff")).isEqualTo(false);
    }

    @Test
    void the_head_of_security_can_end_the_waiting() {
        start(false);
        engine.fire("signoffOverdue");
        fixture.actor("head-of-security", "head-of-security");
        engine.complete(
                decideMissing,
                "signoff",
                null,
                "head-of-security",
                Map.of("decision", "stop", "reason", "too late", "dossier", "x"));
        assertThat(engine.end()).isEqualTo("signoffsAreMissing");
    }
}
