package dev.countersign.portfolio;

import org.springframework.web.bind.annotation.ControllerAdvice;
import org.springframework.web.bind.annotation.ModelAttribute;

/** What every page of this module has at hand. */
@ControllerAdvice(basePackageClasses = PageModel.class)
class PageModel {
    private final Show show = new Show();

    @ModelAttribute("show")
    Show show() {
        return show;
    }
}
