package dev.countersign.catalog;

import dev.countersign.identity.Groups;
import dev.countersign.identity.Role;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;

/**
 * Makes every group of the catalog a group of the engine, so that its people can be asked. Members come from the engine, LDAP or OIDC; only
 * the sandbox takes them from the files, and nowhere do the files give anybody a role.
 */
@Component
class OwnerGroups {
    private final Catalog catalog;
    private final Groups groups;
    private final boolean sandbox;
    private List<Team> ensured = List.of();

    OwnerGroups(Catalog catalog, Groups groups, @Value("${countersign.sandbox.enabled:false}") boolean sandbox) {
        this.catalog = catalog;
        this.groups = groups;
        this.sandbox = sandbox;
    }

    /** Does nothing when the teams are the same as at the last call that succeeded. */
    synchronized void ensure() {
        List<Team> teams = catalog.teams();
        if (teams.equals(ensured)) {
            return;
        }
        teams.stream().filter(team -> !isRole(team.id())).forEach(team -> {
            groups.ensure(team.id(), team.title());
            if (sandbox) {
                team.members().forEach(member -> groups.ensureMember(team.id(), member));
            }
        });
        ensured = teams;
    }

    private static boolean isRole(String group) {
        return Role.of(group).isPresent() || group.equals("camunda-admin");
    }
}
