package dev.countersign.schedule.rota;

import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** One rota, wherever it is kept. */
interface Rota {
    /**
     * Who is on duty at a time, the first level first.
     *
     * @throws IOException when that cannot be told, with the reason in words for a person
     */
    List<Shift> at(Instant time) throws IOException;

    /**
     * @param who the names by which the person may be known here, the surest first: mail addresses, ids, names
     * @param level 1 is called first
     * @param until null where the rota does not say
     */
    record Shift(List<String> who, int level, Instant until) {
        public Shift {
            who = List.copyOf(who);
        }
    }
}
