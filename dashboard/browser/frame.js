/** The switch between the device's theme, light and dark: remembered in a cookie, so that the server draws the right one. */
/// <reference lib="dom" />

const THEMES = ["system", "light", "dark"];

const button = document.getElementById("theme");
button?.addEventListener("click", () => {
  const current = document.documentElement.dataset.theme ?? "system";
  const theme = THEMES[(THEMES.indexOf(current) + 1) % THEMES.length] ?? "system";
  document.documentElement.dataset.theme = theme;
  document.cookie = `theme=${theme}; Path=/dashboard; Max-Age=31536000; SameSite=Strict`;
  const name = document.getElementById("theme-name");
  if (name !== null) name.textContent = theme;
  // Plots take their colours from the theme.
  dispatchEvent(new Event("themechange"));
});
