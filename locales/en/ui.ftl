### The frame of every page: header, footer, palette, errors.

ui-skip = Skip to the content
ui-menu = Menu
ui-nav-main = Main
ui-nav-shop = Shop
ui-nav-tasks = Tasks
ui-nav-orders = Orders
ui-nav-ledger = Ledger
ui-nav-trials = Trials
ui-nav-users = Users
ui-home = Home
ui-cart = Cart
ui-search-products = Search products
ui-account = Account
ui-account-of = Account of { $name }
ui-my-orders = My orders
ui-my-tasks = My tasks
ui-my-account = My account
ui-wallet = Wallet
ui-events = Events
ui-conservation = Conservation
ui-sign-in = Sign in
ui-sign-out = Sign out
ui-register = Register
ui-theme-auto = Theme of the system
ui-theme-light = Light theme
ui-theme-dark = Dark theme
ui-footer = Guildhall: a small company in one binary. All dates and times are in UTC.
ui-footer-label = Footer
ui-title-refused = Error: { $title } · Guildhall

## The command palette and the keyboard shortcuts

ui-kind-page = Page
ui-go-to = Go to
ui-go-to-field = Go to…
ui-go-to-none = Nothing by that name.
ui-shortcuts = Keyboard shortcuts
ui-key-palette = Go to any page (⌘K on a Mac)
ui-key-search = Search the shop
ui-key-help = Show these shortcuts
ui-key-escape = Close what is open
ui-key-off = (switched off)
ui-single-keys-are-on = The keys / and ? act by themselves. If they get in your way, this browser can leave them alone.
ui-single-keys-switch-off = Switch single keys off
ui-single-keys-are-off = The keys / and ? do nothing in this browser.
ui-single-keys-switch-on = Switch single keys on

## The page of an error

ui-error-title = Sorry
ui-error-status = Error { $status }
ui-error-wait = Wait { $seconds } seconds, then try again.
ui-error-quote = If you write to us, quote
ui-error-not-found = Not found
ui-error-not-found-advice = The address may be mistyped, or what was here is gone.
ui-error-forbidden = Not for this account
ui-error-forbidden-advice = If you should have access, ask an administrator.
ui-error-sign-in = Please sign in
ui-error-sign-in-advice = You come back here afterwards.
ui-error-conflict = Something changed in the meantime
ui-error-conflict-advice = Go back, reload the page, and try again.
ui-error-too-many = A little slower, please
ui-error-too-many-advice = This protects every account.
ui-error-unavailable = Back in a moment
ui-error-unavailable-advice = Try again in a few seconds.
ui-error-internal = This is our fault
ui-error-internal-advice = It has been recorded. Trying again may help.
ui-error-unreadable = That could not be read
ui-error-unreadable-advice = Go back, check what was sent, and try again.

## Parts of every page

ui-breadcrumbs = Breadcrumbs
ui-loading = Loading
ui-close = Close
ui-cancel = Cancel
ui-dismiss = Dismiss
ui-pages = Pages
ui-first-page = First page
ui-shown = { $count } shown
ui-next = Next
ui-nothing-changed = Nothing was changed
ui-filters = Filters
ui-filters-in-use = { $count } in use
ui-filters-unreadable = These filters cannot be read

## Amounts that people type

ui-write-an-amount = Write an amount in { $currency } such as { $example }.
ui-amount-too-large = This amount is too large.
ui-no-currency = { $code } is not a currency Guildhall knows; use one of { $known }
ui-search-found = Products

## Texts that people type

ui-text-too-long = Write at most { $most } characters.
ui-text-control = Leave out control characters.
ui-text-turning = Leave out the hidden character that turns the direction of writing around ({ $character }).

## Texts in several languages

ui-name-in = Name ({ $language })
ui-not-translated = Not translated yet
