package dev.bastion.server.identity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits failed logins by user and by address. Thread-safe; never blocks.
 *
 * <p>Failures count for {@link #WINDOW}. An address may fail {@link #PER_PAIR} times for one user
 * and {@link #PER_ADDRESS} times in all. When a user has {@link #PER_USER} failures from anywhere,
 * each address may fail just once more for that user. So nobody can lock a user out of an address
 * that has not failed itself; the price is that an attacker with N addresses has N guesses a
 * window. IPv6 addresses of one /64 count as one.
 */
public final class AttemptLimiter {

    public static final Duration WINDOW = Duration.ofMinutes(5);
    public static final int PER_PAIR = 5;
    public static final int PER_ADDRESS = 20;
    public static final int PER_USER = 20;

    /** Of each kind; when there are more, those that failed longest ago are forgotten. */
    public static final int MAX_TRACKED = 10_000;

    private static final int IPV6_NETWORK_BITS = 64;

    private final InstantSource clock;

    @GuardedBy("this")
    private final Failures<Pair> pairs = new Failures<>(PER_PAIR);

    @GuardedBy("this")
    private final Failures<String> addresses = new Failures<>(PER_ADDRESS);

    @GuardedBy("this")
    private final Failures<String> users = new Failures<>(PER_USER);

    public AttemptLimiter(InstantSource clock) {
        this.clock = clock;
    }

    /** Whether this user may try from this address now. Asking is not an attempt. */
    public synchronized boolean permits(String user, String address) {
        Instant start = clock.instant().minus(WINDOW);
        String network = network(address);
        int allowed = users.since(user, start) >= PER_USER ? 1 : PER_PAIR;
        return addresses.since(network, start) < PER_ADDRESS
                && pairs.since(new Pair(user, network), start) < allowed;
    }

    /** Counts a failed login. */
    public synchronized void failed(String user, String address) {
        Instant now = clock.instant();
        String network = network(address);
        pairs.add(new Pair(user, network), now);
        addresses.add(network, now);
        users.add(user, now);
    }

    /** Forgets the failures of this user from this address; those of either alone stay. */
    public synchronized void succeeded(String user, String address) {
        pairs.forget(new Pair(user, network(address)));
    }

    /** Entries held, of the kind that holds most. */
    synchronized int tracked() {
        return Math.max(pairs.size(), Math.max(addresses.size(), users.size()));
    }

    private static String network(String address) {
        IPAddress parsed = new IPAddressString(address).getAddress();
        if (parsed == null) {
            return address;
        }
        if (parsed.isIPv6() && !parsed.toIPv6().isIPv4Mapped()) {
            return parsed.withoutPrefixLength().toPrefixBlock(IPV6_NETWORK_BITS).toString();
        }
        return parsed.isIPv6()
                ? parsed.toIPv6().getEmbeddedIPv4Address().toString()
                : parsed.toString();
    }

    private record Pair(String user, String network) {}

    /** The newest failures of each key, at most as many as matter. */
    private static final class Failures<K> extends LinkedHashMap<K, ArrayDeque<Instant>> {
        private final int limit;

        Failures(int limit) {
            super(16, 0.75f, true);
            this.limit = limit;
        }

        void add(K key, Instant now) {
            ArrayDeque<Instant> times = computeIfAbsent(key, _ -> new ArrayDeque<>(limit));
            if (times.size() == limit) {
                times.removeFirst();
            }
            times.addLast(now);
        }

        int since(K key, Instant start) {
            ArrayDeque<Instant> times = get(key);
            if (times == null) {
                return 0;
            }
            while (!times.isEmpty() && !times.getFirst().isAfter(start)) {
                times.removeFirst();
            }
            if (times.isEmpty()) {
                remove(key);
                return 0;
            }
            return times.size();
        }

        void forget(K key) {
            remove(key);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<K, ArrayDeque<Instant>> eldest) {
            return size() > MAX_TRACKED;
        }
    }
}
