### 事件：发件箱、投递、Webhook、收件箱与客户邮件。

events-order = 订单 { $order }
events-no-such-order = 找不到订单 { $order }。

## 订单邮件

events-mail-hello = 您好：
events-mail-hello-name = { $name }，您好：
events-mail-see = 查看订单进度：{ $link }
events-mail-line = { $label }：{ $value }
events-mail-first-placed = 有人使用此邮箱提交了订单 { $order }，合计 { $total }。
events-mail-first-confirm = 如果这是您的邮箱，请点击以下链接确认，之后订单有进展时我们会发邮件通知您：
events-mail-first-else = 如果不是，无需任何操作，我们不会再向此邮箱发送邮件。
events-mail-placed-subject = 我们已收到您的订单 { $order }
events-mail-placed-wallet = 感谢您的订购。订单已通过钱包支付，我们会尽快打包。
events-mail-placed-until = 感谢您的订购。订单将为您保留至 { $until }。
events-mail-placed = 感谢您的订购。订单已为您保留。
events-mail-placed-unpaid = 逾期未付款，订单将自动关闭。
events-mail-ask-account = 请联系我们获取收款账户以转账 { $total }，并提供订单号 { $order }。
events-mail-transfer = 请将 { $total } 转账至我们的银行账户：
events-mail-reference = 转账附言
events-mail-paid-subject = 订单 { $order } 已付款
events-mail-paid-wallet = 您的订单已付款。钱包中的 { $amount } 已冻结，打包时扣款。
events-mail-paid = 我们已收到您支付的 { $amount }，谢谢。接下来将为您打包。
events-mail-shipped-subject = 订单 { $order } 已发货
events-mail-shipped = 您的订单已发货。
events-mail-shipped-with = 您的订单已发货，快递公司：{ $carrier }。
events-mail-shipped-tracking = 您的订单已发货，快递单号：{ $tracking }。
events-mail-shipped-with-tracking = 您的订单已发货，快递公司：{ $carrier }，快递单号：{ $tracking }。
events-mail-delivered-subject = 订单 { $order } 已送达
events-mail-delivered = 您的订单已送达，希望您喜欢。如有任何问题，请联系我们并提供订单号。
events-mail-cancelled-subject = 订单 { $order } 已取消
events-mail-cancelled = 您的订单已取消，无需再付款。如已付款，款项会退还给您。
events-mail-cancelled-because = 您的订单已取消，原因：{ $reason }。无需再付款；如已付款，款项会退还给您。
events-mail-expired-subject = 订单 { $order } 已超时关闭
events-mail-expired = 您的订单因超时未付款已自动关闭，无需再付款。欢迎您重新下单。如果您在此期间已经付款，请联系我们并提供订单号。
events-mail-refunded-subject = 订单 { $order } 退款通知
events-mail-refunded = 我们已向您退款 { $amount }。
events-mail-refunded-because = 我们已向您退款 { $amount }，原因：{ $reason }。
events-mail-refunded-bank = { $given }款项将退回您的付款账户，可能需要几天时间。
events-mail-refunded-wallet = { $given }款项已退回您的钱包。
events-mail-delivery-standard = 标准配送
events-mail-delivery-express = 加急配送
events-mail-total = 合计
events-mail-goes-to = 收货地址：{ $name }，{ $address }

## 邮件未能发送的原因

events-mail-no-sender = mail.from 不是有效的发件人，应如 "Shop <shop@example.com>"：{ $cause }
events-mail-no-smtp-url = mail.smtp_url 应如 smtps://USER:PASSWORD@HOST：{ $cause }
events-mail-no-address = 无法向该客户的邮箱发信。
events-mail-from-unreadable = 无法识别 mail.from：{ $cause }。
events-mail-unwritable = 无法生成邮件：{ $cause }。
events-mail-folder = 无法将邮件写入 { $folder }：{ $cause }。
events-mail-refused = 邮件服务器拒收：{ $cause }。

## 邮箱确认页

events-confirm-title = 确认邮箱
events-confirm-unknown = 此链接无效。如果您收到了更新的邮件，请使用其中的链接。
events-confirm-done = { $address } 已确认，我们会向它发送订单通知。
events-confirm-to-shop = 去逛逛
events-confirm-question = { $address } 是您的邮箱吗？确认后我们会向它发送订单通知。
events-confirm-yes = 是，这是我的邮箱
events-confirm-no = 如果不是，请关闭此页面，我们不会再向它发送邮件。
events-confirm-said = 邮箱已确认。
