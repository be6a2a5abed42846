-- A message may be recalled in part: what upstream took back is noted part by part.

alter table message_part add column recalled_at timestamptz;
comment on column message_part.recalled_at is 'when upstream took back what had been sent';
