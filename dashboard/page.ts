/** What a page of the dashboard is: a place in the navigation, and the files that a browser runs for it. */

export interface Page {
  /** Its path below `/dashboard/`. */
  name: string;
  title: string;
  /** The path of a line drawing on 24 × 24. */
  icon: string;
  /** The module that the page starts: a path in `files`, as are the style sheets. */
  main: string;
  styles: readonly string[];
  /** The texts of its files by their paths in `dashboard/`. */
  files: Readonly<Record<string, string>>;
}
