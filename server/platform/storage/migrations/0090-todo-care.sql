-- additive
-- Who has a to-do at the moment, when it is looked at next because it is due, and what is set for all this.

alter table todo add column passed_to bigint;
alter table todo add column held_by bigint;
alter table todo add column holder_id bigint not null generated always as (coalesce(held_by, passed_to, member_id)) stored;
alter table todo add column care_at timestamptz;
comment on column todo.member_id is 'whom its sender means, by whom it is found again';
comment on column todo.passed_to is 'who got it for good, because its person has left';
comment on column todo.held_by is 'to whom it is delegated at the moment';
comment on column todo.holder_id is 'who has it: in whose list it is, who opens and finishes it';
comment on column todo.care_at is 'when the next reminder, the end of its time or its escalation is due; null for none';

drop index todo_of_person;
create index todo_of_holder on todo (corp_id, holder_id, state, kind, created_at desc, id desc);
create index todo_of_person on todo (corp_id, member_id, app_id, state);
create index todo_newest on todo (corp_id, created_at desc, id desc);
create index todo_newest_of_app on todo (corp_id, app_id, state, created_at desc, id desc);
create index todo_due on todo (corp_id, due_at, app_id) where state = 'open' and due_at is not null;
create index todo_care on todo (corp_id, care_at) where care_at is not null;
create index todo_passed on todo (corp_id, passed_to) where passed_to is not null and state = 'open';
create index todo_held on todo (corp_id, held_by) where held_by is not null and state = 'open';

update todo set care_at = due_at where state = 'open' and due_at > now();

create table todo_app_setting (
  corp_id text not null references corp on delete cascade,
  app_id text not null references app on delete cascade,
  remind_minutes integer[] not null,
  escalate_minutes integer,
  may_pass_on boolean not null,
  in_wecom boolean not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, app_id)
);
comment on table todo_app_setting is 'an app without a row has no reminders, and nothing is passed on';
comment on column todo_app_setting.remind_minutes is 'minutes after the due time; negative ones before it';
comment on column todo_app_setting.escalate_minutes is 'minutes overdue until the leader is told; null: never';
comment on column todo_app_setting.may_pass_on is 'whether its to-dos may be delegated and passed on';
comment on column todo_app_setting.in_wecom is 'whether WeCom''s workbench shows how many there are';

create table todo_corp_setting (
  corp_id text not null primary key references corp on delete cascade,
  quiet_from smallint,
  quiet_to smallint,
  time_zone text not null,
  updated_at timestamptz not null,
  updated_by text not null
);
comment on column todo_corp_setting.quiet_from is 'minute of the day from which nobody is reminded; null: no quiet hours';
comment on column todo_corp_setting.quiet_to is 'minute of the day at which that ends, of the next day where it is not later';

create table todo_delegation (
  corp_id text not null references corp on delete cascade,
  id bigint not null generated always as identity,
  from_id bigint not null,
  to_id bigint not null,
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  created_at timestamptz not null,
  created_by text not null,
  ended_by text,
  primary key (corp_id, id)
);
comment on table todo_delegation is 'what one person has to do is another''s for a time';
comment on column todo_delegation.ends_at is 'brought forward when somebody ends it early';
comment on column todo_delegation.ended_by is 'who ended it early';
create index todo_delegation_from on todo_delegation (corp_id, from_id, ends_at);
create index todo_delegation_ends on todo_delegation (ends_at);
