// Every page is sound: see sound.ts.

import { ADMIN, awake, CUSTOMER, expect, expectFits, signIn, signInInChinese, STAFF, test } from './fixtures';
import { expectAllSound, expectSound, follow } from './sound';
import type { Page } from '@playwright/test';

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
/** By slice, so that each test is short. */
const STAFFS = {
  shop: ['/products?state=all', '/products/new', '/products/mechanical-keyboard/edit', '/categories'],
  books: [
    '/ledger',
    '/ledger/accounts/1',
    '/ledger/accounts/new',
    '/ledger/top-up',
    '/ledger/journal',
    '/ledger/journal?min=nothing',
    '/ledger/trial-balance',
    '/ops/conservation',
  ],
  orders: [
    '/orders/all',
    '/orders/all?min=nothing',
    '/orders/all?q=no-such-thing',
    '/orders/new',
    '/orders/packing-lists',
    '/orders/packing-lists?status=placed',
  ],
  events: ['/events', '/events/dead', '/webhooks', '/webhooks/new', '/webhooks/inbox'],
  trials: [
    '/trials',
    '/trials/HYP24',
    '/trials/HYP24/subjects',
    '/trials/HYP24/subjects/new',
    '/trials/HYP24/subjects/HYP24-01-0001',
    '/trials/HYP24/subjects/HYP24-01-0002/vital-signs/1',
    '/trials/HYP24/readings',
    '/trials/HYP24/missed-visits',
    '/trials/HYP24/imports',
    '/trials/HYP24/imports/1',
    '/trials/HYP24/imports/1/mend',
    '/trials/HYP24/audit',
  ],
};

for (const path of EVERYBODYS) {
  test(`${path} is sound`, async ({ page }) => {
    await page.goto(path);
    await expectSound(page);
  });
}

test('pages that show faults are sound', async ({ page }) => {
  await page.goto('/register');
  await page.getByLabel('Name', { exact: true }).fill('Careless');
  await page.getByLabel('E-mail').fill('careless@example.com');
  await page.getByLabel('Password').fill('password12');
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expectSound(page);
});

test("a customer's pages are sound", async ({ page }) => {
  await signIn(page, CUSTOMER);
  await expectAllSound(page, CUSTOMERS);
});

for (const [slice, paths] of Object.entries(STAFFS)) {
  test(`staff's pages of the ${slice} are sound`, async ({ page }) => {
    await signIn(page, STAFF);
    await expectAllSound(page, paths);
  });
}

test("staff's pages of tasks are sound", async ({ page }) => {
  await signIn(page, STAFF);
  await expectAllSound(page, ['/tasks?view=all', '/boards']);
  await follow(page.getByRole('main').getByRole('link', { name: 'Shop floor' }));
  await expectSound(page);
  await follow(page.getByRole('main').getByRole('heading', { level: 3 }).getByRole('link').first());
  await expectSound(page);
  await follow(page.getByRole('link', { name: 'Edit' }));
  await expectSound(page);
});

test('an order is sound, now and then', async ({ page }) => {
  await signIn(page, CUSTOMER);
  await page.goto('/orders');
  await follow(page.getByRole('main').getByRole('table').getByRole('link').last());
  await expectSound(page);
  const order = page.url();
  await expectAllSound(page, [`${order}?at=1`, `${order}/thanks`]);
  await page.goto('/products/stoneware-mug');
  await page.getByRole('main').getByRole('button', { name: 'Add to cart' }).click();
  await expect(page.getByText('is in your cart.')).toBeVisible();
  await page.goto('/checkout');
  await expectSound(page);
  await page.getByLabel('Telephone').fill('call me');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(page.getByLabel('Telephone')).toHaveAttribute('aria-invalid', 'true');
  await expectSound(page);
});

test("an order's steps are sound", async ({ page }) => {
  await signIn(page, STAFF);
  for (const status of ['placed', 'paid', 'packed', 'shipped', 'delivered', 'refunded']) {
    await page.goto(`/orders/all?status=${status}`);
    const orders = page.getByRole('main').getByRole('table').getByRole('link');
    if ((await orders.count()) === 0) continue;
    await follow(orders.last());
    await expectSound(page);
  }
  await follow(page.getByRole('link', { name: 'Packing list' }));
  await expectSound(page);
  await page.goto('/orders/all?status=shipped');
  await page.getByRole('main').getByRole('table').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Refund', exact: true }).click();
  await expect(page.getByRole('dialog')).toBeVisible();
  await expectSound(page);
});

test("an admin's pages are sound", async ({ page }) => {
  await signIn(page, ADMIN);
  await page.goto('/admin/users');
  await expectSound(page);
  await follow(page.getByRole('main').getByRole('table').getByRole('link').first());
  await expectSound(page);
  await expectAllSound(page, ['/trials/new', '/trials/HYP24/settings']);
});

test('what opens over a page is sound', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+k');
  await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
  await expectSound(page);
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await expectSound(page);
});

/** Colours and structure are the same in every language; what a text takes up is not. */
test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  async function expectAllFit(page: Page, paths: string[]) {
    for (const path of paths) {
      await page.goto(path);
      await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
      await expectFits(page);
    }
  }

  test("everybody's pages fit", async ({ page }) => {
    await expectAllFit(page, EVERYBODYS);
  });

  for (const [email, paths] of [
    [CUSTOMER, CUSTOMERS],
    [STAFF, Object.values(STAFFS).flat()],
    [ADMIN, ['/admin/users']],
  ] as const) {
    test(`the pages of ${email} fit`, async ({ page }) => {
      await signInInChinese(page, email);
      await expectAllFit(page, [...paths]);
    });
  }
});
