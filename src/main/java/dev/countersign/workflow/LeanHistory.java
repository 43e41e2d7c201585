package dev.countersign.workflow;

import java.util.regex.Pattern;
import org.camunda.bpm.engine.impl.batch.history.HistoricBatchEntity;
import org.camunda.bpm.engine.impl.history.producer.CacheAwareHistoryEventProducer;

/**
 * For each line in its log of jobs the engine looks for a batch whose id is the configuration of the job's definition, which for the jobs of a model is
 * {@code async-before} or the duration of a timer. Only what can be an id (of the generator {@code strong}) is looked for here.
 */
class LeanHistory extends CacheAwareHistoryEventProducer {
    private static final Pattern ID = Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}");

    @Override
    protected HistoricBatchEntity getHistoricBatchById(String id) {
        return ID.matcher(id).matches() ? super.getHistoricBatchById(id) : null;
    }
}
