package dev.countersign.sandbox;

import dev.countersign.rollout.Deployer;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Starts and stops versions of the sample services; which digest runs, the running version says itself. */
@InSandbox
@Component
class SandboxDeployer implements Deployer {
    private final SandboxTargets targets;
    private final SandboxHttp http;
    private final SandboxProperties properties;
    private final SampleDatabase database;
    private final SandboxScripts scripts;

    SandboxDeployer(
            SandboxTargets targets,
            SandboxHttp http,
            SandboxProperties properties,
            SampleDatabase database,
            SandboxScripts scripts) {
        this.targets = targets;
        this.http = http;
        this.properties = properties;
        this.database = database;
        this.scripts = scripts;
    }

    @Override
    public String name() {
        return SandboxTargets.TARGET;
    }

    @Override
    public boolean serves(String service) {
        return targets.has(service);
    }

    @Override
    public void deployCandidate(String service, String version, String digest) throws IOException {
        database.migrate(service);
        targets.get(service).deploy(new TargetState.Build(version, digest), properties.startup());
    }

    @Override
    public Optional<String> candidateDigest(String service) throws IOException {
        int port = targets.get(service).candidatePort();
        return port == 0 ? Optional.empty() : Optional.of(digestAt(port));
    }

    @Override
    public Optional<String> stableDigest(String service) throws IOException {
        return Optional.of(digestAt(targets.get(service).stablePort()));
    }

    @Override
    public void promote(String service, String digest) throws IOException {
        targets.get(service).promote(digest);
    }

    @Override
    public void withdrawCandidate(String service) throws IOException {
        targets.get(service).withdraw(properties.shutdown());
    }

    @Override
    public void redeployStable(String service, String digest) throws IOException {
        targets.get(service).redeploy(digest);
    }

    @Override
    public Optional<StagedScript> script(String service, String path) throws IOException {
        return scripts.find(service, path);
    }

    @Override
    public void runScript(String service, ScriptRun run) throws IOException {
        scripts.run(service, run);
    }

    private String digestAt(int port) throws IOException {
        return http.get(URI.create("http://127.0.0.1:" + port + "/version"))
                .required("digest")
                .asText();
    }
}
