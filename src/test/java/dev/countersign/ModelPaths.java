package dev.countersign;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.camunda.bpm.engine.delegate.ExecutionListener;
import org.camunda.bpm.engine.impl.bpmn.parser.AbstractBpmnParseListener;
import org.camunda.bpm.engine.impl.bpmn.parser.BpmnParseListener;
import org.camunda.bpm.engine.impl.cfg.AbstractProcessEnginePlugin;
import org.camunda.bpm.engine.impl.cfg.ProcessEngineConfigurationImpl;
import org.camunda.bpm.engine.impl.persistence.entity.ProcessDefinitionEntity;
import org.camunda.bpm.engine.impl.pvm.process.ScopeImpl;
import org.camunda.bpm.engine.impl.pvm.process.TransitionImpl;
import org.camunda.bpm.engine.impl.util.xml.Element;
import org.springframework.stereotype.Component;

/**
 * Writes down which sequence flows of the delivered models any test has walked, on any engine of any test context. The community's coverage extension reports one
 * test class and one engine at a time; here one model is walked by several.
 */
@Component
public class ModelPaths extends AbstractProcessEnginePlugin {
    static final Path FOLDER = Path.of("target", "process-coverage");
    private static final Set<String> WALKED = ConcurrentHashMap.newKeySet();

    @Override
    public void preInit(ProcessEngineConfigurationImpl engine) {
        List<BpmnParseListener> listeners = engine.getCustomPostBPMNParseListeners();
        if (listeners == null) {
            listeners = new ArrayList<>();
            engine.setCustomPostBPMNParseListeners(listeners);
        }
        listeners.add(new AbstractBpmnParseListener() {
            @Override
            public void parseSequenceFlow(Element element, ScopeImpl scope, TransitionImpl flow) {
                String path = ((ProcessDefinitionEntity) flow.getProcessDefinition()).getKey() + "/" + flow.getId();
                flow.addListener(ExecutionListener.EVENTNAME_TAKE, (ExecutionListener) execution -> walked(path));
            }
        });
    }

    private static void walked(String path) {
        if (WALKED.add(path)) {
            try {
                Files.createDirectories(FOLDER);
                Files.writeString(
                        FOLDER.resolve(ProcessHandle.current().pid() + ".txt"),
                        path + "\n",
                        StandardOpenOption.CREATE,
                        StandardOpenOption.APPEND);
            } catch (IOException unwritable) {
                throw new UncheckedIOException(unwritable);
            }
        }
    }
}
