import assert from "node:assert/strict";
import { csvLine } from "../../../gateway/admin/csv.ts";

Deno.test("a field with a comma, a quote or a line break is quoted, and its quotes are doubled (RFC 4180)", () => {
  assert.equal(csvLine(["a", "b,c", 'say "hi"', "two\nlines", ""]), 'a,"b,c","say ""hi""","two\nlines",\r\n');
});

Deno.test("numbers and flags stand as they are, and what is not known is empty", () => {
  assert.equal(csvLine([0, -1.5, true, undefined]), "0,-1.5,true,\r\n");
});

Deno.test("a text that a spreadsheet would run as a formula is made a text", () => {
  assert.equal(csvLine(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "1=1"]), "'=1+1,'+1,'-1,'@SUM(A1),'\t=1,1=1\r\n");
});
