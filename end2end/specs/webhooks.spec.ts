// Messages to other programs and from them, with the published library of Standard Webhooks at the
// other end.

import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { CUSTOMER, expect, signIn, STAFF, test, unique } from './fixtures';
import { expectSound, follow } from './sound';
import type { APIRequestContext } from '@playwright/test';

/** What the server under test believes messages about payments by; see bin/test. */
const PAYMENTS_SECRET = 'whsec_cGF5bWVudHMgYXJlIHRvbGQgb2YgaW4gdGVzdHM=';

const PASSWORD = 'welcome-to-the-hall';

test('staff register a webhook, see its secret once, and end it', async ({ page, javaScriptEnabled }) => {
  const words = unique('Warehouse');
  await signIn(page, STAFF);
  await page.goto('/webhooks');
  await page.getByRole('link', { name: 'New webhook' }).click();
  await page.getByLabel('Address').fill('https://example.com/hooks');
  await page.getByLabel('Events').fill('order.never');
  await page.getByLabel('Note (internal)').fill(words);
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await expect(page.getByRole('alert')).toContainText('There is no event order.never.');
  await expect(page.getByLabel('Note (internal)')).toHaveValue(words);
  // An event that never happens to the shop of the tests, so that nothing is sent.
  await page.getByLabel('Events').fill('order.payment_failed');
  await page.getByRole('button', { name: 'Create webhook' }).click();
  await expect(page.getByText(/^whsec_/)).toBeVisible();

  await page.goto('/webhooks');
  const row = page.getByRole('row').filter({ hasText: words });
  await follow(row.getByRole('link'));
  if (javaScriptEnabled) await expectSound(page);
  await expect(page.getByText(/^whsec_/)).toHaveCount(0);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByText('Paused by')).toBeVisible();
  await page.getByRole('button', { name: 'Delete webhook' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete webhook' }).click();
  await expect(page.getByRole('status')).toContainText('The webhook is deleted.');
  await expect(page.getByRole('row').filter({ hasText: words })).toHaveCount(0);
});

test('a payment that is told of pays the order, and a subscriber hears of it', { tag: '@programs' }, async ({ request }) => {
  const subscriber = await listen();
  const staff = await token(request, STAFF);
  const customer = await token(request, CUSTOMER);
  const registered = await request.post('/api/v1/webhooks', {
    headers: staff,
    data: { url: subscriber.url, events: ['order.paid'], description: unique('Ledger') },
  });
  expect(registered.status()).toBe(201);
  const { id, secret } = (await registered.json()).data as { id: number; secret: string };

  const order = await place(request, customer);
  const event = {
    type: 'payment.captured',
    timestamp: new Date().toISOString(),
    data: { order: order.number, amount: order.total, currency: order.currency },
  };
  const told = await tell(request, unique('message').replaceAll(' ', '-'), JSON.stringify(event));
  expect(told).toBe(202);
  const status = async () => {
    const answer = await request.get(`/api/v1/orders/${order.number}`, { headers: customer });
    return ((await answer.json()).data as { status: string }).status;
  };
  await expect.poll(status).toBe('paid');

  await expect.poll(() => subscriber.heard.length).toBeGreaterThan(0);
  const about = subscriber.heard.find(({ body }) => body.includes(order.number));
  if (!about) throw new Error('nobody told of the order');
  const message = new Webhook(secret).verify(about.body, about.headers as Record<string, string>);
  expect(message).toMatchObject({ type: 'order.paid', data: { number: order.number, total: order.total } });
  const forged = about.body.replace(order.number, '2020-000001');
  expect(() => new Webhook(secret).verify(forged, about.headers as Record<string, string>)).toThrow();

  const ended = await request.delete(`/api/v1/webhooks/${id}`, { headers: staff });
  expect(ended.status()).toBe(204);
  await subscriber.close();
});

test('a message that is not signed by the other side is not believed', { tag: '@programs' }, async ({ request }) => {
  const body = JSON.stringify({ type: 'payment.captured', data: { order: '2020-000001', amount: 1, currency: 'CNY' } });
  const stranger = 'whsec_YSBzdHJhbmdlciBhIHN0cmFuZ2VyIGEgc3RyYW5nZXI=';
  expect(await tell(request, 'message-of-a-stranger', body, stranger)).toBe(401);
});

type Heard = { headers: IncomingHttpHeaders; body: string };

/** A program on this machine that is told of events. */
async function listen() {
  const heard: Heard[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8').on('data', (part: string) => (body += part));
    request.on('end', () => {
      heard.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const close = () =>
    new Promise((closed) => {
      server.close(closed);
      server.closeAllConnections();
    });
  return { url: `http://127.0.0.1:${port}/hook`, heard, close };
}

async function token(request: APIRequestContext, email: string) {
  const answer = await request.post('/api/v1/auth/login', { data: { email, password: PASSWORD } });
  const { access_token } = (await answer.json()).data as { access_token: string };
  return { Authorization: `Bearer ${access_token}` };
}

/** An order to be paid by bank transfer, of whatever there is plenty of. */
async function place(request: APIRequestContext, customer: Record<string, string>) {
  const listed = await request.get('/api/v1/products?limit=100');
  const { items } = (await listed.json()).data as { items: { id: number; availability: string }[] };
  const plenty = items.find((item) => item.availability === 'in_stock');
  if (!plenty) throw new Error('there is nothing to order');
  const placed = await request.post('/api/v1/orders', {
    headers: customer,
    data: {
      items: [{ product_id: plenty.id, quantity: 1 }],
      address: { name: 'Mei Chen', line1: '12 Tower Street', city: 'Shanghai', postal_code: '200001', country: 'CN' },
      delivery: 'standard',
      payment: 'invoice',
    },
  });
  expect(placed.status(), await placed.text()).toBe(201);
  return (await placed.json()).data as { number: string; total: number; currency: string };
}

/** Tells of a payment, and gives the answer's status. */
async function tell(request: APIRequestContext, id: string, body: string, secret = PAYMENTS_SECRET) {
  const now = new Date();
  const answer = await request.post('/webhooks/payments', {
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    },
    data: Buffer.from(body),
  });
  return answer.status();
}
