package dev.countersign.schedule;

import java.time.Instant;
import java.util.List;

/** Who is on duty for a service, as its rota says. */
public interface Rotas {
    /**
     * Never fails: a rota that cannot be read is a gap in words, and nobody is on duty by it.
     *
     * @param service name in the catalog; its annotation {@value #ANNOTATION} names the rota
     */
    Duty onDuty(String service, Instant at);

    String ANNOTATION = "countersign.dev/rota";

    /**
     * @param rota null where the service names none
     * @param turns the first level first; empty where nobody is on duty or nobody knows
     * @param gap why the rota names nobody, or somebody whom the platform does not know, in words; null where there is nothing to say
     */
    record Duty(String rota, List<Turn> turns, String gap) {
        public static final Duty NONE = new Duty(null, List.of(), null);

        public Duty {
            turns = List.copyOf(turns);
        }

        /** Those who are called first. */
        public List<Turn> first() {
            return turns.stream()
                    .filter(turn -> turn.level() == turns.get(0).level())
                    .toList();
        }
    }

    /**
     * @param person id of a person that the platform knows
     * @param level 1 is called first
     * @param until when the turn ends; null where the rota does not say
     */
    record Turn(String person, String name, int level, Instant until) {}
}
