-- additive
-- Commands without the codes of the three administrators, for an emergency; and what a restored backup keeps closed until two of them confirm.

create table break_glass (
  id bigint generated always as identity primary key,
  corp_id text references corp on delete cascade,
  reason text not null,
  opened_at timestamptz not null,
  ends_at timestamptz not null,
  ended_at timestamptz,
  reset_of text not null default '',
  closed_at timestamptz,
  closed_by text not null default ''
);
comment on table break_glass is 'commands that ran without the codes of the three administrators of a corp, or of the installation (corp_id null)';
comment on column break_glass.ended_at is 'when no command could use it any more and the checkpoint after it was made';
comment on column break_glass.reset_of is 'whose second factor it reset; one at most';
comment on column break_glass.closed_at is 'when an auditor took it off the screen';
create unique index break_glass_open on break_glass (coalesce(corp_id, '')) where ended_at is null;
create index break_glass_shown on break_glass (opened_at) where closed_at is null;

create table restored_lock (
  scope text primary key check (scope = coalesce(corp_id, '')),
  corp_id text references corp on delete cascade,
  restored_at timestamptz not null,
  first_role text not null default '',
  first_by text not null default '',
  first_at timestamptz
);
comment on table restored_lock is 'a backup was restored where the three administrators are on: until two of them confirm, it is open to them alone';
comment on column restored_lock.scope is 'the corp; empty for the installation';
comment on column restored_lock.first_role is 'which of them confirmed first; empty while none did';
create unique index restored_lock_corp on restored_lock (corp_id);
