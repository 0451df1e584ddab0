// The cart, filled and changed with and without script. Stock and prices move through the API, as they
// would under a shopper's hands.

import { awake, expect, newPerson, register, signOut, STAFF, test as base, unique } from './fixtures';
import { expectSound } from './sound';
import type { APIRequestContext, Page } from '@playwright/test';

type Product = { id: number; slug: string; name: string; price: number; stock: number };

/** What staff do meanwhile. */
class BackRoom {
  private readonly made: Product[] = [];

  private constructor(
    private readonly request: APIRequestContext,
    private readonly headers: Record<string, string>,
  ) {}

  static async open(request: APIRequestContext) {
    const data = { email: STAFF, password: 'welcome-to-the-hall' };
    const answer = await request.post('/api/v1/auth/login', { data });
    expect(answer.status()).toBe(200);
    const { access_token: token } = (await answer.json()).data as { access_token: string };
    return new BackRoom(request, { authorization: `Bearer ${token}` });
  }

  async make(word: string, price: number, stock: number): Promise<Product> {
    // Not in Audio, where it would go by itself: another journey reads that page.
    const data = { name: unique(word), price, stock, category: 'stationery' };
    const answer = await this.request.post('/api/v1/products', { data, headers: this.headers });
    expect(answer.status()).toBe(201);
    const product = (await answer.json()).data as Product;
    this.made.push(product);
    return product;
  }

  /** Takes what was made off sale, so that the shop's first page stays as others know it. */
  async clear() {
    for (const product of this.made) await this.change(product, { active: false });
  }

  async change(product: Product, data: Partial<Product> & { active?: boolean }) {
    const path = `/api/v1/products/${product.id}`;
    expect((await this.request.patch(path, { data, headers: this.headers })).status()).toBe(200);
  }
}

const test = base.extend<{ backRoom: BackRoom }>({
  backRoom: async ({ request }, use) => {
    const backRoom = await BackRoom.open(request);
    await use(backRoom);
    await backRoom.clear();
  },
});

/** Opens a page; where there is script, waits until it acts in place. */
async function open(page: Page, path: string, javaScriptEnabled: boolean) {
  await page.goto(path);
  if (javaScriptEnabled) await awake(page);
}

function pathOf(product: Product) {
  return `/products/${product.slug}`;
}

/** The list with this product alone. */
function listOf(product: Product) {
  return `/products?q=${encodeURIComponent(product.name)}`;
}

/** What the link to the cart in the header says. */
function badge(page: Page) {
  return page.getByRole('banner').getByRole('link', { name: /^Cart, / });
}

/** A message about what was done, from the page or from the one before. */
function toast(page: Page, text: string) {
  return page.locator('.toast').filter({ hasText: text });
}

function line(page: Page, product: Product) {
  return page.locator('.cart-line').filter({ hasText: product.name });
}

function quantity(page: Page, product: Product) {
  return line(page, product).getByLabel(`Quantity of ${product.name}`);
}

function subtotal(page: Page) {
  return page.locator('.cart-subtotal');
}

/** Types another quantity and says so with Enter, which a plain form understands as well. */
async function setQuantity(page: Page, product: Product, typed: string) {
  await quantity(page, product).fill(typed);
  await quantity(page, product).press('Enter');
}

async function putIn(page: Page, typed = '1') {
  await page.getByLabel('Quantity', { exact: true }).fill(typed);
  await page.getByRole('button', { name: 'Add to cart', exact: true }).click();
}

/** What the badge shows may be ahead of the server; the message is its word. */
async function expectIn(page: Page, product: Product) {
  await expect(toast(page, `${product.name} is in your cart.`)).toBeVisible();
}

test('things are put in from the list and from the page, changed, taken out and put back', async ({
  page,
  backRoom,
  javaScriptEnabled,
}) => {
  const mug = await backRoom.make('Mug', 12_900, 9);
  const lamp = await backRoom.make('Lamp', 45_000, 9);

  await open(page, listOf(mug), javaScriptEnabled);
  await expect(badge(page)).toHaveText(/Cart, empty/);
  await page.getByRole('button', { name: `Add to cart: ${mug.name}` }).click();
  await expectIn(page, mug);
  await expect(badge(page)).toHaveText(/Cart, 1 item/);

  await open(page, pathOf(lamp), javaScriptEnabled);
  await putIn(page, '2');
  await expectIn(page, lamp);
  await expect(badge(page)).toHaveText(/Cart, 3 items/);

  await badge(page).click();
  await expect(page).toHaveURL('/cart');
  if (javaScriptEnabled) await awake(page);
  await expect(line(page, mug)).toContainText('¥129.00');
  await expect(line(page, lamp).locator('.cart-total')).toHaveText('¥900.00');
  await expect(subtotal(page)).toContainText('¥1,029.00');

  await setQuantity(page, lamp, '3');
  await expect(line(page, lamp).locator('.cart-total')).toHaveText('¥1,350.00');
  await expect(subtotal(page)).toContainText('¥1,479.00');
  await expect(badge(page)).toHaveText(/Cart, 4 items/);

  await line(page, lamp).getByRole('button', { name: `Remove ${lamp.name}` }).click();
  await expect(line(page, lamp)).toHaveCount(0);
  await expect(badge(page)).toHaveText(/Cart, 1 item/);
  await toast(page, `${lamp.name} is out of your cart.`).getByRole('button', { name: 'Undo' }).click();
  await expect(toast(page, `${lamp.name} is back in your cart.`)).toBeVisible();
  await expect(quantity(page, lamp)).toHaveValue('3');

  if (javaScriptEnabled) await awake(page);
  await setQuantity(page, lamp, '0');
  await expect(toast(page, `${lamp.name} is out of your cart.`)).toBeVisible();
  await expect(line(page, lamp)).toHaveCount(0);
  await page.reload();
  await expect(badge(page)).toHaveText(/Cart, 1 item/);
  await expect(page.getByRole('link', { name: 'Checkout' })).toHaveAttribute('href', '/checkout');
});

test('a double click puts in one', async ({ page, backRoom, javaScriptEnabled }) => {
  const mug = await backRoom.make('Mug', 12_900, 9);
  const other = await backRoom.make('Other', 100, 9);
  await open(page, pathOf(other), javaScriptEnabled);
  await putIn(page);
  await expectIn(page, other);
  await open(page, listOf(mug), javaScriptEnabled);
  await page.getByRole('button', { name: `Add to cart: ${mug.name}` }).dblclick();
  await expectIn(page, mug);
  await expect(badge(page)).toHaveText(/Cart, 2 items/);
  await open(page, '/cart', javaScriptEnabled);
  await expect(quantity(page, mug)).toHaveValue('1');
});

test('more than there is is refused, and what was typed stays', async ({ page, backRoom, javaScriptEnabled }) => {
  const mug = await backRoom.make('Mug', 12_900, 3);
  await open(page, pathOf(mug), javaScriptEnabled);
  await putIn(page, '9');
  await expect(page.getByText(`There are only 3 of ${mug.name} left.`)).toBeVisible();
  await expect(page.getByText('Choose at most 3.').first()).toBeVisible();
  await expect(page.getByLabel('Quantity', { exact: true })).toHaveValue('9');
  await expect(badge(page)).toHaveText(/Cart, empty/);
  await expect(page).toHaveURL(javaScriptEnabled ? pathOf(mug) : '/cart/items');
  // What was refused can be put right at once.
  await putIn(page, '2');
  await expectIn(page, mug);
  await expect(badge(page)).toHaveText(/Cart, 2 items/);
});

test('prices and stock that moved are shown, and the checkout says why it is closed', async ({
  page,
  backRoom,
  javaScriptEnabled,
}) => {
  const mug = await backRoom.make('Mug', 19_900, 9);
  const lamp = await backRoom.make('Lamp', 45_000, 9);
  for (const product of [mug, lamp]) {
    await open(page, pathOf(product), javaScriptEnabled);
    await putIn(page, '4');
    await expectIn(page, product);
  }
  await backRoom.change(mug, { price: 20_900, stock: 2 });
  await backRoom.change(lamp, { stock: 0 });
  await page.goto('/cart');
  await expect(line(page, mug)).toContainText('was ¥199.00, now ¥209.00');
  await expect(line(page, mug)).toContainText('Only 2 are left.');
  await expect(line(page, lamp)).toContainText('Sold out');
  await expect(subtotal(page)).toContainText('¥836.00');
  await expect(page.getByText('Before you can order')).toBeVisible();
  await expect(page.getByRole('link', { name: 'Checkout' })).toHaveCount(0);

  await page.getByRole('button', { name: 'Use the new prices' }).click();
  await expect(page.getByText('was ¥199.00')).toHaveCount(0);
  await line(page, mug).getByRole('button', { name: `Take 2 of ${mug.name}` }).click();
  await expect(quantity(page, mug)).toHaveValue('2');
  await line(page, lamp).getByRole('button', { name: `Remove ${lamp.name}` }).click();
  await expect(page.getByRole('link', { name: 'Checkout' })).toBeVisible();
  await expect(subtotal(page)).toContainText('¥418.00');
});

test('whoever registers takes their cart along', async ({ page, backRoom, javaScriptEnabled }) => {
  const mug = await backRoom.make('Mug', 12_900, 9);
  await open(page, pathOf(mug), javaScriptEnabled);
  await putIn(page, '2');
  await expectIn(page, mug);
  await register(page, newPerson('Shopper'));
  await expect(badge(page)).toHaveText(/Cart, 2 items/);
  await page.goto('/cart');
  await expect(quantity(page, mug)).toHaveValue('2');
  await signOut(page);
  await expect(badge(page)).toHaveText(/Cart, empty/);
  await page.goto('/cart');
  await expect(page.getByText('Your cart is empty')).toBeVisible();
  await page.getByRole('link', { name: 'Go to the shop' }).click();
  await expect(page).toHaveURL('/products');
});

test.describe('with script', { tag: '@script' }, () => {
  /** Holds the cart's next answers back until told. */
  async function hold(page: Page) {
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/fn/change_cart', async (route) => {
      await released;
      await route.continue();
    });
    return release;
  }

  /** Marks the page, so that a new one can be told from it. */
  async function mark(page: Page) {
    await page.evaluate(() => Object.assign(window, { stayed: true }));
    return () => page.evaluate(() => 'stayed' in window);
  }

  test('the badge and the sums change in place, and at once', async ({ page, backRoom }) => {
    const mug = await backRoom.make('Mug', 12_900, 9);
    await open(page, pathOf(mug), true);
    const stayed = await mark(page);
    const added = await hold(page);
    await putIn(page, '2');
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
    await expect(toast(page, mug.name)).toHaveCount(0);
    added();
    await expectIn(page, mug);
    expect(await stayed()).toBe(true);
    await toast(page, mug.name).getByRole('link', { name: 'See the cart' }).click();

    await expect(page).toHaveURL('/cart');
    await awake(page);
    const stays = await mark(page);
    const set = await hold(page);
    await quantity(page, mug).fill('4');
    await quantity(page, mug).press('Tab');
    await expect(subtotal(page)).toContainText('¥516.00');
    await expect(badge(page)).toHaveText(/Cart, 4 items/);
    // Once more before the first answer is there: the last word counts.
    await quantity(page, mug).fill('5');
    await quantity(page, mug).press('Tab');
    await expect(subtotal(page)).toContainText('¥645.00');
    const settled = page.waitForResponse(
      (response) => response.url().endsWith('/fn/change_cart') && (response.request().postData() ?? '').includes('quantity=5'),
    );
    set();
    await settled;
    await expect(badge(page)).toHaveText(/Cart, 5 items/);
    expect(await stays()).toBe(true);
    await page.reload();
    await expect(quantity(page, mug)).toHaveValue('5');
  });

  test("a visitor's first two clicks go into one cart", async ({ page, backRoom }) => {
    const word = unique('Twin');
    const [one, two] = [await backRoom.make(word, 100, 9), await backRoom.make(word, 200, 9)];
    await open(page, `/products?q=${encodeURIComponent(word)}`, true);
    const release = await hold(page);
    for (const { name } of [one, two]) await page.getByRole('button', { name: `Add to cart: ${name}` }).click();
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
    release();
    await expectIn(page, two);
    await open(page, '/cart', true);
    await expect(quantity(page, one)).toHaveValue('1');
    await expect(quantity(page, two)).toHaveValue('1');
  });

  test('what the server refuses is taken back, and it says why', async ({ page, backRoom }) => {
    const mug = await backRoom.make('Mug', 12_900, 9);
    const lamp = await backRoom.make('Lamp', 45_000, 9);
    await open(page, pathOf(mug), true);
    await putIn(page, '2');
    await expectIn(page, mug);

    await open(page, '/cart', true);
    await backRoom.change(mug, { stock: 3 });
    const set = await hold(page);
    await quantity(page, mug).fill('6');
    await quantity(page, mug).press('Tab');
    await expect(subtotal(page)).toContainText('¥774.00');
    await expect(badge(page)).toHaveText(/Cart, 6 items/);
    set();
    await expect(toast(page, `There are only 3 of ${mug.name} left.`)).toBeVisible();
    await expect(quantity(page, mug)).toHaveValue('2');
    await expect(subtotal(page)).toContainText('¥258.00');
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
    await page.getByRole('button', { name: 'Dismiss' }).click();
    await expect(toast(page, mug.name)).toHaveCount(0);

    await open(page, listOf(lamp), true);
    await backRoom.change(lamp, { stock: 0 });
    const added = await hold(page);
    await page.getByRole('button', { name: `Add to cart: ${lamp.name}` }).click();
    await expect(badge(page)).toHaveText(/Cart, 3 items/);
    added();
    await expect(toast(page, `${lamp.name} is sold out.`)).toBeVisible();
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
  });

  test('whoever goes on before the server has answered loses nothing', async ({ page, backRoom }) => {
    const mug = await backRoom.make('Mug', 12_900, 9);
    await open(page, pathOf(mug), true);
    let release = await hold(page);
    await putIn(page, '2');
    await badge(page).click();
    await expect(page).toHaveURL(pathOf(mug));
    release();
    await expect(page).toHaveURL('/cart');
    await awake(page);
    await page.unroute('**/fn/change_cart');

    release = await hold(page);
    await quantity(page, mug).fill('5');
    await badge(page).click();
    release();
    await expect(quantity(page, mug)).toHaveAttribute('value', '5');
    await expect(badge(page)).toHaveText(/Cart, 5 items/);
    await page.reload();
    await expect(quantity(page, mug)).toHaveValue('5');
  });

  test('another tab, and a page one comes back to, show the same count', async ({ page, context, backRoom }) => {
    const mug = await backRoom.make('Mug', 12_900, 9);
    const other = await context.newPage();
    await open(other, '/login', true);
    await open(page, '/register', true);
    await open(page, pathOf(mug), true);
    await putIn(page, '2');
    await expectIn(page, mug);
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
    await expect(badge(other)).toHaveText(/Cart, 2 items/);
    await page.goBack();
    await expect(page).toHaveURL('/register');
    await expect(badge(page)).toHaveText(/Cart, 2 items/);
  });

  test('the cart is sound, empty, full and in trouble', async ({ page, backRoom }) => {
    await open(page, '/cart', true);
    await expectSound(page);
    const products = [
      await backRoom.make('Mug', 12_900, 9),
      await backRoom.make('A lamp with a name that goes on for longer than a narrow screen has room for', 45_000, 9),
      await backRoom.make('Pen', 300, 9),
    ];
    for (const product of products) {
      await open(page, pathOf(product), true);
      await putIn(page, '3');
      await expectIn(page, product);
    }
    await expectSound(page);
    await open(page, '/cart', true);
    await expectSound(page);
    const [mug, lamp, pen] = products as [Product, Product, Product];
    await backRoom.change(mug, { price: 13_900, stock: 2 });
    await backRoom.change(lamp, { stock: 0 });
    await backRoom.change(pen, { active: false });
    await open(page, '/cart', true);
    await expect(page.getByText('No longer for sale', { exact: true })).toBeVisible();
    await expectSound(page);
    await setQuantity(page, mug, '8');
    await expect(page.getByRole('alert').filter({ hasText: 'There are only 2' })).toBeVisible();
    await expectSound(page);
  });
});
