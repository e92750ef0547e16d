/** Path of a Chromium on this machine: CHROMIUM_PATH, else the first on the PATH; null where there is none. */
export function findChromium(environment?: NodeJS.ProcessEnv): string | null;
