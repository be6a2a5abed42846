-- additive
-- The last batch of counts of each kind that a node has added to the sums of all, so that none is added twice when nobody heard
-- whether its commit was carried out (docs/decisions/unknown-outcomes.md).

create table node_batch (
  node_id text not null,
  kind text not null,
  number bigint not null,
  written_at timestamptz not null default now(),
  primary key (node_id, kind)
);
