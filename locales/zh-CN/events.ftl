### 事件：发件箱、投递、Webhook、收件箱与客户邮件。

## 多个页面共用的名称

events-title = 事件
events-tabs = 事件相关页面
events-outbox = 发件箱
events-webhooks = Webhook
events-dead = 死信
events-inbox = 收件箱
events-number = 编号
events-when = 时间
events-event = 事件
events-about = 关联对象
events-state = 状态
events-note = 备注
events-deliveries = 投递记录
events-actions = 操作
events-send-again = 重新投递
events-send-now = 立即投递
events-discard = 丢弃
events-order = 订单 { $order }
events-consumer-mail = 邮件
events-consumer-mail-long = 客户邮件
events-consumer-board = 看板
events-consumer-board-long = 履约看板
events-no-such-order = 找不到订单 { $order }。
events-no-such-product = 找不到商品 { $product }。
events-no-consumer = { $word } 不是事件的接收方
events-no-delivery-state = { $word } 不是投递状态
events-no-source = { $word } 不是消息来源

## 投递状态

events-delivery-waiting = 待投递
events-delivery-retrying = 重试中，下次 { $at }
events-delivery-done = 已投递
events-delivery-dead = 投递失败
events-delivery-discarded = 已丢弃
events-state-of = { $of }：{ $state }
events-delivery-too-long = 投递超时。
events-delivery-broke-off = 投递意外中断，详见日志。

## 发件箱

events-outbox-lead = 按发生顺序列出所有事件及其投递情况。
events-outbox-none = 暂无事件
events-outbox-none-advice = 订单、库存和转账的变动会实时显示在这里。
events-outbox-pages = 事件分页
events-outbox-undispatched = 待分发
events-outbox-no-subscriber = 无订阅
events-outbox-data = 数据

## 死信

events-dead-lead = 尝试 { $count } 次后仍未送达的投递，会一直保留到有人处理为止。
events-dead-none = 暂无死信
events-dead-none-advice = 所有投递均已送达，或仍在重试。
events-dead-pages = 死信分页
events-dead-recipient = 接收方
events-dead-error = 失败原因
events-dead-tries = 已尝试 { $count } 次
events-dead-discard-title = 丢弃这条死信？
events-dead-discard-message = 丢弃后不再投递，且无法在此恢复。
events-dead-sent = 已重新投递。
events-dead-discarded = 已丢弃。

## Webhook

events-webhooks-lead = 事件发生时，实时通知其他系统。
events-webhooks-none = 暂无 Webhook
events-webhooks-none-advice = 添加接收方的推送地址，即可在所订阅的事件发生时收到带签名的消息。
events-webhooks-pages = Webhook 分页
events-webhook-title = Webhook { $id }
events-webhook-new = 新建 Webhook
events-webhook-new-lead = 创建后会显示签名密钥，仅显示一次。
events-webhook-create = 创建 Webhook
events-webhook-address = 推送地址
events-webhook-address-hint = 接收消息的地址，例如 https://example.com/hooks
events-webhook-events = 订阅事件
events-webhook-filter-hint = * 表示全部事件，order.* 表示全部订单事件；也可填写具体事件，例如 order.paid，用空格分隔。
events-webhook-topics = 全部事件类型
events-webhook-note = 内部备注
events-webhook-active = 已启用
events-webhook-paused = 已暂停
events-filter-unknown = 没有事件 { $event }。* 表示全部事件，order.* 表示全部订单事件，也可填写具体事件，例如 order.paid。
events-filter-empty = 请至少填写一个事件，或用 * 表示全部。
events-webhook-address-example = 请填写有效的地址，例如 https://example.com/hooks。
events-webhook-address-long = 最多 { $most } 个字符。
events-webhook-address-https = 仅支持 https 地址。
events-webhook-address-password = 地址中请勿包含用户名和密码，消息自带签名。
events-webhook-address-fragment = 请去掉 # 及其后的内容，这部分不会被发送。
events-webhook-private = 不允许使用内网地址。
events-webhook-too-many = 已有 { $count } 个 Webhook，达到上限。请先删除一个。

## Webhook 详情

events-webhook-pause = 暂停
events-webhook-resume = 恢复
events-webhook-paused-by = 由 { $name } 暂停。
events-webhook-gone = 对方返回 410 Gone，表示不再接收消息。
events-webhook-paused-since = { $because }自 { $at } 起的事件暂不投递，恢复后会依次发出。
events-webhook-events-hint = 更改仅对之后发生的事件生效。
events-webhook-stale-title = 他人已先行修改
events-webhook-stale = 现在的推送地址为 { $url }，订阅事件为 { $events }。下方是您填写的内容，未改动处为他人修改后的内容；保存即覆盖他人的修改。
events-webhook-save = 保存
events-webhook-saved = Webhook 已保存。
events-webhook-was-paused = Webhook 已暂停。
events-webhook-resumed = Webhook 已恢复，正在发出积压的事件。
events-webhook-delete = 删除 Webhook
events-webhook-delete-hint = 如只需暂时停止，可以暂停。
events-webhook-delete-title = 删除此 Webhook？
events-webhook-delete-message = 删除后不再投递，包括尚未发出的事件，投递记录也会一并删除。此操作无法撤销。
events-webhook-deleted = Webhook 已删除。

## 签名密钥

events-secret = 签名密钥
events-secret-once = 请立即将密钥交给接收方，用于按 Standard Webhooks 规范验证消息签名。密钥不会再次显示。
events-secret-hint = 用于为每条消息签名。如可能泄露，请及时更换。
events-secret-change = 更换密钥
events-secret-change-title = 更换签名密钥？
events-secret-change-message = 系统将生成并显示新密钥。旧密钥在 { $hours } 小时内仍然有效，在此期间不能再次更换。
events-secret-old = 旧密钥在 { $until } 之前仍然有效，之后才能再次更换。
events-webhook-rotated-lately = 密钥在一天内刚更换过，旧密钥有效至 { $until }。请在此之后再更换，或删除此 Webhook 后重新创建。
events-secret-malformed = Webhook 密钥应为 whsec_ 加上 24 至 64 字节的 base64 编码

## Webhook 的投递记录

events-deliveries-latest = 最近投递
events-deliveries-none = 暂无投递记录
events-deliveries-none-advice = 订阅的事件发生后会立即投递，并显示在这里。
events-deliveries-pages = 投递记录分页
events-deliveries-tries = 投递结果
events-delivery-untried = 尚未投递
events-delivery-no-answer = 无响应
events-delivery-tries = { $last }，共尝试 { $count } 次
events-delivery-attempt = { $how }，耗时 { $took } 毫秒。
events-delivery-sent = 已开始投递。
events-webhook-answered = 对方返回 { $status }。
events-webhook-timeout = 对方在 { $seconds } 秒内没有响应。
events-webhook-leads-inside = { $name } 解析到 { $ip }，不允许使用内网地址。
events-webhook-unreachable = 无法连接：{ $cause }。

## 收件箱

events-inbox-lead = 支付、库存、物流和风控系统发来的消息及其处理结果。
events-inbox-none = 暂无消息
events-inbox-none-advice = 其他系统发来的消息会显示在这里。
events-inbox-none-so = 没有处于此状态的消息
events-inbox-none-so-advice = 请选择其他状态或全部。
events-inbox-messages = 消息
events-inbox-pages = 消息分页
events-inbox-received = 接收时间
events-inbox-message = 消息
events-inbox-outcome = 处理结果
events-inbox-all = 全部
events-inbox-filter = 筛选
events-inbox-from = 来源：{ $source }
events-inbox-from-dropped = 来源：{ $source }，正文已过保留期
events-inbox-retry = 重新处理
events-inbox-discard-title = 丢弃这条消息？
events-inbox-discard-message = 消息仍会保留在列表中，但不再处理。
events-source-payments = 支付
events-source-inventory = 库存
events-source-shipping = 物流
events-source-risk = 风控
events-message-waiting = 等待中
events-message-applied = 已处理
events-message-parked = 待人工处理
events-message-discarded = 已丢弃
events-message-state-unknown = 请选择 waiting、applied、parked 或 discarded。
events-message-applied-before = 此消息已处理过。
events-message-discarded-before = 此消息已被丢弃。
events-message-discarded-by = 由 { $name } 丢弃。{ $before }
events-message-was-retried = 已重新处理。
events-message-was-discarded = 消息已丢弃。

## 拒收消息的原因

events-inbox-not-set-up = 未启用来自 { $source } 的消息：{ $variable } 为空。
events-inbox-unreadable = 请求体不是带有 type 的 JSON 对象。
events-signed-no-time = 请求头 webhook-timestamp 缺失或不是秒数。
events-signed-time-off = 请求头 webhook-timestamp 与当前时间相差超过五分钟。
events-signed-no-id = 请求头 webhook-id 缺失、过长或含有点号。
events-signed-wrong = 请求头 webhook-signature 中没有与此消息匹配的签名。

## 消息的处理结果

events-applied-paid = 订单已付款。
events-applied-failed = 付款失败已记入订单历史。
events-applied-refunded = 退款已入账。
events-applied-matched = 与员工登记的退款一致。
events-applied-shipped = 订单已发货。
events-applied-delivered = 订单已送达。
events-applied-flagged = 订单已标记。
events-applied-cleared = 订单已取消标记。
events-applied-stock = 库存已更新。
events-applied-nothing = 无需更改。{ $why }
events-message-waited = 已等待三十天。{ $why }
events-message-no-say = { $source }系统无权发送 { $topic }。
events-message-no-time = 消息缺少时间戳（例如 2026-11-21T04:07:00Z），无法判断哪条风控结论最新。
events-message-unfit = 消息格式不符：{ $cause }。
events-message-no-name = 消息缺少有效的 { $field }。
events-message-no-amount = 金额必须大于零。
events-message-no-product = 消息中既没有 product_id，也没有 sku。
events-verdict-no-order = 此消息与订单无关。
events-verdict-other-amount = 到账 { $came }，而订单金额为 { $total }。
events-verdict-wallet = 此订单使用钱包支付，却收到了转账。
events-verdict-paid-too-late = 到账 { $came }，但订单状态为“{ $state }”。
events-verdict-paid-twice = { $came } 重复到账。
events-verdict-paid-before = 订单此前已确认收款。
events-verdict-moved-on = 订单状态已变为“{ $state }”。
events-verdict-other-currency = 退款 { $went }，而订单金额为 { $total }，币种不一致。
events-verdict-refunded-before = 此退款此前已入账。
events-verdict-refunded-otherwise = 此退款此前已按 { $before } 入账，现在的金额为 { $now }。
events-verdict-refund-unclear = 收到退款 { $went }，而员工登记的退款 { $other } 尚无对应消息。如果这是另一笔退款，请在订单中登记退款至银行账户，然后重新处理。
events-verdict-refund-too-much = 退款 { $went }，但可退金额仅剩 { $left }。
events-verdict-not-paid = 订单尚未付款。
events-verdict-not-captured = 订单尚未打包，还没有扣款。
events-verdict-parcel-here = 已全额退款，但包裹尚未发出。
events-verdict-not-packed = 订单尚未打包。
events-verdict-shipped-before = 订单此前已发货。
events-verdict-shipped-too-late = 快递公司已揽收，但订单状态为“{ $state }”。
events-verdict-not-shipped = 订单尚未发货。
events-verdict-arrived-before = 订单已处于“{ $state }”状态。
events-verdict-arrived-too-late = 包裹已送达，但订单状态为“{ $state }”。
events-verdict-risk-late = 已有更新的风控结论。
events-verdict-risk-before = 订单已处于该状态。
events-verdict-stock-short = { $product } 最多只能减少 { $count } 件。
events-verdict-stock-too-large = 超出库存数量上限。

## 打包任务

events-board = 履约
events-task-title = 打包订单 { $order }
events-task-standard = 标准配送至：{ $to }
events-task-express = 加急配送至：{ $to }

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
