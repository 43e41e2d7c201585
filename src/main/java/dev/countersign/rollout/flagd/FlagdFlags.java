package dev.countersign.rollout.flagd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.countersign.rollout.FlagManagementSystem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Flags in flagd's definition files: a boolean flag with a variant for true and one for false, whose {@code targeting} is a {@code fractional} of both. At zero nothing
 * is targeted and the default is false: a flag whose state is DISABLED would leave it to the code what it means.
 */
@Component
@Order(0)
class FlagdFlags implements FlagManagementSystem {
    private static final String TARGETING = "targeting";
    private static final String FRACTIONAL = "fractional";
    private static final int PERCENT = 100;
    private static final int FINEST = 10_000;
    private static final double WHOLE = 1e-9;
    private final FlagdProperties properties;

    FlagdFlags(FlagdProperties properties) {
        this.properties = properties;
    }

    @Override
    public String name() {
        return "flagd";
    }

    @Override
    public boolean serves(String service) {
        return properties.services().containsKey(service);
    }

    @Override
    public void setShare(String service, String flag, double share) throws IOException {
        int parts = parts(share);
        DefinitionFile.at(file(service)).change(definitions -> {
            ObjectNode definition = definition(definitions, flag);
            Variants variants = variants(flag, definition);
            if (share > 0 && isTargeted(definition)) {
                // Refused before anything is written: rules of somebody else's are not ours to replace.
                fraction(flag, definition, variants);
            }
            definition.put("state", "ENABLED");
            definition.put("defaultVariant", share == 1 ? variants.on() : variants.off());
            ObjectNode targeting = definition.putObject(TARGETING);
            if (share > 0 && share < 1) {
                ArrayNode fractional = targeting.putArray(FRACTIONAL);
                int on = (int) Math.round(share * parts);
                fractional.addArray().add(variants.on()).add(on);
                fractional.addArray().add(variants.off()).add(parts - on);
            }
        });
    }

    @Override
    public double readShare(String service, String flag) throws IOException {
        ObjectNode definition = definition(DefinitionFile.at(file(service)).read(), flag);
        Variants variants = variants(flag, definition);
        if (!"ENABLED".equals(definition.path("state").asText())) {
            throw new IOException("The flag %s is disabled in flagd: its value is the code's own".formatted(flag));
        }
        if (isTargeted(definition)) {
            return fraction(flag, definition, variants);
        }
        return variants.on().equals(definition.path("defaultVariant").asText()) ? 1 : 0;
    }

    private static boolean isTargeted(ObjectNode definition) {
        return !definition.path(TARGETING).isEmpty();
    }

    /** Only a fraction of everybody: what depends on who asks is on for whom a share does not tell. */
    private static double fraction(String flag, ObjectNode definition, Variants variants) throws IOException {
        JsonNode targeting = definition.path(TARGETING);
        long on = 0;
        long all = 0;
        boolean understood = targeting.size() == 1 && targeting.path(FRACTIONAL).isArray();
        for (JsonNode part : targeting.path(FRACTIONAL)) {
            String variant = part.path(0).asText();
            JsonNode weight = part.path(1);
            understood &= part.isArray()
                    && part.size() == 2
                    && weight.isIntegralNumber()
                    && weight.longValue() >= 0
                    && (variant.equals(variants.on()) || variant.equals(variants.off()));
            all += weight.longValue();
            on += variant.equals(variants.on()) ? weight.longValue() : 0;
        }
        if (!understood || all == 0) {
            throw new IOException(
                    "The flag %s is targeted in flagd by more than a fraction of everybody: for whom it is on a share does not tell"
                            .formatted(flag));
        }
        return (double) on / all;
    }

    /** Names of the variants for true and for false. */
    private record Variants(String on, String off) {}

    private static Variants variants(String flag, ObjectNode definition) throws IOException {
        String on = null;
        String off = null;
        for (Map.Entry<String, JsonNode> variant : definition.path("variants").properties()) {
            if (variant.getValue().isBoolean() && variant.getValue().booleanValue()) {
                on = on == null ? variant.getKey() : on;
            } else if (variant.getValue().isBoolean()) {
                off = off == null ? variant.getKey() : off;
            }
        }
        if (on == null || off == null || definition.path("variants").size() != 2) {
            throw new IOException("The flag %s in flagd is not one of true and false".formatted(flag));
        }
        return new Variants(on, off);
    }

    private static ObjectNode definition(ObjectNode definitions, String flag) throws IOException {
        if (definitions.path("flags").path(flag) instanceof ObjectNode definition) {
            return definition;
        }
        throw new IOException("The definitions of flagd have no flag " + flag);
    }

    /** Per cent where those are enough. */
    private static int parts(double share) throws IOException {
        for (int parts : new int[] {PERCENT, FINEST}) {
            if (share >= 0 && share <= 1 && Math.abs(share * parts - Math.round(share * parts)) <= WHOLE * parts) {
                return parts;
            }
        }
        throw new IOException(
                "A flag of flagd is turned on for hundredths of a per cent at the finest, not for " + share);
    }

    private Path file(String service) {
        return properties.services().get(service);
    }
}
