-- additive
-- Apps and developers that were deleted, as they were, so that they can be brought back for 30 days.

create table deleted_object (
  corp_id text not null references corp on delete cascade,
  kind text not null check (kind in ('app', 'developer')),
  id text not null,
  name text not null,
  deleted_at timestamptz not null,
  deleted_by text not null,
  rows text not null,
  primary key (corp_id, kind, id)
);
create index deleted_object_age on deleted_object (deleted_at);
comment on column deleted_object.deleted_by is 'the actor, as in the audit log';
comment on column deleted_object.rows is 'sealed: JSON of its rows by table, with sealed values of theirs opened';
