/**
 * Programs that the tests in a browser can use, the best first: the shell without windows takes a third of the processor
 * time from the browser's own process.
 */
export const browsers = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
]
