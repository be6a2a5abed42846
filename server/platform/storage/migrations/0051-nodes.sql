-- additive
-- The nodes that are alive, so that none works beside one whose schema it does not fit.

create unlogged table node (
  id text primary key,
  place text not null,
  version text not null,
  migrations text[] not null,
  seen_at timestamptz not null
);
comment on table node is 'nodes write seen_at every few seconds, and delete their row when they stop';
comment on column node.place is 'host and port, for people';
comment on column node.migrations is 'what it knows, which is the schema that it needs';

alter table migration add column additive boolean not null default false;
comment on column migration.additive is 'nodes that do not know it may work on';
