// What JavaScript adds. All of it has a way that works without.

import { awake, expect, newPerson, register, signIn, STAFF, test, unique } from './fixtures';
import { png } from './pictures';

test('the theme changes in place and is kept', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  const root = page.locator('html');
  await expect(root).toHaveAttribute('data-theme', 'auto');
  await page.getByLabel('E-mail').fill('half typed');

  const shown = page.getByRole('banner').getByRole('button', { name: /theme/i });
  for (const theme of ['light', 'dark']) {
    // A narrow screen shows one button at a time: the one for the next theme.
    await shown.and(page.locator(`[value="${theme}"]`)).click();
    await expect(root).toHaveAttribute('data-theme', theme);
  }
  await expect(page.getByLabel('E-mail')).toHaveValue('half typed');
  await expect(root).toHaveCSS('color-scheme', 'dark');

  await page.reload();
  await expect(root).toHaveAttribute('data-theme', 'dark');
  await page.goto('/register');
  await expect(root).toHaveAttribute('data-theme', 'dark');
});

test('a toast is dismissed by its cross', async ({ page }) => {
  await register(page, newPerson('Tidy'));
  await awake(page);
  const toast = page.getByRole('status').filter({ hasText: 'Welcome' });
  await toast.getByRole('button', { name: 'Dismiss' }).click();
  await expect(toast).toBeHidden();
});

test('Ctrl-K opens the palette, letters filter it, Enter goes', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await expect(palette).toBeVisible();
  await page.keyboard.type('regis');
  await expect(palette.getByRole('link')).toHaveText([/Register/]);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL('/register');
});

test('the palette says when nothing has that name, and Escape closes it', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  await page.keyboard.press('Escape');
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Go to' });
  await page.keyboard.type('no such place');
  await expect(palette.getByText('Nothing by that name.')).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(palette).toBeHidden();
});

test('arrows travel through the palette', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('Control+k');
  const links = page.getByRole('dialog', { name: 'Go to' }).getByRole('link');
  await page.keyboard.press('ArrowDown');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByRole('textbox', { name: 'Go to' })).toBeFocused();
});

test('a question mark shows the shortcuts, but not while typing', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await page.getByLabel('E-mail').press('?');
  await expect(page.getByLabel('E-mail')).toHaveValue('?');
  await expect(shortcuts).toBeHidden();
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('?');
  await expect(shortcuts).toBeVisible();
  await shortcuts.getByRole('button', { name: 'Close' }).click();
  await expect(shortcuts).toBeHidden();
});

test('a slash goes to the search field', async ({ page }) => {
  await page.goto('/login');
  await awake(page);
  await page.getByRole('heading', { level: 1 }).click();
  await page.keyboard.press('/');
  await expect(page.getByRole('banner').getByLabel('Search products')).toBeFocused();
});

test('keys pressed alone can be switched off, and on again', async ({ page }) => {
  await page.goto('/login');
  const shortcuts = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  const field = page.getByRole('banner').getByLabel('Search products');
  for (const [button, acts] of [['Switch single keys off', false], ['Switch single keys on', true]] as const) {
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
    await shortcuts.getByRole('button', { name: button }).click();
    await expect(page.getByRole('status')).toContainText(acts ? 'switched on' : 'switched off');
    await page.goto('/register');
    await awake(page);
    await page.getByRole('heading', { level: 1 }).click();
    await page.keyboard.press('?');
    await expect(shortcuts).toBeVisible({ visible: acts });
    if (acts) await page.keyboard.press('Escape');
    await page.keyboard.press('/');
    await expect(field).toBeFocused({ timeout: 1_000 }).then(
      () => expect(acts).toBe(true),
      () => expect(acts).toBe(false),
    );
    await page.getByRole('heading', { level: 1 }).click();
    // With Ctrl it is no single key.
    await page.keyboard.press('Control+k');
    await expect(page.getByRole('dialog', { name: 'Go to' })).toBeVisible();
    await page.keyboard.press('Escape');
  }
});

test('a toast takes back what was just done, for as long as it takes', async ({ page }) => {
  await register(page, newPerson('Hasty'));
  const title = unique('Made too soon');
  await page.goto('/tasks');
  await page.getByLabel(/^Add a task/).fill(title);
  await page.clock.install();
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await awake(page);
  // It waits for whoever needs longer.
  await page.clock.fastForward('10:00');
  await page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('status')).toContainText(`Deleted: ${title}`);
  await expect(page.getByRole('main').getByRole('link', { name: title })).toHaveCount(0);
});

test('suggestions follow the typing, and the keyboard goes to one', async ({ page }) => {
  await page.goto('/');
  await awake(page);
  const field = page.getByRole('combobox', { name: 'Search products' });
  await field.pressSequentially('键盘');
  const suggestions = page.getByRole('listbox', { name: 'Products' });
  const found = suggestions.getByRole('option', { name: 'Mechanical keyboard' });
  await expect(found).toBeVisible();
  await expect(field).toHaveAttribute('aria-expanded', 'true');
  await field.press('Escape');
  await expect(suggestions).toBeHidden();

  await field.fill('');
  await field.pressSequentially('键盘');
  await expect(found).toBeVisible();
  await field.press('ArrowDown');
  await expect(suggestions.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await field.press('Enter');
  await expect(page).toHaveURL(/\/products\/[a-z-]+$/);
  await expect(page.getByRole('heading', { level: 1, name: 'Mechanical keyboard' })).toBeVisible();
});

test('a picture is shown before it is sent', async ({ page }) => {
  await signIn(page, STAFF);
  await page.goto('/products/mechanical-keyboard/edit');
  await awake(page);
  await page.locator('input[type=file]').setInputFiles({ name: 'new.png', mimeType: 'image/png', buffer: png(40) });
  const preview = page.locator('.picture-input img');
  await expect(preview).toBeVisible();
  await expect(preview).toHaveAttribute('src', /^blob:/);
  await expect.poll(() => preview.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(40);
});

test('the meters of the console go on by themselves, and pause when told', async ({ page }) => {
  await signIn(page, STAFF);
  await page.goto('/ops/conservation');
  await awake(page);
  const asOf = page.getByText(/^As of/);
  const first = await asOf.textContent();
  await expect(asOf).not.toHaveText(first ?? '', { timeout: 10_000 });
  await expect(page.getByRole('main').getByText('Broken')).toHaveCount(0);
  await page.getByRole('button', { name: 'Pause updates' }).click();
  const paused = page.getByText(/^Paused. As of/);
  const kept = await paused.textContent();
  await page.getByRole('button', { name: 'Resume' }).click();
  await expect(paused).toHaveCount(0);
  await expect(asOf).not.toHaveText(kept?.replace('Paused. ', '') ?? '', { timeout: 10_000 });
});
