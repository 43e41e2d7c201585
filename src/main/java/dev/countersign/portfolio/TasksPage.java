package dev.countersign.portfolio;

import dev.countersign.identity.Actors;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;

/** What waits for the person who looks. */
@Controller
class TasksPage {
    private final OpenTasks tasks;
    private final Actors actors;

    TasksPage(OpenTasks tasks, Actors actors) {
        this.tasks = tasks;
        this.actors = actors;
    }

    @GetMapping("/tasks")
    String tasks(Model model) {
        model.addAttribute("tasks", tasks.answerableBy(actors.current(), actors.currentGroups()));
        model.addAttribute("groups", new java.util.TreeSet<>(actors.currentGroups()));
        return "portfolio/tasks";
    }
}
