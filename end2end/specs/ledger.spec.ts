import { expect, expectFits, newPerson, openFilters, register, signIn, STAFF, test } from './fixtures';

test('staff top up a wallet, its owner sees it, and staff take it back', async ({ page, anotherPage }) => {
  const person = newPerson('Saver');
  await register(page, person);
  await page.goto('/wallet');
  await expect(page.getByRole('heading', { name: 'Nothing in here yet' })).toBeVisible();

  const desk = await anotherPage();
  await signIn(desk, STAFF);
  await desk.goto('/ledger');
  await desk.getByLabel('Code, name or owner').fill(person.name);
  await desk.getByRole('button', { name: 'Search', exact: true }).click();
  await desk.getByRole('main').getByRole('link', { name: /^wallet-/ }).click();
  await desk.getByLabel('Amount in').fill('a little');
  await desk.getByLabel('Memo').fill('Cash, 现金');
  await desk.getByRole('button', { name: 'Top up' }).click();
  await expect(desk.getByRole('alert')).toBeVisible();
  await expect(desk.getByLabel('Memo')).toHaveValue('Cash, 现金');
  await expect(desk.getByLabel('Amount in')).toHaveValue('a little');
  await desk.getByLabel('Amount in').fill('120.50');
  await desk.getByRole('button', { name: 'Top up' }).click();
  await expect(desk.getByRole('status')).toContainText(`¥120.50 is in the wallet of ${person.name}.`);

  await page.reload();
  await expect(page.getByRole('img', { name: /^Balance of the last 90 days: from ¥0\.00 to ¥120\.50/ })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Cash, 现金' })).toContainText('¥120.50');

  await desk.getByRole('link', { name: 'In the journal' }).click();
  await desk.getByRole('button', { name: 'Reverse', exact: true }).click();
  await desk.getByRole('button', { name: 'Cancel' }).click();
  await desk.getByRole('button', { name: 'Reverse', exact: true }).click();
  await desk.getByRole('button', { name: 'Reverse transfer' }).click();
  await expect(desk.getByRole('status')).toContainText('is reversed: ¥120.50 went back.');
  await expect(desk.getByRole('row').filter({ hasText: 'Cash, 现金' })).toContainText('Reversed by no.');

  await page.reload();
  await expect(page.getByRole('row').filter({ hasText: 'Reversal' })).toContainText('−¥120.50');
});

test('the journal is filtered, exported, and its sums agree', async ({ page }) => {
  await signIn(page, STAFF);
  await page.goto('/ledger/journal');
  await openFilters(page);
  await page.getByLabel('Reference or memo').fill('rent');
  await page.getByLabel('Account code').fill('bank');
  await page.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Rent of the workshop' })).toHaveCount(3);
  await expect(page).toHaveURL(/q=rent&account=bank/);

  const coming = page.waitForEvent('download');
  await page.getByRole('link', { name: 'CSV' }).click();
  const file = await coming;
  expect(file.suggestedFilename()).toBe('journal.csv');

  await page.getByRole('link', { name: 'Trial balance' }).click();
  await expect(page.getByText(/^Debits and credits agree: ¥/)).toBeVisible();
  await expectFits(page);
});
