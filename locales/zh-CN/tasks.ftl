### 任务：列表、看板、任务详情。

## 多个页面共用

tasks-tasks = 任务
tasks-task = 任务
tasks-mine = 我的任务
tasks-all = 全部任务
tasks-tab-all = 全部
tasks-boards = 看板
tasks-board = 看板
tasks-column = 列
tasks-title = 标题
tasks-description = 描述
tasks-priority = 优先级
tasks-labels = 标签
tasks-assignee = 负责人
tasks-due = 截止日期
tasks-nobody = 未分配
tasks-none = 无
tasks-new = 新建任务
tasks-cancel = 取消
tasks-complete = 完成
tasks-complete-task = 完成任务：{ $title }
tasks-undo = 撤销
tasks-refused = 未做任何更改

## 优先级

tasks-priority-none = 无优先级
tasks-priority-low = 低
tasks-priority-medium = 中
tasks-priority-high = 高
tasks-priority-urgent = 紧急
tasks-priority-unknown = 请选择 none、low、medium、high 或 urgent。

## 截止日期

tasks-due-overdue = 已逾期
tasks-due-today = 今天
tasks-due-week = 7 天内
tasks-due-none = 无截止日期
tasks-due-unknown = 请选择 overdue、today、week 或 none。
tasks-due-overdue-said = 已逾期：
tasks-due-today-said = 今天截止：
tasks-due-form = 请填写日期（如 2026-11-30）或时间（如 2026-11-30T17:00:00Z）。

## 排序

tasks-sort-due = 截止日期
tasks-sort-priority = 优先级
tasks-sort-newest = 最新创建
tasks-sort-updated = 最近更新
tasks-sort-position = 看板顺序
tasks-sort-unknown = 请选择 due、priority、newest、updated 或 position。

## 任务列表

tasks-quick-add = 添加任务，例如：联系小美 !high #shop 明天
tasks-quick-add-submit = 添加
tasks-no-boards-advice = 任务需要放在看板上。
tasks-no-boards-new = 创建第一个看板
tasks-pages = 任务翻页
tasks-none-match = 没有符合条件的任务
tasks-none-match-advice = 请放宽筛选条件。
tasks-show-all = 显示全部
tasks-empty = 暂无任务
tasks-empty-all-advice = 在上方输入框中添加第一个任务。
tasks-empty-mine-advice = 您没有待处理的任务。可以在上方添加任务，或从看板中认领。

## 筛选

tasks-filter = 筛选
tasks-clear = 清除
tasks-filter-text = 关键词
tasks-filter-label = 标签
tasks-filter-sort = 排序方式
tasks-filter-done = 显示已完成
tasks-filter-any = 全部
tasks-filter-any-time = 不限
tasks-filter-me = 我
tasks-filter-anybody = 全部
tasks-person-me = { $name }（我）
tasks-not-an-id = 编号无效。
tasks-choose = 请从列表中选择。

## 快速添加的结果

tasks-added = 已添加：{ $title }（{ $place }）
tasks-place = { $board } / { $column }
tasks-added-for = 负责人：{ $name }
tasks-added-due = 截止：{ $at }
tasks-added-left = @{ $name } 已保留在标题中：{ $why }。
tasks-name-unknown = 没有找到此人
tasks-name-ambiguous = 有多人同名

## 看板列表

tasks-boards-empty = 暂无看板
tasks-boards-empty-advice = 每个看板用于管理一个团队或一个项目的任务。请在下方创建第一个看板。
tasks-board-own = 我的看板
tasks-board-of = { $owner } 的任务
tasks-board-own-empty = 暂无看板
tasks-board-own-empty-advice = 添加第一个任务后，系统会为您创建专属看板。
tasks-board-own-empty-add = 添加任务
tasks-board-new = 新建看板
tasks-board-new-advice = 新看板默认包含“待办”“进行中”“已完成”三列，之后可以调整。
tasks-board-new-submit = 创建看板
tasks-board-new-done = 看板 { $board } 已创建。
tasks-column-todo = 待办
tasks-column-doing = 进行中
tasks-column-done = 已完成

## 看板

tasks-board-region = 看板 { $board }
tasks-column-show-all = 显示全部
tasks-column-add-card = 添加到“{ $column }”
tasks-move-to = 移到“{ $column }”：{ $title }
tasks-move-up = 上移：{ $title }
tasks-move-down = 下移：{ $title }

## 看板设置

tasks-board-settings = 看板设置
tasks-board-settings-advice = 只有空列可以删除，“已完成”列会始终保留。
tasks-board-rename = 重命名看板
tasks-board-rename-done = 看板已重命名为 { $board }。
tasks-board-rename-own = 客户的看板以客户姓名命名，不能修改。
tasks-column-of = 列“{ $column }”
tasks-column-new = 新列名称
tasks-column-add = 添加列
tasks-column-add-done = 列已添加。
tasks-column-rename = 重命名
tasks-column-rename-done = 列已重命名。
tasks-column-remove = 删除
tasks-column-remove-done = 列“{ $column }”已删除。
tasks-columns-too-many = 每个看板最多 { $most } 列。
tasks-column-needed = 不能删除“{ $column }”：看板至少要有“已完成”列和另外一列。
tasks-column-in-use = “{ $column }”中还有 { $count } 个任务，请先移走。

## 任务详情

tasks-edit = 编辑
tasks-delete = 删除
tasks-reopen = 重新打开
tasks-facts = 详情
tasks-no-description = 暂无描述。
tasks-created-by = 创建人
tasks-created = 创建时间
tasks-updated = 更新时间
tasks-assign = 分配
tasks-assign-me = 分配给我
tasks-assign-done = 任务已分配。
tasks-assign-done-me = 任务已分配给您。
tasks-assign-done-nobody = 任务已取消分配。
tasks-complete-done = 已完成：{ $title }
tasks-reopen-done = 已重新打开：{ $title }
tasks-delete-done = 已删除：{ $title }
tasks-restore-done = 已恢复：{ $title }

## 新建与编辑任务

tasks-new-submit = 创建任务
tasks-new-done = 任务已创建。
tasks-edit-title = 编辑：{ $title }
tasks-edit-heading = 编辑任务
tasks-save = 保存
tasks-edit-done = 任务已保存。
tasks-description-hint = 支持 Markdown：**加粗**、- 列表、[链接](https://example.com)。
tasks-due-on = 截止日期（UTC）
tasks-due-at = 截止时间（UTC）
tasks-due-at-hint = 留空则为当天结束时。
tasks-labels-hint = 最多十个，用英文逗号分隔。
tasks-both = 内容已被他人修改
tasks-both-advice = 您填写的内容没有丢失，未改动的部分已更新为最新内容。请从已保存的版本中取用需要的内容，再保存您的版本。
tasks-both-saved = 已保存的版本
tasks-both-yours = 您的版本
tasks-both-save = 保存我的版本

## 规则

tasks-title-missing = 请填写任务标题。
tasks-title-needed = 任务必须有标题。
tasks-board-name-missing = 请填写看板名称。
tasks-column-name-missing = 请填写列名称。
tasks-label-comma = 标签不能包含逗号。
tasks-label-fault = { $label }：{ $fault }
tasks-labels-too-many = 每个任务最多 10 个标签。
tasks-board-missing = 还没有看板，请先创建。
tasks-board-unknown = 请选择已有的看板。
tasks-column-unknown = 请选择看板中的列：{ $columns }。
tasks-column-gone = 此列刚刚被删除。
tasks-place-needed = 任务必须属于某个看板和列。
tasks-position-range = 位置必须是 -{ $most } 到 { $most } 之间的数字。
tasks-position-gone = 旁边的卡片刚刚被移走。
tasks-position-no-room = 此卡片旁的卡片过于密集，没有空位。请将它放到列首或列尾，或先移动其他卡片。
tasks-version-missing = 请提交所修改任务的版本号。
tasks-of-the-house = 此任务属于公司看板。您可以处理任务，但只有员工可以删除或移动到其他看板。
tasks-assignee-own = 您只能将任务分配给自己，或不分配。
tasks-assignee-unknown = 请选择账户有效的人员。
