import { expect, expectFits, newPerson, openFilters, register, signIn, STAFF, test, unique } from './fixtures';
import { expectSound } from './sound';
import type { Page } from '@playwright/test';

function column(page: Page, name: string) {
  return page.getByRole('region', { name, exact: true });
}

function undo(page: Page) {
  return page.getByRole('status').getByRole('button', { name: 'Undo' });
}

/** Adds a task by the line above one's own tasks. */
async function quickAdd(page: Page, line: string, title: string) {
  await page.goto('/tasks');
  await page.getByLabel(/^Add a task/).fill(line);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
  await expect(page.getByRole('status')).toContainText(`Added: ${title}`);
}

/** Opens the board of one's own, which the first task makes. */
async function openOwnBoard(page: Page) {
  const first = unique('The first');
  await quickAdd(page, first, first);
  await page.goto('/boards');
  await page.getByRole('main').getByRole('link', { name: 'My board' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My board' })).toBeVisible();
}

test('a task goes through a board', async ({ page }) => {
  await register(page, newPerson('Worker'));
  const title = unique('Polish the sign');
  await openOwnBoard(page);

  await page.getByRole('textbox', { name: 'Add to To do' }).fill(`${title} !high #brass`);
  await page.getByRole('textbox', { name: 'Add to To do' }).press('Enter');
  const card = column(page, 'To do').getByRole('listitem').filter({ has: page.getByRole('link', { name: title }) });
  await expect(card).toContainText('High');
  await expect(card).toContainText('brass');

  await page.getByRole('button', { name: `Move to Doing: ${title}` }).click();
  await expect(column(page, 'Doing').getByRole('link', { name: title })).toBeVisible();
  await expect(column(page, 'To do').getByRole('link', { name: title })).toHaveCount(0);

  await page.getByRole('button', { name: `Move to Done: ${title}` }).click();
  await expect(column(page, 'Done').getByRole('link', { name: title })).toBeVisible();

  await page.getByRole('button', { name: `Move to Doing: ${title}` }).click();
  await column(page, 'Doing').getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
  await page.getByRole('main').getByRole('button', { name: 'Complete' }).click();
  await expect(page.getByRole('status')).toContainText(`Done: ${title}`);
  await expect(page.getByRole('button', { name: 'Reopen' })).toBeVisible();
  await undo(page).click();
  await expect(page.getByRole('status')).toContainText(`Reopened: ${title}`);

  await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('status')).toContainText(`Deleted: ${title}`);
  await undo(page).click();
  await expect(page.getByRole('status')).toContainText(`Restored: ${title}`);
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();
});

test('cards change places', async ({ page }) => {
  await register(page, newPerson('Sorter'));
  const titles = ['One', 'Two'].map(unique);
  await openOwnBoard(page);
  for (const title of titles) {
    await page.getByRole('textbox', { name: 'Add to Doing' }).fill(title);
    await page.getByRole('textbox', { name: 'Add to Doing' }).press('Enter');
    await expect(column(page, 'Doing').getByRole('link', { name: title })).toBeVisible();
  }
  const cards = column(page, 'Doing').getByRole('heading', { level: 3 });
  const before = await cards.allInnerTexts();
  await page.getByRole('button', { name: `Move down: ${before[0]}` }).click();
  await expect(cards).toHaveText(before.toReversed());
});

test('a step on a board comes back to its card, and a new card to its field', async ({ page }) => {
  await register(page, newPerson('Typist'));
  await openOwnBoard(page);
  const field = page.getByRole('textbox', { name: 'Add to To do' });
  const titles = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'].map(unique);
  await field.click();
  for (const title of titles) {
    await page.keyboard.type(title);
    await page.keyboard.press('Enter');
    await expect(page.getByRole('status')).toContainText(`Added: ${title}`);
    await expect(field).toBeFocused();
  }
  const last = column(page, 'To do').getByRole('listitem').filter({ has: page.getByRole('link', { name: titles[5] }) });
  await page.getByRole('button', { name: `Move up: ${titles[5]}` }).click();
  await expect(last).toBeFocused();
  await expect(last).toBeInViewport();
  const cards = column(page, 'To do').getByRole('heading', { level: 3 });
  await expect(cards.last()).toHaveText(titles[4]!);

  await last.getByRole('link', { name: titles[5] }).click();
  await page.getByRole('main').getByRole('button', { name: 'Delete' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My board' })).toBeVisible();
});

for (const width of [320, 360, 480]) {
  test(`lists of tasks fit ${width} pixels`, async ({ page }) => {
    await page.setViewportSize({ width, height: 800 });
    await signIn(page, STAFF);
    const title = unique('Buy');
    await quickAdd(page, `${title} !urgent #supplies #kitchen by 2030-01-02`, title);
    for (const path of ['/tasks', '/tasks?view=all']) {
      await page.goto(path);
      await expectFits(page);
    }
  });
}

test('a task is made in one line, changed, completed in the list, and taken back', async ({ page }) => {
  await register(page, newPerson('Planner'));
  const title = unique('Call the printer');
  await quickAdd(page, `${title} !urgent #office tomorrow`, title);
  const row = page.getByRole('row').filter({ has: page.getByRole('link', { name: title }) });
  await expect(row).toContainText('Urgent');
  await expect(row).toContainText('office');

  await row.getByRole('link', { name: title }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Title').fill('');
  await page.getByLabel('Title').fill(`${title} again`);
  await page.getByLabel('Description').fill('Ask for **two** copies.');
  await page.getByLabel('Priority').selectOption({ label: 'Low' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('status')).toContainText('The task is saved.');
  await expect(page.getByRole('heading', { level: 1, name: `${title} again` })).toBeVisible();
  await expect(page.getByRole('main').locator('strong', { hasText: 'two' })).toBeVisible();

  await page.goto('/tasks');
  await page.getByRole('button', { name: `Complete: ${title} again` }).click();
  await expect(page.getByRole('status')).toContainText(`Done: ${title} again`);
  await expect(page.getByRole('main').getByRole('link', { name: `${title} again` })).toHaveCount(0);
  await undo(page).click();
  await page.goto('/tasks');
  await expect(page.getByRole('main').getByRole('link', { name: `${title} again` })).toBeVisible();
});

test('filters narrow the list and are in the address', async ({ page }) => {
  await register(page, newPerson('Finder'));
  const [wanted, other] = [unique('Find me'), unique('Not me')];
  await quickAdd(page, `${wanted} !high`, wanted);
  await quickAdd(page, other, other);
  const list = page.getByRole('main');
  await openFilters(page);
  await list.getByLabel('Text').fill('find me');
  await list.getByLabel('Priority').selectOption({ label: 'High' });
  await list.getByRole('button', { name: 'Filter' }).click();
  await expect(page).toHaveURL(/q=find/);
  await expect(page).toHaveURL(/priority=high/);
  await expect(list.getByRole('link', { name: wanted })).toBeVisible();
  await expect(list.getByRole('link', { name: other })).toHaveCount(0);

  await openFilters(page);
  await list.getByLabel('Text').fill('nowhere to be found');
  await list.getByRole('button', { name: 'Filter' }).click();
  await expect(page.getByText('Nothing matches')).toBeVisible();
  await openFilters(page);
  await list.getByRole('link', { name: 'Clear' }).click();
  await expect(list.getByRole('link', { name: other })).toBeVisible();
});

test("another customer's task is not there, staff see it", async ({ page, anotherPage }) => {
  await register(page, newPerson('Owner'));
  const title = unique('Private errand');
  await quickAdd(page, title, title);
  await page.getByRole('main').getByRole('link', { name: title }).click();
  await expect(page.getByRole('heading', { level: 1, name: title })).toBeVisible();

  const stranger = await anotherPage();
  await register(stranger, newPerson('Stranger'));
  expect((await stranger.goto(page.url()))?.status()).toBe(404);

  const staff = await anotherPage();
  await signIn(staff, STAFF);
  await staff.goto(page.url());
  await staff.getByRole('button', { name: 'Assign to me' }).click();
  await expect(staff.getByRole('status')).toContainText('The task is yours.');
});

test('two people edit one task, and nothing typed is lost', async ({ page, anotherPage, javaScriptEnabled }) => {
  const person = newPerson('Editor');
  await register(page, person);
  const title = unique('Write the notice');
  await quickAdd(page, title, title);
  await page.getByRole('main').getByRole('link', { name: title }).click();
  await page.getByRole('link', { name: 'Edit' }).click();

  const elsewhere = await anotherPage();
  await signIn(elsewhere, STAFF);
  await elsewhere.goto(page.url());
  await elsewhere.getByLabel('Title').fill(`${title}, theirs`);
  await elsewhere.getByRole('button', { name: 'Save' }).click();
  await expect(elsewhere.getByRole('status')).toContainText('The task is saved.');

  await page.getByLabel('Title').fill(`${title}, mine`);
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Save' }).click();
  expect((await answer).status()).toBe(409);
  await expect(page.getByRole('region', { name: 'Saved in the meantime' })).toContainText(`${title}, theirs`);
  await expect(page.getByLabel('Title')).toHaveValue(`${title}, mine`);
  if (javaScriptEnabled) await expectSound(page);
  await page.getByRole('button', { name: 'Save my version' }).click();
  await expect(page.getByRole('heading', { level: 1, name: `${title}, mine` })).toBeVisible();
});
