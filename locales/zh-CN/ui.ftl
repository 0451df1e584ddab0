### 每个页面的框架：页头、页脚、命令面板与错误页。

ui-skip = 跳到正文
ui-menu = 菜单
ui-nav-main = 主导航
ui-nav-shop = 商店
ui-nav-tasks = 任务
ui-nav-orders = 订单
ui-nav-ledger = 账簿
ui-nav-trials = 临床试验
ui-nav-users = 用户
ui-home = 首页
ui-cart = 购物车
ui-search-products = 搜索商品
ui-account = 账户
ui-account-of = { $name } 的账户
ui-my-orders = 我的订单
ui-my-tasks = 我的任务
ui-my-account = 账户设置
ui-wallet = 钱包
ui-events = 事件
ui-conservation = 对账监控
ui-sign-in = 登录
ui-sign-out = 退出登录
ui-register = 注册
ui-theme-auto = 跟随系统主题
ui-theme-light = 浅色主题
ui-theme-dark = 深色主题
ui-footer = Guildhall：一个程序，一家小公司。所有日期和时间均为 UTC。
ui-footer-label = 页脚
ui-title-refused = 未能完成：{ $title } · Guildhall

## 命令面板与键盘快捷键

ui-kind-page = 页面
ui-go-to = 前往
ui-go-to-field = 前往…
ui-go-to-none = 没有找到匹配的页面。
ui-shortcuts = 键盘快捷键
ui-key-palette = 前往任意页面（Mac 上为 ⌘K）
ui-key-search = 搜索商店
ui-key-help = 显示快捷键列表
ui-key-escape = 关闭当前窗口
ui-key-off = （已关闭）
ui-single-keys-are-on = 单独按 / 或 ? 即可触发快捷键。如有不便，可在此浏览器中关闭。
ui-single-keys-switch-off = 关闭单键快捷键
ui-single-keys-are-off = 此浏览器已关闭 / 和 ? 快捷键。
ui-single-keys-switch-on = 开启单键快捷键

## 错误页

ui-error-title = 抱歉
ui-error-status = 错误 { $status }
ui-error-wait = 请等待 { $seconds } 秒后重试。
ui-error-quote = 联系我们时请提供编号
ui-error-not-found = 找不到页面
ui-error-not-found-advice = 网址可能输入有误，或者内容已被移除。
ui-error-forbidden = 当前账户没有权限
ui-error-forbidden-advice = 如果您应当拥有权限，请联系管理员。
ui-error-sign-in = 请先登录
ui-error-sign-in-advice = 登录后会回到此页面。
ui-error-conflict = 内容刚刚发生了变化
ui-error-conflict-advice = 请返回并刷新页面，然后重试。
ui-error-too-many = 操作过于频繁
ui-error-too-many-advice = 这是为了保护每个账户的安全。
ui-error-unavailable = 服务暂时不可用
ui-error-unavailable-advice = 请稍等几秒后重试。
ui-error-internal = 系统出错了
ui-error-internal-advice = 错误已被记录，您可以再试一次。
ui-error-unreadable = 无法识别提交的内容
ui-error-unreadable-advice = 请返回检查后重新提交。

## 页面通用组件

ui-breadcrumbs = 面包屑导航
ui-loading = 加载中
ui-close = 关闭
ui-cancel = 取消
ui-dismiss = 关闭提示
ui-pages = 分页
ui-first-page = 首页
ui-shown = 本页 { $count } 条
ui-next = 下一页
ui-nothing-changed = 未做任何更改
ui-filters = 筛选
ui-filters-in-use = 已用 { $count } 项
ui-filters-unreadable = 无法识别这些筛选条件

## 输入的金额

ui-write-an-amount = 请填写 { $currency } 金额，例如 { $example }。
ui-amount-too-large = 金额过大。
ui-no-currency = Guildhall 不支持货币 { $code }，请使用 { $known }
ui-search-found = 商品

## 输入的文本

ui-text-too-long = 最多 { $most } 个字符。
ui-text-control = 请去掉控制字符。
ui-text-turning = 请去掉会改变书写方向的隐藏字符（{ $character }）。

## 多种语言的文本

ui-name-in = 名称（{ $language }）
ui-not-translated = 尚未翻译
