-- additive
-- Sources of people (人事源) whose people and departments are written into WeCom; what they have, and what was written in which run.

create table people_source (
  corp_id text not null references corp (corp_id) on delete cascade,
  id bigint generated always as identity,
  name text not null,
  kind text not null check (kind in ('file', 'put', 'sql', 'ldap')),
  settings jsonb not null,
  secret text,
  version int not null default 1,
  asked_at timestamptz,
  next_at timestamptz,
  read_at timestamptz,
  columns text[] not null default '{}',
  failing_since timestamptz,
  failure text,
  changed_at timestamptz not null,
  changed_by text not null,
  primary key (corp_id, id)
);
comment on column people_source.settings is 'mapping, owners of fields, limits and plan (features/source/settings.ts)';
comment on column people_source.secret is 'the password of the connection, sealed';
comment on column people_source.version is 'moves with the settings: a preview by another version is not written';
comment on column people_source.asked_at is 'somebody wants a preview now';
comment on column people_source.next_at is 'when it is read by its plan; null without one';
comment on column people_source.columns is 'as they were last read: other columns stop the plan';
comment on column people_source.failing_since is 'since when it cannot be read, for which reason';
create unique index people_source_name on people_source (corp_id, lower(name));

create table people_source_department (
  corp_id text not null,
  source_id bigint not null,
  code text not null,
  department_id bigint not null,
  is_own boolean not null,
  primary key (corp_id, source_id, code),
  foreign key (corp_id, source_id) references people_source (corp_id, id) on delete cascade
);
comment on column people_source_department.is_own is 'wisp made it, and may delete it when it goes from the source';

create table people_source_person (
  corp_id text not null,
  source_id bigint not null,
  key text not null,
  member_id bigint,
  user_id text not null,
  written jsonb not null,
  disabled_at timestamptz,
  primary key (corp_id, source_id, key),
  foreign key (corp_id, source_id) references people_source (corp_id, id) on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column people_source_person.member_id is 'null until the address book has shown the new member';
comment on column people_source_person.written is 'fields as wisp last wrote them; stands for what WeCom hides';
comment on column people_source_person.disabled_at is 'since when wisp has the member disabled';
create index people_source_person_member on people_source_person (corp_id, member_id);
create index people_source_person_new on people_source_person (corp_id, lower(user_id)) where member_id is null;
create index people_source_person_due on people_source_person (disabled_at) where disabled_at is not null;

create table people_source_put (
  corp_id text not null,
  source_id bigint not null,
  kind text not null check (kind in ('person', 'department')),
  key text not null,
  cells jsonb not null,
  put_at timestamptz not null,
  primary key (corp_id, source_id, kind, key),
  foreign key (corp_id, source_id) references people_source (corp_id, id) on delete cascade
);
comment on table people_source_put is 'what source/put has given, which is what such a source has';

create table people_source_run (
  corp_id text not null,
  id bigint generated always as identity,
  source_id bigint not null,
  kind text not null check (kind in ('write', 'undo', 'delete')),
  state text not null check (state in ('preview', 'writing', 'done', 'refused')),
  version int not null,
  counts jsonb not null,
  progress jsonb,
  undo_of bigint,
  made_at timestamptz not null,
  made_by text not null,
  approved_at timestamptz,
  approved_by text,
  ended_at timestamptz,
  failing_since timestamptz,
  failure text,
  primary key (corp_id, id),
  foreign key (corp_id, source_id) references people_source (corp_id, id) on delete cascade
);
comment on column people_source_run.progress is 'how many rows came to which end; null until it has ended';
comment on column people_source_run.failure is 'why writing has stopped for now; of a refused one, why it was';
create index people_source_run_source on people_source_run (corp_id, source_id, id);
create index people_source_run_open on people_source_run (corp_id) where state in ('preview', 'writing');
create index people_source_run_ended on people_source_run (ended_at) where ended_at is not null;

create table people_source_row (
  corp_id text not null,
  run_id bigint not null,
  n int not null,
  phase smallint not null,
  kind text not null,
  line int not null,
  key text not null,
  user_id text not null,
  member_id bigint,
  department_id bigint,
  name text not null,
  fields jsonb not null,
  notes text[] not null,
  state text not null check (state in ('shown', 'waits', 'sending', 'done', 'failed', 'overtaken')),
  result text,
  at timestamptz,
  primary key (corp_id, run_id, n),
  foreign key (corp_id, run_id) references people_source_run (corp_id, id) on delete cascade,
  foreign key (corp_id, member_id) references member (corp_id, id) on delete cascade
);
comment on column people_source_row.kind is 'what is written (features/source/plan/changes.ts), or problem: result says what is wrong with the line';
comment on column people_source_row.fields is 'each field with its value before and after';
comment on column people_source_row.state is 'sending: whether WeCom has it is not known until it is written again';
create index people_source_row_open on people_source_row (corp_id, run_id, phase, n) where state in ('waits', 'sending');
create index people_source_row_kind on people_source_row (corp_id, run_id, kind, n);
create index people_source_row_member on people_source_row (corp_id, member_id);
