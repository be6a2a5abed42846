-- additive

alter table call_log add column refused integer not null default 0;
comment on column call_log.refused is 'how much of what a successful call was asked for was refused, such as rows of to-dos or receivers of a message';
create index call_log_refused on call_log (corp_id, at) where refused > 0;
