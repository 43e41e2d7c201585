package dev.countersign.catalog;

import java.util.List;

/** The journeys of one service, as a file declares them. */
record JourneyFile(String name, String service, List<Journey> journeys) implements Declaration.Declared {}
