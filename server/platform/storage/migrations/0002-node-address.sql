-- WeCom answers only trusted addresses (60020), so the doctor names the addresses of all nodes.

create table node_address (
  node text primary key,
  address text not null,
  seen_at timestamptz not null
);
comment on column node_address.node is 'host and port of a node';
comment on column node_address.address is 'from which WeCom last saw this node call';
