-- Counts limited attempts for all nodes together.

create table attempt_counter (
  corp_id text not null,
  purpose text not null,
  subject text not null,
  count integer not null,
  ends_at timestamptz not null,
  primary key (corp_id, purpose, subject)
);
comment on table attempt_counter is 'attempts within one window of time: wrong secrets, wrong passwords, notices';
comment on column attempt_counter.corp_id is 'empty: of the installation';
comment on column attempt_counter.subject is 'keyed hash of who tries what: a mistyped name may be a password';
comment on column attempt_counter.ends_at is 'when the window is over and counting begins anew';
create index attempt_counter_age on attempt_counter (ends_at);

drop table sign_in_failure;

-- The nightly run looks for old rows by age.
create index developer_usage_age on developer_usage (day);
