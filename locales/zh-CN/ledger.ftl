### 账簿：钱包、科目、日记账、冻结。

## 多个页面共用

ledger-title = 账簿
ledger-views = 账簿视图
ledger-accounts = 科目
ledger-journal = 日记账
ledger-trial-balance = 试算平衡表
ledger-balance = 余额
ledger-held = 冻结金额
ledger-available = 可用余额
ledger-no-limit = 不限
ledger-entries = 明细账
ledger-entries-pages = 明细账翻页
ledger-entries-empty = 暂无明细
ledger-entries-empty-advice = 此科目的每一笔收支都会显示在这里。
ledger-date = 日期
ledger-what = 摘要
ledger-other-account = 对方科目
ledger-amount = 金额
ledger-account = 科目
ledger-code = 科目代码
ledger-name = 名称
ledger-owner = 所有者
ledger-no = 凭证号
ledger-debit = 借方
ledger-credit = 贷方
ledger-memo = 备注
ledger-cancel = 取消
ledger-search = 搜索
ledger-filter = 筛选
ledger-clear = 清除
ledger-none-match = 没有符合条件的结果

## 凭证类型

ledger-kind-transfer = 转账
ledger-kind-top-up = 充值
ledger-kind-capture = 冻结扣款
ledger-kind-order-payment = 订单支付
ledger-kind-reversal = 冲销
ledger-kind-payment = 收款
ledger-kind-refund = 退款
ledger-kind-unknown = 请选择 transfer、top_up、capture、reversal、payment 或 refund。

## 系统内置科目

ledger-account-wallet = 钱包
ledger-account-bank = 银行存款
ledger-account-sales = 销售收入

## 钱包

ledger-wallet-title = 钱包
ledger-wallet-lead = 您在本店的账户余额，可用余额可直接用于付款。
ledger-wallet-transactions = 收支明细
ledger-wallet-others = 您另有 { $sums } 存放在本店，为商店以往结算币种的余额。如需提取，请联系我们。
ledger-wallet-others-and = 、
ledger-wallet-empty = 钱包里还没有收支记录
ledger-wallet-empty-advice = 您可以在门店或通过银行转账充值，由我们的员工为您入账。使用钱包支付订单和收到的退款也会显示在这里。
ledger-wallet-empty-orders = 查看我的订单
ledger-chart-title = 近 { $days } 天余额
ledger-chart-words = 近 { $days } 天余额：期初 { $first }，期末 { $last }，最低 { $least }，最高 { $most }。

## 充值

ledger-top-up = 充值
ledger-top-up-title = 钱包充值
ledger-top-up-lead = 将银行已到账的款项记入客户的钱包。
ledger-top-up-email = 钱包所有者的邮箱
ledger-top-up-amount = 金额（{ $currency }）
ledger-top-up-nothing = 金额必须大于零。
ledger-top-up-no-email = 请填写钱包所有者的邮箱。
ledger-top-up-owner = 所有者
ledger-top-up-done = 已将 { $amount } 充值到 { $name } 的钱包。
ledger-no-such-person = 没有使用此邮箱的有效账户。

## 科目列表

ledger-search-field = 科目代码、名称或所有者
ledger-the-company = 公司
ledger-accounts-pages = 科目翻页
ledger-accounts-none-match-advice = 请换个关键词试试。
ledger-accounts-show-all = 显示全部科目
ledger-accounts-empty = 暂无科目
ledger-accounts-empty-advice = 客户首次打开钱包时会自动开立科目，公司的科目需要手动创建。
ledger-accounts-empty-new = 创建第一个科目

## 新建科目

ledger-new-title = 新建科目
ledger-new-code-hint = 简短且唯一，由字母、数字和连字符组成，例如 sales-2026。创建后不可修改。
ledger-new-owner = 所有者的邮箱
ledger-new-owner-hint = 公司的科目请留空。
ledger-new-currency = 币种
ledger-new-side = 余额方向
ledger-new-credit = 贷方：负债或收入
ledger-new-debit = 借方：资产或费用
ledger-new-may-owe = 允许余额为负
ledger-new-may-owe-hint = 不勾选时，支出不能超过余额。
ledger-new-submit = 创建科目
ledger-new-done = 科目 { $code } 已创建。
ledger-least-balance = 最低余额不能大于零。
ledger-no-such-owner = 不存在此编号的用户。
ledger-code-kept = 代码 bank、sales 和 wallet-… 为系统保留。
ledger-code-form = 请使用 1 到 40 个字母、数字或连字符。
ledger-name-form = 请填写 1 到 80 个字符的名称。
ledger-side-unknown = 请选择 debit（借方）或 credit（贷方）。

## 科目

ledger-account-of = { $name }，所有者：{ $owner }。
ledger-account-own = { $name }，公司科目。
ledger-account-debits-add = 余额在借方。
ledger-account-credits-add = 余额在贷方。
ledger-account-journal = 查看日记账
ledger-account-top-up-lead = 将银行已到账的款项记入此钱包。

## 试算平衡表

ledger-trial-as-of = 截至
ledger-trial-empty = 暂无余额
ledger-trial-empty-advice = 发生收支后，各科目的余额会按借贷方向显示在这里。
ledger-trial-caption = { $currency } 科目余额
ledger-trial-total = 合计
ledger-trial-people = 个人
ledger-trial-together = { $count } 个科目合并
ledger-trial-agree = 借贷平衡：双方合计均为 { $sum }。
ledger-trial-differ = 借贷不平衡，相差 { $sum }。请运行 guildhall verify ledger 查找原因。

## 日记账

ledger-journal-csv = 导出 CSV
ledger-journal-hledger = 导出 hledger
ledger-filter-text = 关联单号或备注
ledger-filter-account = 科目代码
ledger-filter-kind = 类型
ledger-filter-from = 开始日期
ledger-filter-to = 结束日期
ledger-filter-min = 最低金额（{ $currency }）
ledger-filter-max = 最高金额（{ $currency }）
ledger-filter-cursor = 列表位置
ledger-filter-any = 全部
ledger-journal-no-account = 没有使用此代码的科目。
ledger-transfers = 凭证
ledger-journal-pages = 日记账翻页
ledger-journal-none-match-advice = 请放宽筛选条件。
ledger-journal-show-all = 显示全部凭证
ledger-journal-empty = 暂无凭证
ledger-journal-empty-advice = 每一笔资金变动都会永久记录在这里。可以从这一步开始：
ledger-see-order = 查看订单
ledger-csv-head = 凭证号,记账时间,类型,借方科目,贷方科目,金额,币种,关联单号,备注,冲销凭证号,ID

## 冲销

ledger-reverse = 冲销
ledger-reverses-no = 冲销凭证 { $seq }
ledger-reversed-by-no = 已被凭证 { $seq } 冲销
ledger-reverse-question = 冲销凭证 { $seq }？
ledger-reverse-confirm = 确认冲销
ledger-reverse-message = 将生成一张新凭证，把 { $amount } 从 { $from } 转回 { $to }。原凭证保留在账簿中。
ledger-reverse-done = 凭证 { $seq } 已冲销，{ $amount } 已转回。
ledger-reversed-before = 此凭证已被冲销。
ledger-reversed-before-no = 凭证 { $seq } 已被冲销。
ledger-reverse-of-order = 此凭证属于订单 { $order }，请在订单中退款。

## 转账规则

ledger-amount-range = 请填写 1 到 { $most } 之间的金额（以最小货币单位计）。
ledger-memo-line = 请填写一行文字，最多 { $most } 个字符。
ledger-id-kept = 以 guildhall: 开头的 ID 为系统保留。
ledger-id-form = 请使用 1 到 64 个可见 ASCII 字符，例如 UUID。
ledger-batch-size = 每批可提交 1 到 { $most } 笔转账。
ledger-transfer-reused = 此 ID 已用于其他转账，请更换。
ledger-same-account = 转出科目和转入科目不能相同。
ledger-two-currencies = 两个科目的币种不同：{ $from } 与 { $to }。
ledger-too-little = { $account }余额不足，最多可支出 { $available }。
ledger-overflow = 金额超出 { $account } 的上限。

## 冻结

ledger-hold-status-unknown = 请选择 open、captured、voided 或 expired。
ledger-hold-of-order = 此款项为订单 { $order } 冻结，只能通过该订单解除。
ledger-hold-of-others = 只有冻结发起人可以解除冻结。
ledger-hold-seconds = 请填写 1 到 { $most } 秒。
ledger-hold-reused = 此 ID 已用于其他冻结，请更换。
ledger-hold-too-much = 金额超过了冻结金额。
ledger-hold-expired = 此冻结已过期。
ledger-hold-captured = 此冻结已扣款。
ledger-hold-voided = 此冻结已解除。
