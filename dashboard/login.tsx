/** The two pages that need no session: the login, and what stands in its place where there is no admin key. */

import { Document, Logo, type Theme } from "./frame.tsx";

export interface LoginProps {
  theme: Theme;
  /** Where to go afterwards: a path of ours. */
  to: string;
  problem?: string;
}

export function Login({ theme, to, problem }: LoginProps) {
  return (
    <Document title="Log in" theme={theme}>
      <main class="card">
        <Logo />
        <h1>Log in</h1>
        <form method="post" action="/dashboard/login">
          <input type="hidden" name="to" value={to} />
          <input type="text" name="user" value="admin" autocomplete="username" hidden />
          <label for="key">Admin key</label>
          <input
            id="key"
            name="key"
            type="password"
            autocomplete="current-password"
            required
            autofocus
            aria-describedby={problem === undefined ? "hint" : "problem"}
            aria-invalid={problem === undefined ? undefined : "true"}
          />
          {problem === undefined
            ? <p id="hint" class="hint">The value of ADMIN_KEY.</p>
            : <p id="problem" class="problem" role="alert">{problem}</p>}
          <button type="submit" class="primary">Log in</button>
        </form>
      </main>
    </Document>
  );
}

export function Closed({ theme }: { theme: Theme }) {
  return (
    <Document title="Closed" theme={theme}>
      <main class="card">
        <Logo />
        <h1>The dashboard is closed</h1>
        <p>
          It opens once an admin key is set, which you then log in with: the variable <code>ADMIN_KEY</code>, or{" "}
          <code>adminKey</code> under <code>[app]</code> in <code>config.toml</code>.
        </p>
        <pre>ADMIN_KEY="$(openssl rand -base64 24)" deno task start</pre>
      </main>
    </Document>
  );
}

/** Says where to go: a browser that came from another site does not send the cookie until it asks from here. */
export function AskAgain({ theme, to }: { theme: Theme; to: string }) {
  return (
    <Document title="Opening" theme={theme}>
      <meta http-equiv="refresh" content={`0; url=${to}`} />
      <main class="card">
        <p>
          <a href={to}>Open the dashboard</a>
        </p>
      </main>
    </Document>
  );
}

export function NotFound({ theme }: { theme: Theme }) {
  return (
    <Document title="Not found" theme={theme}>
      <main class="card">
        <Logo />
        <h1>There is no such page</h1>
        <p>
          <a href="/dashboard">Open the dashboard</a>
        </p>
      </main>
    </Document>
  );
}
