package dev.countersign.notice;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import java.time.Clock;
import java.time.Instant;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Stores the mail and schedules its sending in the caller's transaction. */
@Service
class StoredNotices implements Notices {
    private static final int LONGEST_SUBJECT = 200;

    private final MailStore store;
    private final SchedulerClient scheduler;
    private final Clock clock;
    private final ApplicationEventPublisher events;
    private final String baseUrl;

    StoredNotices(
            MailStore store,
            SchedulerClient scheduler,
            Clock clock,
            ApplicationEventPublisher events,
            @Value("${countersign.base-url:http://127.0.0.1:8080}") String baseUrl) {
        this.store = store;
        this.scheduler = scheduler;
        this.clock = clock;
        this.events = events;
        this.baseUrl = baseUrl.replaceAll("/+$", "");
    }

    @Override
    @Transactional
    public void mail(Notice notice) {
        notice.addresses().forEach(address -> {
            if (MailAddress.of(address).isEmpty()) {
                throw new IllegalArgumentException("'" + address + "' is no mail address");
            }
        });
        String subject = MailMessage.oneLine(notice.subject());
        if (subject.length() > LONGEST_SUBJECT) {
            subject = subject.substring(0, LONGEST_SUBJECT - 1) + "…";
        }
        String link = absolute(notice.link());
        Instant now = clock.instant();
        String foot = notice.addresses().isEmpty() ? MailText.FOOT : MailText.FOOT_OUTSIDE;
        long mail = store.add(notice, subject, MailText.of(subject, notice.lines(), link, foot), now);
        schedule(mail);
        events.publishEvent(new NoticeGiven(mail, notice, subject, link, now));
    }

    /** Sends again what was given up. */
    @Transactional
    void again(long mail) {
        store.startAnew(mail, clock.instant());
        schedule(mail);
    }

    private void schedule(long mail) {
        // The scheduler has a clock of its own, which is the machine's.
        scheduler.scheduleIfNotExists(
                MailTask.SEND.instance(String.valueOf(mail)).build(), Instant.now());
    }

    /** Keys hold an {@code @}, which is allowed in a path; everything else of the link is the caller's. */
    private String absolute(String link) {
        if (link == null || link.startsWith("http://") || link.startsWith("https://")) {
            return link;
        }
        return baseUrl + (link.startsWith("/") ? link : "/" + link);
    }
}
