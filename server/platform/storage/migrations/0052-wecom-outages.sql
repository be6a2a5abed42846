-- additive
-- Since when a corp's WeCom cannot be reached: who asks it without anybody waiting does so less and less often.

create table wecom_outage (
  corp_id text primary key references corp on delete cascade,
  since timestamptz not null,
  attempts integer not null,
  next_at timestamptz not null,
  reason text not null
);
comment on column wecom_outage.attempts is 'failed attempts in a row; 0 while the first one is under way';
comment on column wecom_outage.next_at is 'when WeCom is asked again';
comment on column wecom_outage.reason is 'stored words';
