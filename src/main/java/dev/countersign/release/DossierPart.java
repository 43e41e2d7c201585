package dev.countersign.release;

/**
 * A part of the dossier that another module keeps, for example {@code evidence.junit}, {@code criteria} or {@code rolloutPlan}.
 * Whether it is material, and to which seats, says the table {@code materiality}.
 */
public interface DossierPart {
    /** All parts of this kind for a release: name to content, which must be writable as JSON and stable in order. */
    java.util.Map<String, Object> of(Release release);
}
