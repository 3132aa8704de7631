package dev.bastion.server.directory;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A map by name of which each change makes a new one, at a cost that does not grow with the number
 * of entries: {@value #SHARDS} small maps, of which a change copies one. Immutable.
 */
final class PersistentMap<V> {

    private static final int SHARDS = 1_024;

    private final Map<String, V>[] shards;
    private final int size;

    private PersistentMap(Map<String, V>[] shards, int size) {
        this.shards = shards;
        this.size = size;
    }

    static <V> PersistentMap<V> of(Map<String, V> entries) {
        Map<String, V>[] shards = array();
        java.util.Arrays.fill(shards, Map.of());
        entries.forEach((name, value) -> {
            int shard = shard(name);
            if (shards[shard].isEmpty()) {
                shards[shard] = new HashMap<>();
            }
            shards[shard].put(name, value);
        });
        return new PersistentMap<>(shards, entries.size());
    }

    @Nullable V get(String name) {
        return shards[shard(name)].get(name);
    }

    PersistentMap<V> with(String name, V value) {
        int shard = shard(name);
        Map<String, V> changed = new HashMap<>(shards[shard]);
        boolean added = changed.put(name, value) == null;
        return replaced(shard, changed, added ? size + 1 : size);
    }

    PersistentMap<V> without(String name) {
        int shard = shard(name);
        Map<String, V> changed = new HashMap<>(shards[shard]);
        boolean removed = changed.remove(name) != null;
        return replaced(shard, changed, removed ? size - 1 : size);
    }

    int size() {
        return size;
    }

    /** Each value, in no order. */
    void forEach(Consumer<? super V> action) {
        for (Map<String, V> shard : shards) {
            shard.values().forEach(action);
        }
    }

    private PersistentMap<V> replaced(int shard, Map<String, V> changed, int newSize) {
        Map<String, V>[] copy = shards.clone();
        copy[shard] = changed;
        return new PersistentMap<>(copy, newSize);
    }

    private static int shard(String name) {
        int hash = name.hashCode();
        return (hash ^ (hash >>> 16) ^ (hash >>> 10)) & (SHARDS - 1);
    }

    @SuppressWarnings({"unchecked", "rawtypes"})
    private static <V> Map<String, V>[] array() {
        return new Map[SHARDS];
    }
}
