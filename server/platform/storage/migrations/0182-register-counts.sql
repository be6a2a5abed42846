-- additive
-- What the register of personal data counts, which would take a request minutes in a corp of a million members.

create table person_register (
  corp_id text primary key references corp on delete cascade,
  reads jsonb not null default '[]',
  uses jsonb not null default '[]',
  counted_at timestamptz,
  asked_at timestamptz
);
comment on column person_register.reads is 'what each developer got of people';
comment on column person_register.uses is 'who agreed to each app, and entered it';
comment on column person_register.counted_at is 'null: not yet';
comment on column person_register.asked_at is 'since when a task is to count; null when none is';
