package dev.countersign.identity;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.camunda.bpm.engine.FilterService;
import org.camunda.bpm.engine.TaskService;
import org.camunda.bpm.engine.authorization.Permissions;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.filter.Filter;
import org.camunda.bpm.engine.task.TaskQuery;
import org.springframework.beans.factory.InitializingBean;
import org.springframework.stereotype.Component;

/**
 * The lists that Tasklist opens with; without any filter it shows nothing. Who reads a filter still sees only the tasks that
 * they may see. Filters are made here and by administrators, by nobody else: see docs/decisions/0011.
 */
@Component
class TasklistFilters implements InitializingBean {
    /** From this priority on a task counts as escalated; the models set it. */
    static final int ESCALATED = 75;

    private static final Set<Role> SEE_ALL =
            Set.of(Role.RELEASE_MANAGER, Role.SRE, Role.PROCESS_OWNER, Role.AUDITOR, Role.ADMIN);

    private final FilterService filters;
    private final TaskService tasks;
    private final Grants grants;

    TasklistFilters(FilterService filters, TaskService tasks, Grants grants) {
        this.filters = filters;
        this.tasks = tasks;
        this.grants = grants;
    }

    @Override
    public void afterPropertiesSet() {
        List<Grants.Grant> reading = new ArrayList<>();
        reading.addAll(shown(
                "My tasks",
                "Claimed by me or assigned to me",
                1,
                tasks.createTaskQuery().taskAssigneeExpression("${currentUser()}"),
                Grants.people()));
        reading.addAll(shown(
                "My groups' tasks",
                "Waiting for anybody of my groups",
                2,
                tasks.createTaskQuery().taskCandidateGroupInExpression("${currentUserGroups()}"),
                Grants.people()));
        reading.addAll(shown(
                "Overdue",
                "Past their due date, the oldest first",
                3,
                tasks.createTaskQuery()
                        .dueBeforeExpression("${now()}")
                        .orderByDueDate()
                        .asc(),
                Grants.people()));
        reading.addAll(shown(
                "Escalated",
                "Raised to the next level",
                4,
                tasks.createTaskQuery().taskMinPriority(ESCALATED),
                Grants.people()));
        reading.addAll(shown("All tasks", "Everything that waits for a person", 5, tasks.createTaskQuery(), SEE_ALL));
        grants.ensure(reading);
    }

    private List<Grants.Grant> shown(String name, String description, int place, TaskQuery query, Set<Role> readers) {
        Filter there = filters.createTaskFilterQuery().filterName(name).list().stream()
                .findFirst()
                .orElseGet(() -> create(name, description, place, query));
        return readers.stream()
                .map(role -> new Grants.Grant(role.id(), Resources.FILTER, there.getId(), Permissions.READ))
                .toList();
    }

    private Filter create(String name, String description, int place, TaskQuery query) {
        Filter filter = filters.newTaskFilter(name);
        filter.setQuery(query);
        filter.setProperties(Map.of(
                "description",
                description,
                "priority",
                place,
                "color",
                "#1f5f6b",
                "refresh",
                true,
                "showUndefinedVariable",
                false));
        return filters.saveFilter(filter);
    }
}
