-- additive
-- The corp's own mail address of each member, and what owners of developers change of how their apps sign people in.

alter table member add column biz_mail text not null default '';
comment on column member.biz_mail is 'WeCom''s biz_mail: the only address of which it is known that it is theirs; never in memory';

alter table app_sign_in add column owner_change jsonb;
comment on column app_sign_in.owner_change is '{by, at, fields}: what an owner changed, until an administrator has looked at it';

create index sign_in_log_app on sign_in_log (corp_id, app_id, at desc);
create index sign_in_log_number on sign_in_log (corp_id, number);
