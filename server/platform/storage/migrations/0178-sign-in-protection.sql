-- additive
-- What assessors ask of every system: from where the console is used, how many sessions a person has, how they end, a watermark.

create table corp_protection (
  corp_id text primary key references corp on delete cascade,
  console_networks text[] not null default '{}',
  sessions_at_most int not null default 0,
  sessions_full text not null default 'endOldest',
  idle_minutes int not null default 0,
  admin_idle_minutes int not null default 0,
  new_device text not null default 'off',
  watermark boolean not null default false
);
comment on table corp_protection is 'rules about sessions, console and pages of a corp; corps without a row have the standard';
comment on column corp_protection.console_networks is 'addresses and networks from which people with a role may use the console; empty: any';
comment on column corp_protection.sessions_at_most is 'of one person; 0: any number';
comment on column corp_protection.sessions_full is 'endOldest: a further sign-in ends the session that was unused for longest; refuse: it is refused';
comment on column corp_protection.idle_minutes is 'after which an unused session of a member ends; 0: after four hours';
comment on column corp_protection.admin_idle_minutes is 'the same for people with a role; 0: as other members';
comment on column corp_protection.new_device is 'who gets a message about a sign-in in a browser that is new for them: off, administrators, everyone';
