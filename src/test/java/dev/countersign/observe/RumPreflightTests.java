package dev.countersign.observe;

import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.options;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.countersign.DatabaseTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.ResultActions;

/** A browser's question before it sends JSON, through everything that guards the platform. */
@DatabaseTest
@Tag("M3.3")
class RumPreflightTests {
    @Autowired
    private MockMvc http;

    private ResultActions ask(String path, String origin) throws Exception {
        return http.perform(options(path)
                .header("Origin", origin)
                .header("Access-Control-Request-Method", "POST")
                .header("Access-Control-Request-Headers", "content-type"));
    }

    @Test
    void nobody_has_to_log_in_and_only_pages_of_the_sample_shop_are_let_in() throws Exception {
        ask("/api/rum?version=storefront-web@1", "https://shop.example.org")
                .andExpect(status().isNoContent())
                .andExpect(header().string("Access-Control-Allow-Origin", "https://shop.example.org"));
        ask("/api/rum?version=storefront-web@1", "https://elsewhere.example")
                .andExpect(status().isForbidden())
                .andExpect(header().doesNotExist("Access-Control-Allow-Origin"));
        ask("/api/releases", "https://shop.example.org")
                .andExpect(header().doesNotExist("Access-Control-Allow-Origin"))
                .andExpect(header().doesNotExist("Access-Control-Allow-Methods"));
    }
}
