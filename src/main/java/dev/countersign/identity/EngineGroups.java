package dev.countersign.identity;

import org.camunda.bpm.engine.IdentityService;
import org.camunda.bpm.engine.identity.Group;
import org.springframework.stereotype.Service;

@Service
class EngineGroups implements Groups {
    static final String WORKFLOW = "WORKFLOW";
    static final String SYSTEM = "SYSTEM";

    private final EngineAccess engine;

    EngineGroups(EngineAccess engine) {
        this.engine = engine;
    }

    @Override
    public void ensure(String groupId, String name) {
        ensure(groupId, name, WORKFLOW);
    }

    void ensure(String groupId, String name, String type) {
        engine.asPlatform(identity -> exists(identity, groupId) || create(identity, groupId, name, type));
    }

    @Override
    public void ensureMember(String groupId, String userId) {
        engine.asPlatform(identity -> {
            boolean known = identity.createUserQuery().userId(userId).count() > 0;
            boolean member = identity.createUserQuery()
                            .userId(userId)
                            .memberOfGroup(groupId)
                            .count()
                    > 0;
            if (known && !member) {
                identity.createMembership(userId, groupId);
            }
            return member;
        });
    }

    private static boolean exists(IdentityService identity, String groupId) {
        return identity.createGroupQuery().groupId(groupId).count() > 0;
    }

    private static boolean create(IdentityService identity, String groupId, String name, String type) {
        Group group = identity.newGroup(groupId);
        group.setName(name);
        group.setType(type);
        try {
            identity.saveGroup(group);
        } catch (RuntimeException failed) {
            // Another node may have been quicker; anything else is a failure.
            if (!exists(identity, groupId)) {
                throw failed;
            }
        }
        return true;
    }
}
