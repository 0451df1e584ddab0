### Refusals that belong to no slice.

## Refusals of every kind

server-no-such-account = There is no such account.
server-no-such-board = There is no such board.
server-no-such-category = There is no such category.
server-no-such-column = There is no such column.
server-no-such-dead-letter = There is no such dead letter.
server-no-such-delivery = There is no such delivery.
server-no-such-hold = There is no such hold.
server-no-such-ledger-account = There is no such ledger account.
server-no-such-link = There is no such link.
server-no-such-message = There is no such message.
server-no-such-order = There is no such order.
server-no-such-page = There is no such page.
server-no-such-picture = There is no such picture.
server-no-such-product = There is no such product.
server-no-such-reading = There is no such reading of this subject.
server-no-such-step = There is no such step.
server-no-such-import = There is no such import, or not in a study of yours.
server-no-such-study = There is no such study, or you have no role in it.
server-no-such-subject = There is no such subject, or not in a study of yours.
server-no-such-task = There is no such task.
server-no-such-transfer = There is no such transfer.
server-no-such-view = There is no such view.
server-no-such-visit = There is no such visit, or the subject is not enrolled.
server-no-such-webhook = There is no such webhook.
server-no-such-thing = There is no such thing.
server-stale-account = Somebody changed this account while you were working on it.
server-stale-category = Somebody changed this category while you were working on it.
server-stale-order = Somebody changed this order while you were working on it.
server-stale-product = Somebody changed this product while you were working on it.
server-stale-reading = Somebody else changed this reading in the meantime.
server-stale-study = Somebody else changed this study in the meantime.
server-stale-subject = Somebody else changed this subject in the meantime.
server-stale-task = Somebody changed this task while you were working on it.
server-stale-visit = What is to be signed has changed in the meantime. Look at it as it is now.
server-stale-webhook = Somebody changed this webhook while you were working on it.
server-stale-thing = Somebody changed this while you were working on it.
server-method = This address does not take that method.
server-sign-in = Sign in to do this.
server-wrong-credentials = The e-mail address or the password is wrong.
server-internal = Something went wrong on our side. Please try again.
server-not-an-object = Send a JSON object: {"{"}"name": …{"}"}.
server-correct-fields = Please correct the marked fields.
server-unreachable = The server cannot be reached. Check the connection.
server-unreadable = The request could not be read.

## What cannot be read, and the gates

server-form-unreadable = The form could not be read: { $cause }.
server-choose-theme = Choose auto, light or dark.
server-single-keys-on = The keys / and ? are switched on.
server-single-keys-off = The keys / and ? are switched off.
server-choose-on-off = Choose on or off.
server-not-allowed = You are not allowed to do this.
server-body-too-large = This is more than the server takes in one request.
server-away-title = Guildhall cannot answer just now
server-away-again = Try again
server-other-site = This request came from another site, so it was not carried out.
server-send-json = Send JSON, with the header Content-Type: application/json.
server-body-no-json = The body is not JSON: { $cause }.
server-body-misfit = The body does not fit: { $cause }.
server-two-hosts = The request names two hosts.
server-no-host = The request names no host.
server-bad-host = The request's host is no host's name.
server-body-cut = The body could not be read to its end.
server-query-misfit = The query string does not fit: { $cause }.
server-write-a-day = Write a day such as 2026-11-21.

## Too much, too long, and the database

server-taken-over = Another server has taken over this work.
server-broker-away = The broker of events is away.
server-dropped = It took more than { $seconds } s and was dropped.
server-too-much =
    { $seconds ->
        [one] That was too much within a minute. Wait { $seconds } second, then go on.
       *[other] That was too much within a minute. Wait { $seconds } seconds, then go on.
    }
server-from-memory-now = The database cannot be reached at the moment. This page is as it was a moment ago; orders have to wait.
server-from-memory = { $minutes ->
    [one] The database cannot be reached at the moment. This page is as it was { $minutes } minute ago; orders have to wait.
   *[other] The database cannot be reached at the moment. This page is as it was { $minutes } minutes ago; orders have to wait.
}
server-busy = The service is busy. Please try again in a moment.
server-cannot-save = This cannot be saved at the moment. What you entered is not lost: please try again in a moment.
server-no-nul = No text may contain the character U+0000.
server-disk-full = The service has no room left to store anything, so nothing was saved. Please try again later.
server-disk-broken = The service cannot use its disk at the moment. Please try again later.
server-read-only = The service can only be read at the moment, so nothing was saved. Please try again later.
server-taken-email = There is already an account with this address.
server-taken-slug = Another product has this short name already.
server-taken-category = Another category has this address already.
server-taken-board = There is already a board with this name.
server-taken-account = There is already an account with this code.
server-taken-transfer = This id was used for another transfer. Choose a new one.
server-taken-hold = This id was used for another hold. Choose a new one.
server-taken-study = Another study has this code.
server-own-language = The text in { $language } is { $field } itself.
server-no-cursor = This is not a cursor of this list.
server-key-header = The header Idempotency-Key takes 1 to 255 visible ASCII characters.
server-key-reused = This Idempotency-Key was used for another request. Use a new one.
server-too-long = This took too long and was stopped. Please try again in a moment.
server-too-long-write = This took too long. It was done as a whole or not at all: look which, before you send it again.
