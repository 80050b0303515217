/** The fixed texts of the demo models. */

export const UNICODE_TEXT = "Emoji 🙂👩‍👩‍👧‍👦🏳️‍🌈, 中文字符，日本語、한국어, עברית ו־العربية, Ελληνικά, e\u0301 and 𝒻𝒶𝓃𝒸𝓎.";

export const MARKDOWN_TEXT = `# A heading

A paragraph with **bold**, *italic*, \`code\` and a [link](https://example.com/).

1. One
2. Two
   - A nested point

> A quotation.

\`\`\`ts
function greet(name: string): string {
  return \`Hello, \${name} <you>\`;
}
\`\`\`

| Left | Right |
|:-----|------:|
| a    |     1 |
| b    |     2 |

$$E = mc^2$$
`;

const LONG_SENTENCES = 200;

/** Two thousand words, each sentence unlike the others, so that a lost or doubled one is seen. */
export const LONG_TEXT = Array.from(
  { length: LONG_SENTENCES },
  (_, at) => `Sentence ${at + 1} of this long answer has exactly ten words.`,
).join(" ");
