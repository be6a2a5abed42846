-- additive
-- What agents hear: the callback that each of them has at WeCom (接收消息), and how its pushes are passed on.

create table agent_callback (
  corp_id text not null,
  agent_id integer not null,
  address_key text not null,
  token text not null,
  aes_key text not null,
  next_token text,
  next_aes_key text,
  old_token text,
  old_aes_key text,
  old_until timestamptz,
  verified_at timestamptz,
  refused_at timestamptz,
  refused_why text,
  refused_from text,
  forward_url text,
  forward_token text,
  forward_aes_key text,
  created_at timestamptz not null,
  primary key (corp_id, agent_id),
  foreign key (corp_id, agent_id) references agent on delete cascade
);
comment on column agent_callback.address_key is 'sealed; the last part of the URL';
comment on column agent_callback.next_token is 'sealed, like all tokens and keys; good beside the present one until WeCom verifies it';
comment on column agent_callback.old_until is 'until then what was signed before the change still counts';
comment on column agent_callback.refused_why is 'of the last push with this address that was refused';
comment on column agent_callback.forward_url is 'where each push is passed on; null: nowhere';

comment on column inbox_event.stream is
  'directory: changes of the address book | official: pushes of official accounts | pay: notifications of WeChat Pay | agent: pushes to agents';
comment on column inbox_event.account is
  'official: the original id; pay: the merchant; agent: the agent''s number. Each is a task of its own in the queue';
