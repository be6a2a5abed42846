-- additive
-- A send that waits for somebody else to approve it, or that is looked at after it left; a message that an administrator paused.

create table send_approval (
  corp_id text primary key references corp on delete cascade,
  receivers int not null,
  to_all boolean not null,
  words text[] not null,
  untyped boolean not null,
  sms_price int not null
);
comment on table send_approval is 'which sends of a corp wait for approval; corps without a row have the standard';
comment on column send_approval.receivers is 'more than these wait; 0: however many';
comment on column send_approval.untyped is 'for what is sent without a message type as well';
comment on column send_approval.sms_price is 'fen for one SMS; 0: not known';

create table message_approval (
  corp_id text not null,
  message_id text not null,
  state text not null,
  cause jsonb not null,
  asked_by text not null,
  asked_at timestamptz not null,
  sms int not null,
  decided_by text,
  decided_at timestamptz,
  words text,
  primary key (corp_id, message_id),
  foreign key (corp_id, message_id) references message (corp_id, id) on delete cascade
);
create index message_approval_review on message_approval (corp_id, asked_at) where state = 'review';
comment on column message_approval.state is 'asked: it waits, while its plan says so | review: it left at once | approved | confirmed: by its sender, where nobody else could | refused | reviewed';
comment on column message_approval.cause is 'a coded reason';
comment on column message_approval.asked_by is 'the actor, as in the audit log';
comment on column message_approval.sms is 'how many SMS it was when it was asked for';
comment on column message_approval.words is 'why it was refused, as the approver wrote it';

create index message_plan_held on message_plan (corp_id, due_at) where state in ('approval', 'paused');
comment on column message_plan.state is 'waiting: the whole waits | people: it was divided into persons, who wait | approval: it waits for a decision until due_at | paused: by an administrator, before or (without due_at) after it was divided | done | cancelled';
