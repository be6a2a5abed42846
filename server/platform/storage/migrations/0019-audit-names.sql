-- Who and what an entry is about, by the names of that time, and where the act came from.
alter table audit
  add column actor_name text not null default '',
  add column target_name text not null default '',
  add column address text not null default '';
comment on column audit.actor_name is 'the name at that time; empty for local accounts, the command line and entries of before';
comment on column audit.address is 'the network address that the act came from; empty for the command line and entries of before';
create index audit_corp on audit (corp_id, id);
