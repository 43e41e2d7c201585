package dev.countersign.observe.correlation;

import dev.countersign.observe.correlation.Evidence.Both;
import dev.countersign.observe.correlation.Evidence.Versions;
import dev.countersign.observe.correlation.Question.Step;
import dev.countersign.observe.correlation.Signal.Count;
import dev.countersign.observe.correlation.Signal.Kind;
import dev.countersign.observe.correlation.Trace.Call;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A shop of nine services under load, of which {@code checkout} is released: web → shop → checkout → payments → ledger, checkout → inventory → stock; shop → search → stock; and mailer, which
 * none of them calls. Error rates wander (the logarithm is an AR(1) process for each service), latencies are lognormal, failures are passed on to most callers.
 */
public final class SimulatedServices {
    public static final Instant BEGAN = Instant.parse("2026-03-02T10:00:00Z");
    static final String RELEASED = "checkout";
    public static final String CANDIDATE = "sha256:" + "c".repeat(64);
    static final String STABLE = "sha256:" + "b".repeat(64);
    private static final double USUAL_ERRORS = 0.003;
    private static final double PASSED_ON = 0.9;
    private static final double REACHES = 0.7;
    private static final int TICK = 15;
    private static final double PHI = 0.9;
    private static final double WANDER = 0.5;

    /** What goes wrong in the world. */
    public enum Fault {
        CANDIDATE_FAILS("the candidate fails, its callers with it", true),
        CANDIDATE_SLOW("the candidate is slow, its callers wait", true),
        DEPENDENT_FAILS_ON_ANSWER("the candidate answers what a dependent fails on; its own figures are fine", true),
        DEPENDENCY_FAILS_ON_REQUEST("the candidate sends what a dependency fails on", true),
        DEPENDENCY_OVERLOADED("the candidate calls a dependency five times as often, and it fails for everybody", true),
        CANDIDATE_LOGS("the candidate answers well, and its log alone says that it failed", true),
        DEPENDENCY_FAILS("a dependency fails by itself", false),
        DEPENDENCY_SLOW("a dependency becomes slow by itself", false),
        DEPENDENCY_FAILED_BEFORE("a dependency fails shortly before the rollout", false),
        CHATTY_AND_DEPENDENCY_FAILS("a dependency fails by itself, and the candidate calls it twice as often", false),
        DEPENDENT_FAILS("a dependent fails by itself, after it called the service", false),
        DEPENDENT_FAILS_FIRST("a dependent fails by itself, before it calls the service", false),
        EVERYTHING_FAILS("all services fail at once", false),
        UNRELATED_FAILS("a service without a path to it fails", false),
        BOTH_LOG("both versions log errors that nothing else shows", false);

        final String words;
        final boolean isCascade;

        Fault(String words, boolean isCascade) {
            this.words = words;
            this.isCascade = isCascade;
        }
    }

    private final SplittableRandom random;
    private final Fault fault;
    private final double strength;
    private final double perSecond;
    private final List<Step> steps;
    private final Instant onset;
    private final Instant until;
    private final Map<String, Double> wander = new HashMap<>();

    /** @param perSecond requests of which traces are kept */
    public SimulatedServices(Fault fault, double perSecond, SplittableRandom random) {
        this.fault = fault;
        this.random = random;
        this.perSecond = perSecond;
        this.strength = 0.1 + 0.4 * random.nextDouble();
        this.steps = List.of(
                new Step(BEGAN, 0.05),
                new Step(BEGAN.plus(Duration.ofMinutes(10)), 0.25),
                new Step(BEGAN.plus(Duration.ofMinutes(20)), 0.5));
        this.onset = onset();
        Instant first = onset.isBefore(BEGAN) ? BEGAN : onset;
        this.until = first.plusSeconds(300 + random.nextInt(300));
    }

    private Instant onset() {
        return switch (fault) {
            case CANDIDATE_FAILS,
                    CANDIDATE_SLOW,
                    DEPENDENT_FAILS_ON_ANSWER,
                    DEPENDENCY_FAILS_ON_REQUEST,
                    CANDIDATE_LOGS -> BEGAN;
            // Its capacity is reached when a quarter, or a half, of the requests come from the candidate.
            case DEPENDENCY_OVERLOADED -> steps.get(1 + random.nextInt(2)).at().plusSeconds(random.nextInt(30));
            case DEPENDENCY_FAILED_BEFORE -> BEGAN.minusSeconds(120 + random.nextInt(420));
            default -> BEGAN.plusSeconds(random.nextInt(1500));
        };
    }

    public Question question() {
        return new Question(
                RELEASED,
                Set.of(CANDIDATE, "2.0.0"),
                steps.stream().filter(step -> step.at().isBefore(until)).toList(),
                until);
    }

    /** What the platform would have of it: traces through shop and checkout, and the count of the service that is in none. */
    public Evidence evidence(boolean versions) {
        List<Trace> traces = new ArrayList<>();
        List<Count> mailer = new ArrayList<>();
        for (Instant at = question().from(); at.isBefore(until); at = at.plusSeconds(TICK)) {
            wander();
            int requests = poisson(perSecond * TICK);
            for (int request = 0; request < requests; request++) {
                traces.add(request(at.plusMillis(random.nextInt(TICK * 1000)), versions));
            }
            int mails = poisson(perSecond * TICK);
            int failed = 0;
            for (int mail = 0; mail < mails; mail++) {
                failed += random.nextDouble() < errorRate("mailer", at, false) ? 1 : 0;
            }
            mailer.add(new Count(at, Duration.ofSeconds(TICK), mails, failed));
        }
        List<Signal> signals = new ArrayList<>(List.of(new Signal("mailer", Kind.ERRORS, "metrics", mailer)));
        List<Versions> byVersion = new ArrayList<>();
        if (fault == Fault.CANDIDATE_LOGS || fault == Fault.BOTH_LOG) {
            logs(signals, byVersion);
        }
        return new Evidence(new CallGraph(Set.of(), false), traces, signals, byVersion, List.of());
    }

    /** A line for each request of the released service, counted by whole minute and version. */
    private void logs(List<Signal> signals, List<Versions> byVersion) {
        List<Count> counts = new ArrayList<>();
        List<Both> both = new ArrayList<>();
        for (Instant at = question().from(); !at.plusSeconds(60).isAfter(until); at = at.plusSeconds(60)) {
            wander();
            int lines = poisson(perSecond * 60 * REACHES);
            int errors = 0;
            double[] split = new double[4];
            for (int line = 0; line < lines; line++) {
                Instant written = at.plusMillis(random.nextInt(60_000));
                boolean candidate = chance(share(written));
                boolean hit = !written.isBefore(onset) && (candidate || fault == Fault.BOTH_LOG);
                boolean error = chance(USUAL_ERRORS * Math.exp(wander.get(RELEASED)) + (hit ? strength : 0));
                errors += error ? 1 : 0;
                split[candidate ? 0 : 2] += error ? 1 : 0;
                split[candidate ? 1 : 3]++;
            }
            if (!at.isBefore(BEGAN)) {
                both.add(new Both(at, split[0], split[1], split[2], split[3]));
            }
            counts.add(new Count(at, Duration.ofMinutes(1), lines, errors));
        }
        signals.add(new Signal(RELEASED, Kind.LOG_ERRORS, "logs", counts));
        byVersion.add(new Versions(RELEASED, Kind.LOG_ERRORS, "logs", both));
    }

    private void wander() {
        for (String service :
                List.of("web", "shop", "checkout", "payments", "ledger", "inventory", "stock", "search", "mailer")) {
            wander.merge(
                    service, gaussian() * WANDER, (before, step) -> PHI * before + Math.sqrt(1 - PHI * PHI) * step);
        }
    }

    private final class Request {
        private final List<Call> calls = new ArrayList<>();
        private final Instant at;
        private final boolean candidate;
        private final boolean versions;

        private Request(Instant at, boolean versions) {
            this.at = at;
            this.versions = versions;
            this.candidate = random.nextDouble() < share(at);
        }

        /** @return whether it failed; its duration stands in the list */
        private boolean call(String service, int caller) {
            int index = calls.size();
            calls.add(null);
            boolean failed = false;
            double took = 5 * Math.exp(0.5 * gaussian()) * slowness(service);
            boolean failsFirst =
                    fault == Fault.DEPENDENT_FAILS_FIRST && service.equals("shop") && isOn() && chance(strength);
            String paid = null; // repeated calls are made beside the first: they load the dependency and delay nobody
            if (!failsFirst) {
                for (String called : callsOf(service)) {
                    int before = calls.size();
                    failed |= call(called, index) && chance(PASSED_ON);
                    took += called.equals(paid) ? 0 : calls.get(before).milliseconds();
                    paid = called.equals("payments") ? called : paid;
                }
            }
            failed |= failsFirst || chance(errorRate(service, at, candidate && reached(caller, index)));
            String version = service.equals(RELEASED) && versions ? candidate ? CANDIDATE : STABLE : null;
            calls.set(index, new Call(service, version, at, took, failed, caller));
            return failed;
        }

        /** Whether the released service takes part, so that its version matters. */
        private boolean reached(int caller, int index) {
            return calls.size() > index + 1 || caller != Trace.NOBODY;
        }

        private boolean isOn() {
            return !at.isBefore(onset);
        }

        private double slowness(String service) {
            boolean slow = fault == Fault.CANDIDATE_SLOW && service.equals(RELEASED) && candidate
                    || fault == Fault.DEPENDENCY_SLOW && service.equals("payments");
            return slow && isOn() ? 3 + 10 * strength : 1;
        }

        private List<String> callsOf(String service) {
            return switch (service) {
                case "web" -> List.of("shop");
                case "shop" -> chance(REACHES) ? List.of(RELEASED) : List.of("search");
                case RELEASED -> {
                    int times = candidate
                            ? fault == Fault.DEPENDENCY_OVERLOADED
                                    ? 5
                                    : fault == Fault.CHATTY_AND_DEPENDENCY_FAILS ? 2 : 1
                            : 1;
                    List<String> called = new ArrayList<>();
                    for (int time = 0; time < times; time++) {
                        called.add("payments");
                    }
                    called.add("inventory");
                    yield called;
                }
                case "payments" -> List.of("ledger");
                case "inventory", "search" -> List.of("stock");
                default -> List.of();
            };
        }
    }

    private Trace request(Instant at, boolean versions) {
        Request request = new Request(at, versions);
        request.call("web", Trace.NOBODY);
        return new Trace(at.toString(), request.calls);
    }

    private double errorRate(String service, Instant at, boolean candidate) {
        double usual = USUAL_ERRORS * Math.exp(wander.getOrDefault(service, 0.0));
        return !at.isBefore(onset) && isHit(service, candidate) ? usual + strength : usual;
    }

    private boolean isHit(String service, boolean candidate) {
        return switch (fault) {
            case CANDIDATE_FAILS -> service.equals(RELEASED) && candidate;
            case DEPENDENT_FAILS_ON_ANSWER -> service.equals("shop") && candidate;
            case DEPENDENCY_FAILS_ON_REQUEST -> service.equals("inventory") && candidate;
            case DEPENDENCY_OVERLOADED, DEPENDENCY_FAILS, DEPENDENCY_FAILED_BEFORE, CHATTY_AND_DEPENDENCY_FAILS ->
                service.equals("payments");
            case DEPENDENT_FAILS -> service.equals("shop");
            case EVERYTHING_FAILS -> true;
            case UNRELATED_FAILS -> service.equals("mailer");
            case CANDIDATE_SLOW, DEPENDENCY_SLOW, DEPENDENT_FAILS_FIRST, CANDIDATE_LOGS, BOTH_LOG -> false;
        };
    }

    private double share(Instant at) {
        double share = 0;
        for (Step step : steps) {
            share = at.isBefore(step.at()) ? share : step.share();
        }
        return share;
    }

    private boolean chance(double probability) {
        return random.nextDouble() < probability;
    }

    private double gaussian() {
        return Math.sqrt(-2 * Math.log(1 - random.nextDouble())) * Math.cos(2 * Math.PI * random.nextDouble());
    }

    private int poisson(double mean) {
        double normal = mean + Math.sqrt(mean) * gaussian();
        return (int) Math.max(0, Math.round(normal));
    }

    Instant onsetOfFault() {
        return onset;
    }
}
