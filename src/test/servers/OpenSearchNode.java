import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.opensearch.common.settings.Settings;
import org.opensearch.node.InternalSettingsPreparer;
import org.opensearch.node.Node;
import org.opensearch.transport.Netty4Plugin;

/**
 * One node of OpenSearch with its HTTP API on loopback. Started from source, on a class path of its own: what OpenSearch needs is not what the platform runs on. Ends when its
 * standard input does, so that it outlives no test.
 */
final class OpenSearchNode extends Node {
    private OpenSearchNode(Settings settings) {
        super(
                InternalSettingsPreparer.prepareEnvironment(settings, Map.of(), null, () -> "test"),
                List.of(Netty4Plugin.class),
                false);
    }

    public static void main(String[] arguments) throws Exception {
        Path home = Path.of(arguments[0]);
        Node node = new OpenSearchNode(Settings.builder()
                .put("cluster.name", "test")
                .put("node.name", "test")
                .put("path.home", home)
                .put("path.data", home.resolve("data"))
                .put("discovery.type", "single-node")
                .put("network.host", "127.0.0.1")
                .put("http.port", arguments[1])
                .put("transport.port", arguments[2])
                .put("http.type", "netty4")
                .put("transport.type", "netty4")
                .put("cluster.routing.allocation.disk.threshold_enabled", false)
                .build());
        node.start();
        while (System.in.read() >= 0) {
            // until whoever started it goes away
        }
        Runtime.getRuntime().halt(0);
    }
}
