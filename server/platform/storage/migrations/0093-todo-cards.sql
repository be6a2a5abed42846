-- additive
-- The card in WeCom that tells somebody of a to-do, and changes when it has ended.

alter table todo add column notify boolean not null default false;
comment on column todo.notify is 'whether its app wants its person to get a card in WeCom';
alter table todo_app_setting add column notify boolean not null default false;
comment on column todo_app_setting.notify is 'whether all its to-dos are told by a card, whatever their sender says';
alter table todo_corp_setting add column in_wechat boolean not null default false;
comment on column todo_corp_setting.in_wechat is 'people read in WeChat, which shows no cards that can change';

create table todo_card (
  corp_id text not null references corp on delete cascade,
  todo_id bigint not null,
  to_id bigint not null,
  change_no bigint not null,
  due_at timestamptz,
  sends integer not null default 0,
  message_id text,
  shows text,
  sent_at timestamptz,
  primary key (corp_id, todo_id, to_id),
  foreign key (corp_id, todo_id) references todo on delete cascade
);
comment on table todo_card is 'what the card of a person should say is read from the to-do when it is sent or changed, so that none waits in a queue';
comment on column todo_card.to_id is 'member.id of whoever got it';
comment on column todo_card.change_no is 'moves with every change; one during a call makes another look';
comment on column todo_card.due_at is 'when it is looked at next; null when it says what is true';
comment on column todo_card.sends is 'how many cards the person has got for it: one each time that it was opened';
comment on column todo_card.message_id is 'the last of them; null for one that cannot change';
comment on column todo_card.shows is 'what it says: open, done, withdrawn or moved; null before the first one';
create index todo_card_due on todo_card (corp_id, due_at) where due_at is not null;
create unique index todo_card_message on todo_card (corp_id, message_id) where message_id is not null;
