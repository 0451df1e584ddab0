import { accountButton, expect, newPerson, register, search, signIn, signOut, test } from './fixtures';

test('somebody registers, browses, searches and signs out', async ({ page }) => {
  const person = newPerson('Visitor');
  await register(page, person);
  await expect(accountButton(page)).toHaveAccessibleName(`Account of ${person.name}`);

  await page.goto('/products');
  await page.getByRole('main').getByRole('link', { name: 'Wireless headphones' }).first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'Wireless headphones' })).toBeVisible();

  await search(page, '键盘');
  await expect(page).toHaveURL(/\/products\?q=/);
  await expect(page.getByRole('main').getByRole('link', { name: 'Mechanical keyboard' }).first()).toBeVisible();

  await signOut(page);
  await expect(accountButton(page)).toHaveCount(0);
  await page.goto('/account');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('signing in leads back to the page that asked for it', async ({ page }) => {
  await page.goto('/account');
  await expect(page).toHaveURL(/\/login\?next=/);
  const person = newPerson('Comer');
  await page.getByRole('main').getByRole('link', { name: 'Create account' }).click();
  await page.getByLabel('Name', { exact: true }).fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill(person.password);
  await page.getByRole('button', { name: 'Register' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'My account' })).toBeVisible();
});

test('a wrong password keeps the address and nothing else', async ({ page }) => {
  await page.goto('/login');
  await page.getByLabel('E-mail').fill('nobody@example.com');
  await page.getByLabel('Password').fill('not-the-password');
  await page.getByRole('main').getByRole('button', { name: 'Sign in' }).click();
  // A screen reader says first what went wrong.
  await expect(page.getByRole('alert')).toBeFocused();
  await expect(page).toHaveTitle(/^Error: Sign in/);
  await expect(page.getByLabel('E-mail')).toHaveValue('nobody@example.com');
  await expect(page.getByLabel('Password')).toHaveValue('');
});

test('a weak password is refused with the reason, and what was typed stays', async ({ page }) => {
  const person = newPerson('Careless');
  await page.goto('/register');
  await page.getByLabel('Name', { exact: true }).fill(person.name);
  await page.getByLabel('E-mail').fill(person.email);
  await page.getByLabel('Password').fill('password12');
  await page.getByRole('button', { name: 'Register' }).click();
  const password = page.getByLabel('Password');
  await expect(password).toHaveAttribute('aria-invalid', 'true');
  await expect(password).toHaveAccessibleDescription(/password/i);
  await expect(password).toHaveValue('');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(person.name);
  await expect(page.getByLabel('E-mail')).toHaveValue(person.email);
});

test('an address can be registered once', async ({ page, anotherPage }) => {
  const person = newPerson('Twin');
  await register(page, person);
  const second = await anotherPage();
  await second.goto('/register');
  await second.getByLabel('Name', { exact: true }).fill(person.name);
  await second.getByLabel('E-mail').fill(person.email.toUpperCase());
  await second.getByLabel('Password').fill('copper-meadow-lamp');
  await second.getByRole('button', { name: 'Register' }).click();
  await expect(second.getByLabel('E-mail')).toHaveAttribute('aria-invalid', 'true');
});

test('a person changes name and password', async ({ page }) => {
  const person = newPerson('Changer');
  await register(page, person);
  await page.goto('/account');
  const name = `${person.name} II`;
  await page.getByLabel('Name', { exact: true }).fill(name);
  await page.getByRole('button', { name: 'Change name' }).click();
  await expect(page.getByRole('status')).toContainText('Your name is changed.');
  await expect(accountButton(page)).toHaveAccessibleName(`Account of ${name}`);

  const form = page.locator('form', { has: page.getByRole('button', { name: 'Change password' }) });
  await form.getByLabel('Current password').fill('not-the-password');
  await form.getByLabel('New password').fill('copper-meadow-lamp');
  await form.getByRole('button').click();
  await expect(form.getByLabel('Current password')).toHaveAttribute('aria-invalid', 'true');
  await form.getByLabel('Current password').fill(person.password);
  await form.getByLabel('New password').fill('copper-meadow-lamp');
  await form.getByRole('button').click();
  await expect(page.getByRole('status')).toContainText('Your password is changed.');

  await signOut(page);
  await signIn(page, person.email, 'copper-meadow-lamp');
});

test('a person ends the session of another browser', async ({ page, anotherPage }) => {
  const person = newPerson('Roamer');
  await register(page, person);
  const elsewhere = await anotherPage();
  await signIn(elsewhere, person.email, person.password);

  await page.goto('/account');
  const sessions = page.getByRole('main').getByRole('listitem').filter({ hasText: 'Last seen' });
  await expect(sessions).toHaveCount(2);
  await expect(sessions.filter({ hasText: 'This browser' })).toHaveCount(1);
  await sessions.getByRole('button', { name: 'Sign out' }).click();
  await expect(page.getByRole('status')).toContainText('The session is signed out.');
  await expect(sessions).toHaveCount(1);

  await elsewhere.goto('/account');
  await expect(elsewhere.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('an admin makes an account and disables it, which signs the person out', async ({ page, anotherPage }) => {
  const person = newPerson('Guest');
  await signIn(page, 'ada@example.com');
  await page.goto('/admin/users');
  const form = page.locator('form', { has: page.getByRole('button', { name: 'Create account' }) });
  await form.getByLabel('Name', { exact: true }).fill(person.name);
  await form.getByLabel('E-mail').fill(person.email);
  await form.getByLabel('Password').fill(person.password);
  await form.getByLabel('Role').selectOption({ label: 'Staff' });
  await form.getByRole('button').click();
  await expect(page.getByRole('status')).toContainText(`${person.name} has an account now.`);

  const guest = await anotherPage();
  await signIn(guest, person.email, person.password);

  await page.getByLabel('Name or e-mail').fill(person.email);
  await page.getByRole('button', { name: 'Filter' }).click();
  await page.getByRole('link', { name: person.name }).click();
  await page.getByRole('button', { name: 'Disable account' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Disable' }).click();
  await expect(page.getByRole('status')).toContainText('is signed out everywhere');

  await guest.goto('/account');
  await expect(guest.getByRole('heading', { level: 1 })).toHaveText('Sign in');
});

test('the pages of admins are closed to others', async ({ page }) => {
  await register(page, newPerson('Curious'));
  const answer = await page.goto('/admin/users');
  expect(answer?.status()).toBe(403);
});

test('Back shows nothing of somebody who has signed out', async ({ page }) => {
  const person = newPerson('Leaver');
  await register(page, person);
  await page.goto('/account');
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue(person.name);
  await signOut(page);
  await page.goBack();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in');
  await expect(page.getByText(person.email)).toHaveCount(0);
});

test('Back shows a page in the theme that was chosen since', async ({ page }) => {
  await page.goto('/');
  await page.goto('/login');
  // A narrow screen shows one button at a time: the one for the next theme.
  const shown = page.getByRole('banner').getByRole('button', { name: /theme/i });
  for (const theme of ['light', 'dark']) {
    await shown.and(page.locator(`[value="${theme}"]`)).click();
    await expect(page.locator('html')).toHaveAttribute('data-theme', theme);
  }
  // Without script the choice is a form, which leads to the same page once more.
  while (new URL(page.url()).pathname !== '/') await page.goBack();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
});

test('Back to a form that was refused and then sent shows the form as it is now @script', async ({ page }) => {
  await register(page, newPerson('Returner'));
  await page.goto('/account');
  await page.getByLabel('E-mail').fill('moved@nowhere');
  await page.getByLabel('Current password').first().fill('never looked at');
  await page.getByRole('button', { name: 'Change e-mail' }).click();
  await expect(page.getByText(/^Write an e-mail address/).first()).toBeVisible();
  await page.getByLabel('Name', { exact: true }).fill('Another Name');
  await page.getByRole('button', { name: 'Change name' }).click();
  await expect(page.getByText('Your name is changed.')).toBeVisible();
  await page.goBack();
  await expect(page.getByText(/^Write an e-mail address/).first()).toHaveCount(0);
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Another Name');
});

test('Back to a form that was refused and left keeps what was typed @script', async ({ page }) => {
  await register(page, newPerson('Wanderer'));
  await page.goto('/account');
  await page.getByLabel('E-mail').fill('moved@nowhere');
  await page.getByLabel('Current password').first().fill('never looked at');
  await page.getByRole('button', { name: 'Change e-mail' }).click();
  await expect(page.getByText(/^Write an e-mail address/).first()).toBeVisible();
  await page.goto('/cart');
  await page.goBack();
  await expect(page.getByText(/^Write an e-mail address/).first()).toBeVisible();
  await expect(page.getByLabel('E-mail')).toHaveValue('moved@nowhere');
});
