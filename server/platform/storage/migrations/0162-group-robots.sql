-- additive
-- Robots of group chats (群机器人), who may send by them, and when they last did.

create table group_robot (
  corp_id text not null references corp (corp_id) on delete cascade,
  id text not null,
  n bigint generated always as identity,
  name text not null,
  vendor text not null,
  address text not null,
  secret text,
  gives_mobiles boolean not null default false,
  changed_at timestamptz not null,
  primary key (corp_id, id)
);
comment on column group_robot.n is 'receivers of messages are numbers: a robot is the negative of this, which is no member';
comment on column group_robot.address is 'sealed: who knows it can write into the group';
comment on column group_robot.secret is 'sealed; null where the robot has none';

create table group_robot_grant (
  corp_id text not null,
  robot_id text not null,
  dev_id text not null references developer (dev_id) on delete cascade,
  primary key (corp_id, robot_id, dev_id),
  foreign key (corp_id, robot_id) references group_robot (corp_id, id) on delete cascade
);
create index group_robot_grant_developer on group_robot_grant (dev_id);

create table group_robot_pace (
  corp_id text not null references corp (corp_id) on delete cascade,
  robot_id text not null,
  sent_at bigint[] not null default '{}',
  silent_until bigint not null default 0,
  primary key (corp_id, robot_id)
);
comment on column group_robot_pace.sent_at is 'ms since 1970 of its last calls, the oldest first';
