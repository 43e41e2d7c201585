package dev.countersign.observe;

import java.util.List;
import java.util.Map;

/** What pages of real users told, for the observations that ask for it. */
interface Pages {
    /** By the number of the observation; nothing is read where the list is empty. */
    Map<Long, List<Reading>> read(List<Watched> asking);
}
