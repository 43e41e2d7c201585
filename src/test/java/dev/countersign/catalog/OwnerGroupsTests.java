package dev.countersign.catalog;

import static org.mockito.ArgumentMatchers.any;
import static org.mockito.ArgumentMatchers.eq;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.never;
import static org.mockito.Mockito.times;
import static org.mockito.Mockito.verify;
import static org.mockito.Mockito.when;

import dev.countersign.identity.Groups;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8.3")
class OwnerGroupsTests {
    private final Catalog catalog = mock(Catalog.class);
    private final Groups groups = mock(Groups.class);

    private void teams(String... ids) {
        when(catalog.teams())
                .thenReturn(List.of(ids).stream()
                        .map(id -> new Team(id, "Title of " + id, "team", "unit", List.of("ann"), "f.yaml"))
                        .toList());
    }

    @Test
    void every_team_becomes_a_group_of_the_engine_once() {
        teams("team-a");
        OwnerGroups owners = new OwnerGroups(catalog, groups, false);
        owners.ensure();
        owners.ensure();
        verify(groups, times(1)).ensure("team-a", "Title of team-a");
        teams("team-a", "team-b");
        owners.ensure();
        verify(groups).ensure("team-b", "Title of team-b");
    }

    @Test
    void only_the_sandbox_takes_members_from_the_files() {
        teams("team-a");
        new OwnerGroups(catalog, groups, false).ensure();
        verify(groups, never()).ensureMember(any(), any());
        new OwnerGroups(catalog, groups, true).ensure();
        verify(groups).ensureMember("team-a", "ann");
    }

    @Test
    void no_file_gives_anybody_a_role() {
        teams("admin", "security", "camunda-admin");
        new OwnerGroups(catalog, groups, true).ensure();
        verify(groups, never()).ensureMember(any(), eq("ann"));
    }

    @Test
    void what_failed_is_tried_again() {
        teams("team-a");
        doThrow(new IllegalStateException("database gone"))
                .doNothing()
                .when(groups)
                .ensure(any(), any());
        OwnerGroups owners = new OwnerGroups(catalog, groups, false);
        Assertions.assertThatThrownBy(owners::ensure).hasMessage("database gone");
        owners.ensure();
        verify(groups, times(2)).ensure("team-a", "Title of team-a");
    }
}
