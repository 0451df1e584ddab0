### The books: wallets, accounts, the journal, holds.

## What several pages show

ledger-title = Ledger
ledger-views = Views of the books
ledger-accounts = Accounts
ledger-journal = Journal
ledger-trial-balance = Trial balance
ledger-balance = Balance
ledger-held = Held
ledger-available = Available
ledger-no-limit = No limit
ledger-entries = Entries
ledger-entries-pages = Pages of entries
ledger-entries-empty = No entries yet
ledger-entries-empty-advice = Whatever goes into this account or out of it is listed here.
ledger-date = Date
ledger-what = Description
ledger-other-account = Other account
ledger-amount = Amount
ledger-account = Account
ledger-code = Code
ledger-name = Name
ledger-owner = Owner
ledger-no = No.
ledger-debit = Debit
ledger-credit = Credit
ledger-memo = Memo
ledger-cancel = Cancel
ledger-search = Search
ledger-filter = Filter
ledger-clear = Clear
ledger-none-match = Nothing matches

## Kinds of transfers

ledger-kind-transfer = Transfer
ledger-kind-top-up = Top-up
ledger-kind-capture = Capture of a hold
ledger-kind-order-payment = Payment for order
ledger-kind-reversal = Reversal
ledger-kind-payment = Payment
ledger-kind-refund = Refund
ledger-kind-unknown = Choose one of transfer, top_up, capture, reversal, payment, refund.

## Accounts that are there by themselves

ledger-account-wallet = Wallet
ledger-account-bank = Bank
ledger-account-sales = Sales

## The wallet

ledger-wallet-title = Wallet
ledger-wallet-lead = Your money with us. You can pay with what is available.
ledger-wallet-transactions = Transactions
ledger-wallet-others = You also have { $sums } with us, from when the shop counted in it. Ask us to pay it out.
ledger-wallet-others-and = { " and " }
ledger-wallet-empty = Nothing in here yet
ledger-wallet-empty-advice = Pay in at the counter or by bank transfer, and our staff put it in here. What you pay for an order from here, and what comes back for it, is listed as well.
ledger-wallet-empty-orders = See your orders
ledger-chart-title = Balance of the last { $days } days
ledger-chart-words = Balance of the last { $days } days: from { $first } to { $last }, at least { $least } and at most { $most }.

## Topping up

ledger-top-up = Top up
ledger-top-up-title = Top up a wallet
ledger-top-up-lead = Puts money that came in at the bank into a customer's wallet.
ledger-top-up-email = Wallet owner's e-mail address
ledger-top-up-amount = Amount in { $currency }
ledger-top-up-nothing = Give more than nothing.
ledger-top-up-no-email = Say whose wallet it is.
ledger-top-up-owner = its owner
ledger-top-up-done = { $amount } is in the wallet of { $name }.
ledger-no-such-person = Nobody can sign in with this address.

## The list of accounts

ledger-search-field = Code, name or owner
ledger-the-company = The company
ledger-accounts-pages = Pages of accounts
ledger-accounts-none-match-advice = Try another word.
ledger-accounts-show-all = Show every account
ledger-accounts-empty = No accounts yet
ledger-accounts-empty-advice = Everybody who opens their wallet gets an account. The company's own are for you to create.
ledger-accounts-empty-new = Create the first account

## A new account

ledger-new-title = New account
ledger-new-code-hint = Short and unique: letters, digits and hyphens, such as sales-2026. It cannot be changed later.
ledger-new-owner = Owner's e-mail address
ledger-new-owner-hint = Leave it empty for an account of the company.
ledger-new-currency = Currency
ledger-new-side = Normal side
ledger-new-credit = Credit: what is owed or earned
ledger-new-debit = Debit: what the company has or spent
ledger-new-may-owe = Allow a negative balance
ledger-new-may-owe-hint = Otherwise no more can go out than is in it.
ledger-new-submit = Create account
ledger-new-done = Account { $code } created.
ledger-least-balance = The least balance is zero or below.
ledger-no-such-owner = There is nobody with this number.
ledger-code-kept = The codes bank, sales and wallet-… are kept for the program.
ledger-code-form = Use 1 to 40 letters, digits and hyphens.
ledger-name-form = Give it a name of 1 to 80 characters.
ledger-side-unknown = Choose debit or credit.

## An account

ledger-account-of = { $name } of { $owner }.
ledger-account-own = { $name }, the company's own.
ledger-account-debits-add = Debits add to it.
ledger-account-credits-add = Credits add to it.
ledger-account-journal = In the journal
ledger-account-top-up-lead = Puts money that came in at the bank into this wallet.

## The trial balance

ledger-trial-as-of = As of
ledger-trial-empty = Nothing to weigh yet
ledger-trial-empty-advice = As soon as money has moved, each account stands here on its side.
ledger-trial-caption = Balances in { $currency }
ledger-trial-total = Total
ledger-trial-people = People
ledger-trial-together = { $count ->
    [one] { $count } account
   *[other] { $count } accounts together
}
ledger-trial-agree = Debits and credits agree: { $sum } on each side.
ledger-trial-differ = Debits and credits differ by { $sum }. Run guildhall verify ledger to see where.

## The journal

ledger-journal-csv = Download CSV
ledger-journal-hledger = Download hledger
ledger-filter-text = Reference or memo
ledger-filter-account = Account code
ledger-filter-kind = Kind
ledger-filter-from = From day
ledger-filter-to = To day
ledger-filter-min = { $currency } from
ledger-filter-max = { $currency } to
ledger-filter-cursor = Place in the list
ledger-filter-any = Any
ledger-journal-no-account = There is no account with this code.
ledger-transfers = Transfers
ledger-journal-pages = Pages of the journal
ledger-journal-none-match-advice = Loosen a filter.
ledger-journal-show-all = Show every transfer
ledger-journal-empty = No transfers yet
ledger-journal-empty-advice = Every movement of money is listed here for good. Begin with one:
ledger-see-order = See the order
ledger-csv-head = no,posted_at,kind,debit,credit,amount,currency,reference,memo,reverses,id

## Reversing a transfer

ledger-reverse = Reverse
ledger-reverses-no = Reverses no. { $seq }
ledger-reversed-by-no = Reversed by no. { $seq }
ledger-reverse-question = Reverse transfer no. { $seq }?
ledger-reverse-confirm = Reverse transfer
ledger-reverse-message = { $amount } goes back from { $from } to { $to }, as a transfer of its own. This one stays in the books.
ledger-reverse-done = Transfer no. { $seq } is reversed: { $amount } went back.
ledger-reversed-before = This transfer was reversed before.
ledger-reversed-before-no = Transfer no. { $seq } was reversed before.
ledger-reverse-of-order = This belongs to order { $order }. Give money back there.

## Rules of transfers

ledger-amount-range = Give an amount from 1 to { $most } in minor units.
ledger-memo-line = Keep it to one line of at most { $most } characters.
ledger-id-kept = Ids that begin with guildhall: are kept for the program.
ledger-id-form = Use 1 to 64 visible ASCII characters, a UUID for example.
ledger-batch-size = A batch has 1 to { $most } transfers.
ledger-transfer-reused = This id was used for another transfer. Choose a new one.
ledger-same-account = A transfer goes from one account to another.
ledger-two-currencies = One account is in { $from }, the other in { $to }.
ledger-too-little = Only { $available } can be taken from { $account }.
ledger-overflow = That is more than { $account } can hold.

## Holds

ledger-hold-status-unknown = Choose one of open, captured, voided, expired.
ledger-hold-of-order = This is set aside for order { $order }, which alone can end it.
ledger-hold-of-others = Only who set this aside may end it.
ledger-hold-seconds = Give 1 to { $most } seconds.
ledger-hold-reused = This id was used for another hold. Choose a new one.
ledger-hold-too-much = That is more than was set aside.
ledger-hold-expired = This hold has expired.
ledger-hold-captured = This hold was captured before.
ledger-hold-voided = This hold was voided.
