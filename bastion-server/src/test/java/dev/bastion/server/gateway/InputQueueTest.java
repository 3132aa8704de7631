package dev.bastion.server.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.bastion.menu.terminal.KeySource;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class InputQueueTest {

    private final InputQueue queue = new InputQueue();

    @Test
    void givesBytesInOrderAcrossChunks() {
        add("ab");
        add("c");
        assertThat(queue.poll()).isEqualTo('a');
        assertThat(queue.poll()).isEqualTo('b');
        assertThat(queue.size()).isPositive();
        assertThat(queue.poll()).isEqualTo('c');
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isEqualTo(KeySource.TIMEOUT);
    }

    @Test
    void givesBytesAbove127AsTheyAre() {
        queue.add(new byte[] {(byte) 0xff});
        assertThat(queue.poll()).isEqualTo(0xff);
    }

    @Test
    void aChunkWithoutBytesIsNothing() {
        queue.add(new byte[0]);
        assertThat(queue.size()).isZero();
        assertThat(queue.poll()).isEqualTo(KeySource.TIMEOUT);
        add("a");
        queue.add(new byte[0]);
        add("b");
        assertThat(queue.poll()).isEqualTo('a');
        assertThat(queue.poll()).isEqualTo('b');
    }

    @Test
    void theEndComesAfterTheLastByteAndStays() {
        add("a");
        queue.end();
        assertThat(queue.isEnded()).isTrue();
        assertThat(queue.poll()).isEqualTo('a');
        assertThat(queue.poll()).isEqualTo(KeySource.END);
        assertThat(queue.poll()).isEqualTo(KeySource.END);
    }

    @Test
    void aNewSizeComesFirstAndOnce() {
        add("a");
        queue.resize();
        queue.resize();
        assertThat(queue.poll()).isEqualTo(KeySource.RESIZED);
        assertThat(queue.poll()).isEqualTo('a');
    }

    @Test
    void takesAllThatNobodyTookYet() {
        add("abc");
        add("de");
        add("f");
        assertThat(queue.poll()).isEqualTo('a');
        assertThat(queue.takeAll()).isEqualTo("bcdef".getBytes(StandardCharsets.US_ASCII));
        assertThat(queue.size()).isZero();
        assertThat(queue.takeAll()).isEmpty();
        add("gh");
        assertThat(queue.poll()).isEqualTo('g');
        assertThat(queue.takeAll()).isEqualTo("h".getBytes(StandardCharsets.US_ASCII));
    }

    private void add(String text) {
        queue.add(text.getBytes(StandardCharsets.US_ASCII));
    }
}
