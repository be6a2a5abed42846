-- additive
-- Whose personal data developers got by the API: what of whom, by which call.
create table data_read (
  corp_id text not null references corp on delete cascade,
  id bigint generated always as identity,
  at timestamptz not null,
  dev_id text not null,
  path text not null,
  fields text[] not null,
  member_ids bigint[] not null,
  unlisted int not null default 0,
  primary key (corp_id, id)
);
create index data_read_at on data_read (corp_id, at);
create index data_read_member on data_read using gin (member_ids);
comment on table data_read is 'answers of the same second to the same call of a developer are one row';
comment on column data_read.unlisted is 'how many people more there were, whom memory could not keep while the database was away';
alter table corp add column data_read_days smallint not null default 0 check (data_read_days between 0 and 400);
comment on column corp.data_read_days is 'how long data_read is kept at least; it is kept as long as the request log in any case';
