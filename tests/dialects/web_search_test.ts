/** Tests of the pages that an answer rests on, and of what was searched for. */

import { deepEqual } from "node:assert/strict";
import type { JsonObject } from "../../chat/json.ts";
import { type CitedPage, citedPage, queriesIn } from "../../dialects/web_search.ts";

const PLACE = { start_index: 2, end_index: 5 };
const PAGE = { url: "https://deno.com", start: 2, end: 5 };

const ROWS: [name: string, annotation: JsonObject, page: CitedPage | undefined][] = [
  ["its members beside its type", { type: "url_citation", url: PAGE.url, title: "Deno", ...PLACE }, {
    ...{ ...PAGE, title: "Deno" },
  }],
  ["its members in an object", { type: "url_citation", url_citation: { url: PAGE.url, title: "Deno", ...PLACE } }, {
    ...{ ...PAGE, title: "Deno" },
  }],
  ["no place", { type: "url_citation", url: PAGE.url }, { url: PAGE.url, start: 0, end: 0 }],
  ["an empty title", { type: "url_citation", url: PAGE.url, title: "", ...PLACE }, PAGE],
  ["a title that is no text", { type: "url_citation", url: PAGE.url, title: null, ...PLACE }, PAGE],
  ["another type", { type: "file_citation", url: PAGE.url, ...PLACE }, undefined],
  ["no address", { type: "url_citation", ...PLACE }, undefined],
];

for (const [name, annotation, page] of ROWS) {
  Deno.test(`citedPage() of an annotation with ${name}`, () => deepEqual(citedPage(annotation), page));
}

Deno.test("queriesIn() has each query once, and nothing for none", () => {
  deepEqual(queriesIn("a", ["b", "a", "", null, 5], undefined), ["a", "b"]);
  deepEqual(queriesIn(undefined, "", []), undefined);
});
