### The cart.

## The link in the header

cart-link-empty = Cart, empty
cart-link-one = Cart, 1 item
cart-link-many = Cart, {"{n}"} items
cart-see = See the cart

## What was done

cart-whole-number = Write a whole number, such as 2.
cart-added = { $product } is in your cart.
cart-quantity-set = { $product }: { $quantity } in your cart.
cart-removed = { $product } is out of your cart.
cart-undo = Undo
cart-restored = { $product } is back in your cart.
cart-prices-seen = Your cart has the new prices.
cart-it = It

## The page

cart-title = Cart
cart-heading = Your cart
cart-empty = Your cart is empty
cart-empty-advice = What you add to it is kept here for thirty days.
cart-go-shopping = Go to the shop
cart-price-moved = A price has changed since you last saw it
cart-prices-moved = Prices have changed since you last saw them
cart-prices-moved-sums = The sums here are made with the new prices.
cart-use-new-prices = Use the new prices
cart-remove = Remove { $product }
cart-price-was = was { $was }, now { $now }
cart-each = each
cart-take-of = Take { $most } of { $product }
cart-take = Take { $most }
cart-sold-out = Sold out
cart-not-for-sale = No longer for sale
cart-quantity-of = Quantity of { $product }
cart-update = Update
cart-summary = Summary
cart-subtotal = Subtotal
cart-delivery-later = You choose the delivery at the checkout.
cart-delivery-cost = { $delivery } delivery
cart-checkout = Checkout
cart-sign-in-first = You sign in first; your cart is kept.
cart-blocked = Before you can order
cart-blocked-advice = Change these, or take them out of the cart:

## What is wrong with a line

cart-only-left =
    { $count ->
        [one] Only 1 is left.
       *[other] Only { $count } are left.
    }
cart-line-sold-out = It is sold out.
cart-line-not-for-sale = It is no longer for sale.
cart-line-price-moved = It was { $was } and is { $now } now.
cart-choose-or-none = Choose 0 to { $most }; 0 takes it out.

## Limits

cart-product-not-for-sale = This product is not for sale at the moment.
cart-full = There are { $most } different products in your cart, and no more fit in. Order them first, or take something out.
cart-too-many = A cart takes at most { $most } of one product, and { $present } are in yours: choose at most { $rest }.
cart-nothing-left = Nothing of it can be ordered now.
cart-choose-at-most = Choose at most { $count }.
cart-all-yours = All that is left of { $product } is in your cart.
cart-no-more = There are no more to add.
cart-short-and-present = { $shortage } And { $count } are in your cart.

## The cart of a visitor who signs in

cart-not-brought = What you had put in the cart could not be brought along. It is still there: sign out to see it, or sign in again to try once more.
cart-came-along = Your cart came along.
cart-and-more = And { $count } more.
cart-others =
    { $count ->
        [one] One other product was in your cart from before.
       *[other] { $count } other products were in your cart from before.
    }
cart-moved = { $product }: { $count }.
cart-joined = { $product }: { $count } now, with those you had before.
cart-capped = { $product }: { $count } now, no more can be had.
cart-left-not-for-sale = { $product } is no longer for sale and was left out.
cart-left-sold-out = { $product } is sold out and was left out.
cart-left-no-room = { $product } was left out: a cart holds { $most } products.
