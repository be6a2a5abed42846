-- Jobs by the clock are rows here instead of pg-boss's. This is not additive: a node that does not know it would run the same
-- jobs by pg-boss.

create table timer (
  name text primary key,
  cron text not null,
  next_at timestamptz not null,
  lease text,
  holder text,
  lease_until timestamptz
);
comment on table timer is 'when each scheduled job runs next, on one of all nodes';
comment on column timer.cron is 'line and time zone by which the node that started last schedules it';
comment on column timer.next_at is 'who takes a time moves this on to the one after it';
comment on column timer.lease is 'a new one for each run';
comment on column timer.lease_until is 'by the database''s clock; a holder that says nothing for so long has lost it';

drop schema if exists pgboss cascade;
