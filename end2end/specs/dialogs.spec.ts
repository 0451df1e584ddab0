// Dialogs open and close without script, in browsers of every age.

import { expect, test } from './fixtures';
import type { Page } from '@playwright/test';

/** Serves pages and stylesheets changed, as if the browser did not know what is in them. */
async function without(page: Page, ...unknown: [string, string][]) {
  await page.route(
    (url) => url.pathname === '/' || url.pathname.endsWith('.css'),
    async (route) => {
      const response = await route.fetch();
      let body = await response.text();
      for (const [known, instead] of unknown) body = body.replaceAll(known, instead);
      await route.fulfill({ response, body });
    },
  );
}

const COMMANDS: [string, string] = [' commandfor=', ' data-commandfor='];
const POPOVERS: [string, string][] = [
  [' popovertarget=', ' data-popovertarget='],
  [' popover=', ' data-popover='],
  ['selector(:popover-open)', 'selector(:unknown-to-it)'],
];

const dialog = (page: Page) => page.getByRole('dialog', { name: 'Keyboard shortcuts' });

test('a dialog is modal and closes by its cross and by Escape', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Keyboard shortcuts' })).toHaveCount(0);
  for (const close of [
    () => dialog(page).getByRole('button', { name: 'Close' }).click(),
    () => page.keyboard.press('Escape'),
  ]) {
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await expect(dialog(page)).toBeVisible();
    expect(await dialog(page).evaluate((it) => it.matches(':modal'))).toBe(true);
    await close();
    await expect(dialog(page)).toBeHidden();
  }
});

test('a browser without commands opens it as a popover', async ({ page }) => {
  await without(page, COMMANDS);
  await page.goto('/');
  await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
  await expect(dialog(page)).toBeVisible();
  await dialog(page).getByRole('button', { name: 'Close' }).click();
  await expect(dialog(page)).toBeHidden();
});

test('a browser without popovers either follows a link to its address', async ({ page }) => {
  await without(page, COMMANDS, ...POPOVERS);
  await page.goto('/');
  await expect(page.getByRole('button', { name: 'Keyboard shortcuts' })).toHaveCount(0);
  await page.getByRole('link', { name: 'Keyboard shortcuts' }).click();
  await expect(dialog(page)).toBeVisible();
  await expect(page).toHaveURL('/#shortcuts');
  await dialog(page).getByRole('link', { name: 'Close' }).click();
  await expect(dialog(page)).toBeHidden();
});
