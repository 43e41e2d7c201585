package dev.countersign.review;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.camunda.bpm.engine.task.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Five people vote at the same moment, forty times: nobody is shown an error, no vote is lost. */
@Tag("M2.2")
@Tag("alone")
class VotesAtOnceTests extends ReviewFixture {
    private static final int TIMES = 40;
    private static final List<String> AT_ONCE = List.of("developer", "qa", "security", "operations", "compliance");

    @Test
    void two_hundred_of_two_hundred_votes_are_accepted() throws Exception {
        var people = Executors.newFixedThreadPool(AT_ONCE.size());
        var errors = new ArrayList<String>();
        int accepted = 0;
        try {
            for (int time = 0; time < TIMES; time++) {
                standardRelease();
                start();
                reviewHistory();
                vote("product", "product", ballot("GO"));
                var moment = new CyclicBarrier(AT_ONCE.size());
                var votes = new ArrayList<Future<Void>>();
                for (String seat : AT_ONCE) {
                    votes.add(people.submit(voteAt(moment, seat)));
                }
                for (Future<Void> vote : votes) {
                    try {
                        vote.get();
                        accepted++;
                    } catch (ExecutionException refused) {
                        errors.add(refused.getCause().toString());
                    }
                }
                runJobs();
                assertThat(review.of(key).decision()).isEqualTo("GO");
            }
        } finally {
            people.shutdownNow();
        }
        assertThat(errors).isEmpty();
        assertThat(accepted).isEqualTo(TIMES * AT_ONCE.size());
    }

    private Callable<Void> voteAt(CyclicBarrier moment, String seat) {
        Task task = task("voteOnReadiness", "seat", seat);
        var ballot = ballot("GO");
        String person = seat.equals("developer") ? "developer-2" : seat;
        return () -> as(person, () -> {
            moment.await();
            tasks.complete(task.getId(), ballot);
            return null;
        });
    }
}
