-- additive
-- Systems that send their to-dos in the words of their vendor (泛微, 致远, 蓝凌), and what of it was not understood.

create table todo_source (
  corp_id text not null references corp on delete cascade,
  id text not null,
  app_id text not null references app on delete cascade,
  kind text not null,
  name text not null,
  match text not null,
  key text not null,
  enabled boolean not null,
  addresses text[] not null,
  systems text[] not null,
  pc_prefix text not null,
  app_prefix text not null,
  takes_unknown_sender boolean not null,
  user_name text not null,
  password text not null,
  version integer not null default 1,
  pushed_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  updated_by text not null,
  primary key (corp_id, id)
);
comment on column todo_source.kind is 'weaver, seeyon, landray: whose words it speaks';
comment on column todo_source.match is 'what it calls people by: userid, employeeNo, mobile, email';
comment on column todo_source.key is 'sealed; the random part of the address that it sends to';
comment on column todo_source.addresses is 'IP addresses and networks that may send; empty: all';
comment on column todo_source.systems is 'what the systems behind it call themselves (syscode, registerCode, appName); empty: any';
comment on column todo_source.pc_prefix is 'put in front of addresses that are relative, as pcprefixurl of 泛微 is';
comment on column todo_source.password is 'sealed; empty: anybody who knows the address may send';
comment on column todo_source.pushed_at is 'when it last sent something, to the minute';
create index todo_source_app on todo_source (app_id);

create table todo_source_person (
  corp_id text not null,
  source_id text not null,
  their_id text not null,
  value text not null,
  bound_at timestamptz not null,
  primary key (corp_id, source_id, their_id),
  foreign key (corp_id, source_id) references todo_source on delete cascade
);
comment on table todo_source_person is 'people whom a 致远 sender has bound beforehand: its own id, and the value by which wisp finds them';
create index todo_source_person_bound on todo_source_person (bound_at);

create table todo_pushed (
  corp_id text not null,
  todo_id bigint not null,
  source_id text not null,
  flow text not null,
  names jsonb not null,
  receiver text not null,
  print text not null,
  pushed_at timestamptz not null,
  primary key (corp_id, todo_id),
  foreign key (corp_id, todo_id) references todo on delete cascade,
  foreign key (corp_id, source_id) references todo_source on delete cascade
);
comment on table todo_pushed is 'what the sender calls a to-do that came from a source';
comment on column todo_pushed.flow is 'hash of what every push about it names';
comment on column todo_pushed.receiver is 'as the sender named them';
comment on column todo_pushed.print is 'hash of what last opened it: the same again is a repetition';
comment on column todo_pushed.pushed_at is 'when the push arrived that last changed it';
create index todo_pushed_flow on todo_pushed (corp_id, source_id, flow);

create table todo_unrecognised (
  corp_id text not null,
  id bigint not null generated always as identity,
  source_id text not null,
  call text not null,
  item jsonb,
  body text not null,
  reason text not null,
  about text not null,
  flow text not null,
  print text not null,
  times integer not null default 1,
  first_at timestamptz not null,
  last_at timestamptz not null,
  primary key (corp_id, id),
  foreign key (corp_id, source_id) references todo_source on delete cascade
);
comment on table todo_unrecognised is 'pushes that were not understood, until they are replayed or put away';
comment on column todo_unrecognised.item is 'what the push says of one to-do; null where it could not even be read, and body has it';
comment on column todo_unrecognised.about is 'who or what was not understood, such as a receiver';
comment on column todo_unrecognised.flow is 'as in todo_pushed; empty where it is not known';
comment on column todo_unrecognised.times is 'how often exactly this has come';
create unique index todo_unrecognised_print on todo_unrecognised (corp_id, source_id, print);
create index todo_unrecognised_flow on todo_unrecognised (corp_id, source_id, flow) where flow <> '';
create index todo_unrecognised_last on todo_unrecognised (corp_id, last_at desc, id desc);
