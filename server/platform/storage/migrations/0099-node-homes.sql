-- additive
-- Where corps are at home: on one of the nodes that are at work, by their names.

alter table node add column name text, add column at_work boolean not null default false;
comment on column node.name is 'WISP_NODE_NAME: what the balancer calls it; null for a node that knows of no homes';
comment on column node.at_work is 'false until it answers, and again from the moment when it begins to leave';
