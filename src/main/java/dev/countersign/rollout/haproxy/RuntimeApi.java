package dev.countersign.rollout.haproxy;

import dev.countersign.api.CallBudget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** One admin socket of a HAProxy. A connection for each call, which HAProxy closes when it has answered; all of a call within one time. */
final class RuntimeApi {
    private static final int LARGEST = 4_000_000;
    private final String socket;
    private final Duration timeout;

    RuntimeApi(String socket, Duration timeout) {
        this.socket = socket;
        this.timeout = timeout;
    }

    String socket() {
        return socket;
    }

    /** Commands that HAProxy answers with silence when they are done; any word is a refusal. */
    void command(List<String> commands) throws IOException {
        String answer = ask(String.join("; ", commands)).strip();
        if (!answer.isEmpty()) {
            throw new IOException("HAProxy refuses '%s': %s".formatted(String.join("; ", commands), firstLine(answer)));
        }
    }

    String ask(String command) throws IOException {
        long deadline = System.nanoTime() + CallBudget.atMost(timeout).toNanos();
        try (SocketChannel channel = open();
                Selector selector = Selector.open()) {
            SelectionKey key = channel.register(selector, SelectionKey.OP_CONNECT);
            if (!channel.connect(address(socket))) {
                await(selector, deadline);
                channel.finishConnect();
            }
            key.interestOps(SelectionKey.OP_WRITE);
            ByteBuffer request = ByteBuffer.wrap((command + "\n").getBytes(StandardCharsets.US_ASCII));
            while (request.hasRemaining()) {
                await(selector, deadline);
                channel.write(request);
            }
            key.interestOps(SelectionKey.OP_READ);
            return read(channel, selector, deadline);
        } catch (IOException failed) {
            throw new IOException("HAProxy at %s: %s".formatted(socket, failed.getMessage()), failed);
        }
    }

    private static String read(SocketChannel channel, Selector selector, long deadline) throws IOException {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(16_384);
        while (true) {
            await(selector, deadline);
            int read = channel.read(buffer);
            if (read < 0) {
                return answer.toString(StandardCharsets.UTF_8);
            }
            answer.write(buffer.array(), 0, buffer.position());
            buffer.clear();
            if (answer.size() > LARGEST) {
                throw new IOException("the answer is larger than %d bytes".formatted(LARGEST));
            }
        }
    }

    private static void await(Selector selector, long deadline) throws IOException {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (left <= 0 || selector.select(left) == 0) {
            throw new IOException("no answer in time");
        }
        selector.selectedKeys().clear();
    }

    private SocketChannel open() throws IOException {
        SocketChannel channel = address(socket) instanceof UnixDomainSocketAddress
                ? SocketChannel.open(java.net.StandardProtocolFamily.UNIX)
                : SocketChannel.open();
        channel.configureBlocking(false);
        return channel;
    }

    /** Whoever reaches the socket rules the traffic, without a password: never beyond this machine. */
    static SocketAddress address(String socket) {
        if (socket.startsWith("/")) {
            return UnixDomainSocketAddress.of(socket);
        }
        int colon = socket.lastIndexOf(':');
        try {
            InetAddress host = InetAddress.getByName(socket.substring(0, Math.max(0, colon)));
            if (colon > 0 && host.isLoopbackAddress()) {
                return new InetSocketAddress(host, Integer.parseInt(socket.substring(colon + 1)));
            }
        } catch (UnknownHostException | NumberFormatException unreadable) {
            throw new IllegalArgumentException(
                    "countersign.rollout.haproxy.sockets: '" + socket + "' is no socket", unreadable);
        }
        throw new IllegalArgumentException("countersign.rollout.haproxy.sockets: '" + socket
                + "' is neither the path of a unix socket nor an address of this machine");
    }

    private static String firstLine(String answer) {
        return answer.lines().findFirst().orElse("");
    }
}
