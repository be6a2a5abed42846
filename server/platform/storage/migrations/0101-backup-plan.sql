-- additive
-- Backups by a plan, to a folder of the nodes or an S3 address, and whether they could be restored.

create table backup_plan (
  single boolean primary key default true check (single),
  enabled boolean not null,
  cron text not null,
  place text not null check (place in ('folder', 's3')),
  keep_daily integer not null,
  keep_weekly integer not null,
  keep_monthly integer not null,
  test_days integer not null,
  alert_days integer not null,
  endpoint text not null default '',
  region text not null default '',
  bucket text not null default '',
  prefix text not null default '',
  addressing text not null default 'virtual-host' check (addressing in ('virtual-host', 'path', 'own-domain')),
  through_proxy boolean not null default false,
  access_key text not null default '',
  secret_key text not null default '',
  next_at timestamptz,
  since timestamptz not null,
  off_by_restore boolean not null default false
);
comment on table backup_plan is 'at most one row: when backups are written, where, and how many are kept';
comment on column backup_plan.cron is 'five fields, in the local time of the nodes';
comment on column backup_plan.test_days is 'a backup is restored for trial when the last trial is older than this; 0: never';
comment on column backup_plan.alert_days is 'administrators are told when the last good backup is older than this';
comment on column backup_plan.addressing is 'where the bucket stands in an address; own-domain: the endpoint is a domain of the bucket';
comment on column backup_plan.secret_key is 'sealed';
comment on column backup_plan.next_at is 'when the next backup is due; null while the plan is off';
comment on column backup_plan.since is 'since when there is a plan that is on, from which the first backup is waited for';
comment on column backup_plan.off_by_restore is 'switched off because the database was restored, so that a copy does not write into the place of the original';

create table backup_run (
  id bigint generated always as identity primary key,
  place text not null check (place in ('folder', 's3')),
  address text not null,
  name text not null default '',
  mark text not null default '',
  reason text not null check (reason in ('plan', 'asked')),
  asked_by text not null,
  state text not null check (state in ('waiting', 'running', 'good', 'failed', 'removed', 'missing')),
  attempt integer not null default 1,
  due_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  node text,
  lease_until timestamptz,
  bytes bigint,
  rows bigint,
  sha256 text,
  problem jsonb,
  rotation_problem jsonb
);
create index backup_run_open on backup_run (place, due_at) where state in ('waiting', 'running');
create index backup_run_age on backup_run (ended_at);
comment on column backup_run.address is 'where the file is: the folder, or endpoint, bucket and prefix';
comment on column backup_run.mark is 'at the beginning of the file too, so that only what this row is about is ever deleted';
comment on column backup_run.state is 'removed: by rotation; missing: it was gone when rotation looked';
comment on column backup_run.lease_until is 'of a running one; when it has passed, the node has died';
comment on column backup_run.sha256 is 'of the rows, as the last line of the file says it';
comment on column backup_run.problem is 'why it failed, in both languages';
comment on column backup_run.rotation_problem is 'why older ones could not be deleted after it';

create table backup_trial (
  id bigint generated always as identity primary key,
  run_id bigint references backup_run on delete cascade,
  place text check (place in ('folder', 's3')),
  file text not null,
  asked_by text not null,
  state text not null check (state in ('waiting', 'running', 'good', 'failed')),
  asked_at timestamptz not null,
  started_at timestamptz,
  ended_at timestamptz,
  node text,
  lease_until timestamptz,
  scratch text,
  tables integer,
  rows bigint,
  secrets bigint,
  problem jsonb
);
create index backup_trial_run on backup_trial (run_id);
create index backup_trial_open on backup_trial (place, asked_at) where state in ('waiting', 'running');
create index backup_trial_age on backup_trial (ended_at);
comment on table backup_trial is 'restores of backups into a database of their own, which is dropped again';
comment on column backup_trial.run_id is 'null for a file that somebody named';
comment on column backup_trial.scratch is 'embedded: a PostgreSQL of its own | server: a database on the same server';
comment on column backup_trial.secrets is 'sealed values that were opened';
