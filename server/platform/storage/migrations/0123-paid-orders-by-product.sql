-- additive
-- The last paid order of each product is looked up by every check-up, and may be one of millions.

create index pay_order_product on pay_order (corp_id, mch_id, product, id) where state = 'paid';
