-- additive
-- Upstreams that answer nobody, as the nodes see them: one row instead of one for each corp that waits.

create unlogged table upstream_outage (
  upstream text not null,
  node_id text not null,
  since timestamptz not null,
  attempts integer not null,
  next_at timestamptz not null,
  reason text not null,
  seen_at timestamptz not null default now(),
  primary key (upstream, node_id)
);
comment on table upstream_outage is 'a row goes with the next answer; that of a node that died counts no more (table node)';

alter table node add column egress text not null default '';
comment on column node.egress is 'the name of the address by which upstreams see the node';
alter table node add column calling boolean not null default false;
comment on column node.calling is 'a good part of what upstreams allow this address was used by this node in its last seconds';

-- One cause in many corps is told once, to the installation.
alter table alert add column shared_at timestamptz;
comment on column alert.shared_at is 'when the same was last open in many corps for one reason, of which one alert of the installation tells';
