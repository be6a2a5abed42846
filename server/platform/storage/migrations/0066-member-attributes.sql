-- additive
-- Extended attributes of members, such as their employee number, and finding a member by the beginning of a mail address.

alter table member add column attributes jsonb not null default '[]';
comment on column member.attributes is 'WeCom''s extattr, [{name, value, url}]; read when a developer asks for it, and never in memory';
create index member_email on member (corp_id, lower(email) text_pattern_ops) where left_at is null and email <> '';
