package dev.countersign.notice;

import dev.countersign.api.Problem;
import java.nio.charset.StandardCharsets;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.ui.Model;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What was written to whom. Everybody sees their own mail; those who answer for the process see all of it. */
@Controller
class MailPage {
    private static final int PAGE = 50;

    private final MailStore store;
    private final StoredNotices notices;
    private final MailDispatch dispatch;
    private final MailReaders readers;

    MailPage(MailStore store, StoredNotices notices, MailDispatch dispatch, MailReaders readers) {
        this.store = store;
        this.notices = notices;
        this.dispatch = dispatch;
        this.readers = readers;
    }

    @GetMapping("/mail")
    String list(
            @RequestParam(required = false) String release, @RequestParam(defaultValue = "0") int page, Model model) {
        String filter = release == null || release.isBlank() ? null : release.strip();
        var mails = store.list(readers.onlyOf(), filter, Math.max(page, 0), PAGE + 1);
        model.addAttribute("mails", mails.subList(0, Math.min(PAGE, mails.size())));
        model.addAttribute("release", filter);
        model.addAttribute("page", Math.max(page, 0));
        model.addAttribute("more", mails.size() > PAGE);
        model.addAttribute("all", readers.seesAll());
        model.addAttribute("kept", dispatch.keeps());
        return "notice/list";
    }

    @GetMapping("/mail/{id}")
    String show(@PathVariable long id, Model model) {
        model.addAttribute("mail", visible(id));
        model.addAttribute(
                "deliveries",
                store.deliveriesOf(id).stream().filter(readers::sees).toList());
        model.addAttribute("maySend", readers.mayAct());
        return "notice/mail";
    }

    @GetMapping("/mail/{id}/invite.ics")
    ResponseEntity<byte[]> invitation(@PathVariable long id, @RequestParam(required = false) String person) {
        visible(id);
        Delivery delivery = store.deliveriesOf(id).stream()
                .filter(readers::sees)
                .filter(each -> each.ics() != null)
                .filter(each -> person == null || each.person().equals(person))
                .findFirst()
                .orElseThrow(() -> Problem.notFound("This mail carries no invitation"));
        return ResponseEntity.ok()
                .contentType(new MediaType("text", "calendar", StandardCharsets.UTF_8))
                .header(
                        HttpHeaders.CONTENT_DISPOSITION,
                        ContentDisposition.attachment()
                                .filename("invite.ics")
                                .build()
                                .toString())
                .body(delivery.ics().getBytes(StandardCharsets.UTF_8));
    }

    @PostMapping("/mail/{id}/send")
    String sendAgain(@PathVariable long id) {
        readers.requireToAct();
        visible(id);
        notices.again(id);
        return "redirect:/mail/" + id;
    }

    private Mail visible(long id) {
        return store.find(id)
                .filter(mail ->
                        readers.seesAll() || store.deliveriesOf(id).stream().anyMatch(readers::sees))
                .orElseThrow(() -> Problem.notFound("There is no mail " + id));
    }
}
