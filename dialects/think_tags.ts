/** Takes the thoughts out of text that opens with `<think>` (CASES K2): many open models send them so. */

const OPEN = "<think>";
const CLOSE = "</think>";

export interface Piece {
  type: "reasoning" | "text";
  text: string;
}

export interface ThinkTags {
  /** The pieces of one text delta. What may be the begin of a tag is held back. */
  push(text: string): Piece[];
  /** What is held back, as other content comes next or the answer is over. */
  flush(): Piece[];
}

/** A `<think>` counts only at the very start of the text: in code further down it stays what it is. */
export function thinkTags(): ThinkTags {
  let place: "start" | "inside" | "after" | "text" = "start";
  /** What may yet become a tag. */
  let held = "";
  const space = leadingSpace();
  const edge = edgeTrimmer();

  function readStart(text: string): Piece[] {
    const trimmed = space.trim(text);
    if (trimmed.startsWith(OPEN)) {
      place = "inside";
      space.drop();
      edge.begin();
      return readInside(trimmed.slice(OPEN.length));
    }
    if (OPEN.startsWith(trimmed)) {
      held = trimmed;
      return [];
    }
    place = "text";
    return piece("text", space.drop() + trimmed);
  }

  function readInside(text: string): Piece[] {
    const end = text.indexOf(CLOSE);
    if (end === -1) {
      const cut = text.length - overlap(text, CLOSE);
      held = text.slice(cut);
      return piece("reasoning", edge.trim(text.slice(0, cut)));
    }
    const thought = piece("reasoning", edge.trim(text.slice(0, end)));
    place = "after";
    edge.begin();
    return [...thought, ...readAfter(text.slice(end + CLOSE.length))];
  }

  function readAfter(text: string): Piece[] {
    const rest = edge.trim(text);
    if (rest !== "") place = "text";
    return piece("text", rest);
  }

  return {
    push(text) {
      if (place === "text") return piece("text", text);
      const whole = held + text;
      held = "";
      if (place === "start") return readStart(whole);
      return place === "inside" ? readInside(whole) : readAfter(whole);
    },
    flush() {
      const rest = held;
      held = "";
      if (place === "inside") return piece("reasoning", edge.trim(rest));
      place = "text";
      return piece("text", space.drop() + rest);
    },
  };
}

/** White space before a tag that may yet come: it is not looked at again, however long it gets. */
function leadingSpace() {
  let space = "";
  return {
    /** The text without what it begins with; that is kept. */
    trim(text: string): string {
      const trimmed = text.trimStart();
      space += text.slice(0, text.length - trimmed.length);
      return trimmed;
    },
    /** Gives what was kept, and forgets it. */
    drop(): string {
      const kept = space;
      space = "";
      return kept;
    },
  };
}

/** Models put line breaks behind their tags that belong to neither the thought nor the text. */
function edgeTrimmer() {
  let atEdge = false;
  return {
    begin(): void {
      atEdge = true;
    },
    trim(text: string): string {
      if (!atEdge) return text;
      const trimmed = text.trimStart();
      atEdge = trimmed === "";
      return trimmed;
    },
  };
}

function piece(type: Piece["type"], text: string): Piece[] {
  return text === "" ? [] : [{ type, text }];
}

/** How many characters at the end of `text` are the begin of `tag`. */
function overlap(text: string, tag: string): number {
  for (let size = Math.min(text.length, tag.length - 1); size > 0; size--) {
    if (tag.startsWith(text.slice(-size))) return size;
  }
  return 0;
}
