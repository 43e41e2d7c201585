package dev.countersign.learning.delivery;

import dev.countersign.api.Problem;
import dev.countersign.learning.delivery.Delivery.Found;
import dev.countersign.learning.delivery.DeliveryDocument.Behind;
import dev.countersign.learning.delivery.DeliveryDocument.Frequency;
import dev.countersign.learning.delivery.DeliveryDocument.FromTrouble;
import dev.countersign.learning.delivery.DeliveryDocument.Item;
import dev.countersign.learning.delivery.DeliveryDocument.LeadTime;
import dev.countersign.learning.delivery.DeliveryDocument.Listed;
import dev.countersign.learning.delivery.DeliveryDocument.Parts;
import dev.countersign.learning.delivery.DeliveryDocument.Rate;
import dev.countersign.learning.delivery.DeliveryDocument.Reached;
import dev.countersign.learning.delivery.DeliveryDocument.RecoveryTime;
import dev.countersign.learning.delivery.Judged.Recovery;
import dev.countersign.learning.leadtime.LeadTimeParts;
import java.util.List;
import java.util.Objects;
import org.springframework.stereotype.Component;

/** Reckons the figures. Each is reckoned from the same list of deployments that stands behind it, so that they add up. */
@Component
class DeliveryReport {
    static final int MOST = 200;
    private static final int USUAL = 50;
    private static final int DAYS_OF_WEEK = 7;
    private final Delivery delivery;
    private final LeadTimeParts changes;

    DeliveryReport(Delivery delivery, LeadTimeParts changes) {
        this.delivery = delivery;
        this.changes = changes;
    }

    /** @param path where the deployments behind a figure are listed, without the figure's id */
    DeliveryDocument of(Asked asked, String path) {
        int size = size(asked);
        return of(asked, delivery.find(asked), size, path);
    }

    private Parts parts(List<Judged> all) {
        return Parts.of(changes.of(all.stream()
                .map(Judged::deployment)
                .filter(one -> !one.isPastPlatform())
                .map(Deployment::key)
                .toList()));
    }

    private DeliveryDocument of(Asked asked, Found found, int size, String path) {
        List<Judged> all = found.deployments();
        return new DeliveryDocument(
                found.period().from(),
                found.period().to(),
                found.target().toString(),
                asked.service(),
                asked.unit(),
                all.size(),
                all.stream().filter(one -> one.deployment().isPastPlatform()).count(),
                leadTime(all, parts(all), behind(Figure.CHANGE_LEAD_TIME, found, asked, size, path)),
                frequency(found, behind(Figure.DEPLOYMENT_FREQUENCY, found, asked, size, path)),
                rate(behind(Figure.CHANGE_FAIL_RATE, found, asked, size, path)),
                recovery(all, behind(Figure.FAILED_DEPLOYMENT_RECOVERY_TIME, found, asked, size, path)),
                rate(behind(Figure.REWORK_RATE, found, asked, size, path)),
                found.by().toString(),
                Trend.of(all, found.period(), found.by()));
    }

    Listed listed(Figure figure, Asked asked) {
        int size = size(asked);
        int page = asked.page() == null ? 0 : asked.page();
        if (page < 0) {
            throw Problem.invalid("/page", "must not be negative: pages start at 0");
        }
        Found found = delivery.find(asked);
        List<Judged> behind = figure.behind(found.deployments()).stream()
                .filter(one -> asked.counted() == null || asked.counted() == figure.counts(one))
                .toList();
        return new Listed(
                figure.id(),
                found.period().from(),
                found.period().to(),
                found.target().toString(),
                asked.counted(),
                page,
                size,
                behind.size(),
                behind.stream()
                        .skip((long) page * size)
                        .limit(size)
                        .map(one -> Item.of(figure, one))
                        .toList());
    }

    private static int size(Asked asked) {
        int size = asked.size() == null ? USUAL : asked.size();
        if (size < 1) {
            throw Problem.invalid("/size", "must be from 1 to " + MOST);
        }
        return Math.min(size, MOST);
    }

    private static Behind behind(Figure figure, Found found, Asked asked, int size, String path) {
        List<Judged> all = found.deployments();
        return new Behind(
                figure.denominator(all),
                figure.numerator(all),
                figure.behind(all).stream()
                        .limit(size)
                        .map(one -> Item.of(figure, one))
                        .toList(),
                asked.of(found).at(path + "/" + figure.id()));
    }

    private static LeadTime leadTime(List<Judged> all, Parts parts, Behind behind) {
        Spread times = Spread.of(all.stream().map(one -> one.deployment().leadTime()));
        Spread toAll = Spread.of(all.stream().map(one -> one.deployment().leadTimeToAll()));
        return new LeadTime(
                times.median(),
                DeliveryDocument.DURATION,
                behind.counted(),
                behind.total(),
                Bounds.median(times),
                times.p90(),
                behind.total() - behind.counted(),
                new Reached(toAll.median(), toAll.p90(), toAll.n()),
                parts,
                behind);
    }

    private static Frequency frequency(Found found, Behind behind) {
        double days = found.period().days();
        long n = behind.counted();
        return new Frequency(
                days == 0 ? null : n / days,
                "deployments per day",
                n,
                days,
                Bounds.rate(n, days),
                days == 0 ? null : DAYS_OF_WEEK * n / days,
                behind);
    }

    private static Rate rate(Behind behind) {
        long n = behind.total();
        return new Rate(
                n == 0 ? null : (double) behind.counted() / n,
                DeliveryDocument.FRACTION,
                behind.counted(),
                n,
                Bounds.wilson(behind.counted(), n),
                behind);
    }

    private static RecoveryTime recovery(List<Judged> all, Behind behind) {
        Spread times = Spread.of(all.stream().map(Judged::timeToRecovery));
        Spread fromTrouble = Spread.of(all.stream().map(Judged::timeFromTrouble));
        return new RecoveryTime(
                times.median(),
                DeliveryDocument.DURATION,
                behind.counted(),
                behind.total(),
                Bounds.median(times),
                times.mean(),
                times.p90(),
                count(all, Recovery.OPEN),
                count(all, Recovery.NOT_RECORDED),
                new FromTrouble(fromTrouble.mean(), fromTrouble.median(), fromTrouble.n()),
                behind);
    }

    private static long count(List<Judged> all, Recovery recovery) {
        return all.stream()
                .map(Judged::recovery)
                .filter(Objects::nonNull)
                .filter(one -> one == recovery)
                .count();
    }
}
