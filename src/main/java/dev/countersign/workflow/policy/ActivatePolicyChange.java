package dev.countersign.workflow.policy;

import dev.countersign.workflow.ReleaseStep;
import org.camunda.bpm.engine.delegate.DelegateExecution;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

@Component("activatePolicyChange")
class ActivatePolicyChange extends ReleaseStep {
    private final ObjectProvider<PolicyBook> book;

    ActivatePolicyChange(ObjectProvider<PolicyBook> book) {
        this.book = book;
    }

    @Override
    protected void run(String change, DelegateExecution execution) {
        book.getObject().activate(PolicyBook.idOf(change));
    }
}
