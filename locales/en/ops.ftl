### Operations: the conservation page.

ops-operations = Operations
ops-conservation = Conservation
ops-conservation-lead = Nothing is lost and nothing comes from nowhere: counted again from what happened, and compared with what is written.
ops-as-of = As of { $time } UTC, { $age } s old, measured in { $took } ms
ops-as-of-paused = Paused. As of { $time } UTC
ops-as-of-lost = The server does not answer. As of { $time } UTC
ops-measure-again = Measure again
ops-pause = Pause updates
ops-resume = Resume
ops-replayed-here = The histories of the newest { $count } orders are replayed here. These commands work out everything again and name what differs:

## Verdicts in a word

ops-holds = Holds
ops-broken = Broken
ops-late = Late
ops-undelivered = Undelivered
ops-on-time = On time
ops-shared = Shared

## Stock

ops-stock = Stock
ops-stock-holds = Of each product, on hand is what was adjusted, less what was shipped
ops-stock-broken = What is on hand or reserved is not what the changes come to
ops-on-hand = On hand
ops-adjusted = Adjusted
ops-shipped = Shipped
ops-reserved = Reserved
ops-reservations = Open reservations
ops-products-differing = Products differing

## Ledger

ops-ledger = Ledger
ops-books-hold = The books sum to zero
ops-books-broken = Debits and credits differ
ops-debits = Debits in { $currency }
ops-credits = Credits in { $currency }
ops-unbalanced = Unbalanced transfers

## Orders

ops-orders = Orders
ops-orders-hold = Orders are what their histories make them
ops-orders-broken = Orders differ from their histories
ops-replayed = Histories replayed
ops-orders-differing = Orders differing

## Outbox

ops-outbox = Outbox
ops-outbox-on-time = Every event was delivered in time
ops-outbox-paused = Every event was delivered in time, but to paused webhooks
ops-outbox-late = Deliveries are late
ops-outbox-late-and-dead = Deliveries are late, and some events could not be delivered at all
ops-outbox-dead = Some events could not be delivered; staff decide what becomes of them
ops-undispatched = Events waiting
ops-undispatched-oldest = Oldest waiting (s)
ops-overdue = Overdue deliveries
ops-overdue-oldest = Oldest overdue (s)
ops-held = Held for paused webhooks
ops-dead-letters = Dead letters

## Commits

ops-commits = Commits
ops-commits-hold = Writes that come together share a commit
ops-writes = Grouped writes

## The log's filter

ops-log-filter-unreadable = The log takes levels by target, as info,guildhall=debug,sqlx=warn.
ops-log-filter-too-much = Only guildhall and sqlx can be followed at debug or trace: what others say there may hold secrets.
ops-log-filter-no-log = This program has no log to change.

## Profiles

ops-profile-busy = Another profile is being taken. Please try again when it is done.
ops-profile-seconds = A profile takes 0.01 to { $most } seconds.
ops-profile-index =
    Profiles of this server
    {""}
    /debug/pprof/profile?seconds=30     where the processor's time goes, for go tool pprof
    /debug/pprof/flamegraph?seconds=30  the same as a picture
    /debug/pprof/tasks                  requests and jobs that are under way
    /debug/pprof/heap                   memory in use, in a build with the feature heap-profile
    /debug/pprof/allocs                 the same with what was given back since
ops-profile-tasks-none = Nothing at this moment.
ops-profile-tasks = Under way, the oldest first: since when, what, where, and the trace to look for in the log.
