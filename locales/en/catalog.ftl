### The catalogue.

## Common words

catalog-not-for-sale = Not for sale
catalog-sold-out = Sold out
catalog-few-left = Few left
catalog-in-stock = In stock
catalog-first-product = Create the first product
catalog-empty-advice = We are filling the shelves. Please come back later.
catalog-empty = The shop has nothing to sell yet
catalog-category = Category
catalog-description = Description
catalog-description-hint = Markdown: **bold**, lists with a dash, tables.
catalog-new-product = New product
catalog-shop = Shop
catalog-categories = Categories
catalog-only-left = Only { $count } left
catalog-price-in = Price in { $currency }
catalog-products =
    { $count ->
        [one] 1 product
       *[other] { $count } products
    }

## The front page

catalog-home-title = Things worth keeping
catalog-home-description = A small shop of well-made things for the desk, the kitchen and the road.
catalog-home-kicker = Tools, sound and stationery
catalog-home-heading = Things worth keeping
catalog-home-lead = A small shop of well-made things for the desk, the kitchen and the road. Each one is described plainly, measured honestly, and made to be used every day.
catalog-home-browse = Browse the shop
catalog-home-cheapest = Cheapest first
catalog-home-new = New in the shop
catalog-home-all = All products
catalog-home-categories = By category
catalog-home-welcome = Welcome back, { $name }

## The shop

catalog-sort-relevance = Best match
catalog-sort-newest = Newest
catalog-sort-price-up = Price, low to high
catalog-sort-price-down = Price, high to low
catalog-sort-name = Name
catalog-state-active = For sale
catalog-state-all = All
catalog-prices-crossed = The lowest price is above the highest, so no product can match.
catalog-choose-one = Choose one of { $known }.
catalog-lowest-left-out = The lowest price is left out. { $fault }
catalog-highest-left-out = The highest price is left out. { $fault }
catalog-state = State
catalog-filter-categories = Categories
catalog-price-from = Price from
catalog-price-to = to
catalog-in-stock-only = In stock only
catalog-apply = Apply
catalog-all-categories = All categories
catalog-sort-by = Sort by
catalog-sort = Sort
catalog-search = Search: { $text }
catalog-from = From { $price }
catalog-to = To { $price }
catalog-remove-filter = Remove the filter { $filter }
catalog-products-heading = Products
catalog-page-empty = This page is empty
catalog-page-moved = What was here has moved.
catalog-page-first = Start from the first page
catalog-nothing-matches = Nothing matches
catalog-nothing-advice = Try fewer words or a wider price range.
catalog-show-everything = Show everything
catalog-no-description = There is no description yet.
catalog-unpublish = Unpublish
catalog-publish = Publish
catalog-edit = Edit
catalog-number = Number
catalog-on-hand = On hand
catalog-adjust = Adjust
catalog-orders = Orders
catalog-orders-with-it = See orders
catalog-updated = Updated
catalog-missing-in = Not in { $language }
catalog-translate = Translate
catalog-comma = {", "}
catalog-reserved = ({ $count } reserved)

## A product and its form

catalog-quantity = Quantity
catalog-add = Add to cart
catalog-add-of = Add to cart: { $product }
catalog-back = Back to the product
catalog-details = Details
catalog-address-stays = The address stays as it is, so that links keep working.
catalog-name = Name
catalog-alt = Alternative text
catalog-alt-hint = Read out by screen readers.
catalog-in-language = { $text } ({ $language })
catalog-language-first = · original
catalog-translation-missing = Not fully translated
catalog-language-translated = There are translations into { $language } already. Take them away first.
catalog-save = Save
catalog-picture-remove = Remove the picture
catalog-picture-remove-title = Remove the picture?
catalog-picture-remove-advice = The product is shown without one until you upload another.
catalog-remove = Remove
catalog-picture = Picture
catalog-picture-hint = PNG, JPEG or WebP, at most 5 MiB. Lists cut it to a square around its middle, as the preview shows; the product's own page shows all of it.
catalog-upload = Upload
catalog-edit-title = Edit { $product }
catalog-picture-choose = Choose a picture, or drop it on the button
catalog-two-versions = Two versions
catalog-conflict = Somebody saved this product while you were working on it
catalog-conflict-advice = Nothing of yours is lost, and what you did not touch is as they saved it. Compare the two, carry over what you want to keep, then save yours or take theirs.
catalog-price = Price
catalog-differs = Differs
catalog-theirs = Theirs
catalog-theirs-saved = As it is now, saved
catalog-take-theirs = Take theirs
catalog-yours = Yours
catalog-same = The same as theirs.
catalog-not-saved = Not saved yet. You can still change it.
catalog-save-mine = Save mine over it
catalog-two-versions-of = Two versions of { $product }
catalog-first-category = Create a category first
catalog-first-category-advice = Every product is in one, and there is none yet. Create it here; the product comes next.
catalog-first-category-heading = The first category
catalog-address = Address
catalog-address-hint = The last part of /products/… in small letters, digits and dashes. Left empty, it is made from the name; it cannot be changed later, so that links keep working.
catalog-opening-stock = Opening stock
catalog-publish-now = Publish at once
catalog-publish-later = Until it is published, only staff see it.
catalog-create = Create product
catalog-cancel = Cancel
catalog-product-no-name = Give the product a name.
catalog-slug-letters = Use a to z, digits and single dashes between, at most 80.
catalog-slug-reserved = Use more than a number, and not the word new.
catalog-category-no-name = Give the category a name.
catalog-price-negative = A price is not negative.
catalog-price-too-large = This price is too large.
catalog-stock-negative = A stock is not negative.
catalog-stock-too-large = This stock is too large.
catalog-change-whole = Write a whole number, such as 12 or -3.
catalog-change-none = A change of nothing changes nothing.
catalog-change-too-large = This change is too large.
catalog-change-why = Say why, for whoever reads the log.
catalog-undo = Undo
catalog-whole-number = Write a whole number, such as 12.
catalog-picture-form = Send the picture as a form with a file.
catalog-picture-none = Choose a picture first.
catalog-picture-too-large = A picture has at most 5 MiB.
catalog-picture-cut = The picture could not be read to its end. Please try again.
catalog-picture-kind = This is not a PNG, JPEG or WebP picture.
catalog-picture-damaged = This picture is damaged and cannot be read.
catalog-picture-pixels = { $width } × { $height } pixels are too many; at most 40 million.
catalog-picture-bits = { $width } × { $height } pixels of 16 bits a colour are too many. Save it with 8 bits.
catalog-picture-says = The file says it is { $says }, but it is { $is }.
catalog-picture-cmyk = This picture is in colours for print (CMYK). Save it in RGB, for the screen.
catalog-picture-colours = The colours of this picture cannot be read. Save it in sRGB.

## Categories

catalog-category-new = New category
catalog-category-new-advice = It comes last in the shop's list, and on the front page once something in it is for sale.
catalog-categories-none = No categories yet
catalog-categories-none-advice = Every product is in a category. Create the first below, then a product in it.
catalog-category-empty = No products
catalog-category-change = Change
catalog-both-versions = Both versions are here
catalog-category-address-hint = Links with the old one lead nowhere once you change it.
catalog-delete = Delete
catalog-category-delete-advice = No product is in it. It cannot be brought back, but you can make it anew.
catalog-category-delete = Delete the category
catalog-category-slug-hint = Used in links to the shop: small letters, digits and dashes. Left empty, it is made from the name.
catalog-category-create = Create category
catalog-category-off-sale = , { $count } not for sale
catalog-category-delete-title = Delete the category { $category }?
catalog-category-move-first = To delete it, first move what is in it to another category: { $products }.
catalog-category-conflict = It is called { $name } now, with the address { $slug }. Below is what you typed, and theirs where you changed nothing: change it as you like, and save it over theirs.
catalog-category-first = There is no category yet. Create one first.
catalog-category-unknown = There is no such category.
catalog-category-most = A shop has at most { $most } categories.
catalog-category-taken = There is the category { $category } already. Choose another name, or give this one an address of its own.
catalog-category-in-use =
    { $count ->
        [one] There is still a product in { $category }. Move it to another category first.
       *[other] There are still { $count } products in { $category }. Move them to another category first.
    }

## Stock

catalog-reason-delivery = Delivery
catalog-reason-return = Return
catalog-reason-stocktake = Stocktake
catalog-reason-damaged = Damaged
catalog-reason-counter = Sold at the counter
catalog-stock = Stock
catalog-stock-change = Change
catalog-stock-change-hint = 12 come in, -3 go out.
catalog-stock-reason = Reason
catalog-stock-adjust = Adjust the stock
catalog-stock-shipped = Shipped with
catalog-stock-nothing = Nothing has come in or gone out yet.
catalog-stock-when = When
catalog-stock-by = By
catalog-stock-log = Latest changes of the stock
catalog-stock-level = { $stock } on hand.
catalog-stock-level-reserved = { $stock } on hand, { $reserved } of them reserved for open orders.
catalog-stock-kept = Every change is kept with its reason.
catalog-stock-counted = Set to the number counted
catalog-stock-full = The stock is full.
catalog-stock-only = There are only { $count } on hand.
catalog-stock-only-reserved = There are only { $count } on hand, and open orders will take { $reserved } of them.

## What was done

catalog-said-created = { $product } is created. Add its picture now.
catalog-said-saved = { $product } is saved.
catalog-said-published = { $product } is for sale.
catalog-said-unpublished = { $product } is not for sale any more.
catalog-said-adjusted = { $product } has { $count } on hand now.
catalog-said-picture = { $product } has a new picture.
catalog-said-no-picture = The picture of { $product } is gone.
catalog-said-category-created = The category { $category } is created.
catalog-said-category-saved = The category { $category } is saved.
catalog-said-category-deleted = The category { $category } is deleted.

## What cannot be had

catalog-choose-quantity = Choose 1 to { $most }.
catalog-short-not-for-sale = { $product } is no longer for sale.
catalog-short-sold-out = { $product } is sold out.
catalog-short-left =
    { $count ->
        [one] There is only 1 of { $product } left.
       *[other] There are only { $count } of { $product } left.
    }
