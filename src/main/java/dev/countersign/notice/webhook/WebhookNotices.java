package dev.countersign.notice.webhook;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.countersign.notice.NoticeGiven;
import dev.countersign.notice.webhook.WebhookProperties.Receiver;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Tells systems what people are told: stored and scheduled in the notice's transaction, as a CloudEvent (CloudEvents 1.0, JSON). */
@Component
class WebhookNotices {
    private final WebhookProperties properties;
    private final WebhookStore store;
    private final SchedulerClient scheduler;
    private final ObjectMapper json;
    private final String source;

    WebhookNotices(
            WebhookProperties properties,
            WebhookStore store,
            SchedulerClient scheduler,
            ObjectMapper json,
            @Value("${countersign.base-url:http://127.0.0.1:8080}") String source) {
        this.properties = properties;
        this.store = store;
        this.scheduler = scheduler;
        this.json = json;
        this.source = source;
    }

    @EventListener
    void on(NoticeGiven given) {
        for (Receiver receiver : properties.webhooks()) {
            if (receiver.kinds().contains(given.notice().kind())) {
                long id = store.add(receiver.name(), given.mail(), body(given), given.at());
                // The scheduler has a clock of its own, which is the machine's.
                scheduler.scheduleIfNotExists(
                        WebhookTask.SEND.instance(String.valueOf(id)).build(), Instant.now());
            }
        }
    }

    private String body(NoticeGiven given) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("release", given.notice().releaseKey());
        data.put("subject", given.subject());
        data.put("lines", given.notice().lines());
        data.put("groups", given.notice().groups());
        data.put("link", given.link());
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("specversion", "1.0");
        event.put("id", UUID.randomUUID().toString());
        event.put("source", source);
        event.put("type", "dev.countersign.notice." + given.notice().kind());
        // An attribute that is there has a value (CloudEvents 1.0): some notices are about no release.
        if (given.notice().releaseKey() != null) {
            event.put("subject", given.notice().releaseKey());
        }
        event.put("time", given.at().toString());
        event.put("datacontenttype", "application/json");
        event.put("data", data);
        try {
            return json.writeValueAsString(event);
        } catch (JsonProcessingException broken) {
            throw new IllegalStateException("A notice must be writable as JSON", broken);
        }
    }
}
