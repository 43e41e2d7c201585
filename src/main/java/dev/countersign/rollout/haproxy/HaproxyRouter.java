package dev.countersign.rollout.haproxy;

import dev.countersign.rollout.TrafficRouter;
import dev.countersign.rollout.haproxy.HaproxyProperties.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Splits traffic by server weights. Every process is told and every process must report the same share; what counts is what a server takes, not what it was told: one
 * that is down or in maintenance has no weight.
 */
@Component
@Order(0)
class HaproxyRouter implements TrafficRouter {
    /** Running, or starting slowly. */
    private static final List<Long> TAKES_TRAFFIC = List.of(1L, 2L);

    /** Says only that the configuration disabled it at first; it stays when the server is made ready, which then takes traffic. */
    private static final long DISABLED_ONCE = 0x04;

    private final HaproxyProperties properties;
    private final CounterStore counters;
    private final List<RuntimeApi> processes;

    HaproxyRouter(HaproxyProperties properties, CounterStore counters) {
        this.properties = properties;
        this.counters = counters;
        this.processes = properties.sockets().stream()
                .map(socket -> new RuntimeApi(socket, properties.timeout()))
                .toList();
    }

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public boolean serves(String service) {
        return properties.services().containsKey(service);
    }

    @Override
    public void setShare(String service, double share) throws IOException {
        Split split = split(service);
        Weights weights =
                Weights.of(share, split.stable().size(), split.candidate().size());
        // Stable first, so that some server takes traffic at any time.
        List<String> commands = new ArrayList<>();
        split.stable().forEach(server -> commands.add(weight(split, server, weights.stable())));
        split.candidate().forEach(server -> commands.add(weight(split, server, weights.candidate())));
        if (properties.disableAtZero()) {
            String state = share == 0 ? "maint" : "ready";
            split.candidate()
                    .forEach(server ->
                            commands.add("set server %s/%s state %s".formatted(split.backend(), server, state)));
        }
        IOException failed = null;
        for (RuntimeApi process : processes) {
            try {
                process.command(commands);
            } catch (IOException refused) {
                // The others are told all the same: on the way back each one counts.
                failed = failed == null ? refused : failed;
            }
        }
        if (failed != null) {
            throw failed;
        }
        if (share > 0) {
            counters.begin(service, share, counted(split));
        } else {
            counters.forget(service);
        }
    }

    private static String weight(Split split, String server, int weight) {
        return "set server %s/%s weight %d".formatted(split.backend(), server, weight);
    }

    @Override
    public double readShare(String service) throws IOException {
        Split split = split(service);
        Double share = null;
        for (RuntimeApi process : processes) {
            double reported = share(process, split);
            if (share != null && Math.abs(share - reported) > 1e-9) {
                throw new IOException("HAProxy at %s reports a share of %.4f, another process %.4f"
                        .formatted(process.socket(), reported, share));
            }
            share = reported;
        }
        return share;
    }

    private static double share(RuntimeApi process, Split split) throws IOException {
        String answer = process.ask("show servers state " + split.backend());
        double stable = 0;
        double candidate = 0;
        for (Map<String, String> server : Table.read(answer, " ", split.backend())) {
            boolean takes = (Table.number(server, "srv_admin_state") & ~DISABLED_ONCE) == 0
                    && TAKES_TRAFFIC.contains(Table.number(server, "srv_op_state"));
            double weight = takes ? Table.number(server, "srv_uweight") : 0;
            if (split.candidate().contains(server.get("srv_name"))) {
                candidate += weight;
            } else if (split.stable().contains(server.get("srv_name"))) {
                stable += weight;
            } else if (weight > 0) {
                throw new IOException("HAProxy's server %s/%s takes traffic and is neither stable nor candidate"
                        .formatted(split.backend(), server.get("srv_name")));
            }
        }
        if (stable + candidate == 0) {
            throw new IOException("No server of HAProxy's backend %s takes traffic".formatted(split.backend()));
        }
        return candidate / (stable + candidate);
    }

    @Override
    public Optional<Arrived> arrived(String service) throws IOException {
        Split split = split(service);
        Map<String, Long> before = counters.of(service);
        if (before.isEmpty()) {
            return Optional.empty();
        }
        long candidate = 0;
        long all = 0;
        for (Map.Entry<String, Long> counted : counted(split).entrySet()) {
            long since = before.getOrDefault(counted.getKey(), 0L);
            // A process that was reloaded counts anew.
            long requests = counted.getValue() >= since ? counted.getValue() - since : counted.getValue();
            String server = counted.getKey().substring(counted.getKey().lastIndexOf('/') + 1);
            all += requests;
            candidate += split.candidate().contains(server) ? requests : 0;
        }
        return Optional.of(new Arrived(candidate, all));
    }

    /** Requests of every server since its process began, by process and server. */
    private Map<String, Long> counted(Split split) throws IOException {
        Map<String, Long> counted = new HashMap<>();
        for (RuntimeApi process : processes) {
            // By its number: a frontend may have the same name.
            String number = Table.read(process.ask("show servers state " + split.backend()), " ", split.backend())
                    .get(0)
                    .get("be_id");
            String answer = process.ask("show stat " + number + " 4 -1");
            for (Map<String, String> server : Table.read(answer, ",", split.backend())) {
                counted.put(process.socket() + "/" + server.get("svname"), Table.number(server, "stot"));
            }
        }
        return counted;
    }

    private Split split(String service) throws IOException {
        Split split = properties.services().get(service);
        if (split == null) {
            throw new IOException("No backend of HAProxy is configured for " + service);
        }
        return split;
    }
}
