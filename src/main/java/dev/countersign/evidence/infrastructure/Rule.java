package dev.countersign.evidence.infrastructure;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One rule that lets traffic in, whichever of Terraform's three ways it is written in. */
record Rule(JsonNode values) {
    static final List<String> ADDRESSES = List.of("cidr_blocks", "ipv6_cidr_blocks", "cidr_ipv4", "cidr_ipv6");
    private static final List<String> OTHER_SOURCES = List.of(
            "security_groups",
            "prefix_list_ids",
            "source_security_group_id",
            "prefix_list_id",
            "referenced_security_group_id");
    private static final Pattern RANGE =
            Pattern.compile("([0-9]{1,3}(?:[.][0-9]{1,3}){3}|[0-9a-fA-F:.]*:[0-9a-fA-F:.]*)/([0-9]{1,3})");
    private static final int LONGEST = 64;
    /** Nothing that belongs to somebody is that large: what is shorter is the internet, or a good part of it. */
    private static final int SHORTEST = 8;

    private static final int SHORTEST_OF_SIX = 7;

    private JsonNode said(String name) {
        return Resource.said(values.path(name));
    }

    /** From 0 to 0 is what is written for all ports. */
    Answer reaches(int port, Set<String> protocols) {
        if (!values.isObject()) {
            return Answer.UNTOLD;
        }
        JsonNode protocol = said("protocol").isMissingNode() ? said("ip_protocol") : said("protocol");
        String name = protocol.isTextual() || protocol.isIntegralNumber()
                ? protocol.asText().toLowerCase(java.util.Locale.ROOT)
                : "";
        if (Set.of("-1", "all").contains(name)) {
            return Answer.YES;
        }
        if (!name.isEmpty() && !protocols.contains(name)) {
            return Answer.of(!name.matches("tcp|udp|icmp|icmpv6|esp|ah|gre|sctp|0|[1-9]\\d{0,2}"))
                    .and(() -> Answer.UNTOLD);
        }
        Answer within = within(port);
        return name.isEmpty() ? within.and(() -> Answer.UNTOLD) : within;
    }

    private Answer within(int port) {
        JsonNode from = said("from_port");
        JsonNode to = said("to_port");
        if (from.isMissingNode() || to.isMissingNode()) {
            return Answer.YES;
        }
        Integer first = Values.number(from);
        Integer last = Values.number(to);
        if (first == null || last == null) {
            return Answer.UNTOLD;
        }
        return Answer.of((first <= port && port <= last) || (first <= 0 && last <= 0));
    }

    /** A rule that names no source is none that keeps anybody out. */
    Answer isOpen() {
        return namesEverybody()
                .or(() -> Answer.of(ADDRESSES.stream().allMatch(this::isEmpty)
                        && OTHER_SOURCES.stream().allMatch(this::isEmpty)
                        && isSelf() == Answer.NO));
    }

    Answer isSelf() {
        return values.isObject() ? Values.truth(said("self"), Answer.NO) : Answer.UNTOLD;
    }

    private boolean isEmpty(String name) {
        JsonNode source = said(name);
        return source.isMissingNode() || (source.isArray() && source.isEmpty());
    }

    Answer namesEverybody() {
        if (!values.isObject()) {
            return Answer.UNTOLD;
        }
        Answer open = Answer.NO;
        for (String name : ADDRESSES) {
            open = open.or(() -> namesEverybody(name));
        }
        return open;
    }

    Answer namesEverybody(String list) {
        Answer open = Answer.NO;
        for (JsonNode one : Values.blocks(said(list))) {
            open = open.or(() -> isEverybody(one));
        }
        return open;
    }

    private static Answer isEverybody(JsonNode address) {
        String text = address.asText("");
        Matcher range = RANGE.matcher(text.length() > LONGEST ? "" : text);
        if (!address.isTextual() || !range.matches()) {
            return Answer.UNTOLD;
        }
        boolean six = range.group(1).indexOf(':') >= 0;
        int length = Integer.parseInt(range.group(2));
        return length > (six ? 128 : 32) ? Answer.UNTOLD : Answer.of(length < (six ? SHORTEST_OF_SIX : SHORTEST));
    }
}
