package dev.countersign.workflow.policy;

import dev.countersign.workflow.ModelBean;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.stereotype.Component;

/** Who may approve a change of policy. */
@ModelBean
@Component("policyApprovers")
public class PolicyApprovers {
    private final ObjectProvider<PolicyBook> book;

    PolicyApprovers(ObjectProvider<PolicyBook> book) {
        this.book = book;
    }

    /** Compliance alone where the floor moves; else process owners too. */
    public List<String> groups(String businessKey) {
        return book.getObject().approvers(PolicyBook.idOf(businessKey));
    }
}
