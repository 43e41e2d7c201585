package shop;

import java.io.FileInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** Never compiled: SonarQube reads it. */
class Pay {
    int first(String file) throws IOException {
        FileInputStream in = new FileInputStream(file);
        return in.read();
    }

    SSLContext connection() throws GeneralSecurityException {
        return SSLContext.getInstance("TLSv1");
    }
}
