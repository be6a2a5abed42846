-- additive
-- Codes that developers have sent to people. A code itself is stored nowhere; its tries and its use are attempt counters.

create table developer_code (
  corp_id text not null references corp on delete cascade,
  id text not null,
  dev_id text not null references developer on delete cascade,
  request_id text,
  request text not null,
  signature text not null,
  channel text not null,
  made_at timestamptz not null,
  expires_at timestamptz not null,
  sent_at timestamptz,
  failure jsonb,
  primary key (corp_id, id)
);
create unique index developer_code_request on developer_code (corp_id, dev_id, request_id) where request_id is not null;
create index developer_code_developer on developer_code (dev_id);
create index developer_code_age on developer_code (made_at);
comment on column developer_code.request is 'HMAC of purpose, receiver and channel, so that a requestId is not repeated with others';
comment on column developer_code.signature is 'HMAC of code, purpose and receiver; of something that nobody can give as long as no receiver was found';
comment on column developer_code.failure is 'what the channel said, in both languages, where the code did not leave and not the receiver is the cause';
