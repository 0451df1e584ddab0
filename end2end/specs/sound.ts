// Soundness of a page: axe finds nothing wrong, in either theme, and nothing
// is wider than the screen.

import AxeBuilder from '@axe-core/playwright';
import { awake, expect, expectFits } from './fixtures';
import type { Locator, Page } from '@playwright/test';

/** The rules that look at colours. No other one depends on the theme. */
const ABOUT_COLOURS = ['color-contrast', 'link-in-text-block'];

export async function expectSound(page: Page) {
  await awake(page);
  await page.emulateMedia({ colorScheme: 'light' });
  const light = await ink(page);
  await expectNoFaults(page, 'light', () => axe(page));
  await expectFits(page);

  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await ink(page), 'the dark theme').not.toBe(light);
  await expectNoFaults(page, 'dark', () => axe(page).withRules(ABOUT_COLOURS));
  await page.emulateMedia({ colorScheme: 'light' });
}

/** No page has frames. Without them axe can do its work in one go. */
function axe(page: Page) {
  return new AxeBuilder({ page }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
}

/** Looks again at what is wrong: a page that is still being painted in the other theme mends itself, a fault stays. */
async function expectNoFaults(page: Page, theme: string, look: () => AxeBuilder) {
  const faults = async () => {
    const { violations } = await look().analyze();
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  };
  await expect.poll(faults, { message: `faults on ${page.url()} in the ${theme} theme` }).toEqual([]);
}

async function ink(page: Page) {
  return page.evaluate(() => getComputedStyle(document.body).color);
}

/** Goes where the link leads, and waits until that page is there: a click alone only sets out. */
export async function follow(link: Locator) {
  const page = link.page();
  const before = page.url();
  await link.click();
  await page.waitForURL(({ href }) => href !== before);
}

export async function expectAllSound(page: Page, paths: string[]) {
  for (const path of paths) {
    await page.goto(path);
    await expectSound(page);
  }
}
