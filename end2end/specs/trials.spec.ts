import { ADMIN, expect, expectFits, signIn, test } from './fixtures';

let made = 0;

/** A code of a study that no other test, project or run has used. */
function newCode() {
  made += 1;
  return `T${process.pid.toString(36)}${Date.now().toString(36)}${made}`.toUpperCase().slice(-16);
}

/** A time so many days ago, as people type it. */
function ago(days: number) {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 16).replace('T', ' ');
}

test('a study from nothing to a chart, an import and its audit trail', async ({ page }) => {
  const code = newCode();
  await signIn(page, ADMIN);
  await page.goto('/trials');
  await page.getByRole('link', { name: 'New study' }).click();
  await page.getByLabel('Code').fill(code.toLowerCase());
  await page.getByLabel('Title').fill('Dosing in hypertension');
  await page.getByLabel('Planned subjects').fill('a few');
  await page.getByLabel('Arms').fill('Morning\nEvening');
  await page.getByRole('button', { name: 'Create the study' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Planned subjects')).toHaveValue('a few');
  await page.getByLabel('Planned subjects').fill('20');
  await page.getByRole('button', { name: 'Create the study' }).click();
  await expect(page.getByText('0 of 20 enrolled')).toBeVisible();

  await page.getByRole('link', { name: 'Register a subject' }).click();
  await page.getByLabel('Name').fill('周明');
  await page.getByLabel('Age').fill('６１');
  await page.getByLabel('Sex').selectOption('Male');
  await page.getByRole('button', { name: 'Register', exact: true }).click();
  const number = `${code}-01-0001`;
  await expect(page.getByRole('heading', { name: number })).toBeVisible();

  const change = page.locator('form[action$="/status"]');
  await change.getByLabel('Reason').fill('Meets all criteria');
  await change.getByRole('button', { name: 'Change the status' }).click();
  await expect(page.getByRole('alert')).toContainText('Choose an arm');
  await change.getByLabel('Arm').selectOption('Evening');
  await change.getByRole('button', { name: 'Change the status' }).click();
  await expect(page.getByRole('status')).toContainText('Enrolled');

  for (const [days, rate, pressure] of [
    [9, '72', '150/95'],
    [2, '140', '138/88'],
  ] as const) {
    await page.getByText('Record a reading').click();
    const form = page.locator('form[action$="/vital-signs"]');
    await form.getByLabel('Time').fill(ago(days));
    await form.getByLabel('Heart rate').fill(rate);
    await form.getByLabel('Blood pressure').fill(pressure);
    await form.getByRole('button', { name: 'Record' }).click();
    await expect(page.getByRole('status')).toContainText('The reading was recorded');
  }
  await expect(page.getByRole('img', { name: /; 1 outside the expected range\./ })).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: '140 /min' })).toContainText('138 mmHg');
  await expectFits(page);

  await page.goto(`/trials/${code}/imports`);
  const file = `patient_id;record_time;HR;BP\n${number};${ago(5)};75;141/90\n${number};${ago(4)};7O;141/90\n`;
  const upload = async (name: string) => {
    await page.getByLabel('File').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(file) });
    await page.getByLabel('Offset of times without one').fill('+00:00');
    await page.getByRole('button', { name: 'Import', exact: true }).click();
  };
  await upload('ward.csv');
  await expect(page.getByRole('status')).toContainText('2 rows: 1 good, 1 bad.');
  const fault = page.getByRole('row').filter({ hasText: '7O' });
  await expect(fault).toContainText('70');
  await expectFits(page);
  await page.goto(`/trials/${code}/imports`);
  await upload('again.csv');
  await expect(page.getByRole('alert')).toContainText('imported before');

  await page.getByRole('link', { name: 'ward.csv' }).click();
  await page.getByRole('button', { name: 'Take it back' }).or(page.getByRole('link', { name: 'Take it back' })).first().click();
  const dialog = page.locator('dialog:visible');
  await dialog.getByLabel('Reason').fill('Wrong ward');
  await dialog.getByRole('button', { name: 'Take it back' }).click();
  await expect(page.getByRole('status')).toContainText('was taken back');

  await page.getByRole('link', { name: code, exact: true }).click();
  await page.getByRole('link', { name: 'Audit trail' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Wrong ward' })).toHaveCount(2);
  await expect(page.getByRole('row').filter({ hasText: 'Meets all criteria' }).first()).toContainText(number);
  await expect(page.getByText('周明')).toHaveCount(0);
  await expectFits(page);
});
