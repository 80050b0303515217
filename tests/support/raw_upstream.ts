/** An upstream that answers with bytes, right or wrong: it knows nothing of HTTP but where a request ends. */

/** What each connection is answered with. */
export interface RawAnswer {
  /** Status line and headers, each with its CRLF; the blank line is added. */
  head: string;
  /** The body, piece by piece, framed by `chunked` if at all. */
  pieces: readonly Uint8Array[];
  chunked: boolean;
  /** After the last piece: the end, the connection closed with the end missing, or silence. */
  then: "end" | "cut" | "hang";
}

export interface RawUpstream {
  url: string;
  answer(answer: RawAnswer): void;
  /** How many connections are open. */
  open(): number;
  close(): Promise<void>;
}

const utf8 = new TextEncoder();

export function startRawUpstream(): RawUpstream {
  const listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const connections = new Set<Deno.Conn>();
  let answer: RawAnswer | undefined;

  async function serve(connection: Deno.Conn): Promise<void> {
    connections.add(connection);
    try {
      await readRequest(connection);
      if (answer !== undefined) await write(connection, answer);
    } catch {
      // The gateway left.
    } finally {
      connections.delete(connection);
      close(connection);
    }
  }

  const accepting = (async () => {
    const serving = new Set<Promise<void>>();
    for await (const connection of listener) {
      const served = serve(connection);
      serving.add(served);
      void served.finally(() => serving.delete(served));
    }
    await Promise.all(serving);
  })();

  return {
    url: `http://127.0.0.1:${listener.addr.port}`,
    answer(next) {
      answer = next;
    },
    open: () => connections.size,
    async close() {
      listener.close();
      for (const connection of connections) close(connection);
      await accepting;
    },
  };
}

async function write(connection: Deno.Conn, { head, pieces, chunked, then }: RawAnswer): Promise<void> {
  await writeAll(connection, utf8.encode(`${head}${chunked ? "transfer-encoding: chunked\r\n" : ""}\r\n`));
  for (const piece of pieces.filter(({ length }) => length > 0)) {
    if (chunked) await writeAll(connection, utf8.encode(`${piece.length.toString(16)}\r\n`));
    await writeAll(connection, piece);
    if (chunked) await writeAll(connection, utf8.encode("\r\n"));
  }
  if (then === "end" && chunked) await writeAll(connection, utf8.encode("0\r\n\r\n"));
  // Until the other side leaves: a read ends then.
  if (then === "hang") { while (await connection.read(new Uint8Array(1024)) !== null); }
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** Reads a request with a `content-length`, or without a body. */
async function readRequest(connection: Deno.Conn): Promise<void> {
  const decoder = new TextDecoder("latin1");
  const buffer = new Uint8Array(16_384);
  let text = "";
  for (;;) {
    const read = await connection.read(buffer);
    if (read === null) return;
    text += decoder.decode(buffer.subarray(0, read));
    const end = text.indexOf("\r\n\r\n");
    const length = Number(/^content-length: *(\d+)/im.exec(text)?.[1] ?? 0);
    if (end !== -1 && text.length >= end + 4 + length) return;
  }
}

function close(connection: Deno.Conn): void {
  try {
    connection.close();
  } catch {
    // It was closed.
  }
}
