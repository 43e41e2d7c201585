package dev.countersign.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.doAnswer;
import static org.mockito.Mockito.mock;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("M8.3")
class CatalogWatchTests {
    private final FileCatalog catalog = mock(FileCatalog.class);
    private final CatalogWatch watch = new CatalogWatch(
            catalog,
            mock(OwnerGroups.class),
            new CatalogProperties("x", "y", "z", "r", "j", "c", "k", "n", Duration.ofMillis(10)));

    @AfterEach
    void stop() {
        watch.stop();
    }

    @Test
    void it_looks_again_and_again_though_every_look_fails() throws InterruptedException {
        CountDownLatch looks = new CountDownLatch(3);
        doAnswer(call -> {
                    looks.countDown();
                    throw new IllegalStateException("database gone");
                })
                .when(catalog)
                .refresh();
        watch.start();
        assertThat(looks.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(watch.isRunning()).isTrue();
    }
}
