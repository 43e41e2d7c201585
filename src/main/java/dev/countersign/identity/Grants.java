package dev.countersign.identity;

import static org.camunda.bpm.engine.authorization.Authorization.ANY;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.camunda.bpm.engine.AuthorizationService;
import org.camunda.bpm.engine.authorization.Authorization;
import org.camunda.bpm.engine.authorization.BatchPermissions;
import org.camunda.bpm.engine.authorization.Permission;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.ProcessDefinitionPermissions;
import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.authorization.TaskPermissions;
import org.camunda.bpm.engine.authorization.UserOperationLogCategoryPermissions;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * What each role may do in the engine, its REST API and its web applications: the least that its work takes. Nobody is granted
 * {@code UPDATE} on tasks, which would let them finish a task by an error or forge its variables instead of answering it; candidates and
 * assignees get {@code TASK_WORK} from the engine, task by task. A grant that exists is left as it is.
 */
@Component
class Grants implements InitializingBean {
    static final String START_OF_A_RELEASE = "release";
    static final String START_OF_A_DRILL = "rollback-drill";

    private static final Set<Role> SERVICE_ACCOUNTS = EnumSet.of(Role.CI, Role.MONITORING);
    private static final Permission[] READ_PROCESSES = {
        ProcessDefinitionPermissions.READ,
        ProcessDefinitionPermissions.READ_INSTANCE,
        ProcessDefinitionPermissions.READ_INSTANCE_VARIABLE,
        ProcessDefinitionPermissions.READ_TASK,
        ProcessDefinitionPermissions.READ_TASK_VARIABLE,
        ProcessDefinitionPermissions.READ_HISTORY,
        ProcessDefinitionPermissions.READ_HISTORY_VARIABLE
    };

    private final AuthorizationService authorizations;

    /** @param roles not used, but the groups must be there first */
    Grants(AuthorizationService authorizations, RoleGroups roles) {
        this.authorizations = authorizations;
    }

    record Grant(String group, Resource resource, String resourceId, Permission... permissions) {}

    @Override
    public void afterPropertiesSet() {
        ensure(all());
    }

    void ensure(List<Grant> wanted) {
        Set<String> there = authorizations.createAuthorizationQuery().list().stream()
                .filter(held -> held.getGroupId() != null)
                .map(held -> held.getGroupId() + " " + held.getResourceType() + " " + held.getResourceId())
                .collect(Collectors.toSet());
        wanted.stream()
                .filter(grant -> !there.contains(
                        grant.group() + " " + grant.resource().resourceType() + " " + grant.resourceId()))
                .forEach(this::give);
    }

    private void give(Grant grant) {
        Authorization authorization = authorizations.createNewAuthorization(Authorization.AUTH_TYPE_GRANT);
        authorization.setGroupId(grant.group());
        authorization.setResource(grant.resource());
        authorization.setResourceId(grant.resourceId());
        for (Permission permission : grant.permissions()) {
            authorization.addPermission(permission);
        }
        authorizations.saveAuthorization(authorization);
    }

    static List<Grant> all() {
        List<Grant> grants = new ArrayList<>();
        people().forEach(role -> grants.addAll(of(role)));
        grants.addAll(starting(Role.CI));
        grants.addAll(administrators());
        return List.copyOf(grants);
    }

    static Set<Role> people() {
        return EnumSet.complementOf(EnumSet.copyOf(SERVICE_ACCOUNTS));
    }

    private static List<Grant> of(Role role) {
        List<Grant> grants = new ArrayList<>();
        grants.add(new Grant(role.id(), Resources.APPLICATION, "tasklist", Permissions.ACCESS));
        switch (role) {
            case RELEASE_MANAGER -> {
                grants.addAll(reading(role));
                grants.addAll(starting(role));
                grants.add(starting(role, START_OF_A_DRILL));
            }
            case OPERATIONS -> {
                grants.add(models(role));
                grants.addAll(drilling(role));
            }
            case DEVELOPER -> {
                grants.add(models(role));
                grants.addAll(starting(role));
            }
            case SRE -> {
                grants.addAll(reading(role));
                grants.add(cockpit(role));
                grants.addAll(drilling(role));
            }
            case PROCESS_OWNER -> {
                grants.addAll(reading(role));
                grants.add(cockpit(role));
                grants.add(new Grant(role.id(), Resources.DEPLOYMENT, ANY, Permissions.READ, Permissions.CREATE));
            }
            case AUDITOR -> {
                grants.addAll(reading(role));
                grants.add(cockpit(role));
                grants.addAll(readingTheRest(role));
            }
            default -> grants.add(models(role));
        }
        return grants;
    }

    /** Tasklist shows the model's name and picture with each task. */
    private static Grant models(Role role) {
        return new Grant(role.id(), Resources.PROCESS_DEFINITION, ANY, ProcessDefinitionPermissions.READ);
    }

    private static Grant cockpit(Role role) {
        return new Grant(role.id(), Resources.APPLICATION, "cockpit", Permissions.ACCESS);
    }

    private static List<Grant> starting(Role role) {
        return List.of(
                starting(role, START_OF_A_RELEASE),
                new Grant(role.id(), Resources.PROCESS_INSTANCE, ANY, Permissions.CREATE));
    }

    private static List<Grant> drilling(Role role) {
        return List.of(
                starting(role, START_OF_A_DRILL),
                new Grant(role.id(), Resources.PROCESS_INSTANCE, ANY, Permissions.CREATE));
    }

    private static Grant starting(Role role, String process) {
        return new Grant(
                role.id(),
                Resources.PROCESS_DEFINITION,
                process,
                ProcessDefinitionPermissions.READ,
                ProcessDefinitionPermissions.CREATE_INSTANCE);
    }

    private static List<Grant> reading(Role role) {
        return List.of(
                new Grant(role.id(), Resources.PROCESS_DEFINITION, ANY, READ_PROCESSES),
                new Grant(role.id(), Resources.DECISION_DEFINITION, ANY, Permissions.READ, Permissions.READ_HISTORY),
                new Grant(role.id(), Resources.DECISION_REQUIREMENTS_DEFINITION, ANY, Permissions.READ));
    }

    private static List<Grant> readingTheRest(Role role) {
        return List.of(
                new Grant(role.id(), Resources.DEPLOYMENT, ANY, Permissions.READ),
                new Grant(role.id(), Resources.PROCESS_INSTANCE, ANY, Permissions.READ),
                new Grant(
                        role.id(),
                        Resources.TASK,
                        ANY,
                        TaskPermissions.READ,
                        TaskPermissions.READ_VARIABLE,
                        TaskPermissions.READ_HISTORY),
                new Grant(role.id(), Resources.BATCH, ANY, BatchPermissions.READ, BatchPermissions.READ_HISTORY),
                new Grant(role.id(), Resources.OPERATION_LOG_CATEGORY, ANY, UserOperationLogCategoryPermissions.READ),
                new Grant(role.id(), Resources.FILTER, ANY, Permissions.READ),
                new Grant(role.id(), Resources.USER, ANY, Permissions.READ),
                new Grant(role.id(), Resources.GROUP, ANY, Permissions.READ),
                new Grant(role.id(), Resources.AUTHORIZATION, ANY, Permissions.READ));
    }

    /** Everything but other people's tasks: an administrator repairs the engine and is no way round a person's decision. */
    private static List<Grant> administrators() {
        List<Grant> grants = new ArrayList<>();
        for (Resources resource : Resources.values()) {
            grants.add(
                    switch (resource) {
                        case TASK -> admin(resource, TaskPermissions.READ, TaskPermissions.READ_VARIABLE);
                        case PROCESS_DEFINITION -> admin(resource, administeredProcesses());
                        default -> admin(resource, Permissions.ALL);
                    });
        }
        return grants;
    }

    private static Grant admin(Resource resource, Permission... permissions) {
        return new Grant(RoleGroups.CAMUNDA_ADMIN, resource, ANY, permissions);
    }

    private static Permission[] administeredProcesses() {
        return EnumSet.complementOf(EnumSet.of(
                        ProcessDefinitionPermissions.NONE,
                        ProcessDefinitionPermissions.ALL,
                        ProcessDefinitionPermissions.UPDATE_TASK,
                        ProcessDefinitionPermissions.UPDATE_TASK_VARIABLE,
                        ProcessDefinitionPermissions.TASK_WORK,
                        ProcessDefinitionPermissions.TASK_ASSIGN))
                .toArray(Permission[]::new);
    }
}
