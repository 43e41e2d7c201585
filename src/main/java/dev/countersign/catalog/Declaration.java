package dev.countersign.catalog;

import dev.countersign.catalog.Catalog.Problem;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A kind of file in which a service declares something, one service a file.
 *
 * @param kind as it is stored
 * @param reader of one file
 */
record Declaration<T extends Declaration.Declared>(String kind, Function<SourceFile, Read<T>> reader) {
    static final Declaration<IntegrityChecks> INTEGRITY =
            new Declaration<>(ActivePolicy.INTEGRITY, IntegrityCheckReader::read);
    static final Declaration<Rotation> ROTATION = new Declaration<>(ActivePolicy.ROTATION, RotationReader::read);
    static final Declaration<JourneyFile> JOURNEYS = new Declaration<>(ActivePolicy.JOURNEY, JourneyReader::read);
    static final Declaration<Capacity> CAPACITY = new Declaration<>(ActivePolicy.CAPACITY, CapacityReader::read);
    static final Declaration<KpiFile> KPIS = new Declaration<>(ActivePolicy.KPI, KpiReader::read);
    static final Declaration<CanaryConfiguration> CANARIES = new Declaration<>(ActivePolicy.CANARY, CanaryReader::read);

    /** What a file says of itself. */
    interface Declared {
        /** The same in all versions. */
        String name();

        String service();
    }

    /** What a file says; empty with the reasons where it breaks a rule. */
    record Read<T>(Optional<T> said, List<Problem> problems) {}

    Read<T> read(SourceFile file) {
        return reader.apply(file);
    }
}
