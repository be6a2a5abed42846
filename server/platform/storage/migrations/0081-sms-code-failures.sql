-- additive

create table sms_code_failure (
  corp_id text primary key references corp on delete cascade,
  since timestamptz not null,
  failure jsonb not null
);
comment on table sms_code_failure is 'corps whose last code by SMS did not leave; the next that leaves drops the row';
comment on column sms_code_failure.failure is 'what the vendor said and what to do, each in both languages';
