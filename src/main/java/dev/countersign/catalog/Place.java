package dev.countersign.catalog;

/** A place in a file, both counted from 1. */
record Place(int line, int column) {}
