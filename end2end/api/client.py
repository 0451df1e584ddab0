"""A client that openapi-python-client made of the description registers, signs in, lists, orders and pages.

Run with the folder of the client on PYTHONPATH and the shop's address in BASE_URL. It prints nothing
where all is well, and ends at the first thing that is not.
"""

import os
import time

from guildhall_client import AuthenticatedClient, Client
from guildhall_client.api.accounts import login, read_me, register
from guildhall_client.api.cart import put_cart_item
from guildhall_client.api.catalog import list_products, read_product
from guildhall_client.api.orders import create_order, list_orders, read_events, read_order, take_step
from guildhall_client.models import (
    Address,
    Command,
    Credentials,
    Delivery,
    Error,
    NewItem,
    NewOrder,
    OrderStatus,
    OrderStep,
    Payment,
    ProductSort,
    Quantity,
    Registration,
    Role,
    StockLevel,
)

BASE_URL = os.environ["BASE_URL"]
PASSWORD = "violet-anchor-tide"


def data(answer):
    """What is in the envelope of a good answer."""
    assert answer is not None and not isinstance(answer, Error), answer
    assert answer.code == 0 and answer.message == "ok", answer
    return answer.data


def pages(fetch, **filters):
    """Every item of a list, page by page; no item twice."""
    found, cursor = [], None
    while True:
        more = {"cursor": cursor} if cursor else {}
        page = data(fetch.sync(limit=2, **filters, **more))
        assert 0 < len(page.items) <= 2, page
        found += page.items
        cursor = page.next_cursor
        if not cursor or len(found) >= 7:
            break
    ids = [getattr(item, "id", None) or item.number for item in found]
    assert len(ids) == len(set(ids)), ids
    return found


def sign_in():
    email = f"client-{time.time_ns()}@example.com"
    visitor = Client(base_url=BASE_URL)
    made = register.sync(client=visitor, body=Registration(name="Mei Chen", email=email, password=PASSWORD))
    assert data(made).user.role == Role.CUSTOMER
    wrong = login.sync_detailed(client=visitor, body=Credentials(email=email, password="not this one"))
    assert wrong.status_code == 401 and wrong.parsed.code == 1402, wrong
    tokens = data(login.sync(client=visitor, body=Credentials(email=email, password=PASSWORD)))
    client = AuthenticatedClient(base_url=BASE_URL, token=tokens.access_token)
    assert data(read_me.sync(client=client)).email == email
    nobody = read_me.sync_detailed(client=visitor)
    assert nobody.status_code == 401 and nobody.parsed.trace_id, nobody
    return client


class Of:
    """An operation that is always asked by the same client."""

    def __init__(self, operation, client):
        self.operation, self.client = operation, client

    def sync(self, **arguments):
        return self.operation.sync(client=self.client, **arguments)


def buy(client, product):
    address = Address(
        name="Mei Chen", line1="12 Tower Street", city="Shanghai", postal_code="200001", country="CN"
    )
    order = NewOrder(
        address=address,
        delivery=Delivery.STANDARD,
        payment=Payment.INVOICE,
        items=[NewItem(product_id=product.id, quantity=1, price=product.price)],
    )
    made = create_order.sync_detailed(client=client, body=order)
    assert made.status_code == 201, made
    placed = data(made.parsed)
    assert placed.status == OrderStatus.PLACED and OrderStep.CANCEL in placed.steps, placed
    assert placed.placed_at.tzinfo is not None, placed
    return placed


def main():
    client = sign_in()
    products = pages(Of(list_products, client), sort=ProductSort.PRICE_DOWN)
    assert [it.price for it in products] == sorted((it.price for it in products), reverse=True)
    cheap = pages(Of(list_products, client), sort=ProductSort.PRICE_UP)
    plenty = next(it for it in cheap if it.availability == StockLevel.IN_STOCK)
    product = data(read_product.sync(str(plenty.id), client=client))
    assert product.currency.value and product.slug == plenty.slug

    cart = data(put_cart_item.sync(product.id, client=client, body=Quantity(quantity=1)))
    assert cart.items[0].product_id == product.id and cart.subtotal == product.price, cart
    refused = put_cart_item.sync_detailed(product.id, client=client, body=Quantity(quantity=-1))
    assert refused.status_code == 422 and refused.parsed.errors["quantity"], refused

    orders = [buy(client, product) for _ in range(3)]
    listed = pages(Of(list_orders, client))
    assert [it.number for it in listed] == [it.number for it in reversed(orders)], listed
    first = orders[0].number
    events = data(read_events.sync(first, client=client)).items
    assert [event.kind for event in events] == ["placed"], events
    for order in orders:
        step = take_step.sync(order.number, OrderStep.CANCEL, client=client, body=Command(reason="a test"))
        assert data(step).status == OrderStatus.CANCELLED, step
    assert data(read_order.sync(first, client=client)).status == OrderStatus.CANCELLED


main()
