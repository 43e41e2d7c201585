package dev.countersign.portfolio;

import dev.countersign.evidence.Evidence;
import dev.countersign.evidence.Position;
import dev.countersign.gate.Gates.Gate;
import dev.countersign.learning.Retrospectives.Effect;
import dev.countersign.learning.Retrospectives.Rating;
import dev.countersign.observe.SloStates;
import dev.countersign.release.ReleaseState;
import dev.countersign.review.Review.Seat;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.web.util.UriComponentsBuilder;

/** How values are written on pages: {@code show} in the templates. */
final class Show {
    private static final DateTimeFormatter ABSOLUTE = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int DIGITS_SHOWN = 12;

    public String absolute(Instant at) {
        return at == null ? "" : ABSOLUTE.format(at);
    }

    /** The class of a verdict, as the style sheet names it; a verdict that is not there yet is waited for. */
    public String verdict(Object verdict) {
        return verdict == null
                ? "waiting"
                : verdict.toString().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String word(Object verdict) {
        return verdict == null ? "waiting" : verdict.toString().replace('_', ' ');
    }

    public String gate(Gate gate) {
        boolean waived = gate.waiver() != null && gate.waiver().isActive() && !isPass(gate);
        return waived ? "waived" : verdict(gate.verdict());
    }

    /** The page that shows the line where a finding stands; in the document given where the position names none. */
    public String address(String releaseKey, String document, Position position) {
        return UriComponentsBuilder.fromPath("/releases/{key}/evidence/{sha256}")
                .queryParam("line", position.line())
                .queryParamIfPresent("column", Optional.ofNullable(position.column()))
                .fragment("here")
                .encode()
                .buildAndExpand(releaseKey, position.document() == null ? document : position.document())
                .toUriString();
    }

    /** The types of documents that somebody may send for a gate. */
    public List<String> sent(Gate gate) {
        return gate.types().stream().filter(Evidence::isSent).toList();
    }

    /** Whether the platform brings documents for it that nobody can send. */
    public boolean isAsked(Gate gate) {
        return gate.types().stream().anyMatch(type -> !Evidence.isSent(type) && !type.equals("none"));
    }

    public String gateWord(Gate gate) {
        return "waived".equals(gate(gate)) ? "waived" : word(gate.verdict());
    }

    private static boolean isPass(Gate gate) {
        return gate.verdict() == dev.countersign.release.Verdict.PASS;
    }

    /** The class of a vote. */
    public String vote(Seat seat) {
        if (!WholeRelease.hasValidVote(seat)) {
            return "waiting";
        }
        return switch (seat.vote().vote()) {
            case "GO" -> "pass";
            case "GO_WITH_CONDITIONS" -> "inconclusive";
            case "NO_GO" -> "fail";
            default -> "not-applicable";
        };
    }

    public String voteWord(Seat seat) {
        if (seat.vote() == null) {
            return "no vote yet";
        }
        return (seat.vote().voidedAt() == null ? "" : "void: ")
                + word(seat.vote().vote());
    }

    public String state(ReleaseState state) {
        return switch (state) {
            case STABLE -> "good";
            case ROLLED_BACK, ROLLBACK_FAILED, REJECTED, ROLLING_BACK -> "bad";
            case HELD -> "held";
            case ABORTED -> "over";
            default -> "moving";
        };
    }

    public String words(Enum<?> state) {
        String text = state.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(text.charAt(0)) + text.substring(1);
    }

    /** Per cent of a fraction. */
    public String percent(Double fraction) {
        return fraction == null
                ? ""
                : String.format(Locale.ROOT, fraction * 100 < 10 ? "%.1f %%" : "%.0f %%", fraction * 100);
    }

    /** Per cent with the digits that tell one nine from another. */
    public String precise(Double fraction) {
        return fraction == null ? "" : String.format(Locale.ROOT, "%.3f %%", fraction * 100);
    }

    /** Per cent with the digits that objectives need. */
    public String target(double fraction) {
        return java.math.BigDecimal.valueOf(fraction)
                        .movePointRight(2)
                        .stripTrailingZeros()
                        .toPlainString() + " %";
    }

    /** For example {@code 1 h 0.4, 5 min 0.1 (page over 14.4)}; without data a dash. */
    public String burn(SloStates.Burn burn) {
        return "%s %s, %s %s (%s over %s)"
                .formatted(
                        duration(burn.longWindow()),
                        rate(burn.longBurn()),
                        duration(burn.shortWindow()),
                        rate(burn.shortBurn()),
                        burn.severity().toLowerCase(Locale.ROOT),
                        String.format(Locale.ROOT, "%.3g", burn.limit()).replaceAll("\\.?0+$", ""));
    }

    private static String rate(Double burn) {
        return burn == null ? "–" : String.format(Locale.ROOT, "%.1f", Math.min(burn, 1e6));
    }

    public String duration(Duration duration) {
        if (duration == null) {
            return "";
        }
        if (duration.toMinutes() < 2) {
            return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
        }
        if (duration.toHours() < 2) {
            return duration.toMinutes() + " min" + rest(duration.toSecondsPart(), "s");
        }
        return duration.toDays() < 2
                ? duration.toHours() + " h" + rest(duration.toMinutesPart(), "min")
                : duration.toDays() + " d" + rest(duration.toHoursPart(), "h");
    }

    private static String rest(int number, String unit) {
        return number == 0 ? "" : " " + number + " " + unit;
    }

    /** The beginning of a digest; the whole stands beside it for whoever hovers. */
    public String digest(String digest) {
        if (digest == null) {
            return "";
        }
        String hex = digest.startsWith("sha256:") ? digest.substring("sha256:".length()) : digest;
        return hex.length() <= DIGITS_SHOWN ? hex : hex.substring(0, DIGITS_SHOWN) + "…";
    }

    public String effect(Effect effect) {
        return effect.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** How often each effect was given, those that were given only. */
    public Map<String, Long> counts(List<Rating> ratings) {
        return ratings.stream()
                .map(Rating::effect)
                .sorted()
                .collect(Collectors.groupingBy(this::effect, LinkedHashMap::new, Collectors.counting()));
    }

    /** Hours between two times, in words. */
    public String between(Instant from, Instant to) {
        return from == null || to == null ? "" : duration(Duration.between(from, to));
    }
}
