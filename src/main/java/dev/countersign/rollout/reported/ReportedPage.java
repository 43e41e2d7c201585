package dev.countersign.rollout.reported;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.util.UriComponentsBuilder;

/** What others deployed, for people; what is looked for stands in the address. Left out, it is what went past the platform. */
@Controller
class ReportedPage {
    private static final String PATH = "/deployments/reported";
    private static final DateTimeFormatter SECOND = DateTimeFormatter.ofPattern(
                    "yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private final ReportedSearch search;
    private final Catalog catalog;

    ReportedPage(ReportedSearch search, Catalog catalog) {
        this.search = search;
        this.catalog = catalog;
    }

    /** @param approved {@code any} for all: left out, only those that no release accounts for */
    record Choice(String service, String source, String from, String to, String approved, Integer page) {}

    record Row(Kept kept) {
        public String name() {
            return kept.service() != null ? kept.service() : kept.report().repository();
        }

        public boolean known() {
            return kept.service() != null;
        }

        public String source() {
            return kept.report().source();
        }

        public String environment() {
            return kept.report().environment();
        }

        public String standing() {
            return kept.standing().words();
        }

        /** As the style sheet colours verdicts. */
        public String colour() {
            return switch (kept.standing()) {
                case APPROVED -> "pass";
                case UNAPPROVED -> "fail";
                default -> "";
            };
        }

        public String release() {
            return kept.release();
        }

        public String because() {
            return kept.because();
        }

        public String what() {
            return kept.report().commit() != null
                    ? kept.report().commit().substring(0, 12)
                    : kept.report().digest() != null ? kept.report().digest().substring(0, 19) : "not said";
        }

        public String state() {
            return kept.report().state().name().toLowerCase(Locale.ROOT);
        }

        public Instant began() {
            return kept.report().begin();
        }

        public String beganInWords() {
            String at = SECOND.format(began());
            return kept.report().state().hasBegun() ? at : "asked for " + at;
        }

        public String address() {
            return kept.report().address();
        }
    }

    @GetMapping(PATH)
    String page(@ModelAttribute("asked") Choice asked, Model model) {
        String approved = asked.approved() == null || asked.approved().isBlank()
                ? "false"
                : asked.approved().equals("any") ? null : asked.approved();
        ReportedSearch.Found found = search.find(new ReportedSearch.Wanted(
                asked.service(), asked.source(), asked.from(), asked.to(), approved, asked.page(), null));
        model.addAttribute("rows", found.deployments().stream().map(Row::new).toList());
        model.addAttribute("total", found.total());
        model.addAttribute("from", found.from().atOffset(ZoneOffset.UTC).toLocalDate());
        // The end is exclusive: the day before its first moment is the last one shown.
        model.addAttribute(
                "to", found.to().minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate());
        model.addAttribute("approved", approved == null ? "any" : approved);
        model.addAttribute(
                "services",
                catalog.services().stream().map(Service::name).collect(Collectors.toCollection(TreeSet::new)));
        model.addAttribute("sources", List.of("github", "gitlab", "cdevents"));
        model.addAttribute("newer", found.page() > 0 ? address(asked, found.page() - 1) : null);
        model.addAttribute("older", found.hasMore() ? address(asked, found.page() + 1) : null);
        return "rollout/reported";
    }

    private static String address(Choice asked, int page) {
        Map<String, Object> given = new TreeMap<>();
        given.put("service", text(asked.service()));
        given.put("source", text(asked.source()));
        given.put("from", text(asked.from()));
        given.put("to", text(asked.to()));
        given.put("approved", text(asked.approved()));
        given.values().removeIf(""::equals);
        UriComponentsBuilder address = UriComponentsBuilder.fromPath(PATH).queryParam("page", page);
        given.keySet().forEach(name -> address.queryParam(name, "{" + name + "}"));
        return address.encode().buildAndExpand(given).toUriString();
    }

    private static String text(String text) {
        return text == null ? "" : text.strip();
    }
}
