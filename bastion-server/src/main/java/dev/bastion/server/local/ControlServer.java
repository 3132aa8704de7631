package dev.bastion.server.local;

import dev.bastion.server.console.Console;
import dev.bastion.server.console.ConsoleStreams;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs commands for {@code bastion admin} inside the running bastion, over a Unix domain socket in
 * a folder that only the bastion's login can enter. A file in the data folder says where the socket
 * is, since a socket's path must be short.
 *
 * <p>One virtual thread a command.
 */
public final class ControlServer implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ControlServer.class);
    private static final int WORD_LIMIT = 4096;

    private final ServerSocketChannel server;
    private final Path folder;
    private final Path pointer;
    private final Console console;

    private ControlServer(ServerSocketChannel server, Path folder, Path pointer, Console console) {
        this.server = server;
        this.folder = folder;
        this.pointer = pointer;
        this.console = console;
    }

    /**
     * Listens.
     *
     * @param pointer the file that will say where
     * @throws IOException when it cannot be written, with a sentence, or nothing can be listened on
     */
    public static ControlServer start(Path pointer, Console console) throws IOException {
        Path folder = Files.createTempDirectory("bastion-");
        Path socket = folder.resolve("control");
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        server.bind(UnixDomainSocketAddress.of(socket));
        ControlServer control = new ControlServer(server, folder, pointer, console);
        try {
            Files.writeString(pointer, socket.toString());
        } catch (IOException e) {
            control.close();
            throw new IOException(
                    "the file " + pointer + " cannot be written: 'bastion admin' needs it", e);
        }
        Thread.ofVirtual().name("control").start(control::accept);
        return control;
    }

    private void accept() {
        while (true) {
            try {
                SocketChannel client = server.accept();
                Thread.ofVirtual().name("control-command").start(() -> serve(client));
            } catch (ClosedChannelException e) {
                return;
            } catch (IOException e) {
                LOG.warn("the control socket failed", e);
                return;
            }
        }
    }

    private void serve(SocketChannel client) {
        try (client;
                DataInputStream in = new DataInputStream(Channels.newInputStream(client));
                DataOutputStream frames =
                        new DataOutputStream(
                                new BufferedOutputStream(Channels.newOutputStream(client)))) {
            String login = in.readUTF();
            boolean terminal = in.readBoolean();
            int columns = in.readInt();
            int count = in.readInt();
            if (count < 0 || count > WORD_LIMIT) {
                return;
            }
            List<String> words = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                words.add(in.readUTF());
            }
            OutputStream out = new BufferedOutputStream(new Frames(frames, Frames.OUT));
            OutputStream err = new Frames(frames, Frames.ERR);
            int status =
                    console.execute(
                            LocalCaller.named(login),
                            words,
                            new ConsoleStreams(in, out, err, terminal, columns));
            out.flush();
            synchronized (frames) {
                frames.writeByte(Frames.EXIT);
                frames.writeInt(status);
                frames.flush();
            }
        } catch (IOException e) {
            LOG.debug("a local command's caller left", e);
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            Files.deleteIfExists(pointer);
            Files.deleteIfExists(folder.resolve("control"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            LOG.warn("the control socket was not cleared away", e);
        }
    }
}
