import { expect, expectFits, newPerson, openFilters, register, signIn, STAFF, test, unique, type Person } from './fixtures';
import type { Page } from '@playwright/test';

/** Staff make a product that nobody else buys, and the page of it is left. */
async function createProduct(page: Page, name: string, stock: string) {
  await page.goto('/products/new');
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Create product' }) });
  await form.getByRole('group', { name: 'English' }).getByLabel('Name').fill(name);
  await form.getByLabel('Price in CNY').fill('80');
  await form.getByLabel('Category').selectOption({ label: 'Paper & pens' });
  await form.getByLabel('Opening stock').fill(stock);
  await form.getByRole('button', { name: 'Create product' }).click();
  await expect(page.getByRole('status')).toContainText(`${name} is created.`);
  return page.url().replace(/\/edit$/, '');
}

async function topUp(page: Page, person: Person, amount: string) {
  await page.goto('/ledger');
  await page.getByLabel('Code, name or owner').fill(person.name);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await page.getByRole('main').getByRole('link', { name: /^wallet-/ }).click();
  await page.getByLabel('Amount in').fill(amount);
  await page.getByRole('button', { name: 'Top up' }).click();
  await expect(page.getByRole('status')).toContainText('is in the wallet of');
}

/** Puts one of the product in the cart and goes to the checkout. */
async function toCheckout(page: Page, product: string) {
  await page.goto(product);
  await page.getByRole('main').getByRole('button', { name: 'Add to cart' }).click();
  await expect(page.getByText('is in your cart.')).toBeVisible();
  await page.goto('/cart');
  await page.getByRole('main').getByRole('link', { name: 'Checkout' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Checkout' })).toBeVisible();
}

async function fillAddress(page: Page) {
  await page.getByLabel('Street and number').fill('南京西路 12');
  await page.getByLabel('Postal code').fill('200001');
  await page.getByLabel('City').fill('Shanghai');
  await page.getByLabel('Country').selectOption('China');
}

/** Places the order, and gives its number. */
async function place(page: Page) {
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Thank you' })).toBeVisible();
  const number = /\/orders\/(.+)\/thanks$/.exec(page.url())?.[1];
  expect(number).toMatch(/^\d{4}-\d{6,}$/);
  return number ?? '';
}

/** A step that opens a dialog first: what is typed in it, and the button that acts. */
async function step(page: Page, opens: string, fields: Record<string, string>, acts: string) {
  await page.getByRole('main').getByRole('button', { name: opens, exact: true }).click();
  const dialog = page.getByRole('dialog');
  for (const [label, value] of Object.entries(fields)) await dialog.getByLabel(label, { exact: true }).fill(value);
  await dialog.getByRole('button', { name: acts, exact: true }).click();
}

test('a shopper pays from the wallet, staff send it, and take it back', async ({ page, anotherPage }) => {
  const person = newPerson('Buyer');
  await register(page, person);
  await page.goto('/wallet');
  const desk = await anotherPage();
  await signIn(desk, STAFF);
  const name = unique('Teapot');
  const product = await createProduct(desk, name, '5');
  await topUp(desk, person, '200');

  await toCheckout(page, product);
  await expectFits(page);
  await expect(page.getByRole('row', { name: /^Standard/ })).toContainText('¥90.00');
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(page.getByLabel('Street and number')).toBeFocused();
  await fillAddress(page);
  await page.getByLabel('Wallet').check();
  const number = await place(page);
  await expectFits(page);

  await page.goto('/orders');
  await expect(page.getByRole('row').filter({ hasText: number })).toContainText(name);
  await page.getByRole('link', { name: number }).click();
  await expect(page.getByText('It is paid for. We pack it next')).toBeVisible();

  await desk.goto('/orders/all');
  await openFilters(desk);
  await desk.getByLabel('Number or customer').fill(person.email);
  await desk.getByRole('button', { name: 'Filter', exact: true }).click();
  await desk.getByRole('link', { name: number }).click();
  await expect(desk.getByRole('button', { name: 'Pack', exact: true })).toBeVisible();
  await expectFits(desk);
  await desk.getByRole('button', { name: 'Pack', exact: true }).click();
  await expect(desk.getByRole('status')).toContainText(`Order ${number} is packed.`);
  await step(desk, 'Ship', { Carrier: 'SF Express', 'Tracking number': 'SF 1043' }, 'Ship order');
  await desk.getByRole('button', { name: 'Mark as delivered' }).click();
  await step(desk, 'Record return', { Reason: 'Too small' }, 'Record return');
  await expect(desk.getByRole('status')).toContainText('is recorded');
  await step(desk, 'Refund', { 'Amount in CNY': 'all of it' }, 'Refund');
  const again = desk.locator('.step-refused');
  await expect(again.getByLabel('Amount in CNY')).toHaveValue('all of it');
  await again.getByLabel('Amount in CNY').fill('90');
  await again.getByRole('button', { name: 'Refund', exact: true }).click();
  await expect(desk.getByRole('status')).toContainText(`Order ${number} was refunded.`);

  await page.reload();
  await expect(page.getByText('¥90.00 went back to you.')).toBeVisible();
  await page.getByRole('link', { name: 'Packed: as it stood then' }).click();
  await expect(page.getByText('You are looking at the past')).toBeVisible();
  await expect(page.getByText('Reserved in the stock:')).toBeVisible();
  await page.getByRole('slider').fill('1');
  await page.getByRole('button', { name: 'Go there' }).click();
  await expect(page.getByText('after event 1 of')).toHaveCount(2);
  await page.getByRole('link', { name: 'One event on' }).click();
  await expect(page.getByText('after event 2 of')).toHaveCount(2);
  await expectFits(page);
  await page.getByRole('link', { name: 'Back to how it stands now' }).click();
  await expect(page.getByText('You are looking at the past')).toHaveCount(0);
  await page.goto('/wallet');
  await expect(page.getByRole('row').filter({ hasText: 'Refund' }).getByRole('link', { name: number })).toBeVisible();
});

test('an order on invoice is paid, and another one cancelled', async ({ page, anotherPage }) => {
  const person = newPerson('Payer');
  await register(page, person);
  const desk = await anotherPage();
  await signIn(desk, STAFF);
  const product = await createProduct(desk, unique('Kettle'), '5');

  await toCheckout(page, product);
  await fillAddress(page);
  await page.getByLabel('Wallet').check();
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(page.getByText('¥90.00 is missing in your wallet')).toBeVisible();
  await expect(page.getByLabel('City')).toHaveValue('Shanghai');
  await page.getByRole('button', { name: 'Pay by bank transfer instead' }).click();
  await expect(page.locator('.how-to-pay')).toContainText('¥90.00');
  const number = /\/orders\/(.+)\/thanks$/.exec(page.url())?.[1] ?? '';

  await desk.goto(`/orders/${number}`);
  await desk.getByRole('button', { name: 'Mark as paid' }).click();
  await desk.getByRole('dialog').getByRole('button', { name: 'Mark as paid' }).click();
  await expect(desk.getByRole('status')).toContainText(`Order ${number} is paid.`);
  await page.getByRole('link', { name: 'See the order' }).click();
  await expect(page.getByText('It is paid for.')).toBeVisible();
  await step(page, 'Cancel order', { Reason: 'Changed my mind' }, 'Cancel order');
  await expect(page.getByRole('status')).toContainText(`Order ${number} is cancelled.`);
  await page.goto('/wallet');
  await expect(page.getByText('¥90.00').first()).toBeVisible();

  await toCheckout(page, product);
  await expect(page.getByLabel('City')).toHaveValue('Shanghai');
  await page.getByLabel('Bank transfer').check();
  const other = await place(page);
  await page.goto(`/orders/${other}`);
  await step(page, 'Cancel order', {}, 'Cancel order');
  await expect(page.getByText('It was cancelled. Nothing was charged.')).toBeVisible();
});

test('two shoppers want the last one, and the second is told so', async ({ page, anotherPage }) => {
  const desk = await anotherPage();
  await signIn(desk, STAFF);
  const name = unique('Vase');
  const product = await createProduct(desk, name, '1');
  const other = await anotherPage();
  await register(page, newPerson('Quick'));
  await register(other, newPerson('Slow'));
  for (const shopper of [page, other]) {
    await toCheckout(shopper, product);
    await fillAddress(shopper);
    await shopper.getByLabel('Bank transfer').check();
  }
  await place(page);
  await other.getByRole('button', { name: 'Place the order' }).click();
  await expect(other.getByRole('alert').first()).toContainText(`${name} is sold out.`);
  await expect(other.getByLabel('City')).toHaveValue('Shanghai');
  await expect(other.getByRole('link', { name: 'change your cart', exact: true })).toBeVisible();
});

test('staff place an order for a customer, flag it, and print its packing list', async ({ page, anotherPage }) => {
  const person = newPerson('Caller');
  await register(await anotherPage(), person);
  await signIn(page, STAFF);
  const name = unique('Bowl');
  await createProduct(page, name, '9');
  await page.goto('/orders/new');
  await page.getByLabel("Customer's e-mail").fill(person.email);
  await page.getByLabel('Product 1').fill(name);
  await page.getByLabel('Quantity').first().fill('2');
  await page.getByRole('button', { name: 'Add a row' }).click();
  await expect(page.getByLabel('Product 4')).toBeVisible();
  await expect(page.getByText(`${name}, ¥80.00, 9 available`)).toBeVisible();
  await expect(page.getByLabel("Customer's e-mail")).toHaveValue(person.email);
  await expectFits(page);
  await page.getByLabel('Name', { exact: true }).fill(person.name);
  await fillAddress(page);
  await page.getByRole('button', { name: 'Place the order' }).click();
  await expect(page.getByRole('status')).toContainText(`is placed for ${person.name}.`);
  await step(page, 'Flag', { Reason: 'Call first' }, 'Flag order');
  await expect(page.getByText('Call first').first()).toBeVisible();
  await page.getByRole('button', { name: 'Remove flag' }).click();
  await expect(page.getByRole('status')).toContainText('is removed');
  await page.getByRole('link', { name: 'Packing list' }).click();
  await expect(page.getByRole('article').getByRole('row').filter({ hasText: name })).toContainText('2');
  await expectFits(page);
});

test('a view of the list is kept, used and deleted', async ({ page }) => {
  await signIn(page, STAFF);
  await page.goto('/orders/all');
  await openFilters(page);
  await page.getByLabel('Payment').selectOption({ label: 'Bank transfer' });
  await page.getByRole('button', { name: 'Filter', exact: true }).click();
  const name = unique('Unpaid');
  await page.locator('summary', { hasText: 'Saved views' }).click();
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Save view' }).click();
  await expect(page.getByRole('status')).toContainText(`View “${name}” saved.`);
  await page.goto('/orders/all');
  await page.getByRole('navigation', { name: 'Saved views' }).getByRole('link', { name }).click();
  await expect(page).toHaveURL(/\/orders\/all\?payment=invoice$/);
  await expectFits(page);
  await page.locator('summary', { hasText: 'Saved views' }).click();
  await page.getByRole('listitem').filter({ hasText: name }).getByRole('button', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete view' }).click();
  await expect(page.getByRole('status')).toContainText(`View “${name}” deleted.`);
});
