-- additive

alter table developer add column upstream_paths text[] not null default '{}';
comment on column developer.upstream_paths is 'which calls of vendors it may have passed on, such as wecom/checkin/getcheckindata; needs the scope upstream:call';

alter table scope_request add column upstream_paths text[] not null default '{}';
comment on column scope_request.upstream_paths is 'calls of vendors that are asked for along with the scopes';

alter table call_log add column upstream text not null default '';
comment on column call_log.upstream is 'what a vendor said to a call that was passed on, such as wecom 60011; empty for all other calls';
