package dev.countersign.story;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A page without a mouse: from the skip link by Tab through everything that can be used, each in view and with a ring around it while it is focused. */
final class KeyboardWalk {
    private static final int MOST = 1_000;

    /** What a mouse could use, numbered. Of several radio buttons of one name Tab goes to the chosen one, and arrows to the others. */
    private static final String NUMBERED =
            """
            () => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]')]
              .filter(one => one.checkVisibility({visibilityProperty: true}) && !one.disabled && !(one.type === 'radio' && !one.checked))
              .map((one, number) => { one.dataset.walk = number; return number + ' ' + one.outerHTML.slice(0, 120); })
            """;

    private static final String FOCUSED =
            """
            () => {
              const one = document.activeElement;
              if (one === null || one === document.body) return {walk: -1, fault: ''};
              const box = one.getBoundingClientRect();
              const style = getComputedStyle(one);
              const inView = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
              const ringed = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 1;
              return {walk: one.dataset.walk === undefined ? -2 : Number(one.dataset.walk),
                      fault: (inView ? '' : 'out of view ') + (ringed ? '' : 'no ring ') + (inView && ringed ? '' : one.outerHTML.slice(0, 120))};
            }
            """;

    private KeyboardWalk() {}

    static void over(Page page) {
        List<?> usable = (List<?>) page.evaluate(NUMBERED);
        assertThat(usable.get(0).toString()).contains("class=\"skip\"");
        Set<Integer> reached = new LinkedHashSet<>();
        for (int presses = 0; presses < MOST; presses++) {
            page.keyboard().press("Tab");
            Map<?, ?> focused = (Map<?, ?>) page.evaluate(FOCUSED);
            int number = ((Number) focused.get("walk")).intValue();
            if (number == -1 || (number == 0 && reached.size() > 1)) {
                break;
            }
            assertThat(focused.get("fault")).as(page.url()).isEqualTo("");
            reached.add(number);
        }
        assertThat(usable)
                .as("reached on " + page.url())
                .allMatch(one -> reached.contains(Integer.valueOf(one.toString().split(" ")[0])));
        skips(page);
    }

    private static void skips(Page page) {
        page.evaluate("() => { document.activeElement.blur(); document.querySelector('.skip').focus(); }");
        page.keyboard().press("Enter");
        page.keyboard().press("Tab");
        assertThat(page.evaluate("() => document.querySelector('#main').contains(document.activeElement)"))
                .as("after the skip link comes the content")
                .isEqualTo(true);
    }
}
