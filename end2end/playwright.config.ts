import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';

/** Where Debian puts it, the quicker one first. */
const CHROMIUMS = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'];

// Every journey runs three times: as on a desk, there with JavaScript off, and as on a phone. What is
// about script (`@script`) is left to those who have it, what no page has a part in (`@programs`) runs once.
export default defineConfig({
  testDir: 'specs',
  outputDir: 'test-results',
  fullyParallel: true,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  // Some journeys are long, and axe takes its time on a page with all the parts.
  timeout: 60_000,
  expect: { timeout: 5_000 },
  reporter: [['list'], ['json', { outputFile: process.env.REPORT ?? 'test-results/report.json' }]],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.BASE_URL ?? 'http://127.0.0.1:3000',
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    // Motion is decoration. Without it no check meets a dialog that is half there, and runs are alike.
    contextOptions: { reducedMotion: 'reduce' },
    // A recording would fetch the pictures it shows, which the pages' policy forbids.
    trace: 'off',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? CHROMIUMS.find(existsSync),
      args: [
        '--no-sandbox',
        '--disable-quic',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'desktop', use: { viewport: { width: 1280, height: 900 } } },
    {
      name: 'without-javascript',
      use: { viewport: { width: 1280, height: 900 }, javaScriptEnabled: false },
      // Islands are what JavaScript adds; axe itself is JavaScript.
      testIgnore: ['islands.spec.ts', 'sound.spec.ts'],
      grepInvert: /@script|@programs/,
    },
    {
      name: 'phone',
      grepInvert: /@programs/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true },
    },
  ],
});
