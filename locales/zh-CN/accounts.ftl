### 用户：注册、登录、账户设置与用户管理。

## 多个页面共用

accounts-name = 姓名
accounts-email = 邮箱
accounts-password = 密码
accounts-password-new = 新密码
accounts-password-current = 当前密码
accounts-password-hint = 至少 10 个字符。
accounts-password-hint-long = 至少 10 个字符，建议使用几个互不相关的词。
accounts-role = 角色
accounts-role-customer = 客户
accounts-role-staff = 员工
accounts-role-admin = 管理员
accounts-create = 注册账户
accounts-sign-in = 登录
accounts-sign-out = 退出登录

## 注册与登录

accounts-register = 注册
accounts-register-lead = 注册后即可下单，并随时查看订单进度。
accounts-have-one = 已有账户？
accounts-new-here = 还没有账户？
accounts-welcome = 欢迎您，{ $name }！
accounts-signed-out = 您已退出登录。

## 账户设置

accounts-mine = 账户设置
accounts-wallet = 钱包
accounts-wallet-what = 余额与交易明细
accounts-name-what = 您在本站显示的名字。
accounts-name-change = 修改姓名
accounts-name-changed = 姓名已修改。
accounts-email-what = 用于登录的邮箱。
accounts-email-change = 修改邮箱
accounts-email-changed = 邮箱已修改。
accounts-password-what = 修改后，其他浏览器和所有 API 客户端都会退出登录。
accounts-password-change = 修改密码
accounts-password-changed = 密码已修改，其他设备均已退出登录。
accounts-sessions = 登录设备
accounts-sessions-what = 您当前登录的设备。如有不认识的设备，请将其退出。
accounts-session-begun = 登录于
accounts-session-seen = 最近活动
accounts-session-here = 当前浏览器
accounts-session-ended = 该设备已退出登录。
accounts-sessions-ended = 其他设备均已退出登录。
accounts-sign-out-others = 退出其他所有设备
accounts-device = { $system } 上的 { $program }
accounts-device-unknown = 未知设备

## 用户管理（管理员）

accounts-users = 用户
accounts-users-search = 姓名或邮箱
accounts-users-none = 没有符合条件的用户
accounts-users-none-advice = 请换一个姓名或邮箱再试。
accounts-users-all = 查看全部用户
accounts-role-any = 全部角色
accounts-filter = 筛选
accounts-created = 创建时间
accounts-state = 状态
accounts-active = 正常
accounts-disabled = 已停用
accounts-new = 新建账户
accounts-new-lead = 请通过安全的方式将密码告知对方，对方可在“账户设置”中修改。
accounts-save = 保存
accounts-disable-account = 停用账户
accounts-disable-title = 停用 { $name } 的账户？
accounts-disable-message = 对方会立即在所有设备上退出登录，重新启用前无法登录。不会删除任何数据。
accounts-disable = 停用
accounts-enable-account = 启用账户
accounts-user-create = 创建账户
accounts-user-created = 已为 { $name } 创建账户。
accounts-user-changed = { $name } 的账户已修改。
accounts-user-enabled = { $name } 的账户已启用，可以重新登录。
accounts-user-disabled = { $name } 的账户已停用，并已在所有设备上退出登录。

## 各类提示

accounts-name-missing = 请填写姓名。
accounts-role-unknown = 请选择 customer、staff 或 admin。
accounts-language-unknown = 请选择 en 或 zh-CN。
accounts-email-wrong = 请填写有效的邮箱地址，例如 name@example.com。
accounts-email-letters = @ 前含有 a 至 z 以外字母的邮箱大多无法收到邮件，请换一个邮箱。
accounts-email-long = 邮箱地址最多 { $most } 个字符。
accounts-email-taken = 该邮箱已注册。
accounts-password-short = 密码至少 10 个字符。
accounts-password-long = 密码最多 128 个字符。
accounts-password-common = 这是最常见的密码之一，请使用几个互不相关的词。
accounts-password-not-current = 当前密码不正确。
accounts-last-admin = 这是最后一位管理员，请先将其他人设为管理员。
accounts-only-staff = 仅限员工操作。
accounts-only-admins = 仅限管理员操作。
accounts-token-bad = 访问令牌无效或已过期。
accounts-refresh-bad = 刷新令牌无效，请重新登录。
accounts-too-many-tries = 尝试次数过多，请等待 { $count } 分钟后再试。
accounts-too-many-new = 此网络注册的账户过多，请等待 { $count } 分钟后再试。

## 密码强度不足的原因与建议

accounts-weak-because = { $reason }{ $advice }
accounts-weak = 这个密码很容易被猜到。
accounts-weak-rows = 键盘上同一排的连续按键很容易被猜到。
accounts-weak-patterns = 较短的键盘图案很容易被猜到。
accounts-weak-repeats = “aaa”这样的重复很容易被猜到。
accounts-weak-repeated = “abcabcabc”这样的重复并不比“abc”难猜多少。
accounts-weak-top-10 = 这是最常见的 10 个密码之一。
accounts-weak-top-100 = 这是最常见的 100 个密码之一。
accounts-weak-common = 这个密码非常常见。
accounts-weak-similar = 这个密码与常见密码相似。
accounts-weak-sequences = abc 或 6543 这样的连续字符很容易被猜到。
accounts-weak-years = 近年的年份很容易被猜到。
accounts-weak-word = 单独一个词很容易被猜到。
accounts-weak-dates = 日期通常很容易被猜到。
accounts-weak-names = 单独的姓名很容易被猜到。
accounts-weak-common-names = 常见的姓名很容易被猜到。
accounts-advice = 请使用几个互不相关的词。
accounts-advice-few-words = 请使用几个词，避开常用短语。
accounts-advice-no-symbols = 不必使用符号、数字或大写字母。
accounts-advice-another-word = 请再加一两个词，越少见越好。
accounts-advice-capitals = 大写字母的作用不大。
accounts-advice-uppercase = 全部大写与全部小写几乎一样容易被猜到。
accounts-advice-reversed = 把词倒过来写并不会难猜多少。
accounts-advice-substitutions = 用 @ 代替 a 这类常见的替换作用不大。
accounts-advice-turns = 请使用更长、转折更多的键盘图案。
accounts-advice-no-repeats = 请避免重复的词和字符。
accounts-advice-no-sequences = 请避免连续字符。
accounts-advice-no-years = 请避免近年的年份。
accounts-advice-no-own-years = 请避免与您有关的年份。
accounts-advice-no-own-dates = 请避免与您有关的日期和年份。
