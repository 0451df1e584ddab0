// What every spec starts from: a page that fails the test when something goes wrong behind it.

import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';

export { expect };

/** The password of the people in the demo data. */
const DEMO_PASSWORD = 'welcome-to-the-hall';

export const ADMIN = 'ada@example.com';
export const STAFF = 'sam@example.com';
export const CUSTOMER = 'mei@example.com';

type Fixtures = {
  /** Another browser beside the first: nobody is signed in there. */
  anotherPage: () => Promise<Page>;
};

export const test = base.extend<Fixtures>({
  context: async ({ context, javaScriptEnabled }, use) => {
    const judge = await watch(context, javaScriptEnabled);
    await use(context);
    await judge();
  },
  anotherPage: async ({ browser, javaScriptEnabled }, use) => {
    const judges: (() => Promise<void>)[] = [];
    await use(async () => {
      const context = await browser.newContext();
      judges.push(await watch(context, javaScriptEnabled));
      return context.newPage();
    });
    for (const judge of judges) await judge();
  },
});

/** Notes all that goes wrong in the browser; the answer says so when the test is over. */
async function watch(context: BrowserContext, javaScriptEnabled: boolean) {
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(`page error: ${error.error().message}`));
  context.on('console', (message) => {
    // The answers that Chromium reports here are judged below, by their status.
    const answer = message.text().startsWith('Failed to load resource');
    const island = message.type() === 'warning' && message.text().includes('island');
    if ((message.type() === 'error' && !answer) || island) {
      faults.push(`console: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    // Aborted by the browser itself: the person went on to another page, or wants no scripts.
    const unwanted = why === 'net::ERR_ABORTED' || (!javaScriptEnabled && request.resourceType() === 'script');
    if (!unwanted) faults.push(`request failed: ${request.url()} (${why})`);
  });
  context.on('response', (response) => {
    const status = response.status();
    // A page may answer that it is missing, refused or wrongly filled in; nothing else may.
    const refusal = status < 500 && response.request().isNavigationRequest();
    if (status >= 400 && !refusal) faults.push(`${status} from ${response.url()}`);
  });
  if (javaScriptEnabled) {
    await context.addInitScript(noteAwakeIslands);
    await context.addInitScript(boundIdleWaits);
  }
  return async () => {
    try {
      if (javaScriptEnabled) for (const page of context.pages()) await awake(page);
    } finally {
      expect(faults, 'what went wrong in the browser').toEqual([]);
    }
  };
}

/** Runs in the page, before its own scripts: an island is awake once it listens to something. */
function noteAwakeIslands() {
  const islands = new WeakSet<Element>();
  const listen = EventTarget.prototype.addEventListener;
  EventTarget.prototype.addEventListener = function (this: EventTarget, ...event: Parameters<typeof listen>) {
    const island = this instanceof Element ? this.closest('leptos-island') : null;
    if (island) islands.add(island);
    listen.apply(this, event);
  };
  Object.assign(window, { isAwake: (island: Element) => islands.has(island) });
}

/**
 * Runs in the page as well. Islands wake up when the browser has nothing else to do, and Chromium without
 * a window sometimes forgets to say so where it has nothing to draw.
 */
function boundIdleWaits() {
  const idle = window.requestIdleCallback.bind(window);
  window.requestIdleCallback = (callback, options) => idle(callback, { timeout: 200, ...options });
}

/** Waits until every island on the page is awake. */
export async function awake(page: Page) {
  if (page.url() === 'about:blank') return;
  const asleep = () =>
    page.evaluate(() => {
      const { isAwake } = window as unknown as { isAwake: (island: Element) => boolean };
      return [...document.querySelectorAll<HTMLElement>('leptos-island')]
        .filter((island) => !isAwake(island))
        .map((island) => island.dataset.component);
    });
  await expect.poll(asleep, { message: 'islands that do not hydrate' }).toEqual([]);
}

let made = 0;

/** A word that no other test, project or run has used. */
export function unique(word: string) {
  made += 1;
  return `${word} ${process.pid.toString(36)}${Date.now().toString(36)}${made}`;
}

export type Person = { name: string; email: string; password: string };

export function newPerson(name: string): Person {
  const own = unique(name);
  return { name: own, email: `${own.toLowerCase().replaceAll(/\W+/g, '.')}@example.com`, password: 'violet-anchor-tide' };
}

export async function register(page: Page, person: Person) {
  await page.goto('/register');
  await page.getByLabel('Name', { exact: true }).fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('status')).toContainText(`Welcome, ${person.name}.`);
}

export async function signIn(page: Page, email: string, password = DEMO_PASSWORD) {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  await expect(accountButton(page)).toBeVisible();
}

/** The same where the browser asks for Chinese. */
export async function signInInChinese(page: Page, email: string) {
  await page.goto('/login');
  await page.getByLabel('邮箱').fill(email);
  await page.getByLabel('密码').fill(DEMO_PASSWORD);
  await page.getByRole('main').getByRole('button', { name: '登录' }).click();
  await expect(page.getByRole('button', { name: /的账户$/ })).toBeVisible();
}

export async function signOut(page: Page) {
  await accountButton(page).click();
  await page.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status')).toContainText('You are signed out.');
}

/** Opens the menu of the person who is signed in. */
export function accountButton(page: Page) {
  return page.getByRole('button', { name: /^Account of / });
}

/** Searches the shop from the top of the page. */
export async function search(page: Page, words: string) {
  const field = page.getByRole('banner').getByLabel('Search products');
  await field.fill(words);
  await field.press('Enter');
}

/** Nothing is wider than the screen. A page that is just being left has no width; then it is looked at once more. */
export async function expectFits(page: Page) {
  await expect(async () => {
    const tooWide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(tooWide, `${page.url()} is wider than the screen`).toBeLessThanOrEqual(0);
  }).toPass({ timeout: 5_000 });
}

/** On a narrow screen the filters of a list are folded away. */
export async function openFilters(page: Page) {
  const summary = page.locator('summary', { hasText: 'Filters' });
  if (await summary.isVisible()) await summary.click();
}
