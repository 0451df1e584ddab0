// The pages in Chinese: asked for by the browser, or chosen by the switch.

import { awake, expect, test } from './fixtures';
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
});
