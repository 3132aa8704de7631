package dev.bastion.server.fleet;

import dev.bastion.server.relay.ChannelRequest;
import dev.bastion.server.relay.Relay;
import dev.bastion.server.relay.RelayEnd;
import dev.bastion.server.tap.CountingTap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * Hosts web1, web2, web3 in group web, and as many others as are asked for; what they are asked is
 * written down, and answered by the test.
 */
final class FakeFleet implements Fleet {

    final Map<String, FakeHost> hosts = new LinkedHashMap<>();
    final Set<String> unreachable = new HashSet<>();
    final Set<String> readOnly = new HashSet<>();
    final Set<String> writeOnly = new HashSet<>();
    final List<String> opened = new ArrayList<>();
    String[] extensions = {"posix-rename@openssh.com", "1", "fsync@openssh.com", "1"};

    @Override
    public List<String> names() {
        return List.of("@web", "web1", "web2", "web3");
    }

    @Override
    public Place find(String name) {
        if (name.equals("@web")) {
            return new Place.Group(List.of(at("web1"), at("web2"), at("web3")));
        }
        return name.startsWith("web")
                ? new Place.Host(at(name))
                : new Place.Nothing("there is no " + name);
    }

    private Destination at(String host) {
        return new Destination("root", host, !writeOnly.contains(host), !readOnly.contains(host));
    }

    @Override
    public void open(Destination destination, HostLink link) {
        String name = destination.host();
        opened.add(name);
        if (unreachable.contains(name)) {
            link.over(name + " refuses connections");
            return;
        }
        FakeHost host = new FakeHost(extensions);
        hosts.put(name, host);
        Relay relay =
                new Relay(
                        link.end(),
                        host,
                        new CountingTap(),
                        new Relay.Listener() {
                            @Override
                            public void exited(ChannelRequest exit) {}

                            @Override
                            public void ended(RelayEnd end, CompletableFuture<?> recorded) {
                                host.reason = end.reason();
                                link.over("it has ended: " + end.reason());
                            }
                        },
                        Runnable::run,
                        false);
        host.relay = relay;
        link.joined(relay);
    }
}
