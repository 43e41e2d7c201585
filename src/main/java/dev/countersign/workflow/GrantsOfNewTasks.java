package dev.countersign.workflow;

import org.camunda.bpm.engine.authorization.Resource;
import org.camunda.bpm.engine.authorization.Resources;
import org.camunda.bpm.engine.impl.cfg.auth.DefaultAuthorizationProvider;
import org.camunda.bpm.engine.impl.context.Context;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.CachedDbEntity;
import org.camunda.bpm.engine.impl.db.entitymanager.cache.DbEntityState;
import org.camunda.bpm.engine.impl.persistence.entity.AuthorizationEntity;
import org.camunda.bpm.engine.impl.persistence.entity.TaskEntity;

/**
 * Gives candidates and assignees their grant on a task as the engine does, but does not look for one that is there already where the task itself is not in the
 * database yet.
 */
class GrantsOfNewTasks extends DefaultAuthorizationProvider {
    @Override
    protected AuthorizationEntity getGrantAuthorizationByGroupId(String group, Resource resource, String id) {
        return isNewTask(resource, id) ? null : super.getGrantAuthorizationByGroupId(group, resource, id);
    }

    @Override
    protected AuthorizationEntity getGrantAuthorizationByUserId(String user, Resource resource, String id) {
        return isNewTask(resource, id) ? null : super.getGrantAuthorizationByUserId(user, resource, id);
    }

    private static boolean isNewTask(Resource resource, String id) {
        if (resource != Resources.TASK) {
            return false;
        }
        CachedDbEntity task = Context.getCommandContext()
                .getDbEntityManager()
                .getDbEntityCache()
                .getCachedEntity(TaskEntity.class, id);
        return task != null && task.getEntityState() == DbEntityState.TRANSIENT;
    }
}
