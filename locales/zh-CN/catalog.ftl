### 商品目录。

## 通用

catalog-not-for-sale = 未上架
catalog-sold-out = 已售罄
catalog-few-left = 库存紧张
catalog-in-stock = 有货
catalog-first-product = 添加第一件商品
catalog-empty-advice = 商品正在上架，敬请期待。
catalog-empty = 商店还没有商品
catalog-category = 分类
catalog-description = 商品描述
catalog-description-hint = 支持 Markdown：**粗体**、以短横线开头的列表、表格。
catalog-new-product = 新建商品
catalog-shop = 商店
catalog-categories = 分类管理
catalog-only-left = 仅剩 { $count } 件
catalog-price-in = 价格（{ $currency }）
catalog-products = { $count } 件商品

## 首页

catalog-home-title = 经久耐用的好物
catalog-home-description = 好物小店，用心描述，放心使用。
catalog-home-kicker = 文具 · 影音 · 工具
catalog-home-heading = 值得长久使用的好物
catalog-home-lead = 为书桌、厨房与旅途挑选的好物。描述如实，尺寸准确，每天都用得上。
catalog-home-browse = 逛逛商店
catalog-home-cheapest = 低价优先
catalog-home-new = 新品上架
catalog-home-all = 全部商品
catalog-home-categories = 按分类浏览
catalog-home-welcome = 欢迎回来，{ $name }

## 商店

catalog-sort-relevance = 综合排序
catalog-sort-newest = 最新上架
catalog-sort-price-up = 价格从低到高
catalog-sort-price-down = 价格从高到低
catalog-sort-name = 名称
catalog-state-active = 已上架
catalog-state-all = 全部
catalog-prices-crossed = 最低价高于最高价，没有商品符合。
catalog-choose-one = 请选择其中之一：{ $known }。
catalog-lowest-left-out = 最低价未生效。{ $fault }
catalog-highest-left-out = 最高价未生效。{ $fault }
catalog-state = 状态
catalog-filter-categories = 分类
catalog-price-from = 最低价
catalog-price-to = 最高价
catalog-in-stock-only = 仅看有货
catalog-apply = 应用
catalog-all-categories = 全部分类
catalog-sort-by = 排序方式
catalog-sort = 排序
catalog-search = 搜索：{ $text }
catalog-from = { $price } 起
catalog-to = { $price } 以内
catalog-remove-filter = 移除筛选条件：{ $filter }
catalog-products-heading = 商品
catalog-page-empty = 此页没有内容
catalog-page-moved = 内容已移动。
catalog-page-first = 从第一页开始
catalog-nothing-matches = 没有找到符合条件的商品
catalog-nothing-advice = 试试更少的关键词，或放宽价格范围。
catalog-show-everything = 查看全部商品
catalog-no-description = 暂无商品描述。
catalog-unpublish = 下架
catalog-publish = 上架
catalog-edit = 编辑
catalog-number = 编号
catalog-on-hand = 现有库存
catalog-adjust = 调整
catalog-orders = 订单
catalog-orders-with-it = 查看相关订单
catalog-updated = 更新时间
catalog-missing-in = 缺少{ $language }
catalog-translate = 去翻译
catalog-comma = 、
catalog-reserved = （已预留 { $count }）

## 商品与表单

catalog-quantity = 数量
catalog-add = 加入购物车
catalog-add-of = 加入购物车：{ $product }
catalog-back = 返回商品
catalog-details = 基本信息
catalog-address-stays = 网址不会改变，原有链接仍然有效。
catalog-name = 名称
catalog-alt = 替代文本
catalog-alt-hint = 供屏幕阅读器朗读。
catalog-in-language = { $text }（{ $language }）
catalog-language-first = · 原文
catalog-translation-missing = 译文不完整
catalog-language-translated = 已有{ $language }译文，请先将其删除。
catalog-save = 保存
catalog-picture-remove = 删除图片
catalog-picture-remove-title = 删除图片？
catalog-picture-remove-advice = 上传新图片之前，商品将不显示图片。
catalog-remove = 删除
catalog-picture = 图片
catalog-picture-hint = PNG、JPEG 或 WebP，不超过 5 MiB。列表中按中心裁切为正方形（如预览所示），商品页显示完整图片。
catalog-upload = 上传
catalog-edit-title = 编辑 { $product }
catalog-picture-choose = 选择图片，或拖放到按钮上
catalog-two-versions = 两个版本
catalog-conflict = 您编辑期间，他人已保存了该商品
catalog-conflict-advice = 您填写的内容都还在，未改动的部分已采用对方保存的版本。请对比两个版本，保留需要的内容，然后保存您的版本或采用对方的版本。
catalog-price = 价格
catalog-differs = 不同
catalog-theirs = 对方的版本
catalog-theirs-saved = 当前版本，保存于
catalog-take-theirs = 采用对方的版本
catalog-yours = 您的版本
catalog-same = 与对方的版本相同。
catalog-not-saved = 尚未保存，仍可修改。
catalog-save-mine = 保存我的版本
catalog-two-versions-of = { $product } 的两个版本
catalog-first-category = 请先创建分类
catalog-first-category-advice = 每件商品都属于一个分类，目前还没有分类。请先在此创建，再添加商品。
catalog-first-category-heading = 第一个分类
catalog-address = 网址
catalog-address-hint = /products/… 的最后一段，使用小写字母、数字和短横线。留空则由名称生成；之后不再改变，以保证链接有效。
catalog-opening-stock = 期初库存
catalog-publish-now = 立即上架
catalog-publish-later = 上架前仅员工可见。
catalog-create = 创建商品
catalog-cancel = 取消
catalog-product-no-name = 请填写商品名称。
catalog-slug-letters = 请使用 a 到 z、数字和单个短横线，最多 80 个字符。
catalog-slug-reserved = 不能只有数字，也不能是 new。
catalog-category-no-name = 请填写分类名称。
catalog-price-negative = 价格不能为负。
catalog-price-too-large = 价格过大。
catalog-stock-negative = 库存不能为负。
catalog-stock-too-large = 库存过大。
catalog-change-whole = 请填写整数，例如 12 或 -3。
catalog-change-none = 变动数量不能为 0。
catalog-change-too-large = 变动数量过大。
catalog-change-why = 请填写原因，以便日后查阅。
catalog-undo = 撤销
catalog-whole-number = 请填写整数，例如 12。
catalog-picture-form = 请以带文件的表单提交图片。
catalog-picture-none = 请先选择图片。
catalog-picture-too-large = 图片不能超过 5 MiB。
catalog-picture-cut = 图片未能完整上传，请重试。
catalog-picture-kind = 这不是 PNG、JPEG 或 WebP 图片。
catalog-picture-damaged = 图片已损坏，无法读取。
catalog-picture-pixels = { $width } × { $height } 像素过大，最多 4000 万像素。
catalog-picture-bits = { $width } × { $height } 像素、每色 16 位的图片过大，请以 8 位保存。
catalog-picture-says = 文件声明的类型是 { $says }，实际是 { $is }。
catalog-picture-cmyk = 这是印刷用的 CMYK 图片，请另存为屏幕用的 RGB。
catalog-picture-colours = 无法读取图片的色彩，请另存为 sRGB。

## 分类

catalog-category-new = 新建分类
catalog-category-new-advice = 新分类排在商店列表末尾；其中有商品上架后会显示在首页。
catalog-categories-none = 还没有分类
catalog-categories-none-advice = 每件商品都属于一个分类。请先在下方创建分类，再添加商品。
catalog-category-empty = 没有商品
catalog-category-change = 修改
catalog-both-versions = 两个版本都在这里
catalog-category-address-hint = 修改后，使用旧网址的链接将失效。
catalog-delete = 删除
catalog-category-delete-advice = 该分类下没有商品。删除后无法恢复，但可以重新创建。
catalog-category-delete = 删除分类
catalog-category-slug-hint = 用于商店链接：小写字母、数字和短横线。留空则由名称生成。
catalog-category-create = 创建分类
catalog-category-off-sale = ，其中 { $count } 件未上架
catalog-category-delete-title = 删除分类“{ $category }”？
catalog-category-move-first = 删除前请先将其中的商品移到其他分类：{ $products }。
catalog-category-conflict = 该分类现名为“{ $name }”，网址为 { $slug }。下方是您填写的内容，未改动的部分采用对方的版本，可修改后保存覆盖。
catalog-category-first = 还没有分类，请先创建。
catalog-category-unknown = 没有这个分类。
catalog-category-most = 商店最多可有 { $most } 个分类。
catalog-category-taken = 已有分类“{ $category }”。请换一个名称，或单独填写网址。
catalog-category-in-use = “{ $category }”中还有 { $count } 件商品，请先移到其他分类。

## 库存

catalog-reason-delivery = 到货
catalog-reason-return = 退货
catalog-reason-stocktake = 盘点
catalog-reason-damaged = 破损
catalog-reason-counter = 门店售出
catalog-stock = 库存
catalog-stock-change = 变动
catalog-stock-change-hint = 12 为入库，-3 为出库。
catalog-stock-reason = 原因
catalog-stock-adjust = 调整库存
catalog-stock-shipped = 随订单发货
catalog-stock-nothing = 还没有出入库记录。
catalog-stock-when = 时间
catalog-stock-by = 操作人
catalog-stock-log = 最近的库存变动
catalog-stock-level = 现有 { $stock } 件。
catalog-stock-level-reserved = 现有 { $stock } 件，其中 { $reserved } 件已为未完成订单预留。
catalog-stock-kept = 每次变动都会记录原因。
catalog-stock-counted = 按盘点数调整
catalog-stock-full = 库存已达上限。
catalog-stock-only = 现有库存仅 { $count } 件。
catalog-stock-only-reserved = 现有库存仅 { $count } 件，其中 { $reserved } 件已为未完成订单预留。

## 操作结果

catalog-said-created = “{ $product }”已创建，现在可以添加图片。
catalog-said-saved = “{ $product }”已保存。
catalog-said-published = “{ $product }”已上架。
catalog-said-unpublished = “{ $product }”已下架。
catalog-said-adjusted = “{ $product }”现有库存 { $count } 件。
catalog-said-picture = “{ $product }”的图片已更新。
catalog-said-no-picture = “{ $product }”的图片已删除。
catalog-said-category-created = 分类“{ $category }”已创建。
catalog-said-category-saved = 分类“{ $category }”已保存。
catalog-said-category-deleted = 分类“{ $category }”已删除。

## 库存不足

catalog-choose-quantity = 请选择 1 到 { $most }。
catalog-short-not-for-sale = “{ $product }”已下架。
catalog-short-sold-out = “{ $product }”已售罄。
catalog-short-left = “{ $product }”仅剩 { $count } 件。
