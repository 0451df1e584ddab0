### 购物车。

## 页头链接

cart-link-empty = 购物车，空
cart-link-one = 购物车，1 件
cart-link-many = 购物车，{"{n}"} 件
cart-see = 查看购物车

## 操作结果

cart-whole-number = 请填写整数，例如 2。
cart-added = “{ $product }”已加入购物车。
cart-quantity-set = { $product }：购物车中共 { $quantity } 件。
cart-removed = “{ $product }”已从购物车移除。
cart-undo = 撤销
cart-restored = “{ $product }”已放回购物车。
cart-prices-seen = 购物车已按最新价格更新。
cart-it = 该商品

## 购物车页面

cart-title = 购物车
cart-heading = 购物车
cart-empty = 购物车是空的
cart-empty-advice = 加入购物车的商品会在这里保留三十天。
cart-go-shopping = 去逛逛
cart-price-moved = 有一件商品的价格已变动
cart-prices-moved = 部分商品的价格已变动
cart-prices-moved-sums = 此处金额已按最新价格计算。
cart-use-new-prices = 接受最新价格
cart-remove = 移除 { $product }
cart-price-was = 原价 { $was }，现价 { $now }
cart-each = / 件
cart-take-of = 将 { $product } 的数量改为 { $most }
cart-take = 改为 { $most } 件
cart-sold-out = 已售罄
cart-not-for-sale = 已下架
cart-quantity-of = { $product } 的数量
cart-update = 更新
cart-summary = 金额明细
cart-subtotal = 商品小计
cart-delivery-later = 配送方式在结算时选择。
cart-delivery-cost = { $delivery }配送
cart-checkout = 去结算
cart-sign-in-first = 结算前需要登录，购物车会保留。
cart-blocked = 下单前请先处理
cart-blocked-advice = 请修改以下商品的数量，或将其移除：

## 商品状态

cart-only-left = 仅剩 { $count } 件。
cart-line-sold-out = 已售罄。
cart-line-not-for-sale = 已下架。
cart-line-price-moved = 价格已从 { $was } 变为 { $now }。
cart-choose-or-none = 请选择 0 到 { $most }；选 0 即移除。

## 数量限制

cart-product-not-for-sale = 该商品暂不出售。
cart-full = 购物车已有 { $most } 种商品，无法再加入。请先下单，或移除部分商品。
cart-too-many = 同一商品最多 { $most } 件，购物车中已有 { $present } 件，最多还可加 { $rest } 件。
cart-nothing-left = 该商品目前无法下单。
cart-choose-at-most = 最多可选 { $count } 件。
cart-all-yours = “{ $product }”的剩余库存已全部在您的购物车中。
cart-no-more = 无法再添加。
cart-short-and-present = { $shortage }购物车中已有 { $count } 件。

## 登录后合并购物车

cart-not-brought = 登录前购物车中的商品未能合并。它们仍然保留：退出登录即可看到，或重新登录再试一次。
cart-came-along = 购物车已合并。
cart-and-more = 另有 { $count } 件商品。
cart-others = 购物车中原有 { $count } 种其他商品。
cart-moved = { $product }：{ $count } 件。
cart-joined = { $product }：与原有的合并后共 { $count } 件。
cart-capped = { $product }：现为 { $count } 件，已达上限。
cart-left-not-for-sale = “{ $product }”已下架，未加入。
cart-left-sold-out = “{ $product }”已售罄，未加入。
cart-left-no-room = “{ $product }”未加入：购物车最多容纳 { $most } 种商品。
