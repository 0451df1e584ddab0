### Events: the outbox, deliveries, webhooks, the inbox, and mail to customers.

events-order = Order { $order }
events-no-such-order = There is no order { $order }.

## Mails about an order

events-mail-hello = Hello,
events-mail-hello-name = Hello { $name },
events-mail-see = See where it stands: { $link }
events-mail-line = { $label }: { $value }
events-mail-first-placed = an order was placed with this address: { $order }, { $total } in all.
events-mail-first-confirm = Is the address yours? Confirm it, and we write to you when something happens to the order:
events-mail-first-else = If it is not, do nothing: we write no more to it.
events-mail-placed-subject = We have your order { $order }
events-mail-placed-wallet = thank you for your order. It is paid from your wallet, and we pack it next.
events-mail-placed-until = thank you for your order. We keep it for you until { $until }.
events-mail-placed = thank you for your order. We keep it for you.
events-mail-placed-unpaid = If no payment comes by then, the order ends by itself.
events-mail-ask-account = Please ask us for the account to transfer { $total } to, and give the order's number, { $order }.
events-mail-transfer = Please transfer { $total } to our bank account:
events-mail-reference = Payment reference
events-mail-paid-subject = Order { $order } is paid
events-mail-paid-wallet = your order is paid. { $amount } of your wallet is set aside for it, and taken when it is in its parcel.
events-mail-paid = we have received your payment of { $amount }, thank you. We pack your order next.
events-mail-shipped-subject = Order { $order } is on its way
events-mail-shipped = your order is on its way.
events-mail-shipped-with = your order is on its way, with { $carrier }.
events-mail-shipped-tracking = your order is on its way. Its tracking number is { $tracking }.
events-mail-shipped-with-tracking = your order is on its way, with { $carrier }. Its tracking number is { $tracking }.
events-mail-delivered-subject = Order { $order } has arrived
events-mail-delivered = your order has arrived. We hope you like it. If anything is not as it should be, tell us and name the order's number.
events-mail-cancelled-subject = Order { $order } is cancelled
events-mail-cancelled = your order is cancelled. Nothing more is due for it, and what you paid, if anything, is yours again.
events-mail-cancelled-because = your order is cancelled: { $reason }. Nothing more is due for it, and what you paid, if anything, is yours again.
events-mail-expired-subject = Order { $order } has expired
events-mail-expired = we received no payment for your order in time, so it has ended and nothing is due. You are welcome to order again. If you have paid in the meantime, tell us and name the order's number.
events-mail-refunded-subject = A refund for order { $order }
events-mail-refunded = we have given you { $amount } back.
events-mail-refunded-because = we have given you { $amount } back: { $reason }.
events-mail-refunded-bank = { $given } It goes to the account you paid from, which can take some days.
events-mail-refunded-wallet = { $given } It is in your wallet.
events-mail-delivery-standard = Standard delivery
events-mail-delivery-express = Express delivery
events-mail-total = Total
events-mail-goes-to = It goes to { $name }, { $address }

## Why a mail could not be sent

events-mail-no-sender = mail.from is no sender such as "Shop <shop@example.com>": { $cause }
events-mail-no-smtp-url = mail.smtp_url must be such as smtps://USER:PASSWORD@HOST: { $cause }
events-mail-no-address = The customer's address cannot be written to.
events-mail-from-unreadable = mail.from cannot be read: { $cause }.
events-mail-unwritable = The mail cannot be written: { $cause }.
events-mail-folder = The mail cannot be written to { $folder }: { $cause }.
events-mail-refused = The mail server did not take it: { $cause }.

## The page where an address is confirmed

events-confirm-title = Confirm your address
events-confirm-unknown = This link is not known here. If there is a newer mail, use the link in that one.
events-confirm-done = { $address } is confirmed. We write to it about your orders.
events-confirm-to-shop = To the shop
events-confirm-question = Is { $address } yours? Then we write to it about your orders.
events-confirm-yes = Yes, it is mine
events-confirm-no = If it is not, close this page: we write no more to it.
events-confirm-said = Your address is confirmed.
