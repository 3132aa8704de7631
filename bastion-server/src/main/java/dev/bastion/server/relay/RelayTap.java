package dev.bastion.server.relay;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Sees every byte of a session before it goes on, in order. Calls for one direction never overlap;
 * the two directions may. Calls never block.
 */
public interface RelayTap {

    /** Where the tap passes on a chunk. Its calls do not block, and keep their order. */
    interface Passage {

        /**
         * Lets a part of the chunk through. What is not passed goes nowhere.
         *
         * @param barrier what must have completed before these bytes, and all after them, go on;
         *     {@code null} for nothing. Completing exceptionally ends the session
         */
        void pass(int offset, int length, @Nullable CompletableFuture<?> barrier);

        /**
         * Lets through bytes that the tap kept back, in the direction of the chunk and before what
         * it passes of it afterwards. Also bytes of the tap's own that stand for them.
         */
        void passKept(byte[] kept, int offset, int length);

        /**
         * Sends bytes of the tap's own to the operator, after what was passed to them before. From
         * {@link #toHost} it is the tap's part to know that the host's bytes may be interrupted
         * here.
         */
        void answer(byte[] bytes);
    }

    /** Bytes of the operator. */
    void toHost(byte[] bytes, int offset, int length, Passage passage);

    /** Bytes of the host. */
    void toOperator(int stream, byte[] bytes, int offset, int length, Passage passage);

    /**
     * Whether the host's output, as far as it was seen, may be interrupted by a sentence: it is not
     * in the middle of an escape sequence or of a character.
     */
    default boolean mayInterrupt() {
        return true;
    }

    /** The operator's terminal has another size. */
    default void resized(int columns, int rows) {}

    /**
     * The session is over; called once. What a reader still brings after it is seen no more and
     * passed nowhere.
     *
     * @return completes normally, on any thread, when everything that the tap records is durable or
     *     can never be
     */
    CompletableFuture<?> ended();
}
