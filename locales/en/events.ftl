### Events: the outbox, deliveries, webhooks, the inbox, and mail to customers.

## Names that several pages have

events-title = Events
events-tabs = Pages about events
events-outbox = Outbox
events-webhooks = Webhooks
events-dead = Dead letters
events-inbox = Inbox
events-number = No.
events-when = When
events-event = Event
events-about = Subject
events-state = State
events-note = Note
events-deliveries = Deliveries
events-actions = Actions
events-send-again = Send again
events-send-now = Send now
events-discard = Discard
events-order = Order { $order }
events-consumer-mail = Mail
events-consumer-mail-long = Mail to the customer
events-consumer-board = Board
events-consumer-board-long = Fulfilment board
events-no-such-order = There is no order { $order }.
events-no-such-product = There is no product { $product }.
events-no-consumer = { $word } is no consumer of events
events-no-delivery-state = { $word } is no state of a delivery
events-no-source = { $word } is no source of messages

## Where a delivery stands

events-delivery-waiting = Pending
events-delivery-retrying = Retrying, next at { $at }
events-delivery-done = Delivered
events-delivery-dead = Failed
events-delivery-discarded = Discarded
events-state-of = { $of }: { $state }
events-delivery-too-long = It took too long.
events-delivery-broke-off = It broke off; the log says why.

## The outbox

events-outbox-lead = What happened, in order, and who was told of it.
events-outbox-none = No events yet
events-outbox-none-advice = Orders, changes of stock and transfers are listed here as they happen.
events-outbox-pages = Pages of events
events-outbox-undispatched = Pending
events-outbox-no-subscriber = No subscriber
events-outbox-data = Data

## Dead letters

events-dead-lead = What could not be delivered in { $count } tries. It stays here until somebody decides.
events-dead-none = No dead letters
events-dead-none-advice = Everything was delivered, or is still being tried.
events-dead-pages = Pages of dead letters
events-dead-recipient = Recipient
events-dead-error = Error
events-dead-tries = { $count ->
    [one] 1 try
   *[other] { $count } tries
}
events-dead-discard-title = Discard this dead letter?
events-dead-discard-message = It will not be sent any more, and cannot be brought back here.
events-dead-sent = It is on its way again.
events-dead-discarded = It is discarded.

## Webhooks

events-webhooks-lead = Other programs that are told what happens here, as it happens.
events-webhooks-none = No webhooks yet
events-webhooks-none-advice = Register the address of a program, and it gets a signed message for every event it asks for.
events-webhooks-pages = Pages of webhooks
events-webhook-title = Webhook { $id }
events-webhook-new = New webhook
events-webhook-new-lead = The next page shows the secret that our messages are signed with, once.
events-webhook-create = Create webhook
events-webhook-address = Address
events-webhook-address-hint = For example https://example.com/hooks
events-webhook-events = Events
events-webhook-filter-hint = * for all, order.* for all of orders, or topics such as order.paid, with spaces between.
events-webhook-topics = All topics
events-webhook-note = Note (internal)
events-webhook-active = Active
events-webhook-paused = Paused
events-filter-unknown = There is no event { $event }. Write * for all, order.* for all of orders, or a topic such as order.paid.
events-filter-empty = Name at least one event, or * for all.
events-webhook-address-example = Write an address such as https://example.com/hooks.
events-webhook-address-long = Write at most { $most } characters.
events-webhook-address-https = Only https is safe enough here.
events-webhook-address-password = Leave name and password out: what we send is signed.
events-webhook-address-fragment = Leave out what follows the #: it would not be sent.
events-webhook-private = Private addresses are not allowed.
events-webhook-too-many = There are { $count } webhooks, and no more fit. Delete one first.

## One webhook

events-webhook-pause = Pause
events-webhook-resume = Resume
events-webhook-paused-by = Paused by { $name }.
events-webhook-gone = It answered 410 Gone: the other side wants nothing more.
events-webhook-paused-since = { $because } What has happened since { $at } waits for it, and goes out when you resume.
events-webhook-events-hint = A change counts for what happens from now on.
events-webhook-stale-title = Somebody was quicker
events-webhook-stale = It is { $url } with the events { $events } now. Below is what you typed, and theirs where you changed nothing: save it over theirs, or not.
events-webhook-save = Save
events-webhook-saved = The webhook is saved.
events-webhook-was-paused = The webhook is paused.
events-webhook-resumed = What waited for it goes out now.
events-webhook-delete = Delete webhook
events-webhook-delete-hint = To stop for a while, pause it.
events-webhook-delete-title = Delete this webhook?
events-webhook-delete-message = Nothing more is sent to it, not even what waits. Its log goes as well. This cannot be undone.
events-webhook-deleted = The webhook is deleted.

## The secret of a webhook

events-secret = Signing secret
events-secret-once = Give it to the receiver now, who verifies our messages with it as Standard Webhooks describes. It is not shown again.
events-secret-hint = It signs every message. Change it when somebody may know it who should not.
events-secret-change = Change secret
events-secret-change-title = Change the secret?
events-secret-change-message = You are shown a new one. The present one signs as well for { $hours } hours more, and until then it cannot be changed again.
events-secret-old = The secret before this one signs as well until { $until }. It can be changed again after that.
events-webhook-rotated-lately = The secret was changed less than a day ago, and the one before it signs until { $until }. Change it after that, or delete the webhook and register it anew.
events-secret-malformed = a webhook secret is whsec_ and then base64 of 24 to 64 bytes

## The deliveries of a webhook

events-deliveries-latest = Latest deliveries
events-deliveries-none = No deliveries yet
events-deliveries-none-advice = What it asked for is sent as soon as it happens, and listed here.
events-deliveries-pages = Pages of deliveries
events-deliveries-tries = Tries
events-delivery-untried = Not tried yet
events-delivery-no-answer = No answer
events-delivery-tries = { $last }, after { $count } tries
events-delivery-attempt = { $how } in { $took } ms.
events-delivery-sent = It is on its way.
events-webhook-answered = It answered { $status }.
events-webhook-timeout = There was no answer within { $seconds } seconds.
events-webhook-leads-inside = { $name } leads to { $ip }. Private addresses are not allowed.
events-webhook-unreachable = It could not be reached: { $cause }.

## The inbox

events-inbox-lead = What payments, inventory, shipping and risk told us, and what came of it.
events-inbox-none = No messages yet
events-inbox-none-advice = Messages of other programs are listed here as they come.
events-inbox-none-so = No messages in this state
events-inbox-none-so-advice = Choose another state, or all of them.
events-inbox-messages = Messages
events-inbox-pages = Pages of messages
events-inbox-received = Received
events-inbox-message = Message
events-inbox-outcome = Outcome
events-inbox-all = All
events-inbox-filter = Filter
events-inbox-from = From { $source }
events-inbox-from-dropped = From { $source }; its text is no longer kept
events-inbox-retry = Try again
events-inbox-discard-title = Discard this message?
events-inbox-discard-message = It stays on the list, and nothing comes of it any more.
events-source-payments = Payments
events-source-inventory = Inventory
events-source-shipping = Shipping
events-source-risk = Risk
events-message-waiting = Waiting
events-message-applied = Done
events-message-parked = Put aside
events-message-discarded = Discarded
events-message-state-unknown = Choose waiting, applied, parked or discarded.
events-message-applied-before = This message is done already.
events-message-discarded-before = This message is discarded already.
events-message-discarded-by = Discarded by { $name }. { $before }
events-message-was-retried = It is tried again.
events-message-was-discarded = The message is discarded.

## Why a message is not taken

events-inbox-not-set-up = Messages of { $source } are not set up here: { $variable } is empty.
events-inbox-unreadable = The body is no JSON object with a type.
events-signed-no-time = The header webhook-timestamp is missing or no number of seconds.
events-signed-time-off = The header webhook-timestamp is more than five minutes off.
events-signed-no-id = The header webhook-id is missing, too long or has a dot in it.
events-signed-wrong = The header webhook-signature has no signature of this message.

## What came of a message

events-applied-paid = The order is paid.
events-applied-failed = The failure is in the order's history.
events-applied-refunded = The refund is booked.
events-applied-matched = It tells of the refund that staff booked.
events-applied-shipped = The order has left.
events-applied-delivered = The order has arrived.
events-applied-flagged = The order is flagged.
events-applied-cleared = The flag of the order is removed.
events-applied-stock = The stock is changed.
events-applied-nothing = Nothing changed. { $why }
events-message-waited = It waited for thirty days. { $why }
events-message-no-say = { $source } has no say in { $topic }.
events-message-no-time = The message has no timestamp such as 2026-11-21T04:07:00Z, and of words on a risk the latest counts.
events-message-unfit = The message does not fit: { $cause }.
events-message-no-name = The message has no { $field } that could be one.
events-message-no-amount = The amount must be more than nothing.
events-message-no-product = The message names neither product_id nor sku.
events-verdict-no-order = This is about no order.
events-verdict-other-amount = { $came } came in, and the order costs { $total }.
events-verdict-wallet = This order is paid from the wallet, and money came in for it nevertheless.
events-verdict-paid-too-late = { $came } came in for an order that is { $state }.
events-verdict-paid-twice = { $came } came in a second time.
events-verdict-paid-before = The order was marked as paid before.
events-verdict-moved-on = The order is { $state } by now.
events-verdict-other-currency = { $went } went back, and the order costs { $total }.
events-verdict-refunded-before = This refund was booked before.
events-verdict-refunded-otherwise = This refund was booked before with { $before }, and is of { $now } now.
events-verdict-refund-unclear = { $went } went back, and staff gave { $other } back that no message has told of. If this is another refund, give it back with the order, to the bank, and try again.
events-verdict-refund-too-much = { $went } went back, and { $left } is left of what was taken.
events-verdict-not-paid = The order is not paid yet.
events-verdict-not-captured = The order is not packed yet, so nothing was taken.
events-verdict-parcel-here = All of it went back, and the parcel is still here.
events-verdict-not-packed = The order is not packed yet.
events-verdict-shipped-before = The order had been shipped before.
events-verdict-shipped-too-late = The carrier has an order that is { $state }.
events-verdict-not-shipped = The order has not left yet.
events-verdict-arrived-before = The order is { $state } already.
events-verdict-arrived-too-late = An order arrived that is { $state }.
events-verdict-risk-late = A later message says otherwise, or the same.
events-verdict-risk-before = The order is in that state already.
events-verdict-stock-short = Only { $count } can be taken of { $product }.
events-verdict-stock-too-large = So many do not fit into the stock.

## The task of an order on the board of those who pack

events-board = Fulfilment
events-task-title = Pack order { $order }
events-task-standard = Standard delivery to { $to }
events-task-express = Express delivery to { $to }

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
