package dev.bastion.server.transport.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.IdentityHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SpareArraysTest {

    private final SpareArrays spare = new SpareArrays();

    @Test
    void givesOutWhatCameBackLast() {
        byte[] first = spare.take();
        byte[] second = spare.take();
        spare.giveBack(first);
        spare.giveBack(second);

        assertThat(spare.take()).isSameAs(second);
        assertThat(spare.take()).isSameAs(first);
        assertThat(spare.take()).hasSize(SpareArrays.BYTES).isNotSameAs(first).isNotSameAs(second);
    }

    @Test
    void leavesOtherLengthsAlone() {
        spare.giveBack(new byte[SpareArrays.BYTES + 1]);

        assertThat(spare.take()).hasSize(SpareArrays.BYTES);
    }

    @Test
    void keepsAMebibyteAtMost() {
        IdentityHashMap<byte[], Integer> given = new IdentityHashMap<>();
        IntStream.range(0, 100).forEach(i -> given.put(new byte[SpareArrays.BYTES], i));
        given.keySet().forEach(spare::giveBack);

        long known = IntStream.range(0, 100).filter(i -> given.containsKey(spare.take())).count();

        assertThat(known).isBetween(1L, (1L << 20) / (32 * 1024));
    }
}
