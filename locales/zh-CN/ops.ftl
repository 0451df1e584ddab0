### 运维：对账监控页面。

ops-operations = 运维
ops-conservation = 对账监控
ops-conservation-lead = 账目一分不差：根据发生过的每一笔业务重新计算，再与当前记录逐项核对。
ops-as-of = 数据截至 { $time } UTC，{ $age } 秒前更新，用时 { $took } 毫秒
ops-as-of-paused = 已暂停更新，数据截至 { $time } UTC
ops-as-of-lost = 服务器没有响应，数据截至 { $time } UTC
ops-measure-again = 重新测量
ops-pause = 暂停更新
ops-resume = 继续更新
ops-replayed-here = 此处重放最近 { $count } 个订单的历史。以下命令会重新核算全部数据，并列出不一致之处：

## 结论

ops-holds = 正常
ops-broken = 异常
ops-late = 延迟
ops-undelivered = 未送达
ops-on-time = 及时
ops-shared = 合并提交

## 库存

ops-stock = 库存
ops-stock-holds = 每件商品的现有库存均等于累计调整减去累计发货
ops-stock-broken = 现有库存或预留数量与变动记录不符
ops-on-hand = 现有库存
ops-adjusted = 累计调整
ops-shipped = 累计发货
ops-reserved = 已预留
ops-reservations = 未完成的预留
ops-products-differing = 不一致的商品

## 账簿

ops-ledger = 账簿
ops-books-hold = 借贷平衡
ops-books-broken = 借贷不平衡
ops-debits = 借方合计（{ $currency }）
ops-credits = 贷方合计（{ $currency }）
ops-unbalanced = 不平衡的转账

## 订单

ops-orders = 订单
ops-orders-hold = 订单与其历史记录一致
ops-orders-broken = 订单与其历史记录不一致
ops-replayed = 已重放的历史
ops-orders-differing = 不一致的订单

## 发件箱

ops-outbox = 发件箱
ops-outbox-on-time = 所有事件均已及时投递
ops-outbox-paused = 除已暂停的 Webhook 外，所有事件均已及时投递
ops-outbox-late = 投递出现延迟
ops-outbox-late-and-dead = 投递出现延迟，且部分事件无法投递
ops-outbox-dead = 部分事件无法投递，等待员工处理
ops-undispatched = 待分发的事件
ops-undispatched-oldest = 最久等待（秒）
ops-overdue = 逾期的投递
ops-overdue-oldest = 最久逾期（秒）
ops-held = 因 Webhook 暂停而保留
ops-dead-letters = 死信

## 数据库提交

ops-commits = 数据库提交
ops-commits-hold = 同时到达的写入合并为一次提交
ops-writes = 合并的写入

## 日志过滤器

ops-log-filter-unreadable = 日志过滤器按目标给出级别，例如 info,guildhall=debug,sqlx=warn。
ops-log-filter-too-much = 只有 guildhall 和 sqlx 可以使用 debug 或 trace 级别：其他组件的详细日志可能含有机密。
ops-log-filter-no-log = 此程序没有可以更改的日志。

## 性能分析

ops-profile-busy = 正在进行另一次性能分析，请在其结束后重试。
ops-profile-seconds = 性能分析的时长为 0.01 至 { $most } 秒。
ops-profile-index =
    本服务器的性能分析
    {""}
    /debug/pprof/profile?seconds=30     处理器时间的去向，供 go tool pprof 使用
    /debug/pprof/flamegraph?seconds=30  同上，以图形显示
    /debug/pprof/tasks                  正在处理的请求和任务
    /debug/pprof/heap                   正在使用的内存（需以 heap-profile 特性构建）
    /debug/pprof/allocs                 同上，并包括已释放的内存
ops-profile-tasks-none = 此刻没有正在进行的工作。
ops-profile-tasks = 正在进行（最早的在前）：已用时间、类型、位置，以及日志中的跟踪标识。
