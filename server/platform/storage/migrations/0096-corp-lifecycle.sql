-- additive
-- Corps that are suspended, the export of a whole corp, and what was deleted with one.

alter table corp
  add column suspended_at timestamptz,
  add column suspended_by text not null default '',
  add column suspended_reason text not null default '',
  add column removing_at timestamptz;
comment on column corp.suspended_reason is 'as people of the corp are shown it';
comment on column corp.removing_at is 'since when the corp is being deleted, which only ends with its row';

create table corp_export (
  corp_id text primary key references corp on delete cascade,
  exported_at timestamptz not null,
  exported_by text not null,
  sha256 text not null,
  bytes bigint not null,
  rows jsonb not null
);
comment on table corp_export is 'the last export of a whole corp that reached its end';
comment on column corp_export.exported_at is 'the moment of which the export tells';
comment on column corp_export.sha256 is 'of the file';
comment on column corp_export.rows is 'how many, by table';

create table corp_removal (
  corp_id text not null,
  begun_at timestamptz not null,
  name text not null,
  begun_by text not null,
  suspended_at timestamptz not null,
  suspended_reason text not null,
  exported_at timestamptz not null,
  export_sha256 text not null,
  rows jsonb not null default '{}',
  ended_at timestamptz,
  primary key (corp_id, begun_at)
);
comment on table corp_removal is 'corps that were deleted whole; the only rows that name one afterwards';
comment on column corp_removal.rows is 'how many have been deleted, by table';
create index corp_removal_ended on corp_removal (ended_at);
