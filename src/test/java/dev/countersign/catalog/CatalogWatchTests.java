package dev.countersign.catalog;

import static org.mockito.Mockito.atLeast;
import static org.mockito.Mockito.doNothing;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8.3")
class CatalogWatchTests {
    private final FileCatalog catalog = mock(FileCatalog.class);
    private final OwnerGroups groups = mock(OwnerGroups.class);
    private final CatalogWatch watch =
            new CatalogWatch(catalog, groups, new CatalogProperties("x", "y", Duration.ofMillis(10)));

    @AfterEach
    void stop() {
        watch.stop();
    }

    @Test
    void it_looks_again_and_again_also_after_a_failure() {
        doThrow(new IllegalStateException("database gone"))
                .doNothing()
                .when(catalog)
                .refresh();
        doNothing().when(groups).ensure();
        watch.start();
        verify(catalog, timeout(5_000).atLeast(3)).refresh();
        verify(groups, atLeast(1)).ensure();
    }
}
