-- An event that is replayed is late since then, not since it was first received.
alter table inbox_event add column replayed_at timestamptz;
comment on column inbox_event.replayed_at is 'when somebody last had it processed anew';
