// No page has a serious fault that axe can find, in either theme.

import AxeBuilder from '@axe-core/playwright';
import { ADMIN, awake, CUSTOMER, expect, signIn, STAFF, test } from './fixtures';
import type { Page } from '@playwright/test';

const THEMES = ['light', 'dark'] as const;

const EVERYBODYS = [
  '/',
  '/login',
  '/register',
  '/products',
  '/products?category=audio&sort=price_up',
  '/products?q=no-such-thing',
  '/products/mechanical-keyboard',
  '/ui',
  '/no-such-page',
];
const CUSTOMERS = [
  '/account',
  '/wallet',
  '/tasks',
  '/tasks?view=all',
  '/tasks?q=no-such-thing',
  '/tasks/new',
  '/boards',
  '/admin/users',
  '/orders',
  '/orders/no-such-order',
];
const STAFFS = [
  '/products?state=all',
  '/products/new',
  '/products/mechanical-keyboard/edit',
  '/categories',
  '/tasks?view=all',
  '/boards',
  '/ledger',
  '/ledger/accounts/1',
  '/ledger/accounts/new',
  '/ledger/journal',
  '/ledger/journal?min=nothing',
  '/ledger/trial-balance',
  '/ops/conservation',
  '/orders/all',
  '/orders/all?min=nothing',
  '/orders/all?q=no-such-thing',
  '/orders/new',
  '/orders/packing-lists',
  '/orders/packing-lists?status=placed',
  '/events',
  '/events/dead',
  '/webhooks',
  '/webhooks/new',
  '/webhooks/inbox',
];

for (const theme of THEMES) {
  test.describe(`in the ${theme} theme`, () => {
    test.use({ colorScheme: theme });

    for (const path of EVERYBODYS) {
      test(`${path} is accessible`, async ({ page }) => {
        await page.goto(path);
        await expectAccessible(page);
      });
    }

    test('pages that show faults are accessible', async ({ page }) => {
      await page.goto('/register');
      await page.getByLabel('Name', { exact: true }).fill('Careless');
      await page.getByLabel('E-mail').fill('careless@example.com');
      await page.getByLabel('Password').fill('password12');
      await page.getByRole('button', { name: 'Register' }).click();
      await expect(page.getByRole('alert')).toBeVisible();
      await expectAccessible(page);
    });

    test("a customer's pages are accessible", async ({ page }) => {
      await signIn(page, CUSTOMER);
      await expectAllAccessible(page, CUSTOMERS);
    });

    test("staff's pages are accessible", async ({ page }) => {
      await signIn(page, STAFF);
      await expectAllAccessible(page, STAFFS);
      await page.goto('/boards');
      await page.getByRole('main').getByRole('link', { name: 'Shop floor' }).click();
      await expectAccessible(page);
      await page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link').first().click();
      await expectAccessible(page);
      await page.getByRole('link', { name: 'Edit' }).click();
      await expectAccessible(page);
    });

    test('an order is accessible, now and then', async ({ page }) => {
      await signIn(page, CUSTOMER);
      await page.goto('/orders');
      await page.getByRole('main').getByRole('table').getByRole('link').last().click();
      await expectAccessible(page);
      const order = page.url();
      await expectAllAccessible(page, [`${order}?at=1`, `${order}/thanks`]);
      await page.goto('/products/stoneware-mug');
      await page.getByRole('main').getByRole('button', { name: 'Add to cart' }).click();
      await page.goto('/checkout');
      await expectAccessible(page);
      await page.getByLabel('Telephone').fill('call me');
      await page.getByRole('button', { name: 'Place the order' }).click();
      await expectAccessible(page);
    });

    test("an order's steps are accessible", async ({ page }) => {
      await signIn(page, STAFF);
      for (const status of ['placed', 'paid', 'packed', 'shipped', 'delivered', 'refunded']) {
        await page.goto(`/orders/all?status=${status}`);
        const orders = page.getByRole('main').getByRole('table').getByRole('link');
        if ((await orders.count()) === 0) continue;
        await orders.last().click();
        await expectAccessible(page);
      }
      await page.getByRole('link', { name: 'Packing list' }).click();
      await expectAccessible(page);
      await page.goto('/orders/all?status=shipped');
      await page.getByRole('main').getByRole('table').getByRole('link').first().click();
      await page.getByRole('button', { name: 'Refund', exact: true }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
      await expectAccessible(page);
    });

    test("an admin's pages are accessible", async ({ page }) => {
      await signIn(page, ADMIN);
      await page.goto('/admin/users');
      await expectAccessible(page);
      await page.getByRole('main').getByRole('table').getByRole('link').first().click();
      await expectAccessible(page);
    });

    test('what opens over a page is accessible', async ({ page }) => {
      await page.goto('/login');
      await awake(page);
      await page.getByRole('heading', { level: 1 }).click();
      await page.keyboard.press('Control+k');
      await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
      await expectAccessible(page);
      await page.keyboard.press('Escape');
      await page.keyboard.press('?');
      await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
      await expectAccessible(page);
    });
  });
}

async function expectAllAccessible(page: Page, paths: string[]) {
  for (const path of paths) {
    await page.goto(path);
    await expectAccessible(page);
  }
}

async function expectAccessible(page: Page) {
  await awake(page);
  const { violations } = await new AxeBuilder({ page }).analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(', ')}`);
  expect(serious, `serious faults on ${page.url()}`).toEqual([]);
}
