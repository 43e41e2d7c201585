package dev.countersign.identity;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.User;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.stereotype.Component;

/** The sandbox's people: one for every role, two where four eyes are asked; the password is the user's id. */
@Component
@ConditionalOnProperty("countersign.sandbox.enabled")
class SampleUsers implements InitializingBean {
    static final Set<Role> DECIDING = EnumSet.of(
            Role.RELEASE_MANAGER,
            Role.DEVELOPER,
            Role.QA,
            Role.SECURITY,
            Role.HEAD_OF_SECURITY,
            Role.OPERATIONS,
            Role.HEAD_OF_OPERATIONS,
            Role.COMPLIANCE,
            Role.PRODUCT,
            Role.HEAD_OF_PRODUCT,
            Role.LEGAL,
            Role.PRIVACY,
            Role.SRE,
            Role.ON_CALL,
            Role.PROCESS_OWNER,
            Role.EXECUTIVE);

    private final EngineAccess engine;
    private final Groups groups;

    /** @param roles not used, but the groups must be there first */
    SampleUsers(EngineAccess engine, Groups groups, RoleGroups roles) {
        this.engine = engine;
        this.groups = groups;
    }

    /** @param title the role in words, with "2" for its second person */
    record Sample(String id, Role role, String title) {}

    static List<Sample> all() {
        List<Sample> samples = new ArrayList<>();
        for (Role role : Role.values()) {
            samples.add(new Sample(role.id(), role, RoleGroups.title(role)));
            if (DECIDING.contains(role)) {
                samples.add(new Sample(role.id() + "-2", role, RoleGroups.title(role) + " 2"));
            }
        }
        return List.copyOf(samples);
    }

    @Override
    public void afterPropertiesSet() {
        all().forEach(this::ensure);
        groups.ensureMember(RoleGroups.CAMUNDA_ADMIN, Role.ADMIN.id());
    }

    private void ensure(Sample sample) {
        boolean created = engine.asPlatform(
                identity -> identity.createUserQuery().userId(sample.id()).count() == 0 && create(identity, sample));
        if (created) {
            groups.ensureMember(sample.role().id(), sample.id());
        }
    }

    private static boolean create(IdentityService identity, Sample sample) {
        User user = identity.newUser(sample.id());
        user.setFirstName(sample.title());
        user.setLastName("");
        user.setEmail(sample.id() + "@countersign.example");
        user.setPassword(sample.id());
        identity.saveUser(user);
        return true;
    }
}
