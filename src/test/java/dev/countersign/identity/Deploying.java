package dev.countersign.identity;

/** Tries a deployment by the engine's REST API, which takes multipart forms. */
class Deploying {
    private static final String BOUNDARY = "countersign-boundary";
    private final Browser browser;

    Deploying(int port) {
        this.browser = new Browser(port);
    }

    /** @return the status of the attempt to deploy one text file */
    int empty(String user) {
        String body = part("deployment-name", null, "attempt") + part("note.txt", "note.txt", "nothing to run") + "--"
                + BOUNDARY + "--\r\n";
        String credentials = java.util.Base64.getEncoder().encodeToString((user + ":" + user).getBytes());
        return browser.send(
                        "POST",
                        "/engine-rest/deployment/create",
                        body,
                        "Content-Type",
                        "multipart/form-data; boundary=" + BOUNDARY,
                        "Authorization",
                        "Basic " + credentials)
                .statusCode();
    }

    private static String part(String name, String file, String content) {
        return "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"" + name + "\""
                + (file == null ? "" : "; filename=\"" + file + "\"\r\nContent-Type: text/plain") + "\r\n\r\n" + content
                + "\r\n";
    }
}
