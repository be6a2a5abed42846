-- additive

alter table developer add column refund_limits jsonb not null default '{"each": 0, "day": 0}';
comment on column developer.refund_limits is 'what it may give back of its own bills by the API: the most of one refund and of a day in Asia/Shanghai, in fen; 0: nothing';

alter table pay_refund add column dev_id text;
comment on column pay_refund.dev_id is 'the developer that asked for it by the API; null where a person did';
alter table pay_refund add column request_id text;
comment on column pay_refund.request_id is 'how that developer calls it; asking again under it is the same refund';
create unique index pay_refund_request on pay_refund (corp_id, dev_id, request_id);
create index pay_refund_developer on pay_refund (corp_id, dev_id, created_at) where dev_id is not null;
