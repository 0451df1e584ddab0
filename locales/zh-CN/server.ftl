### 不属于任何模块的提示。

## 各类通用提示

server-no-such-account = 找不到该账户。
server-no-such-board = 找不到该看板。
server-no-such-category = 找不到该分类。
server-no-such-column = 找不到该列。
server-no-such-dead-letter = 找不到该死信。
server-no-such-delivery = 找不到该投递记录。
server-no-such-hold = 找不到该冻结款项。
server-no-such-ledger-account = 找不到该科目。
server-no-such-link = 找不到该链接。
server-no-such-message = 找不到该消息。
server-no-such-order = 找不到该订单。
server-no-such-page = 您访问的页面不存在。
server-no-such-picture = 找不到该图片。
server-no-such-product = 找不到该商品。
server-no-such-reading = 该受试者没有这条测量记录。
server-no-such-step = 找不到该步骤。
server-no-such-import = 没有这次导入，或不在您参与的研究中。
server-no-such-study = 没有这项研究，或您不参与该研究。
server-no-such-subject = 没有这位受试者，或不在您参与的研究中。
server-no-such-task = 找不到该任务。
server-no-such-transfer = 找不到该转账。
server-no-such-view = 找不到该视图。
server-no-such-visit = 没有这次访视，或受试者尚未入组。
server-no-such-webhook = 找不到该 Webhook。
server-no-such-thing = 找不到所请求的内容。
server-stale-account = 在您编辑期间，该账户已被他人修改。
server-stale-category = 在您编辑期间，该分类已被他人修改。
server-stale-order = 在您编辑期间，该订单已被他人修改。
server-stale-product = 在您编辑期间，该商品已被他人修改。
server-stale-reading = 在此期间有人修改了这条测量记录。
server-stale-study = 在此期间有人修改了这项研究。
server-stale-subject = 在此期间有人修改了这位受试者。
server-stale-task = 在您编辑期间，该任务已被他人修改。
server-stale-visit = 待签署的内容在此期间已更改，请查看当前内容。
server-stale-webhook = 在您编辑期间，该 Webhook 已被他人修改。
server-stale-thing = 在您编辑期间，内容已被他人修改。
server-method = 此网址不支持该请求方法。
server-sign-in = 请先登录再进行此操作。
server-wrong-credentials = 邮箱或密码错误。
server-internal = 系统出错了，请重试。
server-not-an-object = 请发送 JSON 对象：{"{"}"name": …{"}"}。
server-correct-fields = 请修改标出的内容。
server-unreachable = 无法连接服务器，请检查网络。
server-unreadable = 无法识别该请求。

## 请求格式与安全检查

server-form-unreadable = 无法识别表单：{ $cause }。
server-choose-theme = 请选择 auto、light 或 dark。
server-single-keys-on = 已开启 / 和 ? 快捷键。
server-single-keys-off = 已关闭 / 和 ? 快捷键。
server-choose-on-off = 请选择 on 或 off。
server-not-allowed = 您无权这样做。
server-body-too-large = 请求内容超过服务器的上限。
server-away-title = Guildhall 暂时无法访问
server-away-again = 重试
server-other-site = 请求来自其他网站，未予执行。
server-send-json = 请发送 JSON，并带上请求头 Content-Type: application/json。
server-body-no-json = 请求体不是有效的 JSON：{ $cause }。
server-body-misfit = 请求体不符合要求：{ $cause }。
server-two-hosts = 请求包含两个 Host。
server-no-host = 请求缺少 Host。
server-bad-host = 请求的 Host 无效。
server-body-cut = 请求体未能完整读取。
server-query-misfit = 查询参数不符合要求：{ $cause }。
server-write-a-day = 请填写日期，例如 2026-11-21。

## 限流、超时与数据库

server-taken-over = 另一台服务器已接手这项工作。
server-broker-away = 事件代理暂时不可用。
server-dropped = 超过 { $seconds } 秒，已放弃。
server-too-much = 一分钟内的操作过多，请等待 { $seconds } 秒后继续。
server-from-memory-now = 暂时无法连接数据库。您看到的是片刻之前的页面，暂时无法下单。
server-from-memory = 暂时无法连接数据库。您看到的是 { $minutes } 分钟前的页面，暂时无法下单。
server-busy = 服务繁忙，请稍后再试。
server-cannot-save = 现在无法保存。您填写的内容没有丢失，请稍后再试。
server-no-nul = 文本不能包含字符 U+0000。
server-disk-full = 服务器存储空间已满，未能保存，请稍后再试。
server-disk-broken = 服务器磁盘暂时不可用，请稍后再试。
server-read-only = 服务目前只能读取，未能保存，请稍后再试。
server-taken-email = 该邮箱已注册。
server-taken-slug = 该短名称已被其他商品使用。
server-taken-category = 该网址已被其他分类使用。
server-taken-board = 已有同名看板。
server-taken-account = 该科目代码已存在。
server-taken-transfer = 该编号已用于另一笔转账，请换一个。
server-taken-hold = 该编号已用于另一笔冻结，请换一个。
server-taken-study = 另一项研究已使用该编号。
server-own-language = { $language }文本就是 { $field } 字段本身。
server-no-cursor = 该游标不属于此列表。
server-key-header = 请求头 Idempotency-Key 须为 1 至 255 个可见 ASCII 字符。
server-key-reused = 该 Idempotency-Key 已用于其他请求，请换一个新的。
server-too-long = 处理时间过长，已中止，请稍后再试。
server-too-long-write = 处理时间过长。操作可能已全部完成，也可能完全没有执行，请先确认再重试。
