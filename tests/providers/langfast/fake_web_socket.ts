/** A WebSocket whose other end is the test: for what a real server does not do on demand. */

export class FakeWebSocket extends EventTarget {
  static last: FakeWebSocket;
  readonly OPEN = 1;
  readyState = 0;
  binaryType = "blob";
  sent: string[] = [];
  closeCalls = 0;

  constructor(readonly url: URL) {
    super();
    FakeWebSocket.last = this;
  }
  send(frame: string): void {
    if (this.readyState !== 1) throw new Error("Not open");
    this.sent.push(frame);
  }
  close(): void {
    this.closeCalls++;
    this.readyState = 2;
  }

  /** The server says these. */
  say(...frames: unknown[]): void {
    this.readyState = 1;
    for (const data of frames) this.dispatchEvent(new MessageEvent("message", { data }));
  }
  /** The connection breaks, as the runtime tells it: an error with a message, then a close with code 0. */
  break(message: string): void {
    this.readyState = 3;
    this.dispatchEvent(new ErrorEvent("error", { message }));
    this.dispatchEvent(new CloseEvent("close", { code: 0, wasClean: false }));
  }
}

/** As a port. */
export const fakeWebSocket = FakeWebSocket as unknown as typeof WebSocket;
