package dev.bastion.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What docker-compose.yml promises, read without an engine. */
final class ComposeFileTest {

    private static final List<String> HOSTS = List.of("web1", "web2");

    private final Path root = projectRoot();
    private final JsonNode file =
            new YAMLMapper().readTree(root.resolve("docker-compose.yml").toFile());
    private final JsonNode services = file.path("services");

    @Test
    void hasABastionAndTwoHosts() {
        assertThat(services.propertyNames()).contains("bastion").containsAll(HOSTS);
    }

    @Test
    void keepsTheBastionsDataOnANamedVolume() {
        assertThat(texts(services.path("bastion").path("volumes"))).contains("data:/data");
        assertThat(file.path("volumes").propertyNames()).contains("data");
    }

    @Test
    void publishesTheBastionOnLoopbackOnly() {
        assertThat(texts(services.path("bastion").path("ports")))
                .isNotEmpty()
                .allMatch(port -> port.startsWith("127.0.0.1:"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"web1", "web2"})
    void reachesHostsThroughTheBastionOnly(String host) {
        JsonNode service = services.path(host);

        assertThat(service.has("ports")).isFalse();
        assertThat(service.has("network_mode")).isFalse();
        assertThat(texts(service.path("networks"))).containsExactly("hosts");
        assertThat(file.path("networks").path("hosts").path("internal").asBoolean()).isTrue();
        assertThat(texts(services.path("bastion").path("networks"))).contains("hosts");
    }

    @Test
    void givesNobodyMoreThanTheyNeed() {
        for (Map.Entry<String, JsonNode> service : services.properties()) {
            assertThat(service.getValue().has("privileged")).as(service.getKey()).isFalse();
            assertThat(service.getValue().has("cap_add")).as(service.getKey()).isFalse();
            assertThat(texts(service.getValue().path("volumes")))
                    .as("nothing of the machine itself")
                    .noneMatch(volume -> volume.startsWith("/") || volume.startsWith("."));
        }
        assertThat(texts(services.path("bastion").path("cap_drop"))).containsExactly("ALL");
    }

    @Test
    void namesOnlyFilesThatAreThere() throws Exception {
        for (JsonNode service : services.values()) {
            Path folder = root.resolve(service.path("build").asString());
            assertThat(folder.resolve("Dockerfile")).isRegularFile();
        }
        for (String script : List.of("bastion", "docker/start", "docker/host/start")) {
            assertThat(root.resolve(script)).isExecutable();
        }
        String dockerfile = Files.readString(root.resolve("Dockerfile"));
        assertThat(dockerfile).contains("USER bastion", "VOLUME /data", "HEALTHCHECK");
        assertThat(services.path("bastion").path("entrypoint").path(0).asString())
                .isEqualTo("/opt/bastion/start");
    }

    /** What depends on something ends before it; a host that went first would look like a fault. */
    @Test
    void endsTheBastionBeforeTheHosts() {
        assertThat(texts(services.path("bastion").path("depends_on"))).containsAll(HOSTS);
    }

    /** Each host's sshd reads it as the account that it opens, not as the bastion. */
    @Test
    void letsTheHostsReadTheKeyThatOpensTheirAccount() throws Exception {
        assertThat(Files.readString(root.resolve("docker/start")))
                .contains("install -m 0644 \"$keys/hosts.pub\" \"$shared/authorized_keys\"");
    }

    private static List<String> texts(JsonNode array) {
        return array.values().stream().map(JsonNode::asString).toList();
    }

    private static Path projectRoot() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Path::getParent)
                .takeWhile(folder -> folder != null)
                .filter(folder -> Files.exists(folder.resolve("docker-compose.yml")))
                .findFirst()
                .orElseThrow();
    }
}
