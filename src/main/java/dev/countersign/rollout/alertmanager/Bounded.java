package dev.countersign.rollout.alertmanager;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Gives a number of bytes, and says then that there are more. */
final class Bounded extends FilterInputStream {
    private final long limit;
    private long left;

    Bounded(InputStream in, long limit) {
        super(in);
        this.limit = limit;
        this.left = limit;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (left == 0 && length > 0) {
            if (in.read() < 0) {
                return -1;
            }
            throw new TooLong(limit);
        }
        int read = in.read(into, offset, (int) Math.min(length, left));
        left -= Math.max(read, 0);
        return read;
    }

    @Override
    public long skip(long number) throws IOException {
        long skipped = 0;
        while (skipped < number && read() >= 0) {
            skipped++;
        }
        return skipped;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}
