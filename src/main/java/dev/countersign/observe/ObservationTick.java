package dev.countersign.observe;

import dev.countersign.observe.MetricsSource.Pace;
import dev.countersign.observe.ObservationStore.Progress;
import dev.countersign.observe.ObservationStore.Stored;
import dev.countersign.observe.Sources.Answer;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * One look at everything that is observed. Sources are asked once per service and outside of any transaction; observations whose
 * verdict stands are stored together, each changed verdict in a transaction of its own, so that what listens to one release cannot
 * undo another's.
 */
@Component
class ObservationTick {
    private static final Logger LOG = LoggerFactory.getLogger(ObservationTick.class);
    private final ObservationStore store;
    private final Sources sources;
    private final Readings readings;
    private final OwnCounts ownCounts;
    private final ObserveProperties properties;
    private final ApplicationEventPublisher events;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final SampleMemory memory = new SampleMemory();

    ObservationTick(
            ObservationStore store,
            Sources sources,
            Readings readings,
            OwnCounts ownCounts,
            ObserveProperties properties,
            ApplicationEventPublisher events,
            PlatformTransactionManager transactions,
            Clock clock) {
        this.store = store;
        this.sources = sources;
        this.readings = readings;
        this.ownCounts = ownCounts;
        this.properties = properties;
        this.events = events;
        this.transaction = new TransactionTemplate(transactions);
        this.clock = clock;
    }

    /** What a look found for one observation. */
    private record Look(Watched watched, List<Stored> news, Progress judged, boolean changed) {}

    synchronized void look() throws InterruptedException {
        List<Watched> active = store.active();
        memory.follow(active, store);
        if (active.isEmpty()) {
            return;
        }
        Instant until = clock.instant().minus(properties.settle()).truncatedTo(ChronoUnit.MILLIS);
        Map<String, Pace> paces = new TreeMap<>();
        active.forEach(watched -> paces.computeIfAbsent(watched.order().service(), sources::paceOf));
        Map<String, Answer> answers = sources.read(wanted(active, paces), Readings.queries(active), until);
        Map<Long, List<Reading>> read = readings.next(active, answers);
        Map<Long, List<OwnCount>> own = ownCounts.next(active, answers, until);
        List<Look> unchanged = new ArrayList<>();
        List<Look> changed = new ArrayList<>();
        for (Watched watched : active) {
            try {
                String service = watched.order().service();
                Look look = judge(
                        watched,
                        answers.get(service),
                        read.getOrDefault(watched.number(), List.of()),
                        own.getOrDefault(watched.number(), List.of()),
                        until.minus(paces.get(service).delay()));
                (look.changed() ? changed : unchanged).add(look);
            } catch (RuntimeException unexpected) {
                LOG.error("Observation {} could not be judged", watched.order().id(), unexpected);
            }
        }
        changed.forEach(this::storeChanged);
        storeUnchanged(unchanged);
    }

    /** A measurement is asked for by its begin and comes when it is over: back by its length, and by what may be late. */
    private Map<String, Instant> wanted(List<Watched> active, Map<String, Pace> paces) {
        Map<String, Instant> from = new TreeMap<>();
        for (Watched watched : active) {
            Duration interval = paces.get(watched.order().service()).interval();
            Instant late = watched.readUntil().minus(properties.lateness()).minus(interval);
            Instant since = watched.observation().since();
            from.merge(watched.order().service(), since.isAfter(late) ? since : late, Gaps::earlier);
        }
        return from;
    }

    private Look judge(Watched watched, Answer answer, List<Reading> read, List<OwnCount> own, Instant until) {
        List<Stored> news = memory.news(watched, Values.with(watched, answer));
        Instant readUntil = answer.trouble() == null ? Gaps.later(watched.readUntil(), until) : watched.readUntil();
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        Instant begin = watched.observation().since();
        Course course = Course.of(
                watched,
                memory.with(watched, true, news, begin),
                memory.with(watched, false, news, begin),
                until,
                now,
                answer.trouble(),
                read,
                own);
        Optional<Ruling> ruling = Judge.rule(course);
        Observations.Judgement before = watched.observation().latest();
        Observations.Judgement after = ruling.map(Ruling::judgement).orElse(before);
        if (!read.isEmpty()) {
            news = withPoints(news, SignalPoint.of(watched.order().triggers().metrics(), read));
        }
        boolean last = ruling.map(Ruling::last).orElse(false);
        boolean changed = last
                || after != null && (before == null || !after.verdict().equals(before.verdict()))
                || Readings.isNews(before, after);
        Progress judged = new Progress(
                readUntil,
                ruling.map(Ruling::unbrokenSince).orElse(null),
                after,
                last,
                read,
                own,
                ruling.map(Ruling::score).orElse(null));
        return new Look(watched, news, judged, changed);
    }

    /** The newest measurement takes along what is known beside requests: what a chart draws costs no statement and no row. */
    private static List<Stored> withPoints(List<Stored> news, List<SignalPoint> points) {
        Stored newest = news.stream()
                .max(Comparator.comparing(stored -> stored.sample().at()))
                .orElse(null);
        return news.stream()
                .map(stored -> stored == newest
                        ? new Stored(stored.observation(), stored.candidate(), stored.sample(), points)
                        : stored)
                .toList();
    }

    private void storeUnchanged(List<Look> looks) {
        if (looks.isEmpty()) {
            return;
        }
        try {
            int[] moved = transaction.execute(status -> {
                int[] rows = store.update(
                        looks.stream().map(Look::watched).toList(),
                        looks.stream().map(Look::judged).toList());
                List<Stored> news = new ArrayList<>();
                for (int index = 0; index < rows.length; index++) {
                    if (rows[index] == 1) {
                        news.addAll(looks.get(index).news());
                    }
                }
                store.insertSamples(news);
                return rows;
            });
            for (int index = 0; index < looks.size(); index++) {
                remember(looks.get(index), moved[index] == 1);
            }
        } catch (RuntimeException failed) {
            LOG.warn("{} observations could not be stored and are looked at again", looks.size(), failed);
            looks.forEach(look -> memory.forget(look.watched()));
        }
    }

    /**
     * Listeners first, the row last: a listener may lock its rollout and then end this observation, and whoever steers the rollout
     * locks in that order too. Where another node was faster nothing of it stands.
     */
    private void storeChanged(Look look) {
        try {
            Boolean stored = transaction.execute(status -> {
                Watched watched = look.watched();
                if (!store.stands(watched)) {
                    return false;
                }
                store.insertJudgement(watched.number(), look.judged().judgement());
                events.publishEvent(new Observations.Judged(
                        watched.order().id(),
                        watched.order().releaseKey(),
                        watched.order().kind(),
                        look.judged().judgement(),
                        look.judged().last()));
                if (store.update(List.of(watched), List.of(look.judged()))[0] != 1) {
                    status.setRollbackOnly();
                    return false;
                }
                store.insertSamples(look.news());
                return true;
            });
            remember(look, Boolean.TRUE.equals(stored));
        } catch (RuntimeException failed) {
            LOG.error(
                    "The verdict on {} could not be stored and is looked at again",
                    look.watched().order().id(),
                    failed);
            memory.forget(look.watched());
        }
    }

    private void remember(Look look, boolean stored) {
        if (stored) {
            memory.stored(look.watched(), look.news(), look.judged().readUntil());
        } else {
            memory.forget(look.watched());
        }
    }
}
