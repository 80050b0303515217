/** The release, as it is shown in health, logs and the user agent. */

export const VERSION = "0.1.0";
