/** A byte stream, as the body of a fetch is. */

/** Gives the chunks one by one, each as its own copy: what reads them may keep the buffer. */
export function byteStream(chunks: readonly Uint8Array<ArrayBuffer>[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  let at = 0;
  return new ReadableStream({
    type: "bytes",
    pull(controller) {
      const chunk = chunks[at++];
      if (chunk !== undefined) return controller.enqueue(chunk.slice());
      controller.close();
      controller.byobRequest?.respond(0);
    },
  });
}
