-- additive
-- At which address of wisp others have verified what they call, so that another WISP_PUBLIC_URL is noticed.

create table verified_address (
  corp_id text not null references corp on delete cascade,
  kind text not null,
  subject text not null default '',
  address text not null,
  noted_at timestamptz not null,
  primary key (corp_id, kind, subject)
);
comment on column verified_address.kind is 'what it is, as a feature names it: contactCallback, agentCallback, …';
comment on column verified_address.subject is 'which of several: an agentId, an original id; empty where there is only one';
comment on column verified_address.address is 'scheme, host and port, without a path';
