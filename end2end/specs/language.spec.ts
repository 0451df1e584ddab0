// The pages in Chinese: asked for by the browser, or chosen by the switch.

import { awake, expect, newPerson, signInInChinese, STAFF, test, unique } from './fixtures';
import { expectSound } from './sound';
import type { Page } from '@playwright/test';

/** In the bar on wide screens, in the menu on narrow ones. */
async function speak(page: Page, language: string) {
  const button = page.getByRole('button', { name: language, exact: true });
  if (!(await button.first().isVisible()) && !(await button.last().isVisible())) {
    await page.locator('.site-menu-button').click();
  }
  await button.and(page.locator(':visible')).click();
}

test('the switch changes the language, keeps the page, and is remembered', async ({ page, javaScriptEnabled }) => {
  await page.goto('/products?sort=name');
  await speak(page, '中文');
  await expect(page).toHaveURL(/\/products\?sort=name$/);
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-CN');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('商店');
  await page.goto('/cart');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('购物车');
  if (javaScriptEnabled) await expectSound(page);
  await speak(page, 'English');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Your cart');
});

test.describe('in a Chinese browser', () => {
  test.use({ locale: 'zh-CN' });

  test('a shopper fills the cart @script', async ({ page }) => {
    await page.goto('/products/fountain-pen');
    await awake(page);
    await page.getByRole('button', { name: '加入购物车' }).click();
    await expect(page.getByText('已加入购物车。')).toBeVisible();
    await expect(page.locator('.cart-words')).toHaveText('购物车，1 件');
    await page.goto('/cart');
    await expect(page.getByRole('link', { name: '去结算' })).toBeVisible();
    await expectSound(page);
  });

  test('a shopper orders by bank transfer, and staff see it to the door', async ({ page, anotherPage }) => {
    const desk = await anotherPage();
    await signInInChinese(desk, STAFF);
    const product = await createProduct(desk);

    const person = newPerson('Li');
    await page.goto('/register');
    await page.getByLabel('姓名', { exact: true }).fill(person.name);
    await page.getByLabel('邮箱').fill(person.email);
    await page.getByLabel('密码').fill('1234567890');
    await page.getByRole('button', { name: '注册' }).click();
    await expect(page.getByText('这是最常见的密码之一').first()).toBeVisible();
    await page.getByLabel('密码').fill(person.password);
    await page.getByRole('button', { name: '注册' }).click();
    await expect(page.getByRole('status')).toContainText(`欢迎您，${person.name}！`);

    await page.goto(product.address);
    await expect(page.getByRole('heading', { level: 1, name: product.chinese })).toBeVisible();
    await page.getByRole('main').getByRole('button', { name: '加入购物车' }).click();
    await expect(page.getByText('已加入购物车。')).toBeVisible();
    await page.goto('/cart');
    await page.getByRole('main').getByRole('link', { name: '去结算' }).click();
    await page.getByRole('button', { name: '提交订单' }).click();
    await expect(page.getByLabel('详细地址')).toBeFocused();
    await page.getByLabel('详细地址').fill('南京西路 12 号');
    await page.getByLabel('邮政编码').fill('200001');
    await page.getByLabel('城市').fill('上海');
    await page.getByLabel('国家/地区').selectOption('中国');
    await page.getByLabel('银行转账').check();
    await page.getByRole('button', { name: '提交订单' }).click();
    await expect(page.getByRole('heading', { level: 1, name: '下单成功' })).toBeVisible();
    const number = /\/orders\/(.+)\/thanks$/.exec(page.url())?.[1] ?? '';

    await desk.goto(`/orders/${number}`);
    await desk.getByRole('main').getByRole('button', { name: '确认收款', exact: true }).click();
    await desk.getByRole('dialog').getByRole('button', { name: '确认收款', exact: true }).click();
    await expect(desk.getByRole('status')).toContainText(`订单 ${number} 已付款。`);
    await desk.getByRole('button', { name: '打包', exact: true }).click();
    await expect(desk.getByRole('status')).toContainText(`订单 ${number} 已打包。`);
    await desk.getByRole('main').getByRole('button', { name: '发货', exact: true }).click();
    await desk.getByRole('dialog').getByLabel('快递公司').fill('顺丰速运');
    await desk.getByRole('dialog').getByRole('button', { name: '确认发货' }).click();
    await desk.getByRole('button', { name: '确认送达' }).click();
    await expect(desk.getByRole('status')).toContainText(`订单 ${number} 已送达。`);

    await page.goto('/orders');
    await expect(page.getByRole('row').filter({ hasText: number })).toContainText(product.chinese);
    await page.getByRole('link', { name: number }).click();
    await expect(page.getByText('订单已送达，希望您喜欢。')).toBeVisible();
    // The same order, to somebody who reads English.
    await speak(page, 'English');
    await expect(page.getByText(product.english).first()).toBeVisible();
  });

  test('staff put a card on a board and finish it', async ({ page }) => {
    await signInInChinese(page, STAFF);
    await page.goto('/boards');
    await page.getByRole('main').getByRole('link', { name: '门店' }).click();
    const title = unique('盘点货架');
    const column = page.getByRole('region', { name: '待办' });
    await column.getByRole('textbox').fill(title);
    await column.getByRole('textbox').press('Enter');
    await expect(page.getByRole('status')).toContainText(title);
    await page.getByRole('main').getByRole('link', { name: title }).click();
    await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  });
});

/** Staff make a product with a name in each language. */
async function createProduct(page: Page) {
  const [chinese, english] = [unique('茶壶'), unique('Teapot')];
  await page.goto('/products/new');
  const form = page.locator('form', { has: page.getByRole('button', { name: '创建商品' }) });
  await form.getByRole('group', { name: '中文' }).getByLabel('名称').fill(chinese);
  await form.getByRole('group', { name: 'English' }).getByLabel('名称').fill(english);
  await form.getByLabel('价格（CNY）').fill('80');
  await form.getByLabel('分类').selectOption({ label: '纸笔文具' });
  await form.getByLabel('期初库存').fill('5');
  await form.getByRole('button', { name: '创建商品' }).click();
  await expect(page.getByRole('status')).toContainText(`“${chinese}”已创建`);
  return { chinese, english, address: page.url().replace(/\/edit$/, '') };
}
