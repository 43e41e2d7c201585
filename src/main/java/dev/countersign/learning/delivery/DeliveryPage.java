package dev.countersign.learning.delivery;

import dev.countersign.catalog.Catalog;
import dev.countersign.catalog.Service;
import dev.countersign.learning.delivery.DeliveryDocument.Listed;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.ModelAttribute;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;

/** Delivery metrics for people; what is looked at stands in the address. */
@Controller
@RequestMapping(DeliveryPage.PATH)
class DeliveryPage {
    static final String PATH = "/metrics/delivery";
    private static final String COUNTED = "counted";
    private final DeliveryReport report;
    private final Catalog catalog;
    private final Words words = new Words();

    DeliveryPage(DeliveryReport report, Catalog catalog) {
        this.report = report;
        this.catalog = catalog;
    }

    @ModelAttribute("words")
    Words words() {
        return words;
    }

    @GetMapping
    String metrics(@ModelAttribute("asked") Asked asked, Model model) {
        DeliveryDocument document = report.of(asked, PATH);
        model.addAttribute("found", document);
        model.addAttribute("cards", Card.of(document));
        Asked same = asked.of(document.from(), document.to(), document.target());
        Map<String, String> counted = new HashMap<>();
        Map<String, String> all = new HashMap<>();
        for (Figure figure : Figure.values()) {
            counted.put(figure.id(), same.at(PATH + "/" + figure.id(), Map.of(COUNTED, true)));
            all.put(figure.id(), same.at(PATH + "/" + figure.id()));
        }
        model.addAttribute(COUNTED, counted);
        model.addAttribute("all", all);
        period(document.from(), document.to(), model);
        model.addAttribute("units", names(Service::unit));
        model.addAttribute("services", names(Service::name));
        boolean sandbox = Target.SANDBOX.toString().equals(document.target());
        model.addAttribute("sandbox", sandbox);
        model.addAttribute("other", asked.at(PATH, Map.of("target", sandbox ? Target.PRODUCTION : Target.SANDBOX)));
        return "learning/delivery";
    }

    @GetMapping("/{figure}")
    String deployments(@PathVariable String figure, @ModelAttribute("asked") Asked asked, Model model) {
        Figure wanted = Figure.of(figure);
        Listed listed = report.listed(wanted, asked);
        String path = PATH + "/" + wanted.id();
        Asked same = asked.of(listed.from(), listed.to(), listed.target());
        model.addAttribute("figure", wanted);
        model.addAttribute("title", wanted.title());
        model.addAttribute("found", listed);
        period(listed.from(), listed.to(), model);
        model.addAttribute("back", same.at(PATH));
        model.addAttribute("whole", same.at(path));
        model.addAttribute("in", same.at(path, Map.of(COUNTED, true)));
        model.addAttribute("out", same.at(path, Map.of(COUNTED, false)));
        model.addAttribute("newer", listed.page() > 0 ? page(path, same, asked.counted(), listed.page() - 1) : null);
        boolean more = (listed.page() + 1L) * listed.size() < listed.total();
        model.addAttribute("older", more ? page(path, same, asked.counted(), listed.page() + 1) : null);
        return "learning/delivery-deployments";
    }

    private static String page(String path, Asked same, Boolean counted, int page) {
        Map<String, Object> others = new HashMap<>();
        others.put(COUNTED, counted);
        others.put("page", page);
        return same.at(path, others);
    }

    private static void period(Instant from, Instant to, Model model) {
        model.addAttribute("from", from.atOffset(ZoneOffset.UTC).toLocalDate());
        // The end is exclusive: the day before its first moment is the last one shown.
        model.addAttribute("to", to.minusNanos(1).atOffset(ZoneOffset.UTC).toLocalDate());
    }

    private TreeSet<String> names(Function<Service, String> name) {
        return catalog.services().stream()
                .map(name)
                .filter(Objects::nonNull)
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
