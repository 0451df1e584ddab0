// Another website's script and the JSON API: with leave from the server's settings, and without.
//
// Not with the fixtures' page: a browser that keeps an answer from a script says so as an error on its console.

import { expect, test, type APIRequestContext } from '@playwright/test';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { CUSTOMER, signIn } from './fixtures';

/** The origin that the server under test names: see bin/test, or give it GUILDHALL_CORS_ORIGINS=http://127.0.0.1:3002. */
const NAMED = process.env.OTHER_ORIGIN ?? 'http://127.0.0.1:3002';

/** The same website by another name, so another origin, which has no leave. */
const UNNAMED = NAMED.replace('127.0.0.1', 'localhost');

/** One file, as the tests would otherwise take each other's port. */
test.describe.configure({ mode: 'serial' });

const website = createServer((_, response) => {
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Another website</title>');
});

test.beforeAll(async () => {
  website.listen(Number(new URL(NAMED).port), '127.0.0.1');
  await once(website, 'listening');
});

test.afterAll(() => website.close());

/** What became of a script's request: its status, a header of the API and the body's code. */
type Seen = { status: number; id: string | null; code: number } | 'kept from the script';

/** Runs in the page of the other website. */
async function ask([url, init]: [string, RequestInit]): Promise<Seen> {
  const answer = await fetch(url, init).catch(() => undefined);
  if (!answer) return 'kept from the script';
  const { code } = (await answer.json()) as { code: number };
  return { status: answer.status, id: answer.headers.get('x-request-id'), code };
}

const read = (base: string): [string, RequestInit] => [`${base}/api/v1/products`, {}];

const write = (base: string, token: string): [string, RequestInit] => [
  `${base}/api/v1/tasks`,
  {
    method: 'POST',
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      'idempotency-key': crypto.randomUUID(),
    },
    body: JSON.stringify({ title: 'Sent from another website' }),
  },
];

test('a website with leave reads and writes by token', { tag: ['@script', '@programs'] }, async ({ page, request, baseURL }) => {
  const base = baseURL ?? '';
  await page.goto(NAMED);
  expect(await page.evaluate(ask, read(base))).toMatchObject({ status: 200, id: expect.stringMatching(/^\w{32}$/), code: 0 });
  expect(await page.evaluate(ask, write(base, await token(request)))).toMatchObject({ status: 201, code: 0 });
  // A refusal is readable too.
  expect(await page.evaluate(ask, write(base, 'no token'))).toMatchObject({ status: 401, code: 1401 });
});

test('a website with leave does nothing with the cookie', { tag: ['@script', '@programs'] }, async ({ page, baseURL }) => {
  const base = baseURL ?? '';
  await signIn(page, CUSTOMER);
  await page.goto(NAMED);
  const whoAmI: [string, RequestInit] = [`${base}/api/v1/me`, { credentials: 'include' }];
  expect(await page.evaluate(ask, whoAmI)).toBe('kept from the script');
  // A browser adds the cookie to this one without asking first: another port is the same site to it.
  const ride: [string, RequestInit] = [`${base}/api/v1/tasks`, { method: 'POST', credentials: 'include', body: '{}' }];
  expect(await page.evaluate(ask, ride)).toBe('kept from the script');
});

test('a website without leave gets nothing', { tag: ['@script', '@programs'] }, async ({ page, request, baseURL }) => {
  const base = baseURL ?? '';
  const bearer = await token(request);
  await page.goto(UNNAMED);
  expect(await page.evaluate(ask, read(base))).toBe('kept from the script');
  expect(await page.evaluate(ask, write(base, bearer))).toBe('kept from the script');
});

async function token(request: APIRequestContext) {
  const answer = await request.post('/api/v1/auth/login', {
    data: { email: CUSTOMER, password: 'welcome-to-the-hall' },
  });
  return ((await answer.json()).data as { access_token: string }).access_token;
}
