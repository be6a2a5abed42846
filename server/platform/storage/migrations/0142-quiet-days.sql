-- additive
-- The quiet hours of to-dos are those of the corp, for messages of a type too, and may begin on some days alone.

alter table todo_corp_setting add column quiet_days smallint[] not null default '{1,2,3,4,5,6,7}';
comment on column todo_corp_setting.quiet_days is 'days on which the quiet hours begin, 1 is Monday';
