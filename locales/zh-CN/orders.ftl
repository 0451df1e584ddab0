### 订单：结算、订单详情、订单操作与订单列表。

## 状态、操作、支付与配送方式的名称

orders-status-placed = 待付款
orders-status-paid = 已付款
orders-status-packed = 已打包
orders-status-shipped = 已发货
orders-status-delivered = 已送达
orders-status-cancelled = 已取消
orders-status-expired = 超时关闭
orders-status-returned = 已退货
orders-status-refunded = 已退款
orders-step-pay = 确认收款
orders-step-pack = 打包
orders-step-ship = 发货
orders-step-deliver = 确认送达
orders-step-cancel = 取消订单
orders-step-expire = 超时关闭
orders-step-return = 登记退货
orders-step-refund = 退款
orders-payment-wallet = 钱包
orders-payment-invoice = 银行转账
orders-delivery-standard = 标准
orders-delivery-express = 加急
orders-standard-delivery = 标准配送
orders-express-delivery = 加急配送
orders-choose-one-of = 请选择以下之一：{ $words }。

## 多个页面共用的列名与标签

orders-order = 订单号
orders-placed = 下单时间
orders-customer = 客户
orders-state = 状态
orders-items = 商品
orders-product = 商品
orders-price = 单价
orders-quantity = 数量
orders-sum = 小计
orders-subtotal = 商品小计
orders-total = 合计
orders-fee = 运费
orders-payment = 支付方式
orders-delivery = 配送方式
orders-address = 收货地址
orders-date = 日期
orders-description = 摘要
orders-debit = 借方
orders-credit = 贷方
orders-amount = 金额
orders-reason = 原因
orders-flagged = 已标记
orders-any = 不限
orders-not-now = 暂不
orders-comma = 、
orders-unknown-product = 某商品
orders-items-count = 共 { $count } 件
orders-items-and-more = { $items }，另有 { $count } 种
orders-days = { $count } 天
orders-hours = { $count } 小时
orders-minutes = { $count } 分钟
orders-title-of = 订单 { $number }
orders-pages = 订单分页
orders-to-the-shop = 去逛逛
orders-wallet-available = 可用余额 { $amount }

## 收货地址

orders-address-name = 收货人
orders-address-name-missing = 请填写收货人姓名。
orders-address-line1 = 详细地址
orders-address-line1-missing = 请填写详细地址（街道、门牌号）。
orders-address-postal-code = 邮政编码
orders-address-postal-code-hint = 该国家或地区没有邮编时可不填。
orders-address-postal-code-missing = 请填写邮政编码。
orders-address-city = 城市
orders-address-city-missing = 请填写城市。
orders-address-state = 省/州
orders-address-state-hint = 地址中有省或州时填写，可不填。
orders-address-country = 国家/地区
orders-address-country-choose = 请选择国家/地区
orders-address-country-code = 请填写两位国家/地区代码，例如 CN。
orders-address-country-unknown = 没有使用该代码的国家或地区。
orders-address-phone = 联系电话
orders-address-phone-hint = 供快递员联系，可不填。
orders-address-phone-wrong = 请填写有效的电话号码，例如 +86 21 5555 0100，也可不填。

## 结算

orders-checkout-cart = 购物车
orders-checkout-title = 结算
orders-checkout-empty = 购物车是空的
orders-checkout-empty-advice = 如果您刚刚下过单，可在“我的订单”中查看。
orders-checkout-review = 订单确认
orders-checkout-items = 订单商品清单
orders-checkout-each = 单价 { $price }
orders-checkout-moved = 您上次查看购物车时为 { $price }。
orders-checkout-place = 提交订单
orders-checkout-trouble = 部分商品无法购买
orders-checkout-change-first = 请先修改购物车
orders-checkout-short = 请减少数量，或移除该商品：
orders-checkout-change-cart = 修改购物车
orders-checkout-missing = 钱包余额不足，还差 { $amount }
orders-checkout-missing-sums = 订单合计 { $total }，可用余额 { $available }。
orders-checkout-or-transfer = 您也可以通过银行转账付款。
orders-checkout-transfer-instead = 改用银行转账
orders-checkout-wallet-enough = 可用余额 { $amount }。下单时冻结，打包时扣款。
orders-checkout-wallet-short = 可用余额 { $amount }，不足以支付此订单。
orders-checkout-transfer-hint = 通过银行转账付款，商品为您保留 { $time }。
orders-with-delivery = 配送方式

## 无法下单的原因

orders-too-many-products = 一个订单须包含 1 到 { $most } 种商品。
orders-no-transfers = 本店不支持银行转账，请使用钱包支付。
orders-empty-cart = 购物车是空的。
orders-cart-changed = 购物车在您打开此页面后有变动。请核对现有商品，然后重新提交订单。
orders-no-such-product = 没有编号为 { $product } 的商品。
orders-price-moved = “{ $product }”的价格由 { $before } 变为 { $after }。
orders-prices-moved = { $moved }请核对新的合计金额，然后重新提交订单。
orders-accept-in-cart = { $refusal }如接受新价格，请在购物车中重新设置该商品的数量。
orders-total-too-large = 单个订单金额不能超过 { $most }。请减少数量，或分成两个订单。
orders-too-busy = 当前下单人数过多，请稍后重试。

## 银行转账付款说明

orders-bank-transfer = 请将以下金额转账至我们的银行账户。
orders-bank-ask = 请联系我们获取收款账户，并提供订单号。
orders-bank-amount = 转账金额
orders-bank-until = 付款截止
orders-bank-holder = 户名
orders-bank-number = 账号
orders-bank-name = 开户行
orders-bank-bic = BIC
orders-bank-reference = 转账附言
orders-bank-late = 逾期未付款，订单将自动关闭，您无需支付任何费用。

## 下单成功

orders-thanks-title = 下单成功
orders-thanks-number = 我们已收到您的订单 { $number }。
orders-thanks-items = 商品清单
orders-thanks-confirm = 我们会发送邮件至 { $email }。请点击邮件中的链接，以接收订单进展通知。
orders-thanks-find = 使用 { $email } 登录后，可随时在“我的订单”中查看。
orders-thanks-see = 查看订单
orders-thanks-back = 继续购物

## 代客下单

orders-new-title = 新建订单
orders-new-lead = 为来电或到店的客户下单。
orders-new-customer = 客户邮箱
orders-new-customer-hint = 客户须已注册账户，订单会出现在其订单列表中。
orders-new-no-customer = 没有使用该邮箱的账户。
orders-new-customer-unnamed = 该客户
orders-new-items = 商品
orders-new-product = 商品 { $row }
orders-new-product-hint = 商品编号，或名称中的关键词。
orders-new-product-found = { $product }，{ $price }，可售 { $available } 件
orders-new-no-product = 没有匹配的在售商品。
orders-new-which-product = 请填写所需商品的编号：{ $products }。
orders-new-no-products = 请至少选择一种商品。
orders-new-how-many = 请填写数量。
orders-new-look-up = 查询
orders-new-add-row = 添加一行
orders-new-wallet = 客户钱包
orders-new-place = 提交订单
orders-new-placed = 已为{ $name }提交订单 { $number }。

## 我的订单

orders-mine-title = 我的订单
orders-none = 暂无订单
orders-mine-none = 您的订单及其进展会显示在这里。

## 全部订单

orders-all-title = 订单
orders-all = 全部
orders-by-state = 按状态查看订单
orders-all-none = 客户的订单会显示在这里。
orders-none-match = 没有符合条件的订单
orders-none-match-advice = 请放宽筛选条件。
orders-show-all = 显示全部订单
orders-place-new = 代客下单
orders-place-flagged = 已标记的订单
orders-filter = 筛选
orders-filter-clear = 清除
orders-filter-q = 订单号或客户
orders-filter-flagged = 仅已标记
orders-filter-product = 商品编号
orders-filter-product-wrong = 请填写商品编号。
orders-filter-from = 起始日期
orders-filter-to = 截止日期
orders-filter-min = 最低金额（{ $currency }）
orders-filter-max = 最高金额（{ $currency }）
orders-filter-cursor = 列表位置

## 已存视图

orders-views = 已存视图
orders-views-full = 最多保存 { $most } 个视图，请先删除一个。
orders-view-name = 名称
orders-view-name-hint = 保存列表当前的状态和筛选条件。
orders-view-name-wrong = 名称须为 1 到 { $most } 个字符。
orders-view-save = 保存视图
orders-view-saved = 视图“{ $name }”已保存。
orders-view-too-long = 筛选条件过长，无法保存。
orders-view-taken = 已有同名视图。请换一个名称，或先删除原视图。
orders-view-delete = 删除
orders-view-delete-title = 删除视图“{ $name }”？
orders-view-delete-message = 仅删除视图，订单不受影响。
orders-view-delete-confirm = 删除视图
orders-view-deleted = 视图“{ $name }”已删除。

## 订单详情

orders-about = 订单信息
orders-next = 下一步
orders-authorised = 已冻结
orders-captured = 已扣款
orders-refunded = 已退款
orders-parcel = 包裹
orders-parcel-of = { $carrier } { $tracking }
orders-lines-caption = 商品清单
orders-lines-returned-caption = 商品清单及退货
orders-line-returned = 已退 { $count } 件
orders-next-placed = 商品已为您预留，收到付款后我们会尽快打包。
orders-next-paid = 订单已付款，即将打包。打包前您可以取消订单。
orders-next-packed = 订单已打包，等待快递揽收。
orders-next-shipped = 包裹正在运送中。
orders-next-shipped-as = 包裹正在运送中：{ $parcel }。
orders-next-delivered = 订单已送达，希望您喜欢。
orders-next-cancelled = 订单已取消，未产生任何扣款。
orders-next-cancelled-refunded = 订单已取消，已退还 { $amount }。
orders-next-expired = 订单超时未付款，已自动关闭，未产生任何扣款。您可以重新下单。
orders-next-returned = 我们已收到全部退货。
orders-next-returned-refund = 我们已收到全部退货，即将为您退款。
orders-next-refunded = 已向您退款 { $amount }。

## 订单历史

orders-history = 订单历史
orders-history-at = 第 { $seq } 个事件后的状态（共 { $last } 个）
orders-history-back = 上一个事件
orders-history-on = 下一个事件
orders-history-go = 跳转
orders-past = 您正在查看历史状态
orders-past-after = 这是订单在第 { $seq } 个事件（共 { $last } 个）“{ $event }”之后的状态
orders-past-nothing = 此处无法进行任何操作。
orders-past-back = 返回当前状态
orders-event-placed = 提交订单
orders-event-paid = 已付款
orders-event-payment-failed = 付款失败
orders-event-packed = 已打包
orders-event-shipped = 已发货
orders-event-delivered = 已送达
orders-event-cancelled = 已取消
orders-event-expired = 超时关闭
orders-event-returned = 已退货
orders-event-refunded = 已退款
orders-event-flagged = 已标记
orders-event-cleared = 已取消标记
orders-event-by = 操作人：{ $name }
orders-by-payments = 支付系统
orders-by-inventory = 库存系统
orders-by-shipping = 物流系统
orders-by-risk = 风控系统
orders-event-shown = 当前显示
orders-event-then = 查看当时状态
orders-event-then-of = { $event }：查看当时状态
orders-event-request = 请求编号
orders-event-placed-wallet = { $items }，合计 { $total }，钱包支付
orders-event-placed-bank = { $items }，合计 { $total }，银行转账支付
orders-event-paid-wallet = 钱包冻结 { $amount }
orders-event-paid-bank = 收到银行转账 { $amount }
orders-event-captured = 扣款 { $amount }
orders-event-restocked = { $items }，已重新入库
orders-event-not-restocked = { $items }，不再销售
orders-event-refunded-wallet = { $amount } 退回钱包
orders-event-refunded-bank = { $amount } 银行转账退款
orders-event-because = { $what }：{ $reason }

## 订单的库存与资金

orders-books = 库存与资金
orders-books-then = 当时的库存与资金
orders-books-reserved = 已预留库存：
orders-books-none-reserved = 没有预留库存。
orders-hold-none = 钱包没有冻结金额。
orders-hold-since = 钱包冻结，冻结时间
orders-hold-voided = 已解冻
orders-hold-expired = 已过期
orders-transfers = 此订单的交易明细
orders-transfers-none = 暂无交易明细。
orders-transfer-in = 收到银行转账
orders-transfer-capture = 订单付款
orders-transfer-refund = 退款

## 订单操作

orders-pay-title = 款项是否已到账？
orders-pay-message = 订单 { $number } 的 { $amount } 已到银行账户。款项会先进入客户钱包并冻结，打包时扣款。
orders-pay-from-wallet = 钱包支付 { $amount }
orders-pay-wallet-short = 钱包余额充足时也可使用钱包支付，当前可用余额 { $amount }。
orders-pay-your-wallet = 我的钱包
orders-ship-title = 交付快递
orders-ship-confirm = 确认发货
orders-ship-carrier = 快递公司
orders-ship-tracking = 快递单号
orders-ship-hint = 快递公司和单号对客户可见。
orders-cancel-title = 取消此订单？
orders-cancel-uncharged = 商品将退回库存。未产生任何扣款。取消后无法恢复。
orders-cancel-back = 商品将退回库存，{ $amount } 将退回钱包。取消后无法恢复。
orders-return-title = 登记退货
orders-return-quantities = 退货数量
orders-return-out = 可退 { $count } 件
orders-return-restock = 可再次销售
orders-return-restock-hint = 勾选后商品重新入库。
orders-return-how-many = 请填写退货数量。
orders-return-missing = 请说明退货内容：items 或 "all": true，二选一。
orders-return-wrong = 请选择退货商品：至少一件，且不超过可退数量。
orders-return-stock-reason = 订单 { $number } 退货
orders-refund-title = 退款
orders-refund-left = 可退金额
orders-refund-amount = 退款金额（{ $currency }）
orders-refund-to = 退款方式
orders-refund-wallet-hint = 即时到账。
orders-refund-bank-hint = 请自行通过银行转账退款。
orders-refund-nothing = 金额必须大于零。
orders-refund-missing = 请说明退款金额：amount 或 "all": true，二选一。
orders-refund-too-much = 最多可退 { $most }。
orders-refund-cancel-instead = 包裹尚未发出，请改为取消订单：全部款项和库存都会退回。
orders-flag = 标记
orders-flag-dialog = 暂缓处理此订单
orders-flag-confirm = 标记订单
orders-flag-effect = 取消标记前，订单不会打包或发货。
orders-flag-title = 此订单需要人工核查后才能继续
orders-flag-said = { $name }：{ $reason }
orders-flag-remove = 取消标记
orders-flag-why = 请说明需要核查的内容。
orders-flagged-already = 此订单已被标记。
orders-flagged-not = 此订单未被标记。
orders-flag-too-late = 订单状态为“{ $state }”，已无需标记。
orders-done-pay = 订单 { $number } 已付款。
orders-done-pack = 订单 { $number } 已打包。
orders-done-ship = 订单 { $number } 已发货。
orders-done-deliver = 订单 { $number } 已送达。
orders-done-cancel = 订单 { $number } 已取消。
orders-done-expire = 订单 { $number } 已超时关闭。
orders-done-return = 订单 { $number } 的退货已登记。
orders-done-refund = 订单 { $number } 已退款。
orders-done-flag = 订单 { $number } 已标记。
orders-done-clear = 订单 { $number } 已取消标记，可以继续处理。

## 操作被拒绝的原因

orders-step-refused = 未作任何更改
orders-step-had-typed = 您填写的内容：
orders-step-typed = { $name }：{ $value }
orders-step-quantity-of = 商品数量，编号{" "}
orders-staff-only = 仅员工可以执行此操作。
orders-refused-step = 订单状态为“{ $state }”，无法执行“{ $step }”。{ $next }
orders-refused-next = { $refusal }{ $next }
orders-refused-flagged = 此订单已被标记，请先核查并取消标记。
orders-refused-all-refunded = 此订单的款项已全部退还。
orders-refused-all-returned = 此订单的商品已全部退回。
orders-steps-none = 没有可执行的操作。
orders-steps-possible = 当前可执行：{ $steps }。

## 装箱单

orders-packing-list = 装箱单
orders-packing-list-of = 装箱单 { $number }
orders-packing-lists = 装箱单
orders-packing-tabs = 按状态查看装箱单
orders-packing-none = 没有需要打包的订单
orders-packing-none-in = 没有状态为“{ $state }”的订单。
orders-packing-more = 此处显示最早的 { $most } 个订单，还有更多。请先打包这些订单，再返回此页。
orders-packing-print = 请用浏览器打印此页：每个订单单独一页，不含页面的其他内容。
orders-sheet-flagged = 此订单已被标记，取消标记前请勿打包。
orders-sheet-not-to-pack = 订单状态为“{ $state }”，无需打包。
orders-sheet-caption = 订单 { $number } 的装箱内容
orders-sheet-packed = 已装
orders-sheet-number = 编号
orders-sheet-packed-by = 打包人
