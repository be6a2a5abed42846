-- additive

alter table developer_usage add column last_at timestamptz;
comment on column developer_usage.last_at is 'when the last of these calls ended; null where an earlier version counted them';
