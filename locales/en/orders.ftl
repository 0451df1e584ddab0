### Orders: the checkout, an order on its page, its steps, and the lists.

## Names of the states, steps and ways

orders-status-placed = Placed
orders-status-paid = Paid
orders-status-packed = Packed
orders-status-shipped = Shipped
orders-status-delivered = Delivered
orders-status-cancelled = Cancelled
orders-status-expired = Expired
orders-status-returned = Returned
orders-status-refunded = Refunded
orders-step-pay = Mark as paid
orders-step-pack = Pack
orders-step-ship = Ship
orders-step-deliver = Mark as delivered
orders-step-cancel = Cancel order
orders-step-expire = Expire
orders-step-return = Record return
orders-step-refund = Refund
orders-payment-wallet = Wallet
orders-payment-invoice = Bank transfer
orders-delivery-standard = Standard
orders-delivery-express = Express
orders-standard-delivery = Standard delivery
orders-express-delivery = Express delivery
orders-choose-one-of = Choose one of { $words }.

## Columns and labels that several pages have

orders-order = Order
orders-placed = Placed
orders-customer = Customer
orders-state = State
orders-items = Items
orders-product = Product
orders-price = Price
orders-quantity = Quantity
orders-sum = Sum
orders-subtotal = Subtotal
orders-total = Total
orders-fee = Fee
orders-payment = Payment
orders-delivery = Delivery
orders-address = Delivery address
orders-date = Date
orders-description = Description
orders-debit = Debit
orders-credit = Credit
orders-amount = Amount
orders-reason = Reason
orders-flagged = Flagged
orders-any = Any
orders-not-now = Not now
orders-comma = {", "}
orders-unknown-product = a product
orders-items-count = { $count ->
    [one] 1 item
   *[other] { $count } items
}
orders-items-and-more = { $items } and { $count } more
orders-days = { $count ->
    [one] 1 day
   *[other] { $count } days
}
orders-hours = { $count ->
    [one] 1 hour
   *[other] { $count } hours
}
orders-minutes = { $count ->
    [one] 1 minute
   *[other] { $count } minutes
}
orders-title-of = Order { $number }
orders-pages = Pages of orders
orders-to-the-shop = Go to the shop
orders-wallet-available = { $amount } available

## The address

orders-address-name = Name
orders-address-name-missing = Say who it is for.
orders-address-line1 = Street and number
orders-address-line1-missing = Write street and number.
orders-address-postal-code = Postal code
orders-address-postal-code-hint = Leave it empty if the country has none.
orders-address-postal-code-missing = Write the postal code.
orders-address-city = City
orders-address-city-missing = Write the city.
orders-address-state = State or province
orders-address-state-hint = Only if the address has one.
orders-address-country = Country
orders-address-country-choose = Choose a country
orders-address-country-code = Write the country's two letters, such as CN.
orders-address-country-unknown = No country has these two letters.
orders-address-phone = Telephone
orders-address-phone-hint = Optional, for the carrier.
orders-address-phone-wrong = Write a telephone number such as +86 21 5555 0100, or none.

## The checkout

orders-checkout-cart = Cart
orders-checkout-title = Checkout
orders-checkout-empty = There is nothing in your cart
orders-checkout-empty-advice = If you have just ordered, it is under My orders.
orders-checkout-review = Your order
orders-checkout-items = Items of your order
orders-checkout-each = { $price } each
orders-checkout-moved = It was { $price } when you last saw your cart.
orders-checkout-place = Place the order
orders-checkout-trouble = Not all of it can be had
orders-checkout-change-first = Change your cart first
orders-checkout-short = Take less of it, or leave it out:
orders-checkout-change-cart = change your cart
orders-checkout-missing = { $amount } is missing in your wallet
orders-checkout-missing-sums = The order comes to { $total }, and { $available } is available.
orders-checkout-or-transfer = You can also pay by bank transfer.
orders-checkout-transfer-instead = Pay by bank transfer instead
orders-checkout-wallet-enough = { $amount } available. It is set aside now and taken when we pack.
orders-checkout-wallet-short = { $amount } available, which is too little for this order.
orders-checkout-transfer-hint = Pay by bank transfer. We keep your items for { $time }.
orders-with-delivery = With delivery

## What keeps an order from being placed

orders-too-many-products = An order has 1 to { $most } products.
orders-no-transfers = This shop takes no bank transfers. Pay from the wallet.
orders-empty-cart = There is nothing in your cart.
orders-cart-changed = Your cart was changed since you saw this page. Look at what is in it now, then place the order again.
orders-no-such-product = There is no product with the number { $product }.
orders-price-moved = { $product } went from { $before } to { $after }.
orders-prices-moved = { $moved } Look at the new total, then place the order again.
orders-accept-in-cart = { $refusal } To accept a price, set the quantity of its product in the cart once more.
orders-total-too-large = An order comes to { $most } at most. Take less of it, or make two orders of it.
orders-too-busy = Too many orders are being placed at this moment. Please try again.

## How to pay by bank transfer

orders-bank-transfer = Please transfer the amount to our bank account.
orders-bank-ask = Ask us for the account to transfer to, and give the order's number.
orders-bank-amount = Amount
orders-bank-until = Pay by
orders-bank-holder = Account holder
orders-bank-number = Account number
orders-bank-name = Bank
orders-bank-bic = BIC
orders-bank-reference = Payment reference
orders-bank-late = After that time your items go back on the shelf, and nothing is owed.

## Thank you

orders-thanks-title = Thank you
orders-thanks-number = We have your order { $number }.
orders-thanks-items = Items
orders-thanks-confirm = We write to { $email }. Follow the link in that mail to hear what becomes of your orders.
orders-thanks-find = You can find it under My orders at any time when signed in as { $email }.
orders-thanks-see = See the order
orders-thanks-back = Back to the shop

## A new order by staff

orders-new-title = New order
orders-new-lead = For a customer who called or stands at the counter.
orders-new-customer = Customer's e-mail
orders-new-customer-hint = They need an account; the order will be listed under their orders.
orders-new-no-customer = Nobody can sign in with this address.
orders-new-customer-unnamed = the customer
orders-new-items = Items
orders-new-product = Product { $row }
orders-new-product-hint = The number, or words of the name.
orders-new-product-found = { $product }, { $price }, { $available } available
orders-new-no-product = No product for sale fits this.
orders-new-which-product = Write the number of the one you mean: { $products }.
orders-new-no-products = Choose at least one product.
orders-new-how-many = Write how many.
orders-new-look-up = Look up
orders-new-add-row = Add a row
orders-new-wallet = Customer's wallet
orders-new-place = Place the order
orders-new-placed = Order { $number } is placed for { $name }.

## My orders

orders-mine-title = My orders
orders-none = No orders yet
orders-mine-none = What you order is listed here, with where it is.

## All orders

orders-all-title = Orders
orders-all = All
orders-by-state = Orders by state
orders-all-none = What customers order is listed here.
orders-none-match = Nothing matches
orders-none-match-advice = Loosen a filter.
orders-show-all = Show every order
orders-place-new = New order for a customer
orders-place-flagged = Flagged orders
orders-filter = Filter
orders-filter-clear = Clear
orders-filter-q = Number or customer
orders-filter-flagged = Only flagged
orders-filter-product = Product number
orders-filter-product-wrong = Write a product's number.
orders-filter-from = From day
orders-filter-to = To day
orders-filter-min = { $currency } from
orders-filter-max = { $currency } to
orders-filter-cursor = Place in the list

## Saved views

orders-views = Saved views
orders-views-full = { $most } views is all one can keep. Delete one first.
orders-view-name = Name
orders-view-name-hint = Saves the list with the state and the filters it has now.
orders-view-name-wrong = Give it a name of 1 to { $most } characters.
orders-view-save = Save view
orders-view-saved = View “{ $name }” saved.
orders-view-too-long = This filter is too long to be kept.
orders-view-taken = You have a view of this name. Choose another, or delete that one first.
orders-view-delete = Delete
orders-view-delete-title = Delete the view { $name }?
orders-view-delete-message = Only the view goes; the orders stay as they are.
orders-view-delete-confirm = Delete view
orders-view-deleted = View “{ $name }” deleted.

## One order

orders-about = About this order
orders-next = What happens next
orders-authorised = Authorised
orders-captured = Captured
orders-refunded = Refunded
orders-parcel = Parcel
orders-parcel-of = { $carrier }, { $tracking }
orders-lines-caption = Items ordered
orders-lines-returned-caption = Items ordered and returned
orders-line-returned = { $count } returned
orders-next-placed = Your items are set aside. We pack them when your payment has come in.
orders-next-paid = It is paid for. We pack it next; until then you can cancel it.
orders-next-packed = It is packed and waits for the carrier.
orders-next-shipped = It is on its way.
orders-next-shipped-as = It is on its way: { $parcel }.
orders-next-delivered = It was delivered. We hope you like it.
orders-next-cancelled = It was cancelled. Nothing was charged.
orders-next-cancelled-refunded = It was cancelled, and { $amount } went back.
orders-next-expired = It was not paid for in time, so its items went back on the shelf. Nothing was charged; you can order again.
orders-next-returned = All of it came back to us.
orders-next-returned-refund = All of it came back to us. The refund is next.
orders-next-refunded = { $amount } went back to you.

## The history of an order

orders-history = History
orders-history-at = As it stood after event { $seq } of { $last }
orders-history-back = One event back
orders-history-on = One event on
orders-history-go = Go there
orders-past = You are looking at the past
orders-past-after = This is the order as it stood after event { $seq } of { $last }: { $event }
orders-past-nothing = Nothing can be done to it here.
orders-past-back = Back to how it stands now
orders-event-placed = Placed
orders-event-paid = Paid
orders-event-payment-failed = Payment failed
orders-event-packed = Packed
orders-event-shipped = Shipped
orders-event-delivered = Delivered
orders-event-cancelled = Cancelled
orders-event-expired = Expired
orders-event-returned = Returned
orders-event-refunded = Refunded
orders-event-flagged = Flagged
orders-event-cleared = Flag removed
orders-event-by = by { $name }
orders-by-payments = Payments
orders-by-inventory = Inventory
orders-by-shipping = Shipping
orders-by-risk = Risk
orders-event-shown = Shown on this page
orders-event-then = As it stood then
orders-event-then-of = { $event }: as it stood then
orders-event-request = Request
orders-event-placed-wallet = { $items }, { $total } in all, to be paid from the wallet
orders-event-placed-bank = { $items }, { $total } in all, to be paid by bank transfer
orders-event-paid-wallet = { $amount } authorised in the wallet
orders-event-paid-bank = { $amount } received by bank transfer
orders-event-captured = { $amount } captured
orders-event-restocked = { $items }, back on the shelf
orders-event-not-restocked = { $items }, not to be sold again
orders-event-refunded-wallet = { $amount } to the wallet
orders-event-refunded-bank = { $amount } by bank transfer
orders-event-because = { $what }: { $reason }

## Stock and payments of an order

orders-books = Stock and payments
orders-books-then = Stock and payments as they were
orders-books-reserved = Reserved in the stock:
orders-books-none-reserved = Nothing is reserved in the stock.
orders-hold-none = Nothing is authorised in the wallet.
orders-hold-since = from the wallet, authorised
orders-hold-voided = Released
orders-hold-expired = Expired
orders-transfers = Transactions for this order
orders-transfers-none = No transactions yet.
orders-transfer-in = Bank transfer received
orders-transfer-capture = Payment for the order
orders-transfer-refund = Refund

## The steps of an order

orders-pay-title = Has the money come in?
orders-pay-message = { $amount } came in at the bank for order { $number }. It goes through the customer's wallet, where it is set aside until the order is packed.
orders-pay-from-wallet = Pay { $amount } from the wallet
orders-pay-wallet-short = You can also pay from your wallet, once there is enough in it: { $amount } is available.
orders-pay-your-wallet = Your wallet
orders-ship-title = Hand it to the carrier
orders-ship-confirm = Ship order
orders-ship-carrier = Carrier
orders-ship-tracking = Tracking number
orders-ship-hint = The customer sees both.
orders-cancel-title = Cancel this order?
orders-cancel-uncharged = Its items go back on the shelf. Nothing was charged. This cannot be undone.
orders-cancel-back = Its items go back on the shelf. { $amount } is free in the wallet again. This cannot be undone.
orders-return-title = Record a return
orders-return-quantities = Quantity returned
orders-return-out = { $count } still out
orders-return-restock = It can be sold again
orders-return-restock-hint = Then it goes back into the stock.
orders-return-how-many = Write how many come back.
orders-return-missing = Say what comes back: either items, or "all": true.
orders-return-wrong = Choose what comes back: at least one, and no more than is still out.
orders-return-stock-reason = Returned with { $number }
orders-refund-title = Refund this order
orders-refund-left = Refundable
orders-refund-amount = Amount in { $currency }
orders-refund-to = Refund to
orders-refund-wallet-hint = There at once.
orders-refund-bank-hint = Send it from the bank yourself.
orders-refund-nothing = Give more than nothing.
orders-refund-missing = Say how much goes back: either an amount, or "all": true.
orders-refund-too-much = At most { $most } can be given back.
orders-refund-cancel-instead = The parcel is still here. Cancel the order instead: that gives all the money back, and the stock as well.
orders-flag = Flag
orders-flag-dialog = Hold this order back
orders-flag-confirm = Flag order
orders-flag-effect = Until the flag is removed, it is neither packed nor shipped.
orders-flag-title = Somebody should look at this order before it goes on
orders-flag-said = { $name }: { $reason }
orders-flag-remove = Remove flag
orders-flag-why = Say what is to be looked at.
orders-flagged-already = This order is flagged already.
orders-flagged-not = This order is not flagged.
orders-flag-too-late = This order is { $state }: nothing is left to hold back.
orders-done-pay = Order { $number } is paid.
orders-done-pack = Order { $number } is packed.
orders-done-ship = Order { $number } is on its way.
orders-done-deliver = Order { $number } is delivered.
orders-done-cancel = Order { $number } is cancelled.
orders-done-expire = Order { $number } is expired.
orders-done-return = The return of order { $number } is recorded.
orders-done-refund = Order { $number } was refunded.
orders-done-flag = Order { $number } is flagged.
orders-done-clear = The flag of order { $number } is removed; it can go on.

## Why a step is refused

orders-step-refused = Nothing was changed
orders-step-had-typed = What you had typed:
orders-step-typed = { $name }: { $value }
orders-step-quantity-of = Quantity of product{" "}
orders-staff-only = Only staff may do this.
orders-refused-step = This order is { $state }; this step is not possible now: { $step }. { $next }
orders-refused-next = { $refusal } { $next }
orders-refused-flagged = This order is flagged. Look at it and remove the flag first.
orders-refused-all-refunded = All that was paid for this order was given back.
orders-refused-all-returned = All of this order came back already.
orders-steps-none = Nothing more can be done with it.
orders-steps-possible = Possible now: { $steps }.

## Packing lists

orders-packing-list = Packing list
orders-packing-list-of = Packing list { $number }
orders-packing-lists = Packing lists
orders-packing-tabs = Packing lists by state
orders-packing-none = Nothing to pack
orders-packing-none-in = No order is { $state }.
orders-packing-more = These are the oldest { $most }; there are more. Pack these first, then come back.
orders-packing-print = Print this page from your browser: each order gets a sheet of its own, without the rest of the page.
orders-sheet-flagged = This order is flagged. Do not pack it before the flag is removed.
orders-sheet-not-to-pack = This order is { $state }. There is nothing to pack.
orders-sheet-caption = What goes into the parcel of order { $number }
orders-sheet-packed = Packed
orders-sheet-number = Number
orders-sheet-packed-by = Packed by
